"""Which table a message is about."""

from __future__ import annotations

from typing import Any

from agents.deps import Deps
from agents.spec import AgentError, Given
from memory.files import FileRef

ASK = "Which table shall I use? Please attach a CSV or Excel file."


def needs_table(filled: dict[str, Any]) -> list[str]:
    """The field that holds the table, when nothing says which one is meant."""
    return [] if filled.get("data") or filled.get("dataset") else ["data"]


async def table_file(chosen: str | None, given: Given, deps: Deps) -> FileRef:
    """The table to work on: the chosen one, one sent now, one that a step before used, or the newest uploaded.

    Raises AgentError when there is none.
    """
    if chosen:
        file = await deps.stores.files.get(chosen, user=deps.user)
        if file is None:
            raise AgentError("That table is no longer here; please attach it again.")
        return file
    sent = [file for file in given.files if file.kind == "table"]
    if sent:
        return sent[0]
    for finding in given.findings.values():
        for record in finding.records:
            if record.kind == "dataset" and (file := await deps.stores.files.get(record.id, user=deps.user)):
                return file
    if given.files:
        raise AgentError(f"I cannot read {given.files[0].name} as a table; please attach a CSV or Excel file.")
    earlier = await deps.stores.files.in_thread(deps.thread, user=deps.user)
    tables = [file for file in earlier if file.kind == "table" and file.made_by == "user"]
    if not tables:
        raise AgentError(ASK)
    return tables[0]
