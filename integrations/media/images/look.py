"""Looks at a picture in parts, in a job's process; three pipelines say which parts and how long that takes.

quick      about a second        facts, metadata, quality, colours, codes
standard   about five seconds    those, text and tables, a receipt's data, faces
enhanced   about ten seconds     those, read again on a clearer copy, which is kept beside the first
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import asdict, dataclass
from datetime import date
from itertools import combinations
from pathlib import Path
from typing import TYPE_CHECKING, Any

from integrations.media.images.ocr import MEMORY_MB as MEMORY_MB
from integrations.media.images.ocr import SECONDS as SECONDS
from integrations.media.images.ocr import read_text
from integrations.media.images.opening import Opened, open_picture
from integrations.media.images.reading import Reading

if TYPE_CHECKING:
    from PIL.Image import Image

Progress = Callable[[str, float | None], None]
PREVIEW_SIDE = 480


@dataclass(frozen=True)
class Pipeline:
    """Which parts are looked at, and about how many seconds that takes on one core."""

    parts: tuple[str, ...]
    seconds: int


QUICK = ("metadata", "quality", "colours", "codes")
PIPELINES = {
    "quick": Pipeline(QUICK, 1),
    "standard": Pipeline((*QUICK, "text", "faces"), 5),
    "enhanced": Pipeline((*QUICK, "text", "faces", "enhance"), 10),
}
PARTS = frozenset(PIPELINES["enhanced"].parts)


def look(
    path: str,
    name: str,
    parts: list[str],
    today: str,
    folder: str,
    progress: Progress | None = None,
    detector: str = "",
) -> dict[str, Any]:
    """Look at the picture at `path`. `parts` are of `PARTS`; pictures for the user are written into `folder`.
    `detector` is the path of an ONNX file that finds objects, where the user has given one.

    Returns ``{"format", "width", "height", "bytes", "notes", "preview"}`` and one entry for each part; with "text",
    "receipt" too where it is one; with a detector, "objects". Raises UnreadablePicture and NoReader.
    """
    tell = progress or (lambda text, part: None)
    opened = open_picture(path, name)
    image = opened.image
    found: dict[str, Any] = {
        "format": opened.format,
        "width": image.width,
        "height": image.height,
        "bytes": opened.size,
        "notes": list(opened.notes),
        "preview": _preview(image, folder),
    }
    for place, part in enumerate(part for part in _LOOKS if part in parts):
        tell(f"Looking at {name}: {part}", place / len(parts))
        found |= _LOOKS[part](opened)
    if detector:
        tell(f"Looking at {name}: objects", 0.4)
        found |= _objects(image, detector, found["notes"])
    clearer = _enhance(image, folder) if "enhance" in parts else None
    if clearer:
        found["enhanced"] = clearer[1]
    if "text" in parts:
        tell(f"Reading the text on {name}", 0.6)
        found |= _text(image, clearer[0] if clearer else None, today)
    return found


def text_on(path: str) -> str:
    """The text on a picture, a line each, with an empty line where the paper leaves a gap.

    Raises UnreadablePicture and NoReader.
    """
    reading = read_text(path)
    paragraphs: list[str] = []
    for place, (text, line) in enumerate(zip(reading.texts, reading.lines, strict=True)):
        before = reading.lines[place - 1][0] if place else line[0]
        paragraphs += ["", text] if line[0].box[1] - before.box[3] > 1.2 * line[0].height else [text]
    return "\n".join(paragraphs)


def compare_pictures(one: str, other: str, folder: str) -> dict[str, Any]:
    """Compare two picture files; ``{"words", "part", "places", "marked", "sizes"}``. Raises UnreadablePicture."""
    from integrations.media.images.compare import compare

    first, second = open_picture(one), open_picture(other)
    outcome = compare(first.image, second.image)
    marked = Path(folder) / "difference.png"
    outcome.marked.save(marked)
    return {
        "words": outcome.words,
        "part": round(outcome.part, 4),
        "places": outcome.places,
        "marked": str(marked),
        "sizes": [list(opened.image.size) for opened in (first, second)],
    }


def _preview(image: Image, folder: str) -> str:
    small = image.copy()
    small.thumbnail((PREVIEW_SIDE, PREVIEW_SIDE))
    path = Path(folder) / "preview.png"
    small.save(path)
    return str(path)


def _metadata(opened: Opened) -> dict[str, Any]:
    from integrations.media.images.metadata import metadata_of

    if opened.source is None:
        return {"metadata": {"said": {}, "place": None}}
    return {"metadata": asdict(metadata_of(opened.source.getexif()))}


def _quality(opened: Opened) -> dict[str, Any]:
    from integrations.media.images.quality import quality_of

    quality = quality_of(opened.image)
    return {"quality": asdict(quality) | {"words": quality.words}}


def _colours(opened: Opened) -> dict[str, Any]:
    from integrations.media.images.colours import colours_of, contrast

    colours = colours_of(opened.image)
    pairs = [
        {"one": one.hex, "other": other.hex, "ratio": round(contrast(one.rgb, other.rgb), 1)}
        for one, other in combinations(colours[:4], 2)
    ]
    return {"colours": [asdict(colour) for colour in colours], "contrasts": pairs}


def _codes(opened: Opened) -> dict[str, Any]:
    from integrations.media.images.codes import codes_of

    return {"codes": codes_of(opened.image)}


def _faces(opened: Opened) -> dict[str, Any]:
    from integrations.media.images.faces import faces_in

    return {"faces": faces_in(opened.image)}


def _objects(image: Image, detector: str, notes: list[str]) -> dict[str, Any]:
    from integrations.media.images.objects import NoDetector, objects_in

    try:
        return {"objects": [asdict(one) for one in objects_in(image, detector)]}
    except NoDetector as error:  # everything else is looked at all the same
        notes.append(str(error))
        return {}


_LOOKS = {"metadata": _metadata, "quality": _quality, "colours": _colours, "codes": _codes, "faces": _faces}


def _enhance(image: Image, folder: str) -> tuple[Image, dict[str, Any]]:
    from integrations.media.images.enhance import before_and_after, enhance

    clearer = enhance(image)
    both, after = Path(folder) / "before-and-after.png", Path(folder) / "clearer.png"
    before_and_after(image, clearer.image).save(both)
    clearer.image.save(after)
    return clearer.image, {"done": clearer.done, "both": str(both), "after": str(after)}


def _text(image: Image, clearer: Image | None, today: str) -> dict[str, Any]:
    from integrations.media.images.receipt import looks_like_receipt, receipt_of

    reading = read_text(image)
    if clearer is not None:
        reading = max((reading, read_text(clearer)), key=_worth)
    said: dict[str, Any] = {
        "text": reading.text,
        "lines": [
            {"text": text, "box": [min(p.box[0] for p in line), min(p.box[1] for p in line),
                                   max(p.box[2] for p in line), max(p.box[3] for p in line)]}
            for text, line in zip(reading.texts, reading.lines, strict=True)
        ],
        "tables": [[list(row) for row in table] for table in reading.tables],
        "confidence": round(reading.confidence, 3),
        "unread": reading.unread,
        "engine": reading.engine,
        "turned": reading.turned,
    }  # fmt: skip
    if looks_like_receipt(reading):
        said["receipt"] = receipt_of(reading, date.fromisoformat(today)).as_data()
    return said


def _worth(reading: Reading) -> float:
    return reading.confidence * len(reading.text)
