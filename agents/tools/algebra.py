"""Equations, derivatives, integrals and their like, worked by sympy in a process of its own.

The text goes through our own grammar first; sympy is given a tree made node by node, and never a string to evaluate.
"""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass
from typing import Any

from agents.spec import AgentError
from agents.tools.arithmetic import bare, symbols
from agents.tools.expression import CONSTANTS, Node, NotAnExpression, evaluate, parse

SECONDS, MEMORY_MB = 20, 1024
MAX_POWER, MAX_EQUATIONS, MAX_VARIABLES, MAX_RESULT = 40, 4, 4, 1_500
_VARIABLE = r"(?P<var>[a-zA-Z])\b"
_UNREADABLE = "I cannot read that as a formula; write for instance “solve x^2 - 5x + 6 = 0” or “derivative of x^3”."


@dataclass(frozen=True)
class Request:
    """What to do with which formulas: `what` is solve, diff, integrate, limit, factor, expand or simplify."""

    what: str
    formulas: tuple[str, ...]
    variable: str = ""
    order: int = 1
    bounds: tuple[str, ...] = ()

    @property
    def arguments(self) -> dict[str, Any]:
        """As JSON, for a job that runs `work`."""
        return asdict(self)


def request(text: str) -> Request | None:
    """What algebra a text asks for, or None. Raises AgentError when it asks for some but holds no formula."""
    text = bare(text).rstrip("?. ")
    if match := re.match(
        r"(?:the )?(?P<n>first|second|third|2nd|3rd)?\s*(?:derivative|differentiate|derive|d/d(?P<dv>[a-z]))"
        r"\s*(?:of|:)?\s*(?P<f>.+)$",
        text,
        re.I,
    ):
        formula, variable = _split(match["f"], rf"\s*(?:with respect to|w\.?r\.?t\.?|by|for)\s+{_VARIABLE}$")
        order = {"second": 2, "2nd": 2, "third": 3, "3rd": 3}.get((match["n"] or "").lower(), 1)
        return _checked(Request("diff", (formula,), match["dv"] or variable, order))
    if match := re.match(
        r"(?:the )?(?:(?:in)?definite )?(?:integrate|integral|antiderivative|∫)\s*(?:of|:)?\s*(?P<f>.+)$", text, re.I
    ):
        formula, low, high = _bounds(match["f"])
        formula, variable = _split(formula, rf"\s*(?:with respect to|w\.?r\.?t\.?|\bd)\s*{_VARIABLE}$")
        return _checked(Request("integrate", (formula,), variable, bounds=(low, high) if low else ()))
    if match := re.match(
        rf"(?:the )?limit\s+(?:of\s+)?(?P<f>.+?)\s+(?:as|when|for)\s+{_VARIABLE}"
        r"\s*(?:->|→|approaches|goes to|tends to|to)\s*(?P<to>.+)$",
        text,
        re.I,
    ):
        return _checked(Request("limit", (match["f"],), match["var"], bounds=(match["to"],)))
    if match := re.match(r"(?P<what>factor|expand|simplify)(?:i[sz]e|ise)?\b\s*(?:of|:)?\s*(?P<f>.+)$", text, re.I):
        return _checked(Request(match["what"].lower(), (match["f"],)))
    asked = re.match(
        r"(?:(?:solve|find (?:the )?(?:roots?|zeros?|solutions?) of|roots of|find x (?:if|where|such that|in)|"
        r"solutions? (?:of|to))\b)[\s:]*",
        text,
        re.I,
    )
    equation = text.count("=") >= 1 and re.search(r"(?<![a-zA-Z])[a-zA-Z](?![a-zA-Z])", text)
    if not asked and not equation:
        return None
    rest, variable = _split(text[asked.end() if asked else 0 :], rf"\s*,?\s*(?:for|in terms of)\s+{_VARIABLE}$")
    parts = [part for part in re.split(r"\s*(?:,|;|\band\b|&|\n)\s*", rest.replace("equation", "")) if part.strip()]
    try:
        return _checked(Request("solve", tuple(parts), variable))
    except AgentError:
        if asked:
            raise
        return None


def _split(text: str, pattern: str) -> tuple[str, str]:
    match = re.search(pattern, text.strip(), re.IGNORECASE)
    return (text.strip()[: match.start()], match["var"]) if match else (text.strip(), "")


def _bounds(text: str) -> tuple[str, str, str]:
    match = re.match(
        r"(?P<f>.+?)\s*,?\s*(?:from|between)\s+(?:[a-z]\s*=\s*)?(?P<low>\S+)\s+(?:to|and)\s+(?P<high>\S+?)"
        r"(?P<rest>\s+d[a-z])?$",
        text,
        re.I,
    )
    return (match["f"] + (match["rest"] or ""), match["low"], match["high"]) if match else (text, "", "")


def _checked(asked: Request) -> Request:
    """Read everything once here, so that what cannot be read is said at once."""
    if not asked.formulas:
        raise AgentError(_UNREADABLE)
    if len(asked.formulas) > MAX_EQUATIONS:
        raise AgentError(f"I solve at most {MAX_EQUATIONS} equations together.")
    names: dict[str, None] = {}
    for formula in asked.formulas:
        for side in formula.split("="):
            names |= dict.fromkeys(_tree(side)[1])
        if formula.count("=") > 1:
            raise AgentError(_UNREADABLE)
    for bound in asked.bounds:
        _tree(bound)
    if len(names) > MAX_VARIABLES:
        raise AgentError(f"I work with at most {MAX_VARIABLES} unknowns at a time.")
    if asked.variable or asked.what in ("solve", "factor", "expand", "simplify"):
        return asked
    return Request(
        asked.what, asked.formulas, "x" if "x" in names else next(iter(names), "x"), asked.order, asked.bounds
    )


def _tree(text: str) -> tuple[Node, tuple[str, ...]]:
    text = re.sub(r"\binf(?:inity)?\b|∞", "oo", text, flags=re.IGNORECASE).strip()
    if re.fullmatch(r"[-+]?oo", text):
        return Node("infinity", name=text), ()
    try:
        parsed = parse(symbols(re.sub(r"^y\s*\(\s*x\s*\)|^f\s*\(\s*x\s*\)", "y", text)), variables=True)
    except NotAnExpression as error:
        raise AgentError(_UNREADABLE) from error
    _check_powers(parsed.tree)
    return parsed.tree, parsed.variables


def _check_powers(node: Node, inside: int = 1) -> None:
    """Refuse powers that would take for ever to multiply out, towers and nested ones included."""
    if node.kind == "^":
        exponent = node.parts[1]
        if not _has_variable(exponent):
            size = abs(evaluate(exponent).value)
            if size * inside > MAX_POWER:
                raise AgentError(f"Powers above {MAX_POWER} are more than I work out in symbols.")
            inside = max(1, math.ceil(size) * inside)
    if node.kind == "!":
        raise AgentError("Factorials cannot be worked out in symbols here.")
    for part in node.parts:
        _check_powers(part, inside)


def _has_variable(node: Node) -> bool:
    return (node.kind == "name" and node.name not in CONSTANTS) or any(_has_variable(part) for part in node.parts)


def work(what: str, formulas: list[str], variable: str, order: int, bounds: list[str]) -> dict[str, Any]:
    """Do what a `Request` asks, for a job: ``{"answer", "working"}`` as text. Raises AgentError without a result."""
    import sympy

    sides = [[_sympy(_tree(side)[0]) for side in formula.split("=")] for formula in formulas]
    first = sides[0][0]
    symbol = sympy.Symbol(variable) if variable else None
    shown = written(first)
    if what == "solve":
        return _solve(sides, symbol)
    if what == "diff":
        result, head = (
            sympy.simplify(sympy.diff(first, symbol, order)),
            f"d{'' if order == 1 else order}/d{variable} ({shown})",
        )
    elif what == "integrate" and bounds:
        low, high = (_sympy(_tree(bound)[0]) for bound in bounds)
        result, head = (
            sympy.integrate(first, (symbol, low, high)),
            f"∫ {shown} d{variable} from {written(low)} to {written(high)}",
        )
    elif what == "integrate":
        result, head = sympy.integrate(first, symbol), f"∫ {shown} d{variable}"
    elif what == "limit":
        target = _sympy(_tree(bounds[0])[0])
        result, head = sympy.limit(first, symbol, target), f"limit of {shown} as {variable} → {written(target)}"
    else:
        result, head = getattr(sympy, what)(first), shown
    if result.has(sympy.Integral, sympy.Limit, sympy.zoo, sympy.nan):
        raise AgentError("I found no closed form for that; please try a simpler formula.")
    answer = written(result) + (" + C" if what == "integrate" and not bounds else "")
    return {"answer": _short(answer), "working": [_short(f"{head} = {answer}{_approximately(result)}")]}


def _solve(sides: list[list[Any]], symbol: Any) -> dict[str, Any]:
    import sympy

    equations = [pair[0] - (pair[1] if len(pair) > 1 else 0) for pair in sides]
    free = sorted({s for equation in equations for s in equation.free_symbols}, key=str)
    if not free:
        true = all(sympy.simplify(equation) == 0 for equation in equations)
        return {"answer": "true" if true else "false", "working": ["There is no unknown in it."]}
    unknowns = (
        [symbol]
        if symbol is not None
        else free
        if len(equations) > 1
        else [next((s for s in free if str(s) == "x"), free[0])]
    )
    try:
        found = sympy.solve(equations, unknowns, dict=True)
    except NotImplementedError as error:
        raise AgentError("I found no closed form for that; please try a simpler equation.") from error
    working = [f"{written(pair[0])} = {written(pair[1]) if len(pair) > 1 else 0}" for pair in sides]
    if len(equations) == 1 and len(free) == 1:
        factored = sympy.factor(equations[0])
        if factored.is_Mul and factored != equations[0]:
            working.append(f"{written(factored)} = 0")
    if not found:
        simplified = [sympy.simplify(equation) for equation in equations]
        return {"answer": "every number" if not any(simplified) else "no solution", "working": working}
    answers = [
        ", ".join(f"{key} = {written(value)}{_approximately(value)}" for key, value in one.items()) for one in found
    ]
    return {"answer": _short(" or ".join(answers)), "working": [_short(line) for line in working]}


def _sympy(node: Node) -> Any:
    import sympy

    if node.kind in ("number", "percent"):
        return sympy.Rational(node.value.numerator, node.value.denominator)
    if node.kind == "infinity":
        return -sympy.oo if node.name.startswith("-") else sympy.oo
    if node.kind == "name":
        return {"pi": sympy.pi, "e": sympy.E}.get(node.name) or sympy.Symbol(node.name)
    parts = [_sympy(part) for part in node.parts]
    match node.kind:
        case "+":
            return parts[0] + parts[1]
        case "-":
            return parts[0] - parts[1]
        case "*":
            return parts[0] * parts[1]
        case "/":
            return parts[0] / parts[1]
        case "^":
            return parts[0] ** parts[1]
        case "mod":
            return sympy.Mod(parts[0], parts[1])
        case "neg":
            return -parts[0]
        case "group":
            return parts[0]
    return _function(node.name, parts)


def _function(name: str, parts: list[Any]) -> Any:
    import sympy

    if name in ("log10", "log2"):
        return sympy.log(parts[0], 10 if name == "log10" else 2)
    names = {"ln": "log", "abs": "Abs", "ceil": "ceiling", "min": "Min", "max": "Max", "round": "floor"}
    if name == "round":
        raise AgentError("Rounding has no place in a formula with unknowns.")
    return getattr(sympy, names.get(name, name))(*parts)


def written(expression: Any) -> str:
    """A formula as people write it: ``3·x^2`` for ``3*x**2``."""
    import sympy

    return re.sub(r"\blog\(", "ln(", sympy.sstr(expression).replace("**", "^").replace("*", "·"))


def _approximately(value: Any) -> str:
    if value.free_symbols or value.is_Rational or not value.is_number:
        return ""
    return f" (≈ {value.evalf(8)})".replace("*", "·")


def _short(text: str) -> str:
    if len(text) > MAX_RESULT:
        raise AgentError("The result is too long to be of use; please try a simpler formula.")
    return text
