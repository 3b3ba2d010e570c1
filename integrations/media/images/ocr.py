"""Reads the text in a picture, on this computer: RapidOCR, or the program tesseract where that is missing.

    picture ──▶ at most 2.2 megapixels ──▶ read ──▶ lying on its side, or on its head? turn and read again ──▶ Reading

One thread, so that a reader costs one core; meant for a job's process (about 1 GB of memory, 2.5 GB of addresses).
RapidOCR's own model reads Latin letters with accents, digits, Chinese and Japanese; Cyrillic, Greek, Arabic, Indic and
Thai script are lost; a picture with nothing else has them counted as unread.
"""

from __future__ import annotations

import csv
import importlib.util
import io
import os
import shutil
import subprocess
from functools import cache
from pathlib import Path
from statistics import median
from typing import TYPE_CHECKING, Any, Literal

from config.errors import Mendable
from integrations.media.images.opening import open_picture, over_white
from integrations.media.images.reading import Box, Piece, Reading, in_reading_order, slope_of

if TYPE_CHECKING:
    from PIL.Image import Image

Engine = Literal["rapidocr", "tesseract"]
SECONDS, MEMORY_MB = 90, 3072
"""What reading one picture may cost a job."""
PIXELS = 2_200_000
"""What is read at once: more costs time in proportion and, above about 150 dpi, finds nothing more."""
TRUSTED = 0.5
DOUBTFUL = 0.85
"""Below this confidence by letter, the picture may stand on its head."""
ON_ITS_SIDE = 1.5
TESSERACT_SECONDS = 60


class NoReader(Mendable):
    """No program that reads text is installed."""


def engines() -> tuple[Engine, ...]:
    """The engines that can be used here, the better one first."""
    found: list[Engine] = []
    if importlib.util.find_spec("rapidocr") and importlib.util.find_spec("onnxruntime"):
        found.append("rapidocr")
    if shutil.which("tesseract"):
        found.append("tesseract")
    return tuple(found)


def read_text(picture: Image | str | Path, *, engine: Engine | None = None) -> Reading:
    """Read the text in a picture, given open or as a path.

    Boxes are in pixels of the picture as it was turned to be read (`Reading.turned`). Without `engine`, the best one
    that is installed reads. Raises UnreadablePicture for a file that is none, NoReader when nothing can read.
    """
    image = open_picture(picture).image if isinstance(picture, str | Path) else over_white(picture)
    if engine is None:
        here = engines()
        if not here:
            raise NoReader("No program that reads text in pictures is installed; `pip install rapidocr` adds one.")
        engine = here[0]
    once = _rapidocr if engine == "rapidocr" else _tesseract
    scale = min(1.0, (PIXELS / (image.width * image.height)) ** 0.5)
    small = image if scale == 1.0 else image.resize((round(image.width * scale), round(image.height * scale)))
    best = once(small, 0)
    if _on_its_side(best):
        best = max((once(small, 90), once(small, 270)), key=_worth)
    elif best.lines and best.confidence < DOUBTFUL:
        best = max((best, once(small, 180)), key=_worth)
    return _scaled(best, image.size if best.turned % 180 == 0 else (image.height, image.width), scale)


def _worth(reading: Reading) -> float:
    return sum(piece.confidence**2 * len(piece.text) for line in reading.lines for piece in line)


def _on_its_side(reading: Reading) -> bool:
    pieces = [piece for line in reading.lines for piece in line if len(piece.text) > 2]
    if len(pieces) < 2:
        return False
    return median(piece.height / max(piece.box[2] - piece.box[0], 1) for piece in pieces) > ON_ITS_SIDE


def _turned(image: Image, degrees: int) -> Image:
    return image.rotate(-degrees, expand=True) if degrees else image


def _rapidocr(image: Image, turned: int) -> Reading:
    import numpy as np

    image = _turned(image, turned)
    pixels = np.asarray(image)[:, :, ::-1]
    found = _reader()(pixels, use_cls=False, use_rec=True)  # said each time: it keeps what it was told last
    if found.boxes is None or found.txts is None:
        places = _reader()(pixels, use_cls=False, use_rec=False).boxes
        return Reading((), image.width, image.height, "rapidocr", turned, 0 if places is None else len(places))
    pieces, corners = [], []
    for text, confidence, quad in zip(found.txts, found.scores, found.boxes.tolist(), strict=True):
        if text.strip() and confidence >= TRUSTED:
            corners.append(quad)
            pieces.append(Piece(text.strip(), _around(quad), float(confidence)))
    slope = slope_of(corners)
    pieces = [
        Piece(piece.text, _without_slope(piece.box, quad), piece.confidence)
        for piece, quad in zip(pieces, corners, strict=True)
    ]
    lines = in_reading_order(pieces, slope)
    return Reading(lines, image.width, image.height, "rapidocr", turned, len(found.txts) - len(pieces))


def _around(quad: list[list[float]]) -> Box:
    across, down = [x for x, _ in quad], [y for _, y in quad]
    return min(across), min(down), max(across), max(down)


def _without_slope(box: Box, quad: list[list[float]]) -> Box:
    """The box at its place, but only as high as its letters: a sloping line's own box is much higher."""
    letters = ((quad[3][0] - quad[0][0]) ** 2 + (quad[3][1] - quad[0][1]) ** 2) ** 0.5
    length = ((quad[1][0] - quad[0][0]) ** 2 + (quad[1][1] - quad[0][1]) ** 2) ** 0.5
    if length < letters:  # letters that stand above each other have no slope to take off
        return box
    middle = (box[1] + box[3]) / 2
    return box[0], middle - letters / 2, box[2], middle + letters / 2


@cache
def _reader() -> Any:
    from rapidocr import RapidOCR

    threads = {f"EngineConfig.onnxruntime.{which}_op_num_threads": 1 for which in ("intra", "inter")}
    limits = {"Global.max_side_len": 8000, "Global.text_score": 0.0, "Global.log_level": "critical"}
    return RapidOCR(params={**threads, **limits})


def _tesseract(image: Image, turned: int) -> Reading:
    image = _turned(image, turned)
    written = io.BytesIO()
    image.save(written, "PNG")
    command = ["tesseract", "-", "-", "--psm", "3", "tsv"]
    one_thread = {**os.environ, "OMP_THREAD_LIMIT": "1"}
    try:
        done = subprocess.run(
            command,
            input=written.getvalue(),
            capture_output=True,
            timeout=TESSERACT_SECONDS,
            env=one_thread,
            check=True,
        )
    except (subprocess.SubprocessError, OSError) as error:
        raise NoReader("tesseract could not read this picture; `pip install rapidocr` adds a better reader.") from error
    pieces = []
    for row in csv.DictReader(
        io.StringIO(done.stdout.decode(errors="replace")), delimiter="\t", quoting=csv.QUOTE_NONE
    ):
        confidence = float(row["conf"] or -1) / 100
        if row["level"] == "5" and (row["text"] or "").strip() and confidence >= 0:
            left, top, width, height = (int(row[key]) for key in ("left", "top", "width", "height"))
            pieces.append(Piece(row["text"].strip(), (left, top, left + width, top + height), confidence))
    return Reading(in_reading_order(pieces), image.width, image.height, "tesseract", turned)


def _scaled(reading: Reading, size: tuple[int, int], scale: float) -> Reading:
    lines = tuple(
        tuple(Piece(p.text, tuple(round(side / scale, 1) for side in p.box), p.confidence) for p in line)  # type: ignore[arg-type]
        for line in reading.lines
    )
    return Reading(lines, *size, reading.engine, reading.turned, reading.unread)
