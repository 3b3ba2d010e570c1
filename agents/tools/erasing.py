"""Erasing everything or one client: what would go is shown, what went is certified."""

from __future__ import annotations

from typing import Any

from agents.deps import Deps
from agents.spec import AgentError, Artifact, Effect, Finding
from agents.tools.privacy_answers import NAME, WORDS, counts
from memory.business.clients import Client
from memory.erasure import Holdings, alone, client_holdings, erase, erase_client, holdings
from memory.ledger import Erasure, Ledger

CERTIFICATE = """Certificate of erasure
Reference {reference}

On {at} UTC, FreelanceX erased {what} on this computer.

Destroyed: the keys that opened it. Removed: {rows} rows ({tables}), {files} files and {runs} trained models,
the unfinished work about it, cached pages, and the freed space of the database.

Kept: this line in the list of erasures, which names nobody: {what_kept}. It serves to erase the same again
should an older backup be restored.

Not reached: copies saved elsewhere by hand, mail already sent, what others were sent before, and texts that speak
of it without a name, address or number that was known here, pictures, sound and spreadsheets that were never
read as documents. Backups made before hold it, sealed, until they lapse; what is restored from them is erased again.
"""


async def propose(deps: Deps) -> Finding:
    """Show what erasing everything would remove."""
    had = await holdings(deps.stores, deps.settings, deps.user)
    preview = (
        f"This removes for good, with no way back:\n\n{counts(had)}\n\nThe search index, the unfinished work, the logs "
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
    await Ledger.open(deps.settings).add(deps.user, rows=had.total, files=had.files)
    text = (
        f"Everything is erased: {had.total:,} rows, {had.files:,} files and {had.runs:,} trained models are gone. "
        "The log keeps one line that says so, without content."
    )
    return Finding(NAME, True, text, data={"rows": had.total, "files": had.files, "runs": had.runs})


async def propose_client(client: Client, deps: Deps) -> Finding:
    """Show what erasing one client would remove."""
    had = await client_holdings(deps.stores, deps.user, client)
    bills = had.rows.get("invoices", 0)
    law = (
        f"\n\n{bills} {'invoice is' if bills == 1 else 'invoices are'} among it. Tax law may oblige you to keep "
        "those for years: export first."
        if bills
        else ""
    )
    preview = (
        f"This removes {client.name} for good, with no way back:\n\n{counts(had)}\n\nAll that names this client "
        f"goes, also whole messages and their answers. What belongs to other clients stays.{law}"
    )
    effect = Effect("erase_client", {"user": deps.user, "client_id": client.id}, "Erase one client", preview)
    text = "Erasing a client needs your word, because it cannot be undone."
    return Finding(NAME, True, text, data={"rows": had.rows}, effect=effect, offers=("export everything",))


async def erase_one(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Erase the client that was approved, and certify it. The answer names nobody, for it is kept."""
    if arguments.get("user") != deps.user:
        raise AgentError("This erasure was approved for another user, so nothing was erased: ask for it again.")
    deps.progress("Erasing", None)
    client = str(arguments["client_id"])
    had = await erase_client(deps.stores, deps.settings, deps.user, client)
    if had is None:
        raise AgentError("This client is not here any more, so there was nothing to erase.")
    await deps.audit.record("erasure", rows=had.total, files=had.files, runs=had.runs)
    done = await Ledger.open(deps.settings).add(deps.user, client, rows=had.total, files=had.files)
    text = certificate(done, had)
    name = f"Certificate of erasure {done.reference}.txt"
    file = await deps.stores.files.put(text.encode(), name, user=deps.user, thread=deps.thread, made_by=NAME)
    artifact = Artifact(file.id, file.name, file.mime, caption="What was erased, and what was not reached")
    said = f"The client is erased: {had.total:,} rows and {had.files:,} files are gone, and the key that opened them."
    return Finding(NAME, True, said, data={"rows": had.total, "files": had.files}, artifacts=(artifact,))


def certificate(done: Erasure, had: Holdings) -> str:
    """A text to hand to who asked for the erasure. It names nobody: the reference goes with the letter."""
    tables = ", ".join(f"{count} {WORDS.get(name, name.replace('_', ' '))}" for name, count in had.rows.items())
    return CERTIFICATE.format(
        reference=done.reference,
        at=f"{done.at:%Y-%m-%d %H:%M}",
        what="everything about one client" if done.client else "everything about its user",
        rows=f"{had.total:,}",
        tables=tables or "none",
        files=had.files,
        runs=had.runs,
        what_kept=f"line {done.number}, " + (f"client {done.client}" if done.client else "the whole account"),
    )
