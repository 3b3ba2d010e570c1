"""Listens to recordings and reads aloud: transcripts with times, meeting notes, memos that become messages."""

from __future__ import annotations

import asyncio
import re
from dataclasses import replace
from datetime import date
from typing import Annotated, Any

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Effect, Finding, Given, Slot, Source
from agents.tools.media import meeting_notes, recordings
from agents.tools.media.reading_aloud import aloud
from agents.tools.media.recordings import NAME, WHICH
from agents.tools.media.voice_words import ALOUD, NOTES, RECORDING, read
from agents.tools.text.markdown import plain
from config.dates import day_text
from config.zone import local_zone
from integrations.media.speech import remote
from integrations.media.speech.transcript import lines
from memory.files import FileRef

_TASK_LINE = re.compile(r"^\s*(?P<day>\d{4}-\d\d-\d\d)\s+(?P<what>\S.*)$")


class VoiceTask(BaseModel):
    """A recording to transcribe or take notes of, a transcript to correct, or something to read aloud."""

    action: str = "transcribe"
    recording: Annotated[str | None, Slot("file:audio", WHICH)] = None
    film: Annotated[str | None, Slot("file:video")] = None
    earlier: Annotated[str | None, Slot("record:document")] = None
    document: Annotated[str | None, Slot("file:document")] = None
    pasted: Annotated[str | None, Slot("pasted")] = None
    language: str = ""
    text: str = ""
    old: str = ""
    new: str = ""


def needs(filled: dict[str, Any]) -> list[str]:
    """The recording, where nothing else says what to listen to."""
    if filled.get("action") in ("aloud", "correct"):
        return []
    known = ("recording", "film", *(("earlier", "pasted") if filled.get("action") == "notes" else ()))
    return [] if any(filled.get(name) for name in known) else ["recording"]


async def run(task: VoiceTask, given: Given, deps: Deps) -> Finding:
    """Transcribe, take notes, correct, or read aloud. Raises Mendable."""
    said = read(given.text)  # in the user's own language, which a gloss may have blurred
    if task.action == "transcribe" and said["action"] != "transcribe":
        task = task.model_copy(update=said)
    if task.action == "aloud":
        return await aloud(task.text or task.pasted or "", task.document or task.earlier, task.language, given, deps)
    if task.action == "correct":
        return await _correct(task, deps)
    sent = any(file.kind in ("audio", "video") for file in given.files)
    if task.action == "notes" and not sent:
        if task.pasted:
            return await _notes(task.pasted, "Meeting", deps)
        if task.earlier and (known := await _transcript(task.earlier, deps)):
            return await _notes("\n".join(known), "Meeting", deps)
    file = await recordings.recording(task.recording or task.film, given, deps)
    if remote.standing(deps.settings).ready:
        return _ask_to_send(file, task, deps)
    return await _heard(await recordings.listened(file, task.language, deps), file, task.action, deps)


async def send_recording(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Have the user's server recognise a recording. Raises Mendable."""
    file = await deps.stores.files.get(arguments["file"], user=deps.user)
    if file is None:
        raise AgentError("That recording is no longer here; please attach it again.")
    transcript = await recordings.sent_away(file, arguments["language"], deps)
    return await _heard(transcript, file, arguments["action"], deps)


async def keep_tasks(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Keep the tasks as reminders for their days."""
    kept, zone = [], local_zone()
    for line in arguments["tasks"].splitlines():
        if hit := _TASK_LINE.match(line):
            row = await deps.stores.reminders.add(
                deps.user, hit["what"].strip(), date.fromisoformat(hit["day"]), None, zone
            )
            kept.append(row)
    rows = "\n".join(f"- {day_text(row.local(), '%A, %-d %B %Y')}: {plain(row.text)}" for row in kept)
    data = {"reminders": [{"id": row.id, "text": row.text, "due": row.local().isoformat()} for row in kept]}
    return Finding(NAME, True, f"I will remind you of these:\n\n{rows}", data=data, offers=("List my reminders",))


async def keeping_tasks(arguments: dict[str, Any], deps: Deps) -> Effect:
    """The proposal to keep tasks as reminders. Raises AgentError for lines that are none."""
    given = [line for line in str(arguments["tasks"]).splitlines() if line.strip()]
    for line in given:
        hit = _TASK_LINE.match(line)
        if hit is None or not _is_day(hit["day"]):
            raise AgentError("Write each task on a line that begins with its day, like 2026-11-27 send the design.")
    if not given:
        raise AgentError("There is no task left to keep; say no instead.")
    shown = "\n".join(f"- {plain(line)}" for line in given)
    preview = f"I would keep {'this task as a reminder' if len(given) == 1 else 'these tasks as reminders'}:\n\n{shown}"
    return Effect(
        "keep_tasks", {"tasks": "\n".join(given)}, "Keep the tasks as reminders", preview, editable=("tasks",)
    )


async def keep_transcript(arguments: dict[str, Any], deps: Deps) -> Finding:
    """Keep a transcript as the user corrected it, beside the one that was recognised."""
    said = [line for line in arguments["text"].splitlines() if line.strip()]
    return await _kept_text(said, arguments["name"], deps)


async def editing_transcript(arguments: dict[str, Any], deps: Deps) -> Effect:
    """The proposal to keep a corrected transcript. Raises AgentError for an empty one."""
    if not str(arguments["text"]).strip():
        raise AgentError("The transcript is empty now; say no to leave it as it was.")
    preview = f"Change what was misheard, then approve. As it is now:\n\n{plain(str(arguments['text']), 1500)}"
    return Effect("keep_transcript", arguments, "Correct the transcript", preview, editable=("text",))


async def _heard(transcript: Any, file: FileRef, action: str, deps: Deps) -> Finding:
    if not transcript.segments:
        text = recordings.shown(transcript, file)
        return Finding(NAME, True, text, data={"text": "", "segments": []}, trust="outside")
    kept = await recordings.keep(transcript, file.name, deps)
    data = {
        "text": transcript.text,
        "language": transcript.language,
        "engine": transcript.engine,
        "confidence": round(transcript.confidence, 2),
        "segments": [vars(one) for one in transcript.segments],
        "document": kept.document,
    }
    found = Finding(
        agent=NAME,
        ok=True,
        text=recordings.shown(transcript, file),
        data=data,
        records=tuple(kept.records),
        sources=(Source(file.name),),
        artifacts=tuple(kept.artifacts),
        trust="outside",
        offers=("Write meeting notes from the recording", "Correct the transcript"),
    )
    if action == "notes":
        notes = await _notes("\n".join(lines(transcript.segments)), file.name, deps)
        return replace(
            notes, artifacts=(*notes.artifacts, *found.artifacts), records=(*notes.records, *found.records),
            sources=found.sources, data={**data, **notes.data},
        )  # fmt: skip
    if draft := await recordings.message_in(transcript, deps):
        text = f"{found.text}\n\nIt sounds like a request. Check the words, then send them: **{plain(draft, 400)}**"
        return replace(found, text=text, data={**data, "draft": draft}, offers=(draft, "Correct the transcript"))
    return found


async def _notes(text: str, name: str, deps: Deps) -> Finding:
    """Meeting notes of a transcript's lines, kept as a document; dated tasks are offered as reminders."""
    notes = await asyncio.to_thread(lambda: meeting_notes.notes_of(meeting_notes.said_in(text), deps.today))
    stem = name.rpartition(".")[0] or name
    page = meeting_notes.markdown(notes, f"Notes of {stem}")
    kept = await recordings.keep_text(page, f"{stem} notes.md", "Meeting notes", page.splitlines(), deps)
    dated = [f"{task.due} {task.what}" for task in notes.tasks if task.due and task.due >= deps.today.isoformat()]
    effect = await keeping_tasks({"tasks": "\n".join(dated)}, deps) if dated else None
    shown = meeting_notes.markdown(notes, f"Notes of {plain(stem)}").replace("# ", "### ").replace("###### ", "#### ")
    aside = "*Every line is a quote; what was misheard is wrong here too.*"
    return Finding(
        NAME, True, f"{shown}\n{aside}", data={"notes": notes.data()}, records=tuple(kept.records),
        artifacts=tuple(kept.artifacts), trust="outside", effect=effect,
    )  # fmt: skip


async def _correct(task: VoiceTask, deps: Deps) -> Finding:
    """Put other words into the transcript, or open it where it can be changed."""
    latest = task.earlier if task.earlier and await _transcript(task.earlier, deps) else await _latest(deps)
    said = await recordings.said_lines(latest, deps)
    known = await deps.stores.documents.get(latest, user=deps.user)
    name = known.name if known else "transcript.md"
    if task.old:
        swapped = [re.sub(re.escape(task.old), lambda _hit: task.new, line, flags=re.IGNORECASE) for line in said]
        if swapped == said:
            raise AgentError(f"“{plain(task.old)}” is not in the transcript; write it as it stands there.")
        return await _kept_text(swapped, name, deps)
    effect = await editing_transcript({"text": "\n".join(said), "name": name}, deps)
    text = "Press Edit, correct the lines, and approve; the recording stays as it is."
    return Finding(NAME, True, text, effect=effect, trust="outside")


async def _kept_text(said: list[str], name: str, deps: Deps) -> Finding:
    text = "\n\n".join([f"# {name.removesuffix('.md')}", *said]) + "\n"
    kept = await recordings.keep_text(text, name, "Transcript, corrected", said, deps)
    shown = "\n\n".join(plain(line, 2000) for line in said[: recordings.SHOWN])
    return Finding(
        NAME, True, f"The corrected transcript:\n\n{shown}", data={"document": kept.document},
        records=tuple(kept.records), artifacts=tuple(kept.artifacts), trust="outside",
    )  # fmt: skip


def _ask_to_send(file: FileRef, task: VoiceTask, deps: Deps) -> Finding:
    arguments = {"file": file.id, "language": task.language, "action": task.action}
    address = plain(deps.settings.speech_server or "")
    preview = (
        f"I would send **{plain(file.name)}** ({file.size / 1e6:.1f} MB) to {address}, to have it recognised there."
    )
    effect = Effect("send_recording", arguments, "Send the recording to your server", preview, consent=remote.PURPOSE)
    return Finding(NAME, True, "Your own server can recognise this recording.", effect=effect)


async def _transcript(document: str, deps: Deps) -> list[str]:
    try:
        return await recordings.said_lines(document, deps)
    except AgentError:
        return []


async def _latest(deps: Deps) -> str:
    for document in await deps.stores.documents.recent(deps.user):
        if document.format == "transcript":
            return document.id
    raise AgentError("I know no transcript to correct here; please attach the recording.")


def _is_day(day: str) -> bool:
    try:
        date.fromisoformat(day)
    except ValueError:
        return False
    return True


AGENT = AgentSpec(
    name=NAME,
    title="Voice",
    description=(
        "Listens to recordings: transcripts with times and voices, meeting notes, voice memos that become messages; "
        "and reads answers, texts and documents aloud."
    ),
    examples=(
        "transcribe this recording",
        "transcribe the attached audio file",
        "what is said in this voice memo?",
        "turn this recording into text",
        "write meeting notes from this recording",
        "make minutes of the call I recorded",
        "read that aloud",
        "read the answer out loud to me",
        "read this aloud: good morning, your invoice is ready",
        "correct the transcript",
        'replace "acne" with "ACME" in the transcript',
        "give me subtitles for this recording",
        "transkribiere diese Aufnahme",
        "lies mir das vor",
        "transcribe este audio",
    ),
    task=VoiceTask,
    run=run,
    read=read,
    needs=needs,
    cues=(
        r"\btranscri(?:be|pt|ption|ire|ver|s|bir|bing)\w*\b|\btranskri(?:bier|pt|ption)\w*|\btrascri\w+",
        ALOUD,
        NOTES,
        rf"\b(?:what (?:is|was|did|do|does)|listen to|turn|convert|write down|subtitles? for)\b[^.?!]*\b{RECORDING}\b",
        r"\bspeech to text\b|\bdictat(?:e|ion)\b|\bsubtitles\b|\bschreib\w*\b[^.?!]*\baufnahme\b|\bhör\w* dir\b",
    ),
    makes=("document",),
    takes=("audio", "video"),
    tier="fast",
    effects={"send_recording": send_recording, "keep_tasks": keep_tasks, "keep_transcript": keep_transcript},
    edits={"keep_tasks": keeping_tasks, "keep_transcript": editing_transcript},
    consents=(remote.PURPOSE,),
    writes=True,
)
