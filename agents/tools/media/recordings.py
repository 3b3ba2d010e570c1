"""From a recording to a transcript that is kept: chosen, recognised in a process of its own, made a document.

file ──▶ a server by setting? ─ yes ─▶ proposal (consent) ─▶ remote
              └─ no ──▶ job: read, clean, recognise ──▶ Transcript ──▶ document with times + md, srt, vtt
"""

from __future__ import annotations

import asyncio
import re
from collections.abc import Sequence
from dataclasses import dataclass, field
from typing import Any

from agents.deps import Deps
from agents.spec import AgentError, Artifact, Given, Record
from agents.tools.media.heard_words import as_typed
from agents.tools.text.markdown import plain, time_link
from integrations.http import Errand
from integrations.media.speech import remote
from integrations.media.speech.engine import chosen, engines
from integrations.media.speech.listening import MEMORY_MB, SECONDS
from integrations.media.speech.transcript import (
    DOUBTFUL,
    Transcript,
    clock,
    lines,
    markdown,
    speaker_name,
    srt,
    transcript_of,
    vtt,
)
from memory.documents import Document
from memory.files import FileRef

NAME = "voice"
WHICH = "Which recording shall I listen to? Please attach it as MP3, WAV, M4A, OGG, OPUS, WEBM or FLAC."
SHOWN = 40
"""Lines of a transcript that an answer shows; the rest is in the file."""
MEMO_S, MEMO_WORDS = 45.0, 45
"""A recording up to this long may be a request."""
TELLING = 0.3
"""From this confidence on, a guess at how somebody sounds is told."""
_REQUEST = re.compile(
    r"^(?:please |could you |can you |hey |ok )*(?:invoice|bill|create|make|write|send|log|track|start|stop|show|list|"
    r"find|search|remind|put|schedule|add|book|mark|price|quote|draft|translate|summari[sz]e|research|check|calculate|"
    r"convert|remember|forget|read|tell|give|what|which|who|when|where|how|is|are|do|does|did|am|have|i spent|i paid|"
    r"i worked|my hourly rate)\b",
    re.IGNORECASE,
)


@dataclass
class Kept:
    """A transcript as it was kept: its document's id, the files for the user, records for later messages."""

    document: str
    artifacts: list[Artifact] = field(default_factory=list)
    records: list[Record] = field(default_factory=list)


async def recording(chosen_id: str | None, given: Given, deps: Deps) -> FileRef:
    """The recording sent now, else the one named, else the newest of the conversation. Raises AgentError."""
    sent = [file for file in given.files if file.kind in ("audio", "video")]
    if sent:
        return next((file for file in sent if file.id == chosen_id), sent[0])
    if given.files and not chosen_id:
        raise AgentError(f"{plain(given.files[0].name)} is no recording; please attach an MP3, WAV, M4A, OGG or FLAC.")
    file = await deps.stores.files.get(chosen_id, user=deps.user) if chosen_id else None
    if file is None:
        here = await deps.stores.files.in_thread(deps.thread, user=deps.user)
        file = next((one for one in here if one.kind in ("audio", "video") and one.made_by == "user"), None)
    if file is None:
        raise AgentError(WHICH)
    return file


async def listened(file: FileRef, language: str, deps: Deps) -> Transcript:
    """What is said in a recording, by the best engine here. Raises SpeechError and JobError."""
    engine = await asyncio.to_thread(chosen, deps.settings, language)
    arguments = {
        "path": await deps.lay(file),
        "engine": engine.name,
        "models": str(deps.settings.paths.models),
        "language": language,
    }
    deps.progress(f"Listening to {file.name}", None)
    found = await deps.jobs.run(
        "integrations.media.speech.listening:transcribe_file",
        arguments,
        progress=deps.progress,
        seconds=SECONDS,
        memory_mb=MEMORY_MB,
    )
    return transcript_of(found)


async def sent_away(file: FileRef, language: str, deps: Deps) -> Transcript:
    """What the user's server hears in a recording; the user has allowed it. Raises HttpError and SpeechError."""
    errand = Errand(remote.PURPOSE, deps.user, agent=NAME, thread=deps.thread, approved=True)
    sound = await deps.stores.files.read(file)
    return await remote.transcribe(sound, file.name, language, deps.settings, deps.http, errand)


async def keep(transcript: Transcript, name: str, deps: Deps) -> Kept:
    """Keep a transcript: as a document that can be questioned, and as files to edit and to show with a film."""
    stem = name.rpartition(".")[0] or name
    text = markdown(transcript, f"Transcript of {stem}")
    kept = await keep_text(text, f"{stem} transcript.md", "Transcript", lines(transcript.segments), deps)
    for made, suffix in ((srt(transcript), "srt"), (vtt(transcript), "vtt")):
        kept.artifacts.append(await _put(made, f"{stem}.{suffix}", "Subtitles", deps))
    return kept


async def keep_text(text: str, name: str, caption: str, said: Sequence[str], deps: Deps) -> Kept:
    """Keep an edited transcript, or notes, as a file and as a document whose places are times."""
    artifact = await _put(text, name, caption, deps)
    passages: list[dict[str, Any]] = []
    for start in range(0, len(said), 6):
        block = said[start : start + 6]
        place = (stamp[1] if (stamp := re.match(r"\[([\d:]+)\]", block[0])) else "") or "the notes"
        passages.append({"text": "\n".join(block), "place": place, "page": None, "heading": ""})
    document = Document(id=artifact.id, user=deps.user, name=artifact.name, format="transcript")
    await deps.stores.documents.save(document, passages)
    return Kept(artifact.id, [artifact], [Record("document", artifact.id, artifact.name)])


async def said_lines(document: str, deps: Deps) -> list[str]:
    """The lines of a transcript that was kept. Raises AgentError when it is none, or gone."""
    known = await deps.stores.documents.get(document, user=deps.user)
    if known is None or known.format != "transcript":
        raise AgentError("I know no transcript to work on here; please attach the recording.")
    return [
        line
        for passage in await deps.stores.documents.passages(document, user=deps.user)
        for line in passage.text.splitlines()
    ]


async def message_in(transcript: Transcript, deps: Deps) -> str:
    """The request a short memo of one voice holds, as one would type it; empty when it seems to hold none."""
    speakers = {one.speaker for one in transcript.segments}
    text = " ".join(transcript.text.split())
    if transcript.seconds > MEMO_S or len(speakers) > 1 or not 2 <= len(text.split()) <= MEMO_WORDS:
        return ""
    typed = as_typed(text, await deps.stores.clients.names(deps.user))
    return typed if _REQUEST.match(typed) else ""


def shown(transcript: Transcript, file: FileRef) -> str:
    """The transcript as an answer shows it, with how sure it is and what is only guessed; its times lead into it."""
    known = engines().get(transcript.engine)
    by = known.title if known else transcript.engine
    head = f"**{plain(file.name)}**, {clock(transcript.seconds)}, recognised by {plain(by)}"
    if not transcript.segments:
        return "\n\n".join([head, *map(plain, transcript.notes)])
    doubts = sum(one.confidence < DOUBTFUL for one in transcript.segments)
    played = "" if file.mime == "video/x-msvideo" else file.id  # which browsers do not play
    said = [
        f"{time_link(one.start, played)} {f'**{who}:** ' if (who := speaker_name(one.speaker)) else ''}"
        f"{plain(one.text, 2000)}"
        for one in transcript.segments[:SHOWN]
    ]
    rest = len(transcript.segments) - SHOWN
    notes = [*transcript.notes, *([f"{doubts} of {len(transcript.segments)} passages are doubtful."] if doubts else [])]
    more = [f"{rest} more lines are in the file."] if rest > 0 else []
    return "\n\n".join(
        [f"{head}:", *said, *more, *(f"*{plain(note, 300)}*" for note in (*notes, *_guesses(transcript)))]
    )


def _guesses(transcript: Transcript) -> list[str]:
    speakers = sorted({one.speaker for one in transcript.segments})
    found = []
    if len(speakers) > 1:
        apart = max((float(voice["apart"]) for voice in transcript.voices), default=0.0)
        found.append(f"I told {len(speakers)} voices apart by pitch and timbre, which is a guess ({apart:.0%} apart).")
    for voice in transcript.voices:
        if voice["confidence"] >= TELLING:
            who = speaker_name(voice["speaker"]) or "The voice"
            found.append(
                f"{who} may sound {voice['word']}, going by pitch and loudness ({voice['confidence']:.0%} sure)."
            )
    return found


async def _put(text: str, name: str, caption: str, deps: Deps) -> Artifact:
    file = await deps.stores.files.put(text.encode(), name, user=deps.user, thread=deps.thread, made_by=NAME)
    return Artifact(file.id, file.name, file.mime, caption)
