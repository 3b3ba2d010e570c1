"""What the user can see of their data: what is kept, what left, what was allowed, who read it, how long it stays."""

from __future__ import annotations

from collections import Counter

from agents.deps import Deps
from agents.spec import AgentError, Finding
from agents.tools.billing.invoice_text import cell
from memory.business.clients import Client
from memory.database import now
from memory.erasure import Holdings, holdings
from memory.retention import overdue
from memory.trail_check import Heads
from privacy.consent import PURPOSES, title_of

NAME = "privacy"
WORDS = {
    "profile": "facts in your profile",
    "threads": "conversations",
    "steps": "messages and steps in them",
    "turns": "requests with their plans and results",
    "elements": "attachments and pictures in conversations",
    "feedback": "thumbs up and down",
    "effects": "approvals",
    "files": "files, uploaded or made for you",
    "documents": "documents that were read",
    "passages": "passages of them",
    "clients": "clients",
    "invoices": "invoices",
    "payments": "payments",
    "recurring_invoices": "invoices that come again",
    "leads": "leads",
    "proposals": "proposals",
    "goals": "goals",
    "invoice_lines": "lines on invoices",
    "changes": "changes of your records",
    "jobs": "job posts",
    "consents": "standing permissions",
    "consent_changes": "times a permission was given or withdrawn",
    "client_reads": "times an agent read records of a client",
    "restrictions": "restrictions of processing",
    "schedules": "things that run by themselves",
    "notifications": "notifications",
    "alerts": "alerts",
    "samples": "figures of this computer over time",
}
"""Each table as people would call what is in it; a newer table appears under its own name."""
SHOWN = 15


async def stored(deps: Deps) -> Finding:
    """What is kept, where, and how it is guarded."""
    had = await holdings(deps.stores, deps.settings, deps.user)
    if not had.total:
        return Finding(NAME, True, "I keep nothing about you yet.", data={"rows": {}})
    text = (
        f"Everything I know lies in {deps.settings.paths.data} on this machine, in a folder only your account can "
        "open. What it says is encrypted, each client with a key of their own; names of tables, dates and numbers of "
        "rows are not, so turn on your system's disk encryption, too.\n\n" + counts(had)
    )
    offers = ("export everything", "what left this machine", "erase everything")
    return Finding(NAME, True, text, data={"rows": had.rows, "files": had.files, "runs": had.runs}, offers=offers)


def counts(had: Holdings) -> str:
    """What is kept as a table."""
    rows = [f"| {count:,} | {WORDS.get(name, name)} |" for name, count in sorted(had.rows.items(), key=_by_words)]
    if had.runs:
        rows.append(f"| {had.runs:,} | trained models with their reports |")
    size = f"\n\nThe files take {had.file_bytes / 1024**2:.1f} MB." if had.files else ""
    return "| Number | What |\n|--:|---|\n" + "\n".join(rows) + size


def _by_words(item: tuple[str, int]) -> int:
    return list(WORDS).index(item[0]) if item[0] in WORDS else len(WORDS)


async def left(deps: Deps) -> Finding:
    """Which requests left this machine, and whether the log of them is whole."""
    entries = await deps.audit.read(limit=10_000, user=deps.user)
    requests = [entry for entry in entries if entry["kind"] == "request"]
    refused = sum(entry["kind"] == "refused" for entry in entries)
    verdict = await deps.audit.verify()
    sound = "The log is unbroken" if verdict.ok else f"The log was altered: {verdict.reason} (line {verdict.at})"
    held = f" {refused} {'request was' if refused == 1 else 'requests were'} held back." if refused else ""
    if not requests:
        return Finding(NAME, True, f"Nothing has left this machine.{held} {sound}.", data={"requests": 0})
    sent = sum(int(entry.get("bytes_out") or 0) for entry in requests)
    hosts = Counter(str(entry["host"]) for entry in requests)
    rows = ["| When | Where | Why | Sent |", "|---|---|---|--:|"]
    for entry in requests[:SHOWN]:
        purpose = (
            PURPOSES[entry["purpose"]].title if entry.get("purpose") in PURPOSES else str(entry.get("purpose", ""))
        )
        when = str(entry["at"])[:16].replace("T", " ")
        rows.append(f"| {when} | {cell(str(entry['host']))} | {purpose} | {int(entry.get('bytes_out') or 0):,} B |")
    text = (
        f"{len(requests):,} {'request' if len(requests) == 1 else 'requests'} to {len(hosts)} "
        f"{'host' if len(hosts) == 1 else 'hosts'} left this machine, {sent / 1024:.1f} kB in all.{held} {sound}.\n\n"
        + "\n".join(rows)
    )
    if len(requests) > SHOWN:
        text += f"\n\nThese are the newest {SHOWN}; the export holds all."
    return Finding(NAME, True, text, data={"requests": len(requests), "bytes": sent, "hosts": dict(hosts)})


async def consents(deps: Deps) -> Finding:
    """What is allowed for good."""
    granted = await deps.stores.consents.list(deps.user)
    if not granted:
        text = "You have allowed nothing for good: before anything leaves this machine, you are asked."
        return Finding(NAME, True, text, data={"granted": []})
    rows = [f"| {title_of(one.name)} | {_leaves(one.name)} | {one.granted_at:%Y-%m-%d} |" for one in granted]
    text = "You have allowed this for good:\n\n| What | What leaves | Since |\n|---|---|---|\n" + "\n".join(rows)
    text += '\n\nSay "revoke all permissions", or name one, to take it back.'
    return Finding(
        NAME, True, text, data={"granted": [one.name for one in granted]}, offers=("revoke all permissions",)
    )


async def revoke(purpose: str, deps: Deps) -> Finding:
    """Take back one permission, or all. Raises AgentError when there is none."""
    granted = await deps.stores.consents.granted(deps.user)
    gone = [name for name in sorted(granted) if purpose in ("", name, name.partition(":")[0])]
    if not gone:
        what = f"to {title_of(purpose).lower()} " if purpose else ""
        raise AgentError(f'There is no such permission {what}to take back; say "list my permissions" to see them.')
    for name in gone:
        await deps.stores.consents.revoke(deps.user, name)
    titles = ", ".join(title_of(name).lower() for name in gone)
    return Finding(NAME, True, f"Taken back: {titles}. You will be asked again next time.", data={"revoked": gone})


async def history(deps: Deps) -> Finding:
    """When each permission was given and withdrawn."""
    changes = await deps.stores.consents.history(deps.user)
    if not changes:
        return Finding(NAME, True, "You never gave a permission for good.", data={"changes": 0})
    rows = [
        f"| {one.at:%Y-%m-%d %H:%M} | {title_of(one.name)} | {'given' if one.granted else 'withdrawn'} |"
        for one in changes
    ]
    text = "| When (UTC) | What | |\n|---|---|---|\n" + "\n".join(rows)
    return Finding(NAME, True, text, data={"changes": len(changes)})


async def reads(client: Client | None, deps: Deps) -> Finding:
    """Which agent read records of clients, or of one, when, and what for."""
    found = await deps.stores.reads.of(deps.user, client.id if client else None)
    about = f"records of {client.name}" if client else "records of clients"
    if not found:
        return Finding(NAME, True, f"No agent has read {about} yet.", data={"reads": 0})
    names = {one.id: one.name for one in await deps.stores.clients.all(deps.user)}
    rows = [
        f"| {one.at:%Y-%m-%d %H:%M} | {cell(names.get(one.client, 'erased' if one.client else 'many'))} "
        f"| {one.count} {WORDS.get(one.kind, one.kind.replace('_', ' '))} | {cell(one.purpose)} |"
        for one in found[:SHOWN]
    ]
    head = "| When (UTC) | Client | What | For |\n|---|---|---|---|\n"
    text = f"{len(found):,} reads of {about}, the newest first:\n\n{head}" + "\n".join(rows)
    return Finding(NAME, True, text, data={"reads": len(found)})


async def retention(deps: Deps) -> Finding:
    """How long each kind of data is kept, and what goes next."""
    found = await overdue(deps.stores, deps.settings, now(), deps.user)
    rows = [
        f"| {one.title} | {f'{one.days} days' if one.days else 'until erased'} | {one.why} | {one.count:,} |"
        for one in found
    ]
    text = (
        "Old data is removed once a day:\n\n| What | Kept | Why | Over its time now |\n|---|---|---|--:|\n"
        + "\n".join(rows)
        + "\n\nBusiness records stay until you erase them, because tax law asks for years. "
        "Set other times with FREELANCEX_KEEP_DAYS, for a kind of data, for a level of privacy, or for both: "
        '{"conversations": 365, "restricted": 90, "uploads/confidential": 0}.'
    )
    return Finding(
        NAME,
        True,
        text,
        data={name: sum(one.count for one in found if one.name == name) for name in {one.name for one in found}},
    )


async def trail(deps: Deps) -> Finding:
    """Whether any record was changed behind FreelanceX's back."""
    heads = Heads.open(deps.settings)
    verdict = await heads.verify(deps.stores.database)
    log = await deps.audit.verify()
    lines = [f"- {fault}" for fault in verdict.faults[:SHOWN]]
    if not log.ok:
        lines.append(f"- The log of what left this machine was altered: {log.reason} (line {log.at}).")
    data = {"entries": verdict.entries, "rows": verdict.rows, "faults": len(verdict.faults), "log": log.ok}
    if lines:
        return Finding(
            NAME, True, "Something was changed by other means than FreelanceX:\n\n" + "\n".join(lines), data=data
        )
    text = f"The audit trail is unbroken: {verdict.entries:,} entries agree with {verdict.rows:,} records."
    return Finding(NAME, True, text, data=data)


def _leaves(name: str) -> str:
    purpose = PURPOSES.get(name.partition(":")[0])
    return purpose.leaves if purpose else ""
