"""Text is read in the order people read it, whichever way up the picture is."""

from __future__ import annotations

import pytest
from PIL import Image, ImageDraw, ImageFont

from integrations.media.images.ocr import NoReader, read_text
from integrations.media.images.reading import Piece, in_reading_order, line_text

LINES = ("Café Müller", "Coffee  3,20", "Apple cake  4,50", "Water  2,10", "Total EUR  9,80")


def test_lines_tables_and_boxes_are_read(page: Image.Image) -> None:
    reading = read_text(page)
    assert reading.texts == LINES
    assert reading.tables == ((("Coffee", "3,20"), ("Apple cake", "4,50"), ("Water", "2,10"), ("Total EUR", "9,80")),)
    left, top, right, bottom = reading.lines[0][0].box
    assert 20 < left < 40 < right < 260
    assert 20 < top < bottom < 75
    assert reading.confidence > 0.9


@pytest.mark.parametrize(("turned", "expected"), [(5, 0), (90, 90), (180, 180)])
def test_a_turned_picture_is_read_all_the_same(page: Image.Image, turned: int, expected: int) -> None:
    reading = read_text(page.rotate(turned, expand=True, fillcolor="white"))
    assert (reading.texts, reading.turned) == (LINES, expected)


def test_a_blank_picture_has_no_text() -> None:
    reading = read_text(Image.new("RGB", (200, 100), "white"))
    assert (reading.text, reading.confidence, reading.tables) == ("", 0.0, ())


def test_a_script_the_reader_does_not_know_is_counted_as_unread() -> None:
    image = Image.new("RGB", (500, 200), "white")
    ImageDraw.Draw(image).text((20, 30), "Привет мир", font=ImageFont.truetype("DejaVuSans.ttf", 40), fill="black")
    assert read_text(image).unread == 1


def test_tesseract_reads_where_the_better_reader_is_missing(page: Image.Image, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("importlib.util.find_spec", lambda name: None)
    reading = read_text(page)
    assert reading.engine == "tesseract"
    assert {"Coffee", "Total EUR"} <= {text.partition("  ")[0] for text in reading.texts}


def test_with_no_reader_at_all_it_says_what_to_install(page: Image.Image, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("integrations.media.images.ocr.engines", lambda: ())
    with pytest.raises(NoReader, match="pip install rapidocr"):
        read_text(page)


def piece(text: str, left: float, top: float, right: float) -> Piece:
    return Piece(text, (left, top, right, top + 20), 1.0)


def test_columns_of_running_text_are_read_one_after_the_other() -> None:
    pieces = [piece("A heading over both of the columns here", 0, 0, 820)]
    for row in range(5):
        pieces.append(piece(f"left words that run on {row}", 0, 60 + row * 30, 380))
        pieces.append(piece(f"right words that run on {row}", 440, 60 + row * 30, 820))
    texts = [line_text(line) for line in in_reading_order(pieces)]
    assert texts[0].startswith("A heading")
    assert [text.split()[0] for text in texts[1:]] == ["left"] * 5 + ["right"] * 5


def test_words_and_prices_stay_on_one_line() -> None:
    pieces = [piece(f"thing number {row}", 0, row * 30, 180) for row in range(6)]
    pieces += [piece(f"{row},50", 700, row * 30 + 3, 760) for row in range(6)]
    assert [line_text(line) for line in in_reading_order(pieces)][2] == "thing number 2  2,50"
