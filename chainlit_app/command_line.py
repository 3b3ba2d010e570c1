"""The command line: the chat's abilities for scripts, and the server that shows the chat.

Every verb ends with a non-zero status and one line on standard error when it could not do its work.
"""

from __future__ import annotations

import argparse
import asyncio
import json
import os
import sys
from collections.abc import Sequence
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from chainlit_app import (
    approvals_command,
    backups_command,
    keys_command,
    models_command,
    privacy_command,
    users_command,
)
from config.errors import Mendable
from config.settings import Settings


class Usage(Mendable):
    """The words of a command make no sense; the message says which."""


def main(arguments: Sequence[str] | None = None) -> int:
    """Run one verb and return its exit status."""
    options = _parser().parse_args(arguments)
    try:
        settings = Settings()
    except ValidationError as error:
        first = error.errors()[0]
        name = "FREELANCEX_" + "_".join(str(part) for part in first["loc"]).upper()
        return _fail(f"The setting {name} is not usable: {first['msg']}.")
    try:
        status: int = options.run(options, settings)
        return status
    except Mendable as error:
        return _fail(str(error))
    except KeyboardInterrupt:
        return 130
    except BrokenPipeError:  # the reader of our output went away, as `head` does
        os.dup2(os.open(os.devnull, os.O_WRONLY), sys.stdout.fileno())
        return 0


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(prog="python -m chainlit_app", description="FreelanceX from the command line.")
    verbs = parser.add_subparsers(required=True, metavar="VERB")

    serve = verbs.add_parser("serve", help="start the chat and the API")
    serve.set_defaults(run=_serve)

    ask = verbs.add_parser("ask", help="send one message and print the answer")
    ask.add_argument("text")
    ask.add_argument("--file", action="append", default=[], type=Path, help="attach a file; may be repeated")
    ask.add_argument("--thread", default="", help="go on in this conversation")
    ask.add_argument("--out", type=Path, metavar="FOLDER", help="write the files that are made into this folder")
    ask.add_argument("--json", action="store_true", help="print one JSON object")
    users_command.whose(ask)
    ask.set_defaults(run=_ask)

    plan = verbs.add_parser("plan", help="show what a message would lead to, and do nothing")
    plan.add_argument("text", nargs="?", default="")
    plan.add_argument("--file", action="append", default=[], type=Path, help="as if this file were attached")
    plan.add_argument("--jsonl", action="store_true", help='read lines of {"text", "files"}, write a plan a line')
    plan.set_defaults(run=_plan)

    doctor = verbs.add_parser("doctor", help="what works here, what is missing, and what mends it")
    doctor.add_argument("--json", action="store_true", help="print one JSON object")
    doctor.set_defaults(run=_doctor)

    models_command.add(verbs)
    approvals_command.add(verbs)
    privacy_command.add(verbs)
    backups_command.add(verbs)
    keys_command.add(verbs)
    users_command.add(verbs)

    routes = verbs.add_parser("routes", help="every way into the server, and which role may take it")
    routes.set_defaults(run=_routes)

    mcp = verbs.add_parser("mcp", help="offer calculations, invoices and jobs to another program, read only")
    mcp.set_defaults(run=_mcp)
    return parser


def _serve(_options: argparse.Namespace, settings: Settings) -> int:
    from chainlit_app.server import serve

    return serve(settings)


def _ask(options: argparse.Namespace, settings: Settings) -> int:
    from chainlit_app.terminal import ask

    return asyncio.run(
        ask(
            options.text,
            _existing(options.file),
            options.thread,
            settings,
            as_json=options.json,
            out=options.out,
            name=options.user,
        )
    )


def _plan(options: argparse.Namespace, settings: Settings) -> int:
    from datetime import date

    from agents import registry
    from graph.learning import learn
    from graph.planner.planner import Planner
    from integrations.models.embeddings.embedder import open_embedder

    if not (options.jsonl or options.text or options.file):
        raise Usage('Say what to plan, as in: python -m chainlit_app plan "What is 19 % of 1,200 €?"')
    planner, today = Planner(registry.load()), date.today()
    learn(planner, open_embedder(settings), settings)
    if not options.jsonl:
        print(json.dumps(_planned(planner, options.text, options.file, today), indent=2))  # noqa: T201
        return 0
    for number, line in enumerate(sys.stdin, start=1):
        if not line.strip():
            continue
        try:
            asked = json.loads(line)
            text, files = asked.get("text") or "", [Path(file) for file in asked.get("files") or []]
        except (json.JSONDecodeError, TypeError, AttributeError):
            raise Usage(f'Line {number} is not a JSON object like {{"text": "…", "files": ["…"]}}.') from None
        print(json.dumps(_planned(planner, text, files, today), ensure_ascii=False), flush=True)  # noqa: T201
    return 0


def _planned(planner: Any, text: str, files: Sequence[Path], today: Any) -> dict[str, Any]:
    from graph.planner.known import Known
    from memory.file_kinds import kind_of, mime_of
    from memory.files import FileRef

    refs = [FileRef(str(file), file.name, mime_of(file.name), 0, kind_of(file.name)) for file in files]
    plan = planner.plan(text, Known(files=refs), today)
    data: dict[str, Any] = plan.model_dump(mode="json")
    return data


def _doctor(options: argparse.Namespace, settings: Settings) -> int:
    from chainlit_app.terminal import doctor

    return doctor(settings, as_json=options.json)


def _routes(_options: argparse.Namespace, settings: Settings) -> int:
    from tempfile import TemporaryDirectory

    from chainlit_app.identity.walk import table, ways, within
    from chainlit_app.server import create_app

    with TemporaryDirectory() as folder:  # the page of a server that runs is left alone
        app = create_app(settings.model_copy(update={"data_dir": Path(folder)}))
        sys.stdout.write(table(ways(within(app))) + "\n")
    return 0


def _mcp(_options: argparse.Namespace, settings: Settings) -> int:
    from chainlit_app.offered_tools import offer

    asyncio.run(offer(settings))
    return 0


def _existing(files: Sequence[Path]) -> list[Path]:
    for file in files:
        if not file.is_file():
            raise Usage(f"There is no file at {file}; check the path after --file.")
    return list(files)


def _fail(sentence: str) -> int:
    print(sentence, file=sys.stderr)  # noqa: T201
    return 1
