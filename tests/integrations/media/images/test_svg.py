"""A drawing is drawn without reaching anything outside of it."""

from __future__ import annotations

import base64
from pathlib import Path

import pytest
from PIL import Image

from integrations.media.images.opening import UnreadablePicture, open_picture

HEAD = '<svg xmlns="http://www.w3.org/2000/svg" xmlns:xlink="http://www.w3.org/1999/xlink" width="100" height="50">'


def drawn(tmp_path: Path, inside: str) -> Image.Image:
    path = tmp_path / "drawing.svg"
    path.write_text(f"{HEAD}{inside}</svg>")
    return open_picture(path, "drawing.svg").image


def test_a_drawing_becomes_a_picture_of_bounded_size(tmp_path: Path) -> None:
    image = drawn(tmp_path, '<rect width="100" height="50" fill="#ff0000"/>')
    assert image.size == (1600, 800)
    assert image.getpixel((10, 10)) == (255, 0, 0)


@pytest.mark.parametrize("attribute", ["href", "xlink:href"])
@pytest.mark.parametrize("scheme", ["", "file://"])
def test_a_file_of_this_computer_is_not_drawn(tmp_path: Path, attribute: str, scheme: str) -> None:
    secret = tmp_path / "secret.png"
    Image.new("RGB", (100, 50), "red").save(secret)
    image = drawn(tmp_path, f'<image {attribute}="{scheme}{secret}" width="100" height="50"/>')
    assert image.getpixel((800, 400)) == (255, 255, 255)


def test_a_picture_within_the_drawing_is_drawn(tmp_path: Path) -> None:
    inner = tmp_path / "inner.png"
    Image.new("RGB", (10, 5), "blue").save(inner)
    data = base64.b64encode(inner.read_bytes()).decode()
    image = drawn(tmp_path, f'<image href="data:image/png;base64,{data}" width="100" height="50"/>')
    assert image.getpixel((800, 400)) == (0, 0, 255)


def test_a_style_cannot_reach_outside_either(tmp_path: Path) -> None:
    style = "<style>@import url(http://127.0.0.1:9/x.css); rect{fill:url(http://127.0.0.1:9/a#b)}</style>"
    assert drawn(tmp_path, f'{style}<rect width="100" height="50"/>').size == (1600, 800)


def test_copies_of_copies_are_refused(tmp_path: Path) -> None:
    many = "".join('<use href="#a"/>' for _ in range(300))
    with pytest.raises(UnreadablePicture, match="more parts than are safe"):
        drawn(tmp_path, f'<g id="a"/>{many}')
