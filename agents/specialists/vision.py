"""Looks at pictures: what is on them, text, codes, colours and quality; makes them clearer; compares two; films."""

from __future__ import annotations

import tempfile
from collections.abc import Sequence
from pathlib import Path
from typing import Annotated, Any

from pydantic import BaseModel

from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Artifact, Finding, Given, Record, Slot, Source
from agents.tools.media import picture_report as report
from agents.tools.media.films import film_of, watched
from agents.tools.media.pictures_made import MOST, NAME, artifact, compare, stripped
from agents.tools.media.seeing import Sight, sight_of
from agents.tools.media.vision_words import FILM, PICTURE, depth, film_actions, read, speaks_of_film
from agents.tools.text.markdown import plain
from integrations.media.images.look import MEMORY_MB, PIPELINES, SECONDS
from memory.files import FileRef

WHICH = "Which picture shall I look at? Please attach it as PNG, JPEG, WEBP, GIF, BMP, TIFF, HEIC or SVG."
BLIND = (
    "*I tell what can be measured and read. To recognise objects and scenes I need a vision model: "
    "say “install a vision model”.*"
)
SHOWN_BY_BROWSERS = ("image/png", "image/jpeg", "image/webp", "image/gif", "image/bmp", "image/svg+xml")
TURNS = 20
_PARTS = {
    "text": ("text",), "codes": ("codes",), "colours": ("colours",), "quality": ("quality",),
    "metadata": ("metadata",), "faces": ("faces",), "enhance": ("enhance", "quality"),
}  # fmt: skip


class VisionTask(BaseModel):
    """What to do with which picture or film; with none named, the newest of the conversation."""

    picture: Annotated[str | None, Slot("file:image", WHICH)] = None
    earlier: Annotated[str | None, Slot("record:image")] = None
    film: Annotated[str | None, Slot("file:video")] = None
    actions: list[str] = []


def needs(filled: dict[str, Any]) -> list[str]:
    """The picture, when nothing says which one is meant."""
    return [] if any(filled.get(name) for name in ("picture", "earlier", "film")) else ["picture"]


async def run(task: VisionTask, given: Given, deps: Deps) -> Finding:
    """Look at the pictures or the film asked about. Raises AgentError and JobError."""
    if _means_film(task, given):
        return await watched(await film_of(task.film, given, deps), film_actions(given.text), given.text, deps)
    actions = task.actions or read(given.text)["actions"]
    pictures = await _pictures(task, given, deps)
    if "compare" in actions:
        return await compare(pictures, deps)
    if "strip" in actions:
        return await stripped(pictures, deps)
    closely = depth(given.text)
    with tempfile.TemporaryDirectory() as folder:
        seen = [await _look(file, actions, closely, Path(folder), deps) for file in pictures[:MOST]]
        artifacts = [made for one, file in zip(seen, pictures, strict=False) for made in await _kept(one, file, deps)]
    sights = [
        Sight() if actions or closely == "quick" else await sight_of(file, one, given.text, deps)
        for file, one in zip(pictures, seen, strict=False)
    ]
    texts = [
        "\n\n".join(filter(None, (sight.text, sight.note, _told(file, one, actions))))
        for file, one, sight in zip(pictures, seen, sights, strict=False)
    ]
    if len(pictures) > MOST:
        texts.append(f"*I looked at the first {MOST} of {len(pictures)} pictures; please send the others apart.*")
    if not actions and closely != "standard":
        texts.append(f"*{report.looked(closely)}*")
    blind = not actions and closely != "quick" and not any(sight.told for sight in sights) and "objects" not in seen[0]
    blind = blind and not await _said_blind(deps)
    if blind:
        texts.append(BLIND)
    data: dict[str, Any] = {"pictures": [_without_paths(one) for one in seen], "said_blind": blind}
    records = [Record("image", file.id, file.name) for file in pictures]
    receipts = [(file, one["receipt"]) for file, one in zip(pictures, seen, strict=False) if "receipt" in one]
    if receipts:
        data["receipt"] = receipts[0][1]
        records += [Record("receipt", file.id, file.name) for file, _ in receipts]
    if any(sight.text for sight in sights):
        data["sights"] = [sight.text for sight in sights]
    if said := "\n\n".join(one["text"] for one in seen if one.get("text")):
        data["text"] = said
    return Finding(
        agent=NAME,
        ok=True,
        text="\n\n".join(texts),
        data=data,
        records=tuple(records),
        sources=tuple(Source(file.name) for file in pictures[:MOST]),
        artifacts=tuple(artifacts),
        trust="outside",
        offers=_offers(bool(receipts), actions, bool(said)),
    )


def _means_film(task: VisionTask, given: Given) -> bool:
    if given.files:
        return not any(file.kind == "image" for file in given.files) and any(
            file.kind == "video" for file in given.files
        )
    return speaks_of_film(given.text) or bool(task.film and not (task.picture or task.earlier))


async def _pictures(task: VisionTask, given: Given, deps: Deps) -> list[FileRef]:
    sent = [file for file in given.files if file.kind == "image"]
    if sent:
        return sent
    if chosen := task.picture or task.earlier:
        file = await deps.stores.files.get(chosen, user=deps.user)
        if file is None:
            raise AgentError("That picture is no longer here; please attach it again.")
        return [file, *(await _uploads(deps, but=file.id))] if "compare" in task.actions else [file]
    if given.files:
        raise AgentError(f"{plain(given.files[0].name)} is no picture; please attach a PNG, JPEG, WEBP, HEIC or SVG.")
    uploads = await _uploads(deps)
    if not uploads:
        raise AgentError(WHICH)
    return uploads[:2] if "compare" in task.actions else uploads[:1]


async def _uploads(deps: Deps, but: str = "") -> list[FileRef]:
    """The pictures the user sent in this conversation, newest first."""
    here = await deps.stores.files.in_thread(deps.thread, user=deps.user)
    return [file for file in here if file.kind == "image" and file.made_by == "user" and file.id != but]


async def _look(file: FileRef, actions: Sequence[str], closely: str, folder: Path, deps: Deps) -> dict[str, Any]:
    parts = sorted({part for action in actions for part in _PARTS[action]}) or [*PIPELINES[closely].parts]
    own = folder / file.id
    own.mkdir(exist_ok=True)
    deps.progress(f"Looking at {file.name}", None)
    arguments = {
        "path": await deps.lay(file),
        "name": file.name,
        "parts": parts,
        "today": deps.today.isoformat(),
        "folder": str(own),
        "detector": "" if actions else deps.settings.detector or "",
    }
    found: dict[str, Any] = await deps.jobs.run(
        "integrations.media.images.look:look", arguments, progress=deps.progress, seconds=SECONDS, memory_mb=MEMORY_MB
    )
    return found


async def _kept(seen: dict[str, Any], file: FileRef, deps: Deps) -> list[Artifact]:
    """The pictures made for the user: before and after, the clearer one; a preview of what no browser shows."""
    stem = Path(file.name).stem[:60]
    made = []
    if "enhanced" in seen:
        made.append((seen["enhanced"]["both"], f"{stem} before and after.png", "Before and after"))
        made.append((seen["enhanced"]["after"], f"{stem} clearer.png", "The clearer picture"))
    elif file.mime not in SHOWN_BY_BROWSERS:
        made.append((seen["preview"], f"{stem} preview.png", file.name))
    return [await artifact(Path(path), name, caption, deps) for path, name, caption in made]


def _told(file: FileRef, seen: dict[str, Any], actions: Sequence[str]) -> str:
    notes = [f"*{note}*" for note in seen["notes"]]
    parts = [report.facts(file.name, seen)]
    if not actions:
        parts.append(report.quality(seen))
        if "objects" in seen:
            parts.append(report.objects(seen))
        if seen.get("faces"):
            parts.append(report.faces(seen))
        if seen["codes"]:
            parts.append(report.codes(seen))
        names = ", ".join(one["name"] for one in seen["colours"][:4])
        parts.append(f"Main colours: {names}.")
        if seen["metadata"]["place"]:
            parts.append(report.metadata(seen))
        if "enhanced" in seen:
            parts.append(report.enhanced(seen))
    written = "text" in actions or (not actions and "text" in seen)
    if written and "receipt" in seen:
        parts.append(report.receipt(seen["receipt"]))
    elif written:
        parts.append(report.text(seen))
    tellers = {
        "codes": report.codes, "colours": report.colours, "quality": report.quality,
        "metadata": report.metadata, "faces": report.faces, "enhance": report.enhanced,
    }  # fmt: skip
    parts += [tellers[action](seen) for action in actions if action in tellers]
    return "\n\n".join([*parts, *notes])


async def _said_blind(deps: Deps) -> bool:
    """Whether this conversation was told already that no model sees."""
    turns = await deps.stores.turns.recent(deps.thread, TURNS)
    return any(kept.get("data", {}).get("said_blind") for turn in turns for kept in turn.findings.values())


def _without_paths(seen: dict[str, Any]) -> dict[str, Any]:
    kept = {name: value for name, value in seen.items() if name not in ("preview", "lines", "receipt")}
    if "enhanced" in kept:
        kept["enhanced"] = {"done": kept["enhanced"]["done"]}
    return kept


def _offers(receipt: bool, actions: Sequence[str], said: bool) -> tuple[str, ...]:
    if receipt:
        return ("Book this receipt",)
    if actions:
        return ()
    return ("Which colours are in this picture?", "Make this picture clearer") + (
        ("How well does this job fit me?",) if said else ()
    )


AGENT = AgentSpec(
    name=NAME,
    title="Vision",
    description=(
        "Looks at pictures: reads the text on them, receipts, QR codes, colours, quality for print; makes them clear, "
        "compares two, removes the location. Looks through videos: scenes, contact sheet, what moves, text, a summary."
    ),
    examples=(
        "what is on this picture?",
        "what's in this image",
        "read the text on this photo",
        "get the text out of this screenshot",
        "what does the error in the screenshot say",
        "scan the QR code",
        "which colours are in this logo?",
        "is this photo sharp enough for print",
        "make this picture clearer",
        "straighten this scan",
        "compare these two pictures",
        "where was this photo taken?",
        "remove the location from this photo",
        "how many people are on the photo",
        "read this receipt",
        "take a quick look at this photo",
        "look at this scan closely",
        "look at this screenshot",
        "what does it say on the whiteboard picture",
        "summarise this video",
        "make a contact sheet of the clip",
        "what moves in this video?",
        "read the slides in this video",
    ),
    task=VisionTask,
    run=run,
    read=read,
    needs=needs,
    cues=(
        rf"\b(?:on|in|off|from|of|at|this|these|the|my|two) (?:\w+ ){{0,2}}?{PICTURE}\b",
        r"\b(?:scan|read|what)\b[^.?!]*\b(?:qr|bar) ?codes?\b|\bqr[- ]?codes?\b|\bocr\b",
        rf"\b(?:auf|vom|ab|das|en|de|du|cette|esta|este|della?|questa|da|na|no|d[oa]|le|la|el|il|os?) {PICTURE}\b",
        r"\bread (?:this|the) receipt\b|\b(?:remove|strip)\b[^.?!]*\b(?:exif|metadata|location)\b",
        rf"^(?!.*(?:trans[ck]ri|trascri|subt[ií]t|untertitel|sous-titre|sottotitol|legendas|\bnotes\b))"
        rf".*\b(?:on|in|of|from|at|this|the|my|im|vom|das|ce|cette|du|dans|este|el|del|no|do|o|il|questo|nel) {FILM}\b",
    ),
    makes=("image", "receipt"),
    takes=("image", "video"),
    tier="vision",
)
