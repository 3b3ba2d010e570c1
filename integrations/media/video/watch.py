"""Looks through a film, in a job's process: its scenes, what moves in each, faces and text on their key frames.

frames, ten a second ──▶ small ──▶ new scene? ──▶ key frame ──▶ faces, text that is new
                               └─▶ what moves ──▶ tracks
"""

from __future__ import annotations

import io
from collections.abc import Callable
from dataclasses import asdict, dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any

from integrations.media.images.colours import name_of
from integrations.media.images.faces import faces_in
from integrations.media.images.ocr import NoReader, read_text
from integrations.media.video.movement import Movement, Track
from integrations.media.video.opening import Film, open_film
from integrations.media.video.scenes import Scenes
from integrations.media.video.sheet import MOST_TILES, contact_sheet, thinned, with_tracks

if TYPE_CHECKING:
    from av.video.frame import VideoFrame
    from PIL.Image import Image

SECONDS, MEMORY_MB = 3600, 4096
"""What the longest film may cost a job."""
SMALL, KEY = 320, 1280
"""Width at which scenes and movement are looked at, and at which key frames are kept."""
SETTLED = 3
"""The sample of a scene that becomes its key frame, past what a cut leaves behind."""
MOST_SCENES = 400
READ_AT_ONCE, SECONDS_A_READING = 6, 12
"""Text is read on six key frames, and on one more for each twelve seconds of the film, so that it stays quick."""
SURE = 0.7
TRACKS_TOLD = 4
MOST_SHOWN, SHOWN_SIDE = 6, 768
"""Key frames that a model is shown, and pixels of their longer side: each costs it about as much as a page of text."""
Progress = Callable[[str, float | None], None]


@dataclass
class Scene:
    """One scene: from when to when (seconds), its key frame as JPEG, and what was seen in it."""

    start: float
    end: float = 0.0
    key_at: float = 0.0
    key: bytes = b""
    movement: Movement = field(default_factory=Movement)
    faces: int = 0
    text: list[str] = field(default_factory=list)
    fresh: list[str] = field(default_factory=list)

    def as_data(self, tracks: list[Track]) -> dict[str, Any]:
        """As JSON; `fresh` are the lines of text that the scene before did not show."""
        return {
            "start": round(self.start, 2), "end": round(self.end, 2), "faces": self.faces, "text": self.text,
            "fresh": self.fresh, "moves": _how_lively(self.movement),
            "tracks": [
                {"colour": name_of(one.rgb), "way": one.way, "from": one.points[0][0], "to": one.points[-1][0],
                 "points": [[at, round(x, 4), round(y, 4)] for at, x, y in one.points]} for one in tracks
            ],
        }  # fmt: skip


def watch(path: str, name: str, folder: str, progress: Progress | None = None) -> dict[str, Any]:
    """Look through the film at `path`; pictures for the user are written into `folder`.

    Returns ``{"facts", "seconds", "notes", "scenes", "sheet", "tracks", "frames"}``: `tracks` is a path or None,
    `frames` are pairs of a second and the path of a key frame for a model to see. Raises UnreadableFilm.
    """
    tell = progress or (lambda text, part: None)
    with open_film(path) as film:
        scenes = _scenes(film, name, tell)
    notes = film.notes
    if len(scenes) > MOST_SCENES:
        scenes = [scenes[place] for place in thinned(len(scenes), MOST_SCENES)]
        notes.append(f"It changes so often that I kept {MOST_SCENES} of its scenes.")
    notes += _looked_at(scenes, film.seen, name, tell)
    moved = [scene.movement.finished()[:TRACKS_TOLD] for scene in scenes]
    return {
        "facts": asdict(film.facts),
        "seconds": round(film.seen, 2),
        "notes": notes,
        "scenes": [scene.as_data(tracks) for scene, tracks in zip(scenes, moved, strict=True)],
        "sheet": _sheet(scenes, Path(folder)),
        "tracks": _tracks(scenes, moved, Path(folder)),
        "frames": _frames(scenes, Path(folder)),
    }


def _scenes(film: Film, name: str, tell: Progress) -> list[Scene]:
    facts = film.facts
    small = (SMALL, max(16, round(SMALL * facts.height / facts.width / 2) * 2))
    changes, scenes, in_scene, told = Scenes(), [Scene(0.0)], 0, -1.0
    for at, frame in film.frames():
        pixels = frame.reformat(*small, format="bgr24", interpolation="AREA").to_ndarray()
        if changes.starts(pixels) and in_scene:
            scenes[-1].end = at
            scenes.append(Scene(at))
            in_scene = 0
        in_scene += 1
        scene = scenes[-1]
        if in_scene <= SETTLED:
            scene.key_at, scene.key = at, _jpeg(frame)
        scene.movement.see(at, pixels)
        if at - told >= 1:
            told = at
            tell(f"Looking through {name}", min(0.7, 0.7 * at / facts.seconds) if facts.seconds else None)
    scenes[-1].end = film.seen
    return scenes


def _jpeg(frame: VideoFrame) -> bytes:
    import cv2

    width = min(KEY, frame.width) // 2 * 2
    pixels = frame.reformat(width, round(width * frame.height / frame.width / 2) * 2, format="bgr24").to_ndarray()
    return bytes(cv2.imencode(".jpg", pixels, [cv2.IMWRITE_JPEG_QUALITY, 90])[1])


def _picture(scene: Scene) -> Image:
    from PIL import Image as pillow

    return pillow.open(io.BytesIO(scene.key)).convert("RGB")


def _looked_at(scenes: list[Scene], seconds: float, name: str, tell: Progress) -> list[str]:
    """Count faces and read text on the key frames; returns notes."""
    most = READ_AT_ONCE + int(seconds / SECONDS_A_READING)
    chosen = thinned(len(scenes), most)
    shown: set[str] = set()
    for done, place in enumerate(chosen):
        tell(f"Reading what {name} shows", 0.7 + 0.3 * done / len(chosen))
        picture = _picture(scenes[place])
        scenes[place].faces = faces_in(picture)
        try:
            reading = read_text(picture)
        except NoReader as missing:
            return [str(missing)]
        lines = [
            text.strip()
            for text, line in zip(reading.texts, reading.lines, strict=True)
            if len(text.strip()) > 1 and min(piece.confidence for piece in line) >= SURE
        ]
        scenes[place].text = lines
        scenes[place].fresh = [line for line in lines if line.casefold() not in shown]
        shown = {line.casefold() for line in lines}
    return [f"I read the text of {most} of its {len(scenes)} key frames."] if len(scenes) > most else []


def _how_lively(movement: Movement) -> str:
    seen = max(movement.samples, 1)
    if movement.sweeping / seen > 0.3:
        return "all of it"
    if movement.moving / seen > 0.25:
        return "parts"
    return "little" if movement.moving else "nothing"


def _sheet(scenes: list[Scene], folder: Path) -> str:
    chosen = [scenes[place] for place in thinned(len(scenes), MOST_TILES)]
    path = folder / "contact-sheet.png"
    contact_sheet([(scene.start, _picture(scene)) for scene in chosen]).save(path)
    return str(path)


def _frames(scenes: list[Scene], folder: Path) -> list[tuple[float, str]]:
    written = []
    for place in thinned(len(scenes), MOST_SHOWN):
        path = folder / f"frame-{place}.jpg"
        picture = _picture(scenes[place])
        picture.thumbnail((SHOWN_SIDE, SHOWN_SIDE))
        picture.save(path, quality=85)
        written.append((round(scenes[place].key_at, 2), str(path)))
    return written


def _tracks(scenes: list[Scene], moved: list[list[Track]], folder: Path) -> str | None:
    lively = [place for place, tracks in enumerate(moved) if tracks]
    if not lively:
        return None
    chosen = [lively[place] for place in thinned(len(lively), 9)]
    path = folder / "tracks.png"
    drawn = [(scenes[place].start, with_tracks(_picture(scenes[place]), moved[place])) for place in chosen]
    contact_sheet(drawn).save(path)
    return str(path)
