"""Which document a message is about, and its words, read once in a process of its own and kept.

file ──▶ known? ─ yes ─▶ as it was read before
            └─ no ──▶ read_document ──▶ pages that are pictures? ──▶ read_scanned ──▶ kept
"""

from __future__ import annotations

import re
from collections.abc import Sequence
from typing import Any

from agents.deps import Deps
from agents.spec import AgentError, Given
from integrations.media.documents import scanned
from integrations.media.documents.read import MEMORY_MB, SECONDS
from memory.documents import Document
from memory.files import FileRef

WHICH = "Which document shall I read? Please attach it as PDF, Word, text, HTML, a mail or a spreadsheet."
SHEETS = ("xlsx", "xls", "xlsm", "xlsb", "ods")
"""Tables that can be read as documents too."""


def readable(file: FileRef) -> bool:
    """Whether a file can be read as a document."""
    return file.kind == "document" or file.name.lower().endswith(SHEETS)


async def chosen_files(chosen: str | None, given: Given, deps: Deps, ask: str = WHICH) -> list[FileRef]:
    """The documents sent now, else the chosen one, else the newest of the conversation. Raises AgentError."""
    sent = [file for file in given.files if file.kind == "document"] or [one for one in given.files if readable(one)]
    if sent and (chosen is None or chosen in {file.id for file in sent}):
        return sent
    if chosen:
        file = await deps.stores.files.get(chosen, user=deps.user)
        if file is None:
            raise AgentError("That document is no longer here; please attach it again.")
        return [file]
    if given.files:
        raise AgentError(
            f"I cannot read {given.files[0].name} as a document; please attach a PDF, DOCX, TXT, MD or HTML."
        )
    uploads = await uploaded(deps)
    if not uploads:
        raise AgentError(ask)
    return uploads[:1]


async def uploaded(deps: Deps) -> list[FileRef]:
    """The documents the user sent in this conversation, newest first."""
    here = await deps.stores.files.in_thread(deps.thread, user=deps.user)
    return [file for file in here if file.kind == "document" and file.made_by == "user"]


async def two_versions(given: Given, deps: Deps) -> tuple[FileRef, FileRef]:
    """The older and the newer of two documents: those sent now in their order, else the last two. Raises AgentError."""
    sent = [file for file in given.files if readable(file)]
    earlier = [file for file in reversed(await uploaded(deps)) if file.id not in {one.id for one in sent}]
    both = [*earlier, *sent][-2:]
    if len(both) < 2:
        raise AgentError("I need two versions to compare: please attach both, the older one first.")
    numbers = [[int(number) for number in re.findall(r"\d+", file.name)] for file in both]
    if len(sent) != 1 and numbers[0] > numbers[1] and _stem(both[0].name) == _stem(both[1].name):
        both.reverse()  # "contract v2" is newer than "contract v1" whichever was attached first
    return both[0], both[1]


def _stem(name: str) -> str:
    return re.sub(r"\d+", "#", name)


async def job_file(file: FileRef, deps: Deps, password: str = "") -> dict[str, str]:
    """A file as the reading jobs take it."""
    return {"path": await deps.lay(file), "name": file.name, "password": password}


async def opened(file: FileRef, deps: Deps, password: str = "") -> Document:
    """The document as it was read before, or read now. Raises JobError with one sentence."""
    known = await deps.stores.documents.get(file.id, user=deps.user)
    if known is not None:
        return known
    deps.progress(f"Reading {file.name}", None)
    arguments = await job_file(file, deps, password)
    reader = "integrations.media.documents.read:read_document"
    parsed: dict[str, Any] = await deps.jobs.run(reader, arguments, seconds=SECONDS, memory_mb=MEMORY_MB)
    if parsed.pop("scanned"):
        parsed = await run_long("integrations.media.documents.scanned:read_scanned", arguments, deps)
        parsed.pop("scanned")
    passages = parsed.pop("passages")
    document = Document(id=file.id, user=deps.user, name=file.name, **parsed)
    await deps.stores.documents.save(document, passages)
    return document


async def run_long(function: str, arguments: dict[str, Any], deps: Deps) -> Any:
    """Run what may have to recognise text on pictures of pages."""
    return await deps.jobs.run(
        function, arguments, progress=deps.progress, seconds=scanned.SECONDS, memory_mb=scanned.MEMORY_MB
    )


async def passages_of(documents: Sequence[Document], deps: Deps) -> list[dict[str, Any]]:
    """All passages of documents, as jobs take them: ``{"text", "place", "heading"}``."""
    found = [one for document in documents for one in await deps.stores.documents.passages(document.id, user=deps.user)]
    return [{"text": one.text, "place": one.place, "heading": one.heading} for one in found]
