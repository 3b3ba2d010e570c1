"""A picture is recognised by its content, measured before it is decoded, and turned upright."""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest
from PIL import Image

from integrations.media.images.metadata import metadata_of, without_metadata
from integrations.media.images.opening import UnreadablePicture, open_picture
from tests.heic import heic
from tests.integrations.media.damaged import PICTURES, bomb

Saved = Callable[..., str]


@pytest.mark.parametrize(("suffix", "format"), PICTURES.items())
def test_each_format_is_read_by_its_content(page: Image.Image, saved: Saved, suffix: str, format: str) -> None:
    path = saved(page, f"picture.{suffix}")
    opened = open_picture(path, f"picture.{suffix}")
    assert (opened.format, opened.image.size, opened.image.mode, opened.notes) == (format, page.size, "RGB", [])


def test_a_name_that_belies_the_content_is_told(page: Image.Image, saved: Saved) -> None:
    opened = open_picture(saved(page, "picture.png"), "holiday.jpg")
    assert opened.format == "PNG"
    assert opened.notes == ["The file is named .jpg but its content is PNG, and it was read as that."]


def test_a_picture_taken_sideways_is_turned_upright(saved: Saved) -> None:
    exif = Image.Exif()
    exif[0x0112] = 6
    opened = open_picture(saved(Image.new("RGB", (40, 20), "red"), "side.jpg", exif=exif))
    assert opened.image.size == (20, 40)


def test_what_is_transparent_shows_white(saved: Saved) -> None:
    opened = open_picture(saved(Image.new("RGBA", (10, 10), (255, 0, 0, 0)), "clear.png"))
    assert opened.image.getpixel((5, 5)) == (255, 255, 255)


def test_sixteen_bits_of_grey_are_scaled(saved: Saved) -> None:
    grey = Image.new("I;16", (4, 4), 60_000)
    grey.putpixel((0, 0), 0)
    assert open_picture(saved(grey, "deep.png")).image.getpixel((2, 2)) == (255, 255, 255)


def test_of_an_animation_the_first_frame_is_looked_at(saved: Saved) -> None:
    frames = [Image.new("RGB", (8, 8), colour) for colour in ("red", "blue", "green")]
    opened = open_picture(saved(frames[0], "moving.gif", save_all=True, append_images=frames[1:]))
    assert opened.frames == 3
    assert opened.notes == ["The file is animated; I looked at the first one."]


def test_a_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(bomb(30_000, 30_000))
    with pytest.raises(UnreadablePicture, match=r"30,000 × 30,000 pixels, more than the 40 megapixels"):
        open_picture(path)


def photo_of_a_phone() -> bytes:
    picture = Image.new("RGB", (640, 400), (200, 60, 30))
    picture.paste((20, 40, 220), (0, 0, 320, 400))
    exif = Image.Exif()
    exif[271] = "Phone"
    exif[0x8825] = {1: "N", 2: (48.0, 0.0, 0.0), 3: "E", 4: (7.0, 51.0, 0.0)}
    return heic(picture, exif.tobytes().removeprefix(b"Exif\0\0"))


def test_a_photo_of_a_phone_in_heic_is_read_with_its_place_which_a_copy_does_not_have(tmp_path: Path) -> None:
    path = tmp_path / "IMG_1.heic"
    path.write_bytes(photo_of_a_phone())
    opened = open_picture(path, "IMG_1.heic")
    assert (opened.format, opened.image.size, opened.notes) == ("HEIC", (640, 400), [])
    blue, red = opened.image.getpixel((50, 50)), opened.image.getpixel((600, 50))
    assert blue[2] > 200 > 60 > blue[0] and red[0] > 180 > 60 > red[2]  # type: ignore[index]
    assert opened.source is not None
    assert metadata_of(opened.source.getexif()).place == (48.0, 7.85)
    bare = Image.open(io.BytesIO(without_metadata(str(path))))
    assert (bare.format, dict(bare.getexif())) == ("JPEG", {})


@pytest.mark.parametrize("part", [0.2, 0.5, 0.9])
def test_heic_that_is_cut_off_is_told_as_damaged(tmp_path: Path, part: float) -> None:
    whole = photo_of_a_phone()
    (tmp_path / "cut.heic").write_bytes(whole[: int(part * len(whole))])
    with pytest.raises(UnreadablePicture, match="damaged or cut off"):
        open_picture(tmp_path / "cut.heic")
