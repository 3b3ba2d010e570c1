"""Privacy: what is kept, what left this machine, what is allowed; everything exported, everything erased."""

from __future__ import annotations

import re
import tempfile
from collections import Counter
from pathlib import Path
from typing import Any, Literal

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Artifact, Effect, Finding, Given
from agents.tools.invoice_text import cell
from memory.erasure import Holdings, alone, erase, holdings
from memory.portability import EXPORTER, export
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
    "invoice_lines": "lines on invoices",
    "changes": "changes of your records",
    "jobs": "job posts",
    "consents": "standing permissions",
}
"""Each table as people would call what is in it; a newer table appears under its own name."""
SHOWN = 15


class PrivacyTask(BaseModel):
    """What to do; `purpose` is the permission to take back, or empty for all."""

    action: Literal["export", "erase", "stored", "left", "consents", "revoke"] = "stored"
    purpose: str = ""


_ACTIONS = (
    ("revoke", r"\b(?:revoke|withdraw|take back|stop allowing|no longer allow|disallow|forbid)\b"),
    ("consents", r"\b(?:consents?|permissions?)\b|\bwhat (?:have|did) i allow"),
    (
        "left",
        r"\b(?:left|leaves?|leaving|sent|sends?|goes|went|going|transmitted|requests?|talk)\b.*"
        r"\b(?:machine|computer|out|outside|away|internet|anywhere|any(?:one|body)|openai|google|cloud|to)\b"
        r"|\boutbound\b|\baudit\b|\bphone home\b|\bshare\b|\bwhich (?:servers?|hosts?|sites?)\b"
        r"|\bwho (?:was|were|did you) (?:contact|ask)",
    ),
    (
        "erase",
        r"\b(?:erase|delete|wipe|remove|destroy|forget|purge|get rid of)\b.*"
        r"\b(?:everything|all|data|me|account|traces?)\b|\b(?:alles|alle|daten)\b.*\blöschen\b",
    ),
    (
        "export",
        r"\b(?:export|download|back ?up|copy of|take ?out|give me|hand over)\b.*"
        r"\b(?:everything|all|data|records|stuff|please)\b|^\W*export\W*$|\bgdpr export\b|\bexportiere\b",
    ),
)


def read_privacy(clause: str) -> dict[str, Any]:
    """The action a sentence asks for, and the permission it names."""
    action = next((name for name, cue in _ACTIONS if re.search(cue, clause, re.IGNORECASE)), "stored")
    fields = {"action": action}
    if action == "revoke":
        fields["purpose"] = next((name for name, cue in _PURPOSES.items() if re.search(cue, clause, re.IGNORECASE)), "")
    return fields


_PURPOSES = {
    "job_boards": r"\bjob",
    "research": r"\b(?:research|web|search|pages?)\b",
    "market": r"\b(?:market|rates|weather|news)\b",
    "downloads": r"\bdownloads?\b",
}


async def run(task: PrivacyTask, given: Given, deps: Deps) -> Finding:
    """Answer, export, or propose the erasure."""
    match task.action:
        case "export":
            return await _export(deps)
        case "erase":
            return await _propose_erasure(deps)
        case "left":
            return await _left(deps)
        case "consents":
            return await _consents(deps)
        case "revoke":
            return await _revoke(task.purpose, deps)
        case _:
            return await _stored(deps)


async def _stored(deps: Deps) -> Finding:
    had = await holdings(deps.stores, deps.settings, deps.user)
    if not had.total:
        return Finding(NAME, True, "I keep nothing about you yet.", data={"rows": {}})
    text = (
        f"Everything I know lies in {deps.settings.paths.data} on this machine, in a folder only your account can "
        f"open. "
        "It is not encrypted by itself, so turn on your system's disk encryption.\n\n" + _counts(had)
    )
    offers = ("export everything", "what left this machine", "erase everything")
    return Finding(NAME, True, text, data={"rows": had.rows, "files": had.files, "runs": had.runs}, offers=offers)


def _counts(had: Holdings) -> str:
    rows = [f"| {count:,} | {WORDS.get(name, name)} |" for name, count in sorted(had.rows.items(), key=_by_words)]
    if had.runs:
        rows.append(f"| {had.runs:,} | trained models with their reports |")
    size = f"\n\nThe files take {had.file_bytes / 1024**2:.1f} MB." if had.files else ""
    return "| Number | What |\n|--:|---|\n" + "\n".join(rows) + size


def _by_words(item: tuple[str, int]) -> int:
    return list(WORDS).index(item[0]) if item[0] in WORDS else len(WORDS)


async def _export(deps: Deps) -> Finding:
    deps.progress("Collecting everything", None)
    audit = await deps.audit.read(limit=1_000_000)
    name = f"FreelanceX export {deps.today.isoformat()}.zip"
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / name
        made = await export(
            deps.stores, deps.settings.paths.runs, deps.user, path, other={"left_this_machine": audit[::-1]}
        )
        file = await deps.stores.files.put(path, name, user=deps.user, thread=deps.thread, made_by=EXPORTER)
    rows = sum(made.rows.values())
    text = (
        f"Here is everything I keep about you: {rows:,} rows from {len(made.rows)} tables as JSON, {made.files:,} "
        f"files "
        f"and {made.runs:,} trained models, in one ZIP of {file.size / 1024**2:.1f} MB."
    )
    artifact = Artifact(file.id, file.name, file.mime, caption="Everything FreelanceX keeps about you")
    data = {"rows": made.rows, "files": made.files, "runs": made.runs}
    return Finding(NAME, True, text, data=data, artifacts=(artifact,))


async def _propose_erasure(deps: Deps) -> Finding:
    had = await holdings(deps.stores, deps.settings, deps.user)
    preview = (
        f"This removes for good, with no way back:\n\n{_counts(had)}\n\nThe search index, the unfinished work, the "
        f"logs "
        "and the freed space are cleaned too. One line stays that says an erasure happened, and when, without content. "
        "Copies you saved elsewhere are not touched."
    )
    text = "Erasing everything needs your word, because it cannot be undone."
    effect = Effect("erase", {"user": deps.user}, "Erase everything", preview)
    return Finding(NAME, True, text, data={"rows": had.rows}, effect=effect, offers=("export everything",))


async def erase_all(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Erase everything of the user who approved it."""
    if arguments.get("user") != deps.user:
        raise AgentError("This erasure was approved for another user, so nothing was erased: ask for it again.")
    deps.progress("Erasing", None)
    single = await alone(deps.stores, deps.user)
    had = await erase(deps.stores, deps.settings, deps.user)
    if single:
        await deps.audit.clear()
    await deps.audit.record("erasure", rows=had.total, files=had.files, runs=had.runs)
    text = (
        f"Everything is erased: {had.total:,} rows, {had.files:,} files and {had.runs:,} trained models are gone. "
        "The log keeps one line that says so, without content."
    )
    return Finding(NAME, True, text, data={"rows": had.total, "files": had.files, "runs": had.runs})


async def _left(deps: Deps) -> Finding:
    entries = await deps.audit.read(limit=10_000)
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


async def _consents(deps: Deps) -> Finding:
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


async def _revoke(purpose: str, deps: Deps) -> Finding:
    granted = await deps.stores.consents.granted(deps.user)
    gone = [name for name in sorted(granted) if purpose in ("", name, name.partition(":")[0])]
    if not gone:
        what = f"to {title_of(purpose).lower()} " if purpose else ""
        raise AgentError(f'There is no such permission {what}to take back; say "list my permissions" to see them.')
    for name in gone:
        await deps.stores.consents.revoke(deps.user, name)
    titles = ", ".join(title_of(name).lower() for name in gone)
    return Finding(NAME, True, f"Taken back: {titles}. You will be asked again next time.", data={"revoked": gone})


def _leaves(name: str) -> str:
    purpose = PURPOSES.get(name.partition(":")[0])
    return purpose.leaves if purpose else ""


AGENT = AgentSpec(
    name=NAME,
    title="Privacy",
    description="Shows what is kept and what left this machine, exports everything, erases everything.",
    examples=(
        "export everything",
        "export all my data",
        "give me a copy of all my data",
        "download everything you have about me",
        "erase everything",
        "delete all my data",
        "forget everything about me",
        "wipe all data",
        "what do you store about me",
        "what data do you keep",
        "what left this machine",
        "has anything been sent to the internet",
        "show the audit log",
        "list my permissions",
        "what have I allowed",
        "revoke all permissions",
        "stop allowing job boards",
        "where is my data stored",
        "is my data private",
        "did you send my contract to anybody",
        "is any of this going to openai or google",
        "alle meine daten löschen bitte",
        "get rid of everything you know",
        "I want a backup of my stuff",
        "who can read what I write here",
        "does this phone home",
        "which servers did you talk to today",
        "do you share my files",
        "download my data",
        "remove all traces of me",
        "is it encrypted",
        "what did you send out",
        "take back the permission for job boards",
        "GDPR export please",
    ),
    cues=(
        r"\b(?:export|erase|delete|wipe|purge|forget)\s+(?:all|everything|(?:all )?(?:of )?my data|my account)\b",
        r"\bwhat\b.*\b(?:store|keep|stored|kept)\b",
        r"\bleft (?:this|my|the) (?:machine|computer)\b|\bsent (?:to the internet|outside|anywhere)\b",
        r"\b(?:consents?|permissions?|privacy|gdpr|audit log)\b",
        r"\bmy data\b.*\b(?:private|stored|kept|safe|go(?:es)?)\b|\bwhere is my data\b",
        r"\b(?:export|download|copy of|erase|delete|wipe|remove|destroy)\b[^.?!]{0,25}\b(?:all|every\w*|my|whole"
        r"|complete)\b[^.?!]{0,20}\b(?:data|information|history|account|everything|about me|you have)\b"
        r"|\bdata\b[^.?!]{0,15}\b(?:delete|erase|export)\b",
        r"\b(?:which|what) (?:hosts?|servers?|sites?)\b",
        r"\b(?:going|sent|send|share|shared|leak|upload)\w*\b[^.?!]{0,30}\b(?:openai|google|anyone|anybody|cloud"
        r"|third part|internet|outside|server)\w*",
        r"\bdid you (?:send|share|upload|leak)\b",
        r"\b(?:revoke|withdraw)\b|\bstop allowing\b|\bwho (?:can )?sees?\b[^.?!]{0,20}\bmy\b",
    ),
    task=PrivacyTask,
    read=read_privacy,
    run=run,
    effects={"erase": erase_all},
)
