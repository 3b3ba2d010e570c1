"""Expressions: user text to a tree by a grammar of our own, and the tree to an exact value.

    sum      product (("+" | "-") product)*           "200 - 10%" takes ten percent of what stands before it
    product  sign (("*" | "/" | "mod" | "of")? sign)*  "2x" and "3(4 + 5)" multiply
    sign     ("-" | "+") sign | power
    power    postfix ("^" sign)?
    postfix  atom ("%" | "!" | "°")*
    atom     number | name | function "(" sum ("," sum)* ")" | "(" sum ")"

Nothing of the text is ever executed: only these tokens exist, and length, depth and the size of results are limited.
Values are fractions, so sums of decimals are exact; roots, powers and trigonometry are rounded and say so.
"""

from __future__ import annotations

import math
import re
from collections.abc import Callable
from dataclasses import dataclass
from decimal import Context, Decimal, localcontext
from fractions import Fraction

from agents.spec import AgentError
from agents.tools.numbers import CURRENCY, NUMBER, SCALE, currency_code, scaled

MAX_CHARACTERS, MAX_TOKENS, MAX_DEPTH = 500, 300, 40
MAX_BITS = 8_000
"""The size of a numerator or denominator, about 2,400 digits."""
MAX_EXPONENT, MAX_FACTORIAL = 1_000, 500
DIGITS = 40
FUNCTIONS = ("sqrt", "cbrt", "abs", "exp", "ln", "log10", "log2", "log", "asin", "acos", "atan", "sinh", "cosh", "tanh",
             "sin", "cos", "tan", "floor", "ceil", "round", "min", "max")  # fmt: skip
CONSTANTS = {"pi": Fraction(Decimal("3.1415926535897932384626433832795028841971")),
             "e": Fraction(Decimal("2.7182818284590452353602874713526624977572"))}  # fmt: skip
TOO_LARGE = "That number grows too large to be written out; please try smaller ones."

_TOKEN = re.compile(
    rf"\s*(?:(?P<number>{NUMBER})(?P<scale>{SCALE})?|(?P<currency>{CURRENCY})"
    rf"|(?P<name>(?:{'|'.join(FUNCTIONS)})(?=\s*\()|pi\b|mod\b|of\b|[a-zA-Z](?![a-zA-Z]))|(?P<sign>\*\*|[-+*/^()%!,;°]))"
)
_SAME = str.maketrans(
    {"×": "*", "·": "*", "÷": "/", "−": "-", "–": "-", "π": " pi ", "[": "(", "]": ")", "²": "^2", "³": "^3", ":": "/"}
)


class NotAnExpression(ValueError):
    """The text does not follow the grammar."""


@dataclass(frozen=True)
class Node:
    """A node: `kind` is number, percent, name, call, or an operator; `value` a number's, `name` a name's or call's."""

    kind: str
    parts: tuple[Node, ...] = ()
    value: Fraction = Fraction(0)
    name: str = ""


@dataclass(frozen=True)
class Parsed:
    """A tree, the currency written in it ("" for none), and the variables it holds."""

    tree: Node
    currency: str = ""
    variables: tuple[str, ...] = ()


@dataclass(frozen=True)
class Value:
    """A result; not `exact` when it had to be rounded on the way."""

    value: Fraction
    exact: bool = True


def parse(text: str, *, variables: bool = False) -> Parsed:
    """Read an expression. Raises NotAnExpression, or AgentError when it is too long or mixes currencies."""
    if len(text) > MAX_CHARACTERS:
        raise AgentError(f"That calculation is longer than {MAX_CHARACTERS} characters; please split it.")
    return _Parser(text.translate(_SAME).replace("√", "sqrt"), variables).whole()


class _Parser:
    def __init__(self, text: str, variables: bool) -> None:
        self.tokens: list[tuple[str, str]] = []
        self.currencies: set[str] = set()
        self.names: dict[str, None] = {}
        self.variables = variables
        self.at = self.depth = 0
        calls: list[bool] = []
        position, end = 0, len(text.rstrip())
        while position < end:
            match = _TOKEN.match(text, position)
            if not match or len(self.tokens) > MAX_TOKENS:
                raise NotAnExpression(text[position : position + 20])
            position = match.end()
            if match["number"] and calls and calls[-1] and "," in match["number"]:
                for index, piece in enumerate(match["number"].split(",")):  # in max(1,2) commas part the arguments
                    self.tokens += [("sign", ",")] * bool(index) + [("number", piece)]
            elif match["number"]:
                self._number(match, text, position)
            elif match["currency"]:
                self.currencies.add(currency_code(match["currency"]))
            else:
                kind = "name" if match["name"] else "sign"
                token = (match["name"] or match["sign"]).replace("**", "^").replace(";", ",")
                if token == "(":
                    calls.append(bool(self.tokens) and self.tokens[-1][1] in FUNCTIONS)
                elif token == ")" and calls:
                    calls.pop()
                self.tokens.append((kind, token))

    def _number(self, match: re.Match[str], text: str, position: int) -> None:
        scale = match["scale"]
        if scale and self.variables and not scale[0].isspace():
            scale = None  # in an equation, 2k is two times k
            self.tokens += [("number", match["number"]), ("name", match["scale"])]
            return
        money = bool(re.match(rf"\s?{CURRENCY}", text[position:])) or bool(self.currencies)
        try:
            value = scaled(match["number"], scale, money=money)
        except ValueError as error:
            raise NotAnExpression(str(error)) from error
        self.tokens.append(("number", str(value)))

    def whole(self) -> Parsed:
        if len(self.currencies) > 1:
            raise AgentError("Two currencies stand in one sum; please tell me the exchange rate, or convert one first.")
        tree = self.sum()
        if self.at < len(self.tokens):
            raise NotAnExpression(self.tokens[self.at][1])
        return Parsed(tree, next(iter(self.currencies), ""), tuple(self.names))

    def peek(self) -> str:
        return self.tokens[self.at][1] if self.at < len(self.tokens) else ""

    def take(self, *expected: str) -> str:
        if self.at < len(self.tokens) and self.tokens[self.at][1] in expected and self.tokens[self.at][0] != "number":
            self.at += 1
            return self.tokens[self.at - 1][1]
        return ""

    def sum(self) -> Node:
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise AgentError("That calculation is nested too deeply; please split it.")
        left = self.product()
        while sign := self.take("+", "-"):
            right = self.product()
            if right.kind == "percent" and left.kind != "percent":
                right = Node("*", (left, right))
            left = Node(sign, (left, right))
        self.depth -= 1
        return left

    def product(self) -> Node:
        left = self.sign()
        while True:
            sign = self.take("*", "/", "mod", "of")
            if not sign:
                kind, token = self.tokens[self.at] if self.at < len(self.tokens) else ("", "")
                if left.kind == "percent" and kind == "number":
                    left, sign = Node("number", value=left.value * 100), "mod"  # 17 % 5
                elif kind == "name" or token == "(":
                    sign = "*"
                else:
                    return left
            left = Node({"of": "*"}.get(sign, sign), (left, self.sign()))

    def sign(self) -> Node:
        negative = False
        while sign := self.take("-", "+"):
            negative ^= sign == "-"
        node = self.power()
        return Node("neg", (node,)) if negative else node

    def power(self) -> Node:
        base = self.postfix()
        if not self.take("^"):
            return base
        self.depth += 1
        if self.depth > MAX_DEPTH:
            raise AgentError("That calculation is nested too deeply; please split it.")
        node = Node("^", (base, self.sign()))
        self.depth -= 1
        return node

    def postfix(self) -> Node:
        node = self.atom()
        while sign := self.take("%", "!", "°"):
            if sign == "%" and node.kind == "number":
                node = Node("percent", value=node.value / 100)
            elif sign == "%":
                node = Node("/", (node, Node("number", value=Fraction(100))))
            elif sign == "°":
                node = Node("*", (node, Node("number", value=CONSTANTS["pi"] / 180)))
            else:
                node = Node("!", (node,))
        return node

    def atom(self) -> Node:
        if self.at >= len(self.tokens):
            raise NotAnExpression("it ends too soon")
        kind, token = self.tokens[self.at]
        self.at += 1
        if kind == "number":
            return Node("number", value=Fraction(Decimal(token)))
        if token == "(":
            node = self.sum()
            if not self.take(")"):
                raise NotAnExpression("a bracket stays open")
            return Node("group", (node,)) if node.kind == "percent" else node
        if token in FUNCTIONS:
            return self._call(token)
        if token in CONSTANTS:
            return Node("name", name=token)
        if kind == "name" and len(token) == 1 and self.variables:
            self.names[token] = None
            return Node("name", name=token)
        raise NotAnExpression(token)

    def _call(self, name: str) -> Node:
        if not self.take("("):
            raise NotAnExpression(name)
        parts = [self.sum()]
        while self.take(","):
            parts.append(self.sum())
        most = {"min": 50, "max": 50, "round": 2, "log": 2}.get(name, 1)
        if not self.take(")") or len(parts) > most:
            raise NotAnExpression(name)
        return Node("call", tuple(parts), name=name)


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
