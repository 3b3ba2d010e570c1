"""Erasing everything or one client: what would go is shown, what went is certified."""

from __future__ import annotations

import logging
from pathlib import Path
from typing import Any

import anyio

from agents.deps import Deps, JobError
from agents.spec import AgentError, Artifact, Effect, Finding
from agents.tools.remembering.certificates import TITLE, certificate, facts
from agents.tools.remembering.privacy_answers import NAME, counts
from memory.business.clients import Client
from memory.erasure import alone, client_holdings, erase, erase_client, holdings
from memory.ledger import Ledger

log = logging.getLogger("freelancex.privacy")


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
    await deps.audit.record("erasure", user=deps.user, rows=had.total, files=had.files, runs=had.runs)
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
    await deps.audit.record("erasure", user=deps.user, rows=had.total, files=had.files, runs=had.runs)
    done = await Ledger.open(deps.settings).add(deps.user, client, rows=had.total, files=had.files)
    artifacts = await _certified(facts(done, had), deps)
    said = f"The client is erased: {had.total:,} rows and {had.files:,} files are gone, and the key that opened them."
    return Finding(NAME, True, said, data={"rows": had.total, "files": had.files}, artifacts=artifacts)


async def _certified(said: dict[str, Any], deps: Deps) -> tuple[Artifact, ...]:
    """Keep the certificate as a page and as text. What could not be drawn is left out: the erasure is done."""
    name, kept = f"{TITLE} {said['reference']}", deps.stores.files
    text = await kept.put(certificate(said).encode(), f"{name}.txt", user=deps.user, thread=deps.thread, made_by=NAME)
    files = [text]
    async with anyio.TemporaryDirectory() as folder:
        path = Path(folder) / f"{name}.pdf"
        try:
            await deps.jobs.run(
                "agents.tools.remembering.certificates:draw", {"said": said, "path": str(path)}, seconds=60
            )
            files.insert(0, await kept.put(path, path.name, user=deps.user, thread=deps.thread, made_by=NAME))
        except JobError:
            log.warning("the certificate's page could not be drawn", exc_info=True)
    return tuple(Artifact(one.id, one.name, one.mime, "What was erased, and what was not reached") for one in files)
