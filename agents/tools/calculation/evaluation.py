"""The exact value of an expression's tree.

Values are fractions, so sums of decimals are exact; roots, broken powers, logarithms and trigonometry are rounded and
say so. The size of what may come out is limited.
"""

from __future__ import annotations

import math
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction

from agents.spec import AgentError
from agents.tools.calculation.expression import CONSTANTS, Node

MAX_BITS = 8_000
"""The size of a numerator or denominator, about 2,400 digits."""
MAX_EXPONENT, MAX_FACTORIAL = 1_000, 500
DIGITS = 40
TOO_LARGE = "That number grows too large to be written out; please try smaller ones."


@dataclass(frozen=True)
class Value:
    """A result; not `exact` when it had to be rounded on the way."""

    value: Fraction
    exact: bool = True


def evaluate(node: Node) -> Value:
    """The value of a tree without variables. Raises AgentError where there is none or it grows too large."""
    if node.kind in ("number", "percent"):
        return Value(node.value)
    if node.kind == "name":
        return Value(CONSTANTS[node.name], exact=False)
    parts = [evaluate(part) for part in node.parts]
    exact = all(part.exact for part in parts)
    value = _apply(node, [part.value for part in parts])
    if max(abs(value.value.numerator).bit_length(), value.value.denominator.bit_length()) > MAX_BITS:
        raise AgentError(TOO_LARGE)
    return Value(value.value, exact and value.exact)


def _apply(node: Node, values: list[Fraction]) -> Value:
    first, last = values[0], values[-1]
    match node.kind:
        case "+":
            return Value(first + last)
        case "-":
            return Value(first - last)
        case "*":
            return Value(first * last)
        case "/" | "mod":
            if last == 0:
                raise AgentError("That divides by zero, which has no result; please check the numbers.")
            return Value(first / last if node.kind == "/" else first % last)
        case "neg":
            return Value(-first)
        case "group":
            return Value(first)
        case "^":
            return _power(first, last)
        case "!":
            if first.denominator != 1 or not 0 <= first <= MAX_FACTORIAL:
                raise AgentError(f"A factorial needs a whole number from 0 to {MAX_FACTORIAL}.")
            return Value(Fraction(math.factorial(int(first))))
    return _call(node.name, values)


def _power(base: Fraction, exponent: Fraction) -> Value:
    if base == 0 and exponent < 0:
        raise AgentError("That divides by zero, which has no result; please check the numbers.")
    if abs(exponent) > MAX_EXPONENT:
        raise AgentError(TOO_LARGE)
    if exponent.denominator == 1:
        bits = max(abs(base.numerator).bit_length(), base.denominator.bit_length())
        if bits * abs(exponent) > MAX_BITS:
            raise AgentError(TOO_LARGE)
        return Value(base ** int(exponent))
    if base < 0:
        raise AgentError("A negative number has no real power with a fraction; please check the exponent.")
    if exponent == Fraction(1, 2):
        return _root(base)
    return _rounded(lambda context: context.power(_decimal(base), _decimal(exponent)))


def _root(value: Fraction) -> Value:
    if value < 0:
        raise AgentError("A negative number has no real square root; please check the sign.")
    above, below = math.isqrt(value.numerator), math.isqrt(value.denominator)
    if above * above == value.numerator and below * below == value.denominator:
        return Value(Fraction(above, below))
    return _rounded(lambda context: context.sqrt(_decimal(value)))


def _decimal(value: Fraction) -> Decimal:
    with localcontext(Context(prec=DIGITS + 10)):
        return Decimal(value.numerator) / Decimal(value.denominator)


def _rounded(work: Callable[[Context], Decimal]) -> Value:
    result = work(Context(prec=DIGITS, Emax=9_999, Emin=-9_999, traps=[]))
    if not result.is_finite():
        raise AgentError(TOO_LARGE)
    return Value(Fraction(result), exact=False)


def _call(name: str, values: list[Fraction]) -> Value:
    value = values[0]
    match name:
        case "sqrt":
            return _root(value)
        case "abs":
            return Value(abs(value))
        case "floor":
            return Value(Fraction(math.floor(value)))
        case "ceil":
            return Value(Fraction(math.ceil(value)))
        case "round":
            places = int(values[1]) if len(values) > 1 else 0
            if abs(places) > 30:
                raise AgentError("I round to at most 30 places.")
            shift = Fraction(10) ** places
            nearest = math.floor(abs(value) * shift + Fraction(1, 2)) / shift
            return Value(nearest if value >= 0 else -nearest)
        case "min" | "max":
            return Value(min(values) if name == "min" else max(values))
        case "exp":
            return _rounded(lambda context: context.exp(_decimal(value)))
        case "ln" | "log" | "log10" | "log2":
            return _logarithm(name, values)
    return _float_call(name, value)


def _logarithm(name: str, values: list[Fraction]) -> Value:
    base = values[1] if len(values) > 1 else Fraction({"log2": 2}.get(name, 10))
    if values[0] <= 0 or base <= 0 or base == 1:
        raise AgentError("A logarithm needs a number above zero; please check it.")
    if name == "ln":
        return _rounded(lambda context: context.ln(_decimal(values[0])))
    if base == 10:
        return _rounded(lambda context: context.log10(_decimal(values[0])))
    return _rounded(lambda context: context.divide(context.ln(_decimal(values[0])), context.ln(_decimal(base))))


def _float_call(name: str, value: Fraction) -> Value:
    try:
        result = getattr(math, name)(float(value))
    except (ValueError, OverflowError) as error:
        raise AgentError(f"{name} has no value there; please check the number.") from error
    return Value(Fraction(Decimal(repr(round(result, 14)))), exact=False)
