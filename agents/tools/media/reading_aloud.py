"""Reads texts, documents and answers aloud, into a file that plays on the page."""

from __future__ import annotations

import asyncio
import base64
import re

from agents.deps import Deps
from agents.spec import AgentError, Artifact, Finding, Given
from agents.tools.documents.document_words import PAPER
from agents.tools.media.recordings import NAME
from agents.tools.text.markdown import plain
from integrations.media.speech.aloud import sentences
from integrations.media.speech.engine import LANGUAGES
from integrations.media.speech.language import language_of
from integrations.media.speech.recorded import SECONDS as READING_S
from integrations.media.speech.speaker import NO_VOICE, speaker_for

LONGEST_READ = 20_000
"""Characters that are read aloud at once, about twenty minutes."""


async def aloud(text: str, document: str | None, language: str, given: Given, deps: Deps) -> Finding:
    """Read a text, a document or the last answer into a file that plays on the page.

    `document` is the newest of the conversation, for words that mean one; without a `language` it is heard from the
    text. Raises Mendable.
    """
    whole, title = await _to_read(text, document, given, deps)
    cut = whole[:LONGEST_READ]
    language = language or language_of(cut)
    if await asyncio.to_thread(speaker_for, deps.settings, language) is None:
        raise AgentError(NO_VOICE)
    parts = sentences(cut)
    if not parts:
        raise AgentError('There is nothing to read in that; write for example: read this aloud: "Good morning".')
    arguments = {"parts": parts, "language": language, "data_dir": str(deps.settings.data_dir)}
    job = "integrations.media.speech.recorded:read_to_file"
    sound = base64.b64decode(await deps.jobs.run(job, arguments, progress=deps.progress, seconds=READING_S))
    file = await deps.stores.files.put(sound, "read aloud.mp3", user=deps.user, thread=deps.thread, made_by=NAME)
    artifact = Artifact(file.id, file.name, file.mime, caption=title)
    part = " It is long, so I read the first part." if len(whole) > LONGEST_READ else ""
    said = f"Here is {title}, read aloud in {LANGUAGES.get(language, language)}.{part}"
    return Finding(NAME, True, said, data={"language": language, "sentences": len(parts)}, artifacts=(artifact,))


async def _to_read(text: str, document: str | None, given: Given, deps: Deps) -> tuple[str, str]:
    """The text that is meant, and what to call it. Raises AgentError."""
    if text:
        return text, "your text"
    if given.findings:
        return "\n\n".join(finding.text for finding in given.findings.values()), "the result"
    about_paper = re.search(rf"\b{PAPER}\b", given.text, re.IGNORECASE)
    chosen = next((file.id for file in given.files if file.kind == "document"), None)
    chosen = chosen or (document if about_paper else None)
    if chosen:
        file = await deps.stores.files.get(chosen, user=deps.user)
        if file is None:
            raise AgentError("That document is no longer here; please attach it again.")
        from agents.tools.documents.document_intake import opened

        read = await opened(file, deps)
        passages = await deps.stores.documents.passages(read.id, user=deps.user)
        return "\n\n".join(one.text for one in passages), plain(file.name)
    for turn in await deps.stores.turns.recent(deps.thread):
        if turn.answer:
            return turn.answer, "my last answer"
    raise AgentError('There is nothing to read yet; write for example: read this aloud: "Good morning".')
