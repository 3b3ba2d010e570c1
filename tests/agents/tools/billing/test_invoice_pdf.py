"""The PDF says what the invoice says, on as many pages as it takes."""

from pathlib import Path
from typing import Any

import pypdfium2
import pytest

from agents.tools.billing.invoice_pdf import draw, price_text, quantity_text, spaced_iban
from memory.business.totals import Line
from memory.money import parse_money, parse_number

SENDER = {
    "name": "Ana Silva",
    "title": "Data scientist",
    "address": "Rua das Flores 12\nLisboa",
    "tax_id": "PT123456789",
    "iban": "PT50000201231234567890154",
}
INVOICE: dict[str, Any] = {
    "number": "2026-0001",
    "state": "sent",
    "client": {"name": "Müller & Söhne <GmbH>", "address": "Straße 5\nŁódź", "tax_id": "DE123456789", "email": ""},
    "issued_on": "2026-03-01",
    "due_on": "2026-03-15",
    "paid_on": None,
    "currency": "EUR",
    "note": "Děkuji za žluťoučký kůň",
    "lines": [["Website work", "12.5", "h", "80", "19"]],
}


def pages(path: Path, **changes: Any) -> list[str]:
    draw({**INVOICE, **changes.pop("invoice", {})}, changes.pop("sender", SENDER), str(path))
    with pypdfium2.PdfDocument(path) as document:
        return [page.get_textpage().get_text_bounded() for page in document]


def test_everything_an_invoice_must_say_is_on_the_page(tmp_path: Path) -> None:
    [text] = pages(tmp_path / "a.pdf")
    for words in (
        "Ana Silva", "Rua das Flores 12, Lisboa", "PT123456789", "Müller & Söhne <GmbH>", "Straße 5", "Łódź",
        "DE123456789", "2026-0001", "1 March 2026", "15 March 2026", "Website work", "12.5 h", "80.00 €", "19 %",
        "1,000.00 €", "190.00 €", "1,190.00 €", "PT50 0002 0123 1234 5678 9015 4", "Děkuji za žluťoučký kůň",
    ):  # fmt: skip
        assert words in text


def test_each_rate_of_tax_has_its_own_line(tmp_path: Path) -> None:
    lines = [["Book", "1", "", "100", "7"], ["Work", "1", "h", "200", "19"]]
    [text] = pages(tmp_path / "a.pdf", invoice={"lines": lines})
    assert "VAT 7 % on 100.00 €" in text and "VAT 19 % on 200.00 €" in text and "345.00 €" in text


def test_many_lines_take_several_pages_and_lose_nothing(tmp_path: Path) -> None:
    lines = [[f"Part {n} " + "of a long description " * 8, "1", "h", "10", "0"] for n in range(60)]
    texts = pages(tmp_path / "a.pdf", invoice={"lines": lines})
    assert len(texts) > 2
    assert all(f"Page {n} of {len(texts)}" in text and "Ana Silva" in text for n, text in enumerate(texts, 1))
    assert all("Unit price" in text for text in texts if "Part" in text)
    joined = " ".join(texts)
    assert all(f"Part {n} of" in joined for n in range(60))
    assert "600.00 €" in texts[-1]


def test_one_endless_word_and_an_endless_description_still_fit(tmp_path: Path) -> None:
    lines = [["x" * 400, "1", "", "1", "0"], ["word " * 2000, "1", "", "1", "0"]]
    assert len(pages(tmp_path / "a.pdf", invoice={"lines": lines})) > 1


@pytest.mark.parametrize(("state", "words"), [("paid", "Paid in full"), ("void", "cancelled"), ("draft", "Please pay")])
def test_the_page_says_how_it_stands(tmp_path: Path, state: str, words: str) -> None:
    [text] = pages(tmp_path / "a.pdf", invoice={"state": state, "paid_on": "2026-03-09" if state == "paid" else None})
    assert words in text
    assert ("Please pay" in text) == (state == "draft")


def test_an_unknown_sender_and_an_open_client_leave_no_empty_words(tmp_path: Path) -> None:
    [text] = pages(tmp_path / "a.pdf", invoice={"client": {}}, sender={})
    assert "Billed to" not in text and "IBAN" not in text and "None" not in text


def test_the_font_is_in_the_file(tmp_path: Path) -> None:
    pages(tmp_path / "a.pdf")
    assert b"/FontFile2" in (tmp_path / "a.pdf").read_bytes()


@pytest.mark.parametrize(
    ("quantity", "unit", "text"),
    [("12.5", "h", "12.5 h"), ("3", "day", "3 days"), ("1", "day", "1 day"), ("2", "item", "2"), ("1", "", "1"),
     ("0.5", "day", "0.5 day"), ("1500", "word", "1500 words")],
)  # fmt: skip
def test_a_quantity_has_its_unit(quantity: str, unit: str, text: str) -> None:
    assert quantity_text(Line("", parse_number(quantity, 3), unit, parse_number("1"))) == text


@pytest.mark.parametrize(
    ("price", "text"),
    [("80 EUR", "80.00 €"), ("0.125 EUR", "0.125 €"), ("1234.5678 USD", "$1,234.5678"), ("¥90", "¥90")],
)
def test_a_unit_price_keeps_all_its_decimals(price: str, text: str) -> None:
    money = parse_money(price)
    assert price_text(money.amount, money.currency) == text


def test_an_iban_is_printed_in_groups() -> None:
    assert spaced_iban("de89370400440532013000") == "DE89 3704 0044 0532 0130 00"
