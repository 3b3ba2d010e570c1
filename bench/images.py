"""Reading pictures beside the plain libraries, words right and seconds; and receipts, by how well layouts are known."""

from __future__ import annotations

import re
import subprocess
import tempfile
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

import numpy as np
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from bench.receipts import FRESH, HEADS, HEADS_UNSEEN, HELD_BACK, LAYOUTS, UNSEEN
from bench.receipts.scoring import TODAY, Score, scored
from integrations.media.images.look import PIPELINES, look
from integrations.media.images.ocr import read_text

TEXT = """The studio agrees to deliver three drafts by 14 March 2026
and a final version two weeks after the client's notes arrive.
Payment: 1,850.00 EUR, half on signing and half on delivery.
Travel is paid at cost; receipts are sent with each invoice.
Questions: Mara Lindqvist, +49 761 555 0134, Freiburg"""
Reader = Callable[[Image.Image], str]


def run() -> dict[str, Any]:
    """Words right and wall seconds of each reader on six renderings; receipts right, by how well a layout was known."""
    pages = _pages()
    readers: dict[str, Reader] = {
        "ours": lambda image: read_text(image).text,
        "plain rapidocr": _plain_rapidocr(),
        "plain tesseract": _plain_tesseract,
    }
    for reader in readers.values():
        reader(pages["clean"])  # loads what it needs
    reading = {name: {page: _timed(reader, image) for page, image in pages.items()} for name, reader in readers.items()}
    return {
        "reading": reading,
        "pipelines": _pipelines(pages["clean"]),
        "receipts": {
            "tuned": scored(50, LAYOUTS, 1),
            "held back": scored(25, HELD_BACK, 5),
            "fresh": scored(25, FRESH, 9),
            "unseen": scored(25, UNSEEN, 9),
            "heads": scored(25, HEADS, 3),
            "heads, unseen": scored(25, HEADS_UNSEEN, 3),
        },
    }


def show(result: dict[str, Any]) -> None:
    """Print the tables."""
    for name, pages in result["reading"].items():
        cells = "  ".join(f"{page} {right:.2f} in {seconds:.1f} s" for page, (right, seconds) in pages.items())
        print(f"{name:16} {cells}")
    for name, (stated, seconds) in result["pipelines"].items():
        print(f"pipeline {name:9} stated {stated} s, took {seconds:.1f} s")
    receipts: dict[str, Score] = result["receipts"]
    for name, score in receipts.items():
        print(f"receipts {name:13} " + "  ".join(f"{part} {right}/{score.of}" for part, right in score.right.items()))


def _pages() -> dict[str, Image.Image]:
    clean = Image.new("RGB", (1000, 330), "white")
    pen = ImageDraw.Draw(clean)
    face = ImageFont.truetype("DejaVuSans.ttf", 28)
    for place, line in enumerate(TEXT.split("\n")):
        pen.text((40, 30 + place * 56), line, font=face, fill=(20, 20, 20))
    shade: Any = np.asarray(clean).astype(float) * np.linspace(1, 0.5, clean.width)[None, :, None]
    noise = np.random.default_rng(1).normal(0, 12, shade.shape)
    poor = Image.fromarray(np.clip(shade + noise, 0, 255).astype(np.uint8)).filter(ImageFilter.GaussianBlur(1.2))
    return {
        "clean": clean,
        "dark": Image.eval(clean, lambda value: 255 - value),
        "5°": clean.rotate(5, expand=True, fillcolor="white"),
        "90°": clean.rotate(90, expand=True),
        "180°": clean.rotate(180),
        "poor": poor,
    }


def _plain_rapidocr() -> Reader:
    from rapidocr import RapidOCR

    engine = RapidOCR(params={"Global.log_level": "critical"})

    def reader(image: Image.Image) -> str:
        found: Any = engine(np.asarray(image)[:, :, ::-1])
        return "\n".join(found.txts or ())

    return reader


def _plain_tesseract(image: Image.Image) -> str:
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.png"
        image.save(path)
        return subprocess.run(["tesseract", str(path), "-"], capture_output=True, text=True, check=True).stdout


def _timed(reader: Reader, image: Image.Image) -> tuple[float, float]:
    """The share of words that were read right and in order, and seconds."""
    from difflib import SequenceMatcher

    started = time.perf_counter()
    read = re.findall(r"\S+", reader(image))
    seconds = time.perf_counter() - started
    wanted = TEXT.split()
    same = sum(block.size for block in SequenceMatcher(None, wanted, read, autojunk=False).get_matching_blocks())
    return same / len(wanted), seconds


def _pipelines(image: Image.Image) -> dict[str, tuple[int, float]]:
    taken = {}
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "page.png"
        image.save(path)
        for name, pipeline in PIPELINES.items():
            started = time.perf_counter()
            look(str(path), "page.png", list(pipeline.parts), TODAY.isoformat(), folder)
            taken[name] = (pipeline.seconds, time.perf_counter() - started)
    return taken
