"""Pictures drawn for the tests."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

FONT = "DejaVuSans.ttf"


def font(size: int) -> ImageFont.FreeTypeFont:
    return ImageFont.truetype(FONT, size)


@pytest.fixture
def page() -> Image.Image:
    """A small bill: a name, three prices under each other, a sum."""
    image = Image.new("RGB", (640, 420), "white")
    pen = ImageDraw.Draw(image)
    rows = (("Café Müller", ""), ("Coffee", "3,20"), ("Apple cake", "4,50"), ("Water", "2,10"), ("Total EUR", "9,80"))
    for place, (left, right) in enumerate(rows):
        pen.text((30, 30 + place * 70), left, font=font(28), fill="black")
        pen.text((460, 30 + place * 70), right, font=font(28), fill="black")
    return image


@pytest.fixture
def saved(tmp_path: Path) -> Callable[..., str]:
    """Saves a picture in a format and returns its path."""

    def save(image: Image.Image, name: str, **options: Any) -> str:
        path = tmp_path / name
        image.save(path, **options)
        return str(path)

    return save
