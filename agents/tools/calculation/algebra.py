"""What algebra a text asks for: equations, derivatives, integrals, limits, formulas to factor, expand or simplify."""

from __future__ import annotations

import math
import re
from dataclasses import asdict, dataclass
from typing import Any

from agents.spec import AgentError
from agents.tools.calculation.arithmetic import bare, symbols
from agents.tools.calculation.evaluation import evaluate
from agents.tools.calculation.expression import CONSTANTS, Node, NotAnExpression, parse

SECONDS, MEMORY_MB = 20, 1024
MAX_POWER, MAX_EQUATIONS, MAX_VARIABLES = 40, 4, 4
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
        """As JSON, for a job that runs `agents.tools.calculation.symbolic:work`."""
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
            names |= dict.fromkeys(tree(side)[1])
        if formula.count("=") > 1:
            raise AgentError(_UNREADABLE)
    for bound in asked.bounds:
        tree(bound)
    if len(names) > MAX_VARIABLES:
        raise AgentError(f"I work with at most {MAX_VARIABLES} unknowns at a time.")
    if asked.variable or asked.what in ("solve", "factor", "expand", "simplify"):
        return asked
    return Request(
        asked.what, asked.formulas, "x" if "x" in names else next(iter(names), "x"), asked.order, asked.bounds
    )


def tree(text: str) -> tuple[Node, tuple[str, ...]]:
    """A formula's tree and its variables, infinity included. Raises AgentError when it is none or too large."""
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
