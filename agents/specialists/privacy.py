"""Privacy: what is kept, what left, what is allowed and who read it; exported, restricted, erased as the user says."""

from __future__ import annotations

import re
from typing import Annotated, Any, Literal

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Artifact, Finding, Given, Slot
from agents.tools.remembering import erasing, privacy_answers
from agents.tools.remembering.privacy_answers import NAME, WORDS
from memory.business.clients import Client, key_of
from memory.portability import EXPORTER, export
from memory.restrictions import EVERYTHING


class PrivacyTask(BaseModel):
    """What to do; `purpose` is the permission to take back, or empty for all, `client` whom it is about."""

    action: Literal[
        "export",
        "erase",
        "stored",
        "left",
        "consents",
        "history",
        "revoke",
        "restrict",
        "lift",
        "reads",
        "retention",
        "trail",
    ] = "stored"
    purpose: str = ""
    client: Annotated[str | None, Slot("client")] = None


_ACTIONS = (
    ("lift", r"\b(?:lift|end|remove|undo|take off)\b.*\brestrict|\bunrestrict\b|\bgo on using\b.*\bdata\b"),
    (
        "restrict",
        r"\brestrict\w*\b|\b(?:stop|freeze|pause|suspend)\b.*\b(?:processing|using|working with)\b"
        r"|\b(?:freeze|lock)\b.*\bdata\b",
    ),
    ("trail", r"\baudit trail\b|\b(?:tampered|manipulated|changed behind|verify the (?:records|trail|chain))\b"),
    (
        "reads",
        r"\bwho (?:has |have )?(?:read|seen|looked at|accessed|used)\b"
        r"|\bwhich agents? (?:has |have )?(?:read|seen|used|accessed)\b"
        r"|\b(?:access|read) log\b",
    ),
    (
        "retention",
        r"\bretention\b|\bhow long\b.*\b(?:keep|kept|store\w*|saved|stay)\b|\bwhen\b.*\bdeleted automatically\b",
    ),
    (
        "history",
        r"\b(?:history|when)\b.*\b(?:consents?|permissions?|allow\w*)\b|\b(?:consents?|permissions?)\b.*\bhistory\b",
    ),
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
        r"\b(?:everything|all|data|me|account|traces?|client|customer)\b|\b(?:alles|alle|daten)\b.*\blöschen\b",
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
    "calendar": r"\bcalendar",
    "notify_mail": r"\bnotif",
    "mail_sending": r"\bsend(?:ing)? (?:e-?)?mails?\b",
    "mail": r"\b(?:e-?mails?|mailbox|inbox)\b",
    "payment_links": r"\bpayment links?\b",
    "payments": r"\bpa(?:yments?|id)\b",
    "mcp": r"\b(?:mcp|other programs?|tools?)\b",
    "model_server": r"\b(?:language )?models?\b",
    "speech_server": r"\b(?:recordings?|speech)\b",
    "traces": r"\btraces\b",
    "sign_in": r"\bsign(?:ing)?.in\b",
}


async def run(task: PrivacyTask, given: Given, deps: Deps) -> Finding:
    """Answer, export, restrict, or propose the erasure."""
    match task.action:
        case "export":
            return await _export(deps)
        case "erase":
            client = await _client(task, given, deps)
            return await (erasing.propose_client(client, deps) if client else erasing.propose(deps))
        case "left":
            return await privacy_answers.left(deps)
        case "consents":
            return await privacy_answers.consents(deps)
        case "history":
            return await privacy_answers.history(deps)
        case "revoke":
            return await privacy_answers.revoke(task.purpose, deps)
        case "restrict" | "lift":
            return await _restrict(await _client(task, given, deps), deps, lift=task.action == "lift")
        case "reads":
            return await privacy_answers.reads(await _client(task, given, deps), deps)
        case "retention":
            return await privacy_answers.retention(deps)
        case "trail":
            return await privacy_answers.trail(deps)
        case _:
            return await privacy_answers.stored(deps)


_NAMED = re.compile(
    r"\b(?i:about|regarding|concerning|client|customer|über|sobre|kunde|kundin)\s+(?i:the\s+)?([\w][\w&.-]+)"
    r"|\b(?:of|for|on|with|von|zu)\s+(?:the\s+)?([A-ZÄÖÜ][\w&.-]+)"
)
_NOBODY = re.compile(
    r"(?i)(?:me|my|mine|myself|you|your|us|our|this|that|it|here|everything|all|data|i|freelancex|clients?|customers?"
    r"|mich|mir|uns|alles|mí|mim)\b"
)


async def _client(task: PrivacyTask, given: Given, deps: Deps) -> Client | None:
    """Whom it is about. Raises AgentError for a name nobody here has: then everything is surely not meant."""
    if task.client and (client := await deps.stores.clients.find(deps.user, task.client)):
        return client
    for client in await deps.stores.clients.all(deps.user):
        short = key_of(client.name)
        names = [client.name, *([] if _NOBODY.match(short) else [short])]
        if any(re.search(rf"(?<!\w){re.escape(name)}(?!\w)", given.text, re.IGNORECASE) for name in names):
            return client
    named = [next(filter(None, found)) for found in _NAMED.findall(given.text)]
    unknown = [name for name in [task.client, *named] if name and not _NOBODY.match(name)]
    if unknown:
        raise AgentError(f'I know no client called {unknown[0]}; say "list my clients" to see their names.')
    return None


async def _restrict(client: Client | None, deps: Deps, *, lift: bool) -> Finding:
    restrictions, name = deps.stores.restrictions, client.name if client else "everything"
    which = client.id if client else EVERYTHING
    if lift:
        if not await restrictions.lift(deps.user, which):
            raise AgentError(f"No restriction on {name} stands.")
        return Finding(NAME, True, f"The restriction on {name} is lifted.", data={"restricted": False})
    await restrictions.restrict(deps.user, which)
    text = (
        f"From now on I do not work with {client.name}: its records are kept, but no agent sees or uses them."
        if client
        else "From now on I work with none of your data; it is kept as it is. Saved searches and reminders rest, too."
    )
    offer = f"lift the restriction on {name}"
    return Finding(NAME, True, f'{text} Say "{offer}" to go on.', data={"restricted": True}, offers=(offer,))


async def _export(deps: Deps) -> Finding:
    deps.progress("Collecting everything", None)
    audit = await deps.audit.read(limit=1_000_000, user=deps.user)
    name = f"FreelanceX export {deps.today.isoformat()}.zip"
    path = deps.stores.files.desk.place(deps.thread) / name
    try:
        made = await export(
            deps.stores,
            deps.settings.paths.runs,
            deps.user,
            path,
            other={"left_this_machine": audit[::-1]},
            words=WORDS,
        )
        file = await deps.stores.files.put(path, name, user=deps.user, thread=deps.thread, made_by=EXPORTER)
    finally:
        path.unlink(missing_ok=True)
    rows = sum(made.rows.values())
    text = (
        f"Here is everything I keep about you: {rows:,} rows from {len(made.rows)} tables, {made.files:,} files "
        f"and {made.runs:,} trained models, in one ZIP of {file.size / 1024**2:.1f} MB. Open everything.html in it "
        "to read all of it; the copy here is sealed, the one you download is not."
    )
    artifact = Artifact(file.id, file.name, file.mime, caption="Everything FreelanceX keeps about you")
    data = {"rows": made.rows, "files": made.files, "runs": made.runs}
    return Finding(NAME, True, text, data=data, artifacts=(artifact,))


AGENT = AgentSpec(
    name=NAME,
    title="Privacy",
    description="Shows what is kept, what left this machine and who read it; exports, restricts and erases.",
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
        "erase everything about Acme GmbH",
        "delete all data of the client Nova",
        "stop using the data of Acme",
        "restrict processing for Acme",
        "lift the restriction on Acme",
        "who has read the records of Acme",
        "how long do you keep my data",
        "show the retention periods",
        "when did I give which permission",
        "verify the audit trail",
        "has anybody tampered with my records",
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
        r"\b(?:retention|restrict\w* (?:the )?(?:processing|use|data)|restriction on|audit trail|tampered)\b",
        r"\b(?:erase|forget|delete|wipe)\b[^.?!]{0,20}\b(?:everything|all (?:data|records)) (?:about|of)\b",
        r"\bwho (?:has |have )?(?:read|seen|accessed)\b|\bhow long do you (?:keep|store)\b",
        r"\b(?:revoke|withdraw)\b|\bstop allowing\b|\bwho (?:can )?sees?\b[^.?!]{0,20}\bmy\b",
    ),
    task=PrivacyTask,
    read=read_privacy,
    run=run,
    effects={"erase": erasing.erase_all, "erase_client": erasing.erase_one},
)
