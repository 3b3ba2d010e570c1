"""Answers in a terminal: the same reply events as the chat, as text or as one JSON object."""

from __future__ import annotations

import asyncio
import json
import sys
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import Any

from chainlit_app.users_command import user_of
from config.errors import Mendable
from config.settings import Settings
from graph.approvals import Decision, decide
from graph.events import ApprovalNeeded, Done, Failed, Planned, Question, ReplyEvent, StepFinished, StepProgress, Token
from graph.reply import Message
from graph.runtime import Runtime, open_runtime
from graph.state import dump
from graph.typed_word import said
from memory.database import new_id
from monitoring.health import Check
from monitoring.logs import configure


@dataclass
class Answer:
    """What one message led to, in the shape that ``ask --json`` prints."""

    thread: str
    answer: str = ""
    plan: list[dict[str, Any]] = field(default_factory=list)
    findings: list[dict[str, Any]] = field(default_factory=list)
    questions: list[str] = field(default_factory=list)
    approvals: list[dict[str, Any]] = field(default_factory=list)
    timings_ms: dict[str, float] = field(default_factory=dict)
    error: str = ""

    def take(self, event: ReplyEvent) -> None:
        """Add what an event says."""
        match event:
            case Planned():
                self.plan = [dict(step) for step in event.steps]
            case StepFinished():
                self.findings.append({"step": event.id.rpartition(".")[2], **dump(event.finding)})
            case Question():
                self.questions.append(event.text)
                self.answer = event.text
            case ApprovalNeeded():
                known = [one for one in self.approvals if (one["turn"], one["step"]) != (event.turn, event.step)]
                self.approvals = [*known, asdict(event)]  # what still waits is asked again after each decision
            case Done():
                self.answer, self.timings_ms = event.text, event.timings_ms
            case Failed():
                self.error = event.message


async def ask(
    text: str,
    files: Sequence[Path],
    thread: str,
    settings: Settings,
    *,
    as_json: bool,
    out: Path | None = None,
    name: str = "",
) -> int:
    """Send one message, print what comes back, write the files made into `out`, and return the exit status.

    It is the first user's, unless another is named.
    """
    configure(settings, console=False)
    answer = Answer(thread or new_id())
    async with open_runtime(settings) as runtime:
        user = await user_of(name, runtime.stores)
        refs = [await runtime.stores.files.put(file, file.name, user=user, thread=answer.thread) for file in files]
        message = Message(text, answer.thread, user=user, files=refs)
        await _follow(said(message, runtime), answer, as_json)
        while answer.approvals and not as_json and sys.stdin.isatty():
            one = answer.approvals.pop(0)
            decision: Decision = "approve" if _agreed(one) else "reject"
            await _follow(decide(one["turn"], one["step"], decision, runtime), answer, as_json)
        if out:
            await _write(answer, out, runtime, user)
    return _print(answer, as_json=as_json)


def doctor(settings: Settings, *, as_json: bool) -> int:
    """Print what works here and what is missing; the status is 0 when nothing that is needed is missing."""
    from integrations.job_boards.status import sources
    from integrations.media.speech.status import checks as speech
    from integrations.media.status import checks as media
    from integrations.status import answered, others
    from memory.backup_check import check as backups
    from monitoring.health import check_all
    from privacy.audit import AuditLog
    from privacy.keys.keepers import master_at_hand

    log = asyncio.run(AuditLog.open(settings, master_at_hand(settings)).read(limit=10_000, kind="request"))
    checks = [
        *check_all(settings),
        backups(settings),
        *asyncio.run(_models(settings)),
        *sources(settings),
        *others(settings, answered(log)),
        *speech(settings),
        *media(settings),
    ]
    well = all(one.ok or not one.needed for one in checks)
    if as_json:
        _out(
            json.dumps(
                {"ok": all(one.ok or not one.needed for one in checks), "checks": [asdict(one) for one in checks]}
            )
        )
    else:
        for one in checks:
            mark = "ok     " if one.ok else "missing" if one.needed else "later  "
            _out(f"{mark}  {one.name}: {one.detail}" + (f"  →  {one.fix}" if one.fix and not one.ok else ""))
    return 0 if well else 1


async def _models(settings: Settings) -> list[Check]:
    from chainlit_app.models_command import outside
    from integrations.models.status import checks

    try:
        async with outside(settings) as http:
            return await checks(settings, http)
    except OSError as error:  # the log of what is asked cannot be opened, so nobody is asked
        return [Check("Models", False, f"cannot be looked at: {error.strerror}", needed=False)]


async def _follow(events: AsyncGenerator[ReplyEvent, None], answer: Answer, quiet: bool) -> None:
    async with aclosing(events):  # a reader that goes away stops the turn
        async for event in events:
            answer.take(event)
            if not quiet:
                _tell(event)


def _tell(event: ReplyEvent) -> None:
    """Show an event as it comes: the answer on standard output, progress on a terminal's error stream."""
    if isinstance(event, Token):
        sys.stdout.write(event.text)
        sys.stdout.flush()
    elif isinstance(event, StepProgress) and sys.stderr.isatty():
        sys.stderr.write(f"\r\x1b[2K{event.text}")
    elif isinstance(event, StepFinished) and sys.stderr.isatty():
        sys.stderr.write("\r\x1b[2K")


def _agreed(approval: dict[str, Any]) -> bool:
    _out(f"\n{approval['title']}\n\n{approval['preview']}\n")
    return input("Do it? [y/N] ").strip().lower() in {"y", "yes"}


async def _write(answer: Answer, out: Path, runtime: Runtime, user: str) -> None:
    """Write what was made into a folder in clear, over nothing that is there. Raises Mendable."""
    for artifact in (one for finding in answer.findings for one in finding["artifacts"]):
        file = await runtime.stores.files.get(artifact["id"], user=user)
        if file is None:
            continue
        try:
            path = await asyncio.to_thread(_placed, out, file.name, runtime.stores.files.pieces(file.id))
        except OSError as error:
            raise Mendable(f"{file.name} cannot be written to {out} ({error.strerror}); name another.") from error
        artifact["path"] = str(path)


def _placed(out: Path, name: str, pieces: Iterator[bytes]) -> Path:
    out.mkdir(parents=True, exist_ok=True)
    stem, dot, suffix = name.rpartition(".")
    path, number = out / name, 1
    while path.exists():
        number += 1
        path = out / (f"{stem} {number}{dot}{suffix}" if dot else f"{name} {number}")
    with path.open("wb") as file:
        file.writelines(pieces)
    return path


def _print(answer: Answer, *, as_json: bool) -> int:
    found = not answer.findings or any(one["ok"] for one in answer.findings)
    worked = not answer.error and (found or bool(answer.questions))
    if as_json:
        _out(json.dumps(asdict(answer), ensure_ascii=False, default=str))
    else:
        _out("\n".join(answer.questions))
        for one in answer.approvals:
            _out(f"\n{one['title']}\n\n{one['preview']}\n\nThis waits for your word in the chat.")
        for finding in answer.findings:
            for artifact in finding["artifacts"]:
                _out(f"{artifact['name']}: {artifact.get('path', 'kept; with --out FOLDER it is written there')}")
    if not worked:
        errors = [answer.error, *(one["error"] for one in answer.findings)]
        sys.stderr.write(next(filter(None, errors), "That did not work; the log has the details.") + "\n")
    return 0 if worked else 1


def _out(text: str) -> None:
    sys.stdout.write(text + "\n")
