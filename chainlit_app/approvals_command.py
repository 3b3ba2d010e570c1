"""``approvals`` on the command line: what waits for the user's word, and the word itself."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Mapping
from dataclasses import asdict
from typing import Any

from chainlit_app.users_command import user_of, whose
from config.errors import Mendable
from config.settings import Settings


class NoSuchQuestion(Mendable):
    """What was named does not wait; the message says how to see what does."""


def add(verbs: Any) -> None:
    """Add the verb to a parser."""
    verb = verbs.add_parser("approvals", help="what waits for your word: list, approve or reject it")
    verb.add_argument("act", nargs="?", default="list", choices=("list", "approve", "always", "reject"))
    verb.add_argument("number", nargs="?", default="", help="its number in the list, or its id, TURN/STEP")
    verb.add_argument("--set", action="append", default=[], metavar="NAME=TEXT", help="change this before approving")
    verb.add_argument("--json", action="store_true", help="print JSON")
    whose(verb)
    verb.set_defaults(run=_run)


def _run(options: argparse.Namespace, settings: Settings) -> int:
    from monitoring.logs import configure

    configure(settings, console=False)
    changed = dict(_pair(one) for one in options.set)
    return asyncio.run(_act(options, changed, settings))


async def _act(options: argparse.Namespace, changed: Mapping[str, str], settings: Settings) -> int:
    from graph import approvals
    from graph.events import ApprovalNeeded, Done, Failed
    from graph.runtime import open_runtime

    act, as_json = options.act, options.json
    async with open_runtime(settings) as runtime:
        waiting = await approvals.listed(await user_of(options.user, runtime.stores), runtime)
        if act == "list":
            _out(json.dumps([asdict(one) for one in waiting], ensure_ascii=False) if as_json else _text(waiting))
            return 0
        asked = _named(options.number, waiting).asked
        word: approvals.Decision = "always" if act == "always" else "reject" if act == "reject" else "approve"
        last = [event async for event in approvals.decide(asked.turn, asked.step, word, runtime, changed)][-1]
        if isinstance(last, Failed):
            raise NoSuchQuestion(last.message)
        text = last.text if isinstance(last, Done) else "Something else of this turn still waits for your word."
        _out(json.dumps(asdict(last), ensure_ascii=False) if as_json else text)
        return 0 if isinstance(last, Done | ApprovalNeeded) else 1


def _named(number: str, waiting: list[Any]) -> Any:
    if number.isdecimal() and 1 <= int(number) <= len(waiting):
        return waiting[int(number) - 1]
    for one in waiting:
        if number == f"{one.asked.turn}/{one.asked.step}":
            return one
    raise NoSuchQuestion(f"No “{number}” waits for your word; see python -m chainlit_app approvals list.")


def _text(waiting: list[Any]) -> str:
    lines = []
    for number, one in enumerate(waiting, 1):
        asked = one.asked
        until = f", until {asked.expires_at[:16].replace('T', ' ')} UTC" if asked.expires_at else ""
        lines.append(f"{number}. {asked.title}  [{asked.turn}/{asked.step}]{until}\n\n{asked.preview}\n")
        lines += [f"   --set {name}=… changes: {value.splitlines()[0][:60]}" for name, value in asked.editable.items()]
    return "\n".join(lines) if lines else "Nothing waits for your word."


def _pair(text: str) -> tuple[str, str]:
    name, found, value = text.partition("=")
    if not found:
        raise NoSuchQuestion(f"Write --set as NAME=TEXT, not “{text}”.")
    return name, value


def _out(text: str) -> None:
    sys.stdout.write(text + "\n")
