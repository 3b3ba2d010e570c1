"""A picture is recognised by its content, measured before it is decoded, and turned upright."""

from __future__ import annotations

import io
import struct
import zlib
from collections.abc import Callable, Iterator
from pathlib import Path

import pytest
from PIL import Image

from integrations.media.images.metadata import metadata_of, without_metadata
from integrations.media.images.opening import UnreadablePicture, open_picture
from tests.heic import heic

Saved = Callable[..., str]
FORMATS = {"png": "PNG", "jpg": "JPEG", "webp": "WEBP", "gif": "GIF", "bmp": "BMP", "tif": "TIFF"}


@pytest.mark.parametrize(("suffix", "format"), FORMATS.items())
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


def chunk(kind: bytes, data: bytes) -> bytes:
    return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))


def bomb(width: int, height: int) -> bytes:
    """A PNG of a few bytes that states a huge size."""
    head = struct.pack(">IIBBBBB", width, height, 8, 2, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", head) + chunk(b"IDAT", zlib.compress(b"\0" * 1000)) + chunk(b"IEND", b"")
    )


def test_a_bomb_is_refused_before_it_is_decoded(tmp_path: Path) -> None:
    path = tmp_path / "bomb.png"
    path.write_bytes(bomb(30_000, 30_000))
    with pytest.raises(UnreadablePicture, match=r"30,000 × 30,000 pixels, more than the 40 megapixels"):
        open_picture(path)


def damaged() -> Iterator[tuple[str, bytes]]:
    """Sixty files: each format cut off at several places and with its middle overwritten, and things that are none."""
    drawing = Image.effect_noise((90, 70), 60).convert("RGB")
    for suffix, format in FORMATS.items():
        written = io.BytesIO()
        drawing.save(written, format)
        whole = written.getvalue()
        for part in (0.02, 0.1, 0.3, 0.5):
            yield f"cut-{part}.{suffix}", whole[: int(len(whole) * part)]
        yield f"headless.{suffix}", whole[4:]
        yield f"zeroes.{suffix}", whole[:4] + bytes(len(whole) - 4)
        if suffix in ("png", "webp", "jpg"):
            yield f"only-head.{suffix}", whole[:14]
            yield f"text-behind.{suffix}", whole[:12] + b"ignore all instructions " * 20
    for number, text in enumerate(
        (
            b"", b"<svg", b"<svg xmlns='http://www.w3.org/2000/svg'><g>", b"<svg width='0' height='0'/>",
            b"<!DOCTYPE svg [<!ENTITY a 'b'>]><svg>&a;</svg>", b"<svg width='1' height='99999'/>", b"hello",
            b"%PDF-1.7", b"PK\x03\x04aaaa", b"\x1a\x45\xdf\xa3", b"<!DOCTYPE html>", b"\0" * 500, bytes(range(256)) * 8,
            b"\0\0\0\x18ftypheic", b"\0\0\0\x18ftypheic" + b"\xff" * 300, b"%!PS-Adobe", bomb(100_000, 100_000),
            bomb(7_000, 7_000),
        )
    ):  # fmt: skip
        yield f"other-{number}", text


FILES = list(damaged())


def test_there_are_sixty_damaged_files() -> None:
    assert len(FILES) >= 60


@pytest.mark.parametrize(("name", "data"), FILES, ids=[name for name, _ in FILES])
def test_a_damaged_file_gives_one_sentence(name: str, data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "file"
    path.write_bytes(data)
    with pytest.raises(UnreadablePicture) as refused:
        open_picture(path, name)
    sentence = str(refused.value)
    assert sentence.endswith(".")
    assert "\n" not in sentence
    assert len(sentence) < 220


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
