"""What looks and reads on this computer, for `doctor`: embedded, installed, possible, and how to get it."""

from __future__ import annotations

import shutil
from dataclasses import dataclass
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path

from config.ladder import ladder
from config.settings import Settings
from integrations.models.backend import Tier
from integrations.models.installed import chosen, installed
from monitoring.health import Check


@dataclass(frozen=True)
class Engine:
    """A package that comes along, and what it is here for."""

    task: str
    package: str
    title: str


ENGINES = (
    Engine("Text in pictures", "rapidocr", "RapidOCR, for Latin letters, Chinese and Japanese"),
    Engine("Pictures", "pillow", "Pillow, for PNG, JPEG, WEBP, GIF, BMP and TIFF"),
    Engine("Pictures", "pi-heif", "pi-heif, for HEIC"),
    Engine("Pictures", "resvg-py", "resvg, for SVG"),
    Engine("Codes on pictures", "zxing-cpp", "ZXing, for QR and bar codes"),
    Engine("Faces counted", "opencv-python-headless", "OpenCV, upright faces; nobody is recognised"),
    Engine("Films", "av", "PyAV with FFmpeg, for MP4, MOV, AVI, WEBM and MKV"),
    Engine("Scenes and movement", "opencv-python-headless", "OpenCV, by colour and background"),
    Engine("PDF", "pypdfium2", "PDFium, with forms and passwords"),
    Engine("Tables in PDF", "pdfplumber", "pdfplumber"),
    Engine("Documents", "python-docx", "python-docx, for Word"),
    Engine("Documents", "python-pptx", "python-pptx, for slides"),
    Engine("Documents", "python-calamine", "calamine, for spreadsheets"),
    Engine("Documents", "odfpy", "odfpy, for OpenDocument"),
    Engine("Documents", "striprtf", "striprtf, for RTF"),
    Engine("Documents", "python-oxmsg", "oxmsg, for Outlook mails"),
)
SEES: Tier = "vision"
TESSERACT = "sudo apt-get install tesseract-ocr (macOS: brew install tesseract)"


def checks(settings: Settings) -> list[Check]:
    """A line for each engine; nothing is loaded."""
    program = shutil.which("tesseract")
    detail = f"installed, {program}; reads where RapidOCR is missing" if program else "possible, a program of its own"
    return [
        *map(_embedded, ENGINES),
        Check("Text in pictures, Tesseract", bool(program), detail, TESSERACT, needed=False),
        _detector(settings.detector),
        _seeing(settings),
    ]


def _seeing(settings: Settings) -> Check:
    """The language model that is shown pictures and key frames of films."""
    name, rung = "Objects and scenes, a model that sees", ladder()[SEES]
    if any(one.rung == rung for one in installed(settings)):
        return Check(name, True, f"installed, {rung.title}", needed=False)
    if other := chosen(settings).get(SEES):
        return Check(name, True, f"you chose {other}; asked whether it sees when there is a picture", needed=False)
    detail = f"possible, {rung.title}, {rung.whole_size / 1e9:.1f} GB download"
    return Check(name, False, detail, f"python -m chainlit_app models install {SEES}", needed=False)


def _detector(path: str | None) -> Check:
    name = "Objects in pictures, your detector"
    if path is None:
        return Check(
            name, False, "possible, a YOLO network as .onnx", "set FREELANCEX_DETECTOR to its path", needed=False
        )
    here = Path(path).is_file()
    detail = f"installed, {Path(path).name}" if here else f"there is no {path}"
    return Check(name, here, detail, "set FREELANCEX_DETECTOR to the path of an .onnx file", needed=False)


def _embedded(engine: Engine) -> Check:
    name, _, what = engine.title.partition(", ")
    try:
        detail, here = f"embedded, {version(engine.package)}", True
    except PackageNotFoundError:
        detail, here = "not installed", False
    told = f"{detail}, {what}" if what else detail
    return Check(f"{engine.task}, {name}", here, told, f"pip install {engine.package}", needed=False)
