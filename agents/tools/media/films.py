"""From a film to what is told of it: looked through and listened to in jobs, told scene by scene with times to click.

file ──▶ job: scenes, movement, faces, text ──▶ sound? ─▶ job: speech ──▶ each passage to its scene ──▶ report
                    └─ key frames ──▶ a model that sees, where there is one ──▶ its words above ──┘
"""

from __future__ import annotations

import asyncio
import tempfile
from collections.abc import Mapping, Sequence
from pathlib import Path
from typing import Any

from agents.deps import Deps, JobError
from agents.spec import AgentError, Artifact, Finding, Given, Record, Source
from agents.tools.media import film_report as report
from agents.tools.media.recordings import listened
from agents.tools.media.seeing import Sight, sight_of_film
from agents.tools.text.markdown import plain
from config.errors import Mendable
from integrations.media.speech.transcript import DOUBTFUL, Transcript
from integrations.media.video.watch import MEMORY_MB, SECONDS
from memory.files import FileRef

NAME = "vision"
TIMED = {"text", "faces", "motion"}
"""What is told with times."""
WHICH = "Which video shall I look at? Please attach it as MP4, MOV, AVI, WEBM or MKV."


async def film_of(chosen: str | None, given: Given, deps: Deps) -> FileRef:
    """The film sent now, else the one named, else the newest of the conversation. Raises AgentError."""
    sent = [file for file in given.files if file.kind == "video"]
    if sent:
        return next((file for file in sent if file.id == chosen), sent[0])
    if given.files and not chosen:
        raise AgentError(f"{plain(given.files[0].name)} is no video; please attach an MP4, MOV, AVI, WEBM or MKV.")
    file = await deps.stores.files.get(chosen, user=deps.user) if chosen else None
    if file is None:
        here = await deps.stores.files.in_thread(deps.thread, user=deps.user)
        file = next((one for one in here if one.kind == "video" and one.made_by == "user"), None)
    if file is None:
        raise AgentError(WHICH)
    return file


async def watched(file: FileRef, actions: Sequence[str], question: str, deps: Deps) -> Finding:
    """Look through a film and tell what `actions` ask of it; with none, all of it. Raises JobError.

    A model that sees is asked the `question` over its key frames when all of it is told.
    """
    deps.progress(f"Opening {file.name}", None)
    with tempfile.TemporaryDirectory() as folder:
        seen: dict[str, Any] = await deps.jobs.run(
            "integrations.media.video.watch:watch",
            {"path": await deps.lay(file), "name": file.name, "folder": folder},
            progress=deps.progress,
            seconds=SECONDS,
            memory_mb=MEMORY_MB,
        )
        made = await _kept(seen, file, actions, deps)
        timed = not actions or bool(set(actions) & TIMED)
        film, copy = await _playable(file, seen, Path(folder), deps) if timed else ("", ())
        sight = Sight() if actions else await _seen(file, seen, question, deps)
    said, note = await _said(file, seen, actions, deps)
    scenes = report.aligned(seen["scenes"], said.segments if said else ())
    points = await asyncio.to_thread(report.main_points, scenes) if _sure(said) or not said else []
    text = report.told(file.name, film, seen, scenes, points, actions)
    notes = [*seen["notes"], *([note] if note else []), *(said.notes if said else ())]
    if said and said.segments and not _sure(said):
        notes.append("The words are hard to make out, and many will be wrong; a better recogniser can be installed.")
    return Finding(
        agent=NAME,
        ok=True,
        text="\n\n".join(filter(None, (sight.text, text, sight.note, *(f"*{plain(one, 300)}*" for one in notes)))),
        data={
            "film": {"facts": seen["facts"], "seconds": seen["seconds"], "scenes": _short(scenes), "sight": sight.text}
        },
        records=(Record("video", file.id, file.name),),
        sources=(Source(file.name),),
        artifacts=(*made, *copy),
        trust="outside",
        offers=() if actions else _offers(seen),
    )


async def _said(
    file: FileRef, seen: Mapping[str, Any], actions: Sequence[str], deps: Deps
) -> tuple[Transcript | None, str]:
    """What is said in the film, or why that cannot be told; a single thing that is asked for needs no listening."""
    if actions or not seen["facts"]["sound"]:
        return None, ""
    try:
        return await listened(file, "", deps), ""
    except Mendable as error:
        return None, f"I could not listen to it: {error}"


async def _seen(file: FileRef, seen: Mapping[str, Any], question: str, deps: Deps) -> Sight:
    """What a model that sees says of the key frames."""
    if deps.model is None:
        return Sight()
    frames = await asyncio.to_thread(lambda: [(at, Path(path).read_bytes()) for at, path in seen["frames"]])
    return await sight_of_film(
        file.name, frames, question, [line for one in seen["scenes"] for line in one["text"]], deps
    )


def _sure(said: Transcript | None) -> bool:
    return said is not None and said.confidence >= DOUBTFUL


async def _kept(seen: Mapping[str, Any], file: FileRef, actions: Sequence[str], deps: Deps) -> list[Artifact]:
    stem = Path(file.name).stem[:60]
    made = []
    if not actions or set(actions) & {"sheet", "text", "faces"}:
        made.append((seen["sheet"], f"{stem} contact sheet.png", "Key frames"))
    if seen["tracks"] and (not actions or "motion" in actions):
        made.append((seen["tracks"], f"{stem} movement.png", "What moves, and where"))
    kept = []
    for path, name, caption in made:
        one = await deps.stores.files.put(Path(path), name, user=deps.user, thread=deps.thread, made_by=NAME)
        kept.append(Artifact(one.id, one.name, one.mime, caption=caption))
    return kept


async def _playable(
    file: FileRef, seen: Mapping[str, Any], folder: Path, deps: Deps
) -> tuple[str, tuple[Artifact, ...]]:
    """The file that times lead into: the film, or a small copy where browsers do not play it; empty for neither."""
    if seen["facts"]["format"] in report.PLAYED:
        return file.id, ()
    arguments = {"path": await deps.lay(file), "name": file.name, "folder": str(folder)}
    try:
        path = await deps.jobs.run(
            "integrations.media.video.playable:write_playable",
            arguments,
            progress=deps.progress,
            seconds=SECONDS,
            memory_mb=MEMORY_MB,
        )
    except JobError as error:  # what was seen is told all the same
        deps.progress(str(error), None)
        return "", ()
    name = f"{Path(file.name).stem[:60]} to play.webm"
    one = await deps.stores.files.put(Path(path), name, user=deps.user, thread=deps.thread, made_by=NAME)
    return one.id, (Artifact(one.id, one.name, one.mime, caption="A small copy that the browser plays"),)


def _short(scenes: Sequence[Mapping[str, Any]]) -> list[dict[str, Any]]:
    """The scenes as they are kept with the turn: without every point of every track."""
    return [
        {**scene, "tracks": [{key: one[key] for key in ("colour", "way", "from", "to")} for one in scene["tracks"]]}
        for scene in scenes
    ]


def _offers(seen: Mapping[str, Any]) -> tuple[str, ...]:
    offers = ["Read the text in this video"] if any(scene["text"] for scene in seen["scenes"]) else []
    return (*offers, "Transcribe this video") if seen["facts"]["sound"] else tuple(offers)
