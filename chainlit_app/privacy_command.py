"""``privacy`` on the command line: the rights over what is kept, and the check of the audit trail."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from collections.abc import Awaitable, Callable
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any

from chainlit_app.users_command import user_of, whose
from config.errors import Mendable
from config.settings import Settings

if TYPE_CHECKING:
    from memory.business.clients import Client
    from memory.stores import Stores


class NotDone(Mendable):
    """What was asked could not be done; the message says why."""


def add(verbs: Any) -> None:
    """Add the verb with its acts to a parser."""
    verb = verbs.add_parser("privacy", help="what is kept: export, erase, restrict it; who read it; is it unbroken")
    acts = verb.add_subparsers(required=True, metavar="ACT")
    for name, run, about in (
        ("stored", _stored, "count what is kept"),
        ("export", _export, "write everything into one plain ZIP"),
        ("erase", _erase, "erase everything, or one client"),
        ("restrict", _restrict, "keep data but stop working with it"),
        ("lift", _lift, "work with it again"),
        ("consents", _consents, "when permissions were given and withdrawn"),
        ("reads", _reads, "which agent read records of clients, when, what for"),
        ("retention", _retention, "how long each kind of data stays, and what is over its time"),
        ("erasures", _erasures, "what was erased, for restoring"),
        ("audit", _audit, "check the audit trail and the log, or sign the trail's end now"),
    ):
        act = acts.add_parser(name, help=about)
        act.add_argument("--json", action="store_true", help="print one JSON object")
        whose(act)
        act.set_defaults(run=_run, act=run)
        if name in ("erase", "restrict", "lift", "reads"):
            act.add_argument("--client", default="", help="the client's name; else everything")
        if name == "erase":
            act.add_argument("--yes", action="store_true", help="do not ask first")
            act.add_argument("--certificate", type=Path, help="where to write the certificate as a PDF")
        if name == "export":
            act.add_argument("--out", type=Path, required=True, help="where to write the ZIP")
        if name == "retention":
            act.add_argument("--clean", action="store_true", help="remove what is over its time now")
        if name == "audit":
            act.add_argument("what", nargs="?", default="verify", choices=("verify", "sign"))


Act = Callable[[argparse.Namespace, Settings, "Stores"], Awaitable[tuple[dict[str, Any], str]]]


def _run(options: argparse.Namespace, settings: Settings) -> int:
    from monitoring.logs import configure

    configure(settings, console=False)
    told, text = asyncio.run(_with_stores(options.act, options, settings))
    sys.stdout.write((json.dumps(told, ensure_ascii=False, default=str) if options.json else text) + "\n")
    return 0 if told.get("ok", True) else 1


async def _with_stores(act: Act, options: argparse.Namespace, settings: Settings) -> tuple[dict[str, Any], str]:
    from memory.stores import open_stores

    stores = await open_stores(settings)
    try:
        return await act(options, settings, stores)
    finally:
        await stores.close()


async def _stored(options: argparse.Namespace, settings: Settings, stores: Stores) -> tuple[dict[str, Any], str]:
    from memory.erasure import holdings

    user = await user_of(options.user, stores)
    had = await holdings(stores, settings, user)
    lines = [f"{count:>9,}  {name}" for name, count in had.rows.items()]
    return asdict(had), "\n".join([*lines, f"{had.runs:>9,}  trained models", f"{had.file_bytes:>9,}  bytes of files"])


async def _export(options: argparse.Namespace, settings: Settings, stores: Stores) -> tuple[dict[str, Any], str]:
    from memory.portability import export
    from privacy.audit import AuditLog

    user = await user_of(options.user, stores)
    if options.out.exists():
        raise NotDone(f"There is something at {options.out} already; choose another name.")
    left = await AuditLog.open(settings, stores.keys.master).read(limit=1_000_000, user=user)
    made = await export(stores, settings.paths.runs, user, options.out, other={"left_this_machine": left[::-1]})
    rows = sum(made.rows.values())
    held = f"{rows:,} rows, {made.files:,} files and {made.runs:,} trained models"
    return {"path": options.out, **asdict(made)}, f"Wrote {held} to {options.out}. It is not sealed."


async def _erase(options: argparse.Namespace, settings: Settings, stores: Stores) -> tuple[dict[str, Any], str]:
    from agents.tools.remembering.certificates import certificate, draw, facts
    from memory.erasure import alone, client_holdings, erase, erase_client, holdings
    from memory.ledger import Ledger
    from privacy.audit import AuditLog

    user = await user_of(options.user, stores)
    client = await _client(options.client, user, stores)
    had = await (client_holdings(stores, user, client) if client else holdings(stores, settings, user))
    what = f"everything about {client.name}" if client else "everything"
    if not options.yes and not _sure(f"This erases {what}: {had.total:,} rows and {had.files:,} files, for good."):
        raise NotDone("Nothing was erased.")
    single = not client and await alone(stores, user)
    gone = await (erase_client(stores, settings, user, client.id) if client else erase(stores, settings, user))
    audit = AuditLog.open(settings, stores.keys.master)
    if single:
        await audit.clear()
    done = gone or had
    await audit.record("erasure", user=user, rows=done.total, files=done.files, runs=done.runs)
    noted = await Ledger.open(settings).add(user, client.id if client else "", rows=done.total, files=done.files)
    said = facts(noted, done)
    if options.certificate:
        await asyncio.to_thread(draw, said, str(options.certificate))
    return {**asdict(done), "reference": noted.reference, "at": noted.at}, certificate(said)


async def _restrict(options: argparse.Namespace, _settings: Settings, stores: Stores) -> tuple[dict[str, Any], str]:
    user = await user_of(options.user, stores)
    client = await _client(options.client, user, stores)
    await stores.restrictions.restrict(user, client.id if client else "")
    return {"restricted": sorted(await stores.restrictions.standing(user))}, "It is kept, and not worked with."


async def _lift(options: argparse.Namespace, _settings: Settings, stores: Stores) -> tuple[dict[str, Any], str]:
    user = await user_of(options.user, stores)
    client = await _client(options.client, user, stores)
    if not await stores.restrictions.lift(user, client.id if client else ""):
        raise NotDone(f"No restriction on {options.client or 'everything'} stands.")
    return {"restricted": sorted(await stores.restrictions.standing(user))}, "It is worked with again."


async def _consents(options: argparse.Namespace, _settings: Settings, stores: Stores) -> tuple[dict[str, Any], str]:
    user = await user_of(options.user, stores)
    changes = await stores.consents.history(user)
    lines = [f"{one.at:%Y-%m-%d %H:%M}  {'given    ' if one.granted else 'withdrawn'}  {one.name}" for one in changes]
    told = {"standing": sorted(await stores.consents.granted(user)), "history": [one.model_dump() for one in changes]}
    return told, "\n".join(lines) or "No permission was ever given for good."


async def _reads(options: argparse.Namespace, _settings: Settings, stores: Stores) -> tuple[dict[str, Any], str]:
    user = await user_of(options.user, stores)
    client = await _client(options.client, user, stores)
    found = await stores.reads.of(user, client.id if client else None, limit=10_000)
    lines = [
        f"{one.at:%Y-%m-%d %H:%M}  {one.client or 'many':32}  {one.count:>5} {one.kind}  {one.purpose}" for one in found
    ]
    return {"reads": [one.model_dump() for one in found]}, "\n".join(lines) or "No agent has read records of clients."


async def _retention(options: argparse.Namespace, settings: Settings, stores: Stores) -> tuple[dict[str, Any], str]:
    from memory.retention import clean, overdue

    at = datetime.now().astimezone()
    if options.clean:
        gone = await clean(stores, settings, at)
        return {"removed": gone}, "\n".join(
            f"{count:>7,} {name} removed" for name, count in gone.items()
        ) or "Nothing was old."
    found = await overdue(stores, settings, at)
    lines = [f"{one.name:14} {one.days or 'for good':>9} days  {one.count:>7,} over their time" for one in found]
    return {"classes": [asdict(one) for one in found]}, "\n".join(lines)


async def _erasures(_options: argparse.Namespace, settings: Settings, _stores: Stores) -> tuple[dict[str, Any], str]:
    from memory.ledger import Ledger

    found = await Ledger.open(settings).all()
    lines = [
        f"{one.number:>4}  {one.at:%Y-%m-%d %H:%M}  {one.client or 'everything':32}  {one.rows:>7,} rows"
        for one in found
    ]
    return {"erasures": [asdict(one) for one in found]}, "\n".join(lines) or "Nothing was erased yet."


async def _audit(options: argparse.Namespace, settings: Settings, stores: Stores) -> tuple[dict[str, Any], str]:
    from memory.ledger import Ledger
    from memory.trail_check import Heads
    from privacy.audit import AuditLog

    heads = Heads.open(settings)
    if options.what == "sign":
        signed = await heads.sign(stores.database)
        return {"signed": signed}, f"Signed the ends of {signed} trails that had moved."
    verdict = await heads.verify(stores.database)
    logs = {"outbound": await AuditLog.open(settings).verify(), "erasures": await Ledger.open(settings).log.verify()}
    faults = [str(fault) for fault in verdict.faults]
    faults += [
        f"The log {name} was altered at line {one.at}: {one.reason}." for name, one in logs.items() if not one.ok
    ]
    told = {"ok": not faults, "entries": verdict.entries, "rows": verdict.rows, "faults": faults}
    sound = f"Unbroken: {verdict.entries:,} entries agree with {verdict.rows:,} records, and both logs are whole."
    return told, "\n".join(faults) or sound


async def _client(name: str, user: str, stores: Stores) -> Client | None:
    if not name:
        return None
    if client := await stores.clients.find(user, name):
        return client
    raise NotDone(f"There is no client called {name}; ask “list my clients” for their names.")


def _sure(question: str) -> bool:
    if not sys.stdin.isatty():
        raise NotDone("Nothing was erased: say --yes where nobody can be asked.")
    return input(f"{question} Type yes to go on: ").strip().lower() == "yes"
