"""Expressions: user text to a tree, by a grammar of our own.

    sum      product (("+" | "-") product)*           "200 - 10%" takes ten percent of what stands before it
    product  sign (("*" | "/" | "mod" | "of")? sign)*  "2x" and "3(4 + 5)" multiply
    sign     ("-" | "+") sign | power
    power    postfix ("^" sign)?
    postfix  atom ("%" | "!" | "°")*
    atom     number | name | function "(" sum ("," sum)* ")" | "(" sum ")"

Nothing of the text is ever executed: only these tokens exist, and length and depth are limited.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from agents.spec import AgentError
from agents.tools.calculation.numbers import NUMBER, scaled
from memory.money import CURRENCY, EXPONENTS, SCALE, currency_of

MAX_CHARACTERS, MAX_TOKENS, MAX_DEPTH = 500, 300, 40
FUNCTIONS = ("sqrt", "cbrt", "abs", "exp", "ln", "log10", "log2", "log", "asin", "acos", "atan", "sinh", "cosh", "tanh",
             "sin", "cos", "tan", "floor", "ceil", "round", "min", "max")  # fmt: skip
CONSTANTS = {"pi": Fraction(Decimal("3.1415926535897932384626433832795028841971")),
             "e": Fraction(Decimal("2.7182818284590452353602874713526624977572"))}  # fmt: skip

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
                self.currencies.add(currency_of(match["currency"]))
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
        beside = re.match(rf"\s?({CURRENCY})", text[position:])
        codes = self.currencies | ({currency_of(beside[1])} if beside else set())
        try:
            value = scaled(match["number"], scale, money=any(EXPONENTS[code] != 3 for code in codes))
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
