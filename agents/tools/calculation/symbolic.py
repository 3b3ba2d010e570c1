"""Equations, derivatives, integrals and their like, worked by sympy; meant for a process of its own.

The text goes through our own grammar first; sympy is given a tree made node by node, and never a string to evaluate.
"""

from __future__ import annotations

import re
from typing import Any

from agents.spec import AgentError
from agents.tools.calculation.algebra import tree
from agents.tools.calculation.expression import Node

MAX_RESULT = 1_500
"""Characters of a result that is still of use."""


def work(what: str, formulas: list[str], variable: str, order: int, bounds: list[str]) -> dict[str, Any]:
    """Do what a `Request` asks, for a job: ``{"answer", "working"}`` as text. Raises AgentError without a result."""
    import sympy

    sides = [[_sympy(tree(side)[0]) for side in formula.split("=")] for formula in formulas]
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
        low, high = (_sympy(tree(bound)[0]) for bound in bounds)
        result, head = (
            sympy.integrate(first, (symbol, low, high)),
            f"∫ {shown} d{variable} from {written(low)} to {written(high)}",
        )
    elif what == "integrate":
        result, head = sympy.integrate(first, symbol), f"∫ {shown} d{variable}"
    elif what == "limit":
        target = _sympy(tree(bounds[0])[0])
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
        return {"answer": "always true" if true else "no solution", "working": ["No unknown is left in it."]}
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
