"""The chat template of a model file: a program in Jinja that a stranger wrote, run where it can do no harm.

It sees the messages and little else, cannot read attributes of Python's objects nor change what it is given, and is
bounded in time, in memory and in what it writes.
"""

from __future__ import annotations

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NoReturn

import jinja2
from jinja2.ext import Extension, loopcontrols
from jinja2.nodes import Node
from jinja2.parser import Parser
from jinja2.sandbox import ImmutableSandboxedEnvironment

from integrations.models.llama.limits import bounded
from integrations.models.llama.wire import Failed

SECONDS = 1.0
MEGABYTES = 256
LONGEST = 512 * 1024
"""Most characters of a template. Those of the ladder have 10,000 at most."""
LARGEST = 1_000_000
"""Largest factor, and most characters or items, of a multiplication in a template."""
HIGHEST = 16
"""Highest power in a template."""

CHATML = (
    "{% for message in messages %}<|im_start|>{{ message.role }}\n{{ message.content }}<|im_end|>\n{% endfor %}"
    "{{ '<|im_start|>assistant\n' }}"
)
"""For files without a template."""

Turn = Mapping[str, str]


class TemplateError(Failed):
    """The template cannot be used. The message says why."""

    kind = "template"


class _Refused(Exception):
    """The template itself refused the messages."""


class Template:
    """One compiled template. Raises `TemplateError` when it is no template, or does what it may not."""

    def __init__(self, source: str | None, *, bos: str = "", eos: str = "") -> None:
        self._names = {"bos_token": bos, "eos_token": eos}
        if source is not None and len(source) > LONGEST:
            raise TemplateError(f"it has {len(source):,} characters")
        with _told():
            self._template = _environment().from_string(source or CHATML)

    def render(self, turns: Sequence[Turn]) -> str:
        """Return the whole prompt, up to where the answer begins.

        Some templates know no system role, or want the user and the assistant to alternate; they get the system's words
        with the user's first ones, and neighbours of one role as one.
        """
        with _told():
            try:
                text = self._render(turns)
            except _Refused:
                return self._render(alternating(turns))
            if any(turn["role"] == "system" and turn["content"].strip() not in text for turn in turns):
                return self._render(alternating(turns))
            return text

    def _render(self, turns: Sequence[Turn]) -> str:
        with bounded(SECONDS, MEGABYTES):
            return self._template.render(
                messages=[dict(turn) for turn in turns],
                add_generation_prompt=True,
                enable_thinking=False,
                raise_exception=_refuse,
                strftime_now=_now,
                **self._names,
            )


def alternating(turns: Sequence[Turn]) -> list[Turn]:
    """Put the system's words into the user's first ones, and join neighbours of one role."""
    joined: list[Turn] = []
    for turn in turns:
        role = "user" if turn["role"] == "system" else turn["role"]
        if joined and joined[-1]["role"] == role:
            joined[-1] = {"role": role, "content": f"{joined[-1]['content']}\n\n{turn['content']}"}
        else:
            joined.append({"role": role, "content": turn["content"]})
    return joined


class _told:
    """Turns whatever a template raises into `TemplateError`, or `_Refused` inside."""

    def __enter__(self) -> None: ...

    def __exit__(self, kind: object, error: BaseException | None, trace: object) -> None:
        if isinstance(error, Exception) and not isinstance(error, TemplateError):
            raise TemplateError(f"{type(error).__name__}: {error}"[:300]) from error


class _Sandbox(ImmutableSandboxedEnvironment):
    """Jinja's sandbox, which also bounds products and powers: one of them alone could take hours, uninterruptibly."""

    intercepted_binops = frozenset({"*", "**"})

    def call_binop(self, context: Any, operator: str, left: Any, right: Any) -> Any:
        for one, times in ((left, right), (right, left)):
            if isinstance(one, int) and abs(one) > LARGEST:
                raise jinja2.exceptions.SecurityError("it calculates with too large a number")
            if isinstance(one, str | list | tuple) and isinstance(times, int) and len(one) * times > LARGEST:
                raise jinja2.exceptions.SecurityError("it repeats too much")
        if operator == "**" and abs(right) > HIGHEST:
            raise jinja2.exceptions.SecurityError("it raises to too high a power")
        return super().call_binop(context, operator, left, right)


class _Generation(Extension):
    """Passes through what transformers marks as generated."""

    tags = {"generation"}  # noqa: RUF012  as jinja2 declares it

    def parse(self, parser: Parser) -> Node | list[Node]:
        parser.stream.skip(1)
        return parser.parse_statements(("name:endgeneration",), drop_needle=True)


def _environment() -> ImmutableSandboxedEnvironment:
    made = _Sandbox(trim_blocks=True, lstrip_blocks=True, extensions=[loopcontrols, _Generation])
    made.filters["tojson"] = _tojson
    return made


def _tojson(value: Any, indent: int | None = None) -> str:
    return json.dumps(value, ensure_ascii=False, indent=indent)


def _now(style: str) -> str:
    return datetime.now().strftime(style)


def _refuse(message: str) -> NoReturn:
    raise _Refused(message)
