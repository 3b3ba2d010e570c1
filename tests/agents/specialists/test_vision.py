"""Pictures sent in the chat: looked at, read, made clearer, compared; a receipt on one can be booked."""

from __future__ import annotations

import io
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest
from PIL import Image, ImageDraw, ImageFont

from agents.deps import Deps
from agents.spec import AgentError, Finding, Given
from agents.specialists.vision import AGENT, BLIND, VisionTask
from agents.tools.media.vision_words import read
from bench.receipts import LAYOUTS, receipts
from memory.files import FileRef
from tests.integrations.media.images.test_objects import corners, network


def as_png(image: Image.Image) -> bytes:
    written = io.BytesIO()
    image.save(written, "PNG")
    return written.getvalue()


def logo(*, changed: bool = False) -> bytes:
    image = Image.new("RGB", (420, 200), "white")
    pen = ImageDraw.Draw(image)
    pen.rectangle((0, 0, 120, 200), fill=(20, 35, 95))
    pen.text((150, 70), "Nordlicht # 1", font=ImageFont.truetype("DejaVuSans.ttf", 34), fill="black")
    if changed:
        pen.rectangle((330, 10, 400, 50), fill=(220, 30, 35))
    return as_png(image)


async def sent(deps: Deps, *pictures: bytes, name: str = "logo.png") -> tuple[FileRef, ...]:
    return tuple([await deps.stores.files.put(one, name, user=deps.user, thread=deps.thread) for one in pictures])


async def looked(deps: Deps, text: str, files: tuple[FileRef, ...] = (), **task: Any) -> Finding:
    return await AGENT.run(VisionTask(**read(text), **task), Given(text=text, message=text, files=files), deps)


async def test_text_on_a_picture_is_quoted_as_words(table_deps: Deps) -> None:
    found = await looked(table_deps, "read the text on this picture", await sent(table_deps, logo()))
    assert "> Nordlicht \\# 1" in found.text
    assert found.trust == "outside"
    assert found.data["text"] == "Nordlicht # 1"
    assert [record.kind for record in found.records] == ["image"]


async def test_colours_come_with_code_share_and_contrast(table_deps: Deps) -> None:
    found = await looked(table_deps, "which colours are in this logo?", await sent(table_deps, logo()))
    assert "| navy | `#14235f` |" in found.text
    assert "Text reads best in" in found.text


async def test_a_picture_made_clearer_shows_before_and_after(table_deps: Deps) -> None:
    found = await looked(table_deps, "make this picture clearer", await sent(table_deps, logo()))
    assert [made.name for made in found.artifacts] == ["logo before and after.png", "logo clearer.png"]
    assert Image.open(io.BytesIO(await table_deps.stores.files.read(found.artifacts[1]))).size == (840, 400)


async def test_a_quick_look_leaves_out_what_takes_time_and_a_close_one_adds_a_clear_copy(table_deps: Deps) -> None:
    files = await sent(table_deps, logo())
    quick = await looked(table_deps, "take a quick look at this picture", files)
    assert (
        "about 1 s a picture: details of the file, quality, colours, codes." in quick.text and "closely" in quick.text
    )
    assert "Nordlicht" not in quick.text and quick.artifacts == ()
    closely = await looked(table_deps, "look at this picture closely", files)
    assert "about 10 s a picture" in closely.text and "Nordlicht" in closely.text
    assert [made.caption for made in closely.artifacts] == ["Before and after", "The clearer picture"]


async def test_two_pictures_are_compared_and_the_change_is_framed(table_deps: Deps) -> None:
    files = await sent(table_deps, logo(), logo(changed=True))
    found = await looked(table_deps, "what is the difference between these two pictures", files)
    assert "They differ in one area" in found.text
    assert [made.name for made in found.artifacts] == ["differences.png"]


async def test_one_picture_cannot_be_compared(table_deps: Deps) -> None:
    with pytest.raises(AgentError, match="two pictures"):
        await looked(table_deps, "compare these pictures", await sent(table_deps, logo()))


async def test_a_copy_without_the_place_is_made(table_deps: Deps) -> None:
    exif = Image.Exif()
    exif[0x8825] = {1: "N", 2: (48.0, 0.0, 0.0), 3: "E", 4: (7.0, 51.0, 0.0)}
    written = io.BytesIO()
    Image.new("RGB", (50, 50), "teal").save(written, "JPEG", exif=exif)
    files = await sent(table_deps, written.getvalue(), name="trip.jpg")
    assert "place: 48.0, 7.85" in (await looked(table_deps, "where was this photo taken?", files)).text
    bare = (await looked(table_deps, "remove the location from this photo", files)).artifacts[0]
    assert (bare.name, dict(Image.open(io.BytesIO(await table_deps.stores.files.read(bare))).getexif())) == (
        "trip bare.jpg",
        {},
    )


async def test_a_receipt_gives_its_data_and_a_record_to_book_it_by(table_deps: Deps) -> None:
    ((image, truth),) = receipts(1, (LAYOUTS[1],), seed=4)
    files = await sent(table_deps, as_png(image), name="lunch.png")
    found = await looked(table_deps, "read this receipt", files)
    assert (found.data["receipt"]["vendor"], found.data["receipt"]["total"]) == (truth.vendor, str(truth.total))
    assert [(record.kind, record.id) for record in found.records][1] == ("receipt", files[0].id)
    assert found.offers == ("Book this receipt",)
    assert "The total is confirmed" in found.text


async def test_that_no_model_sees_is_said(table_deps: Deps) -> None:
    found = await looked(table_deps, "what's this?", await sent(table_deps, logo()))
    assert BLIND in found.text
    assert found.data["said_blind"] is True


async def test_something_else_is_no_picture(table_deps: Deps) -> None:
    files = await sent(table_deps, b"hello", name="notes.txt")
    with pytest.raises(AgentError, match=r"notes\.txt is no picture"):
        await looked(table_deps, "read this picture", files)


@pytest.mark.parametrize(
    ("text", "actions"),
    [
        ("what is on this picture", []),
        ("welche Farben hat das Logo", ["colours"]),
        ("scan the QR code", ["codes"]),
        ("is this sharp enough for print?", ["quality"]),
        ("lies den Text vom Foto ab", ["text"]),
        ("straighten this scan", ["enhance"]),
        ("remove the location from this photo", ["strip"]),
    ],
)
def test_what_is_asked_of_a_picture_is_understood(text: str, actions: list[str]) -> None:
    assert read(text)["actions"] == actions


async def test_a_detector_that_was_given_names_what_it_finds(table_deps: Deps, tmp_path: Path) -> None:
    (tmp_path / "yolo.onnx").write_bytes(network(corners()))
    deps = replace(
        table_deps, settings=table_deps.settings.model_copy(update={"detector": str(tmp_path / "yolo.onnx")})
    )
    found = await looked(deps, "what's this?", await sent(deps, logo()))
    assert "Your detector finds: 1 × dog (90% sure), 1 × cat (70% sure)." in found.text
    assert BLIND not in found.text
