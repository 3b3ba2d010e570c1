"""Receipts give vendor, date, lines, tax and total; what does not add up is said."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from bench.receipts import HELD_BACK, LAYOUTS, Layout, receipts
from integrations.media.images.amounts import amounts_of, currency_among
from integrations.media.images.ocr import read_text
from integrations.media.images.reading import Piece, Reading
from integrations.media.images.receipt import looks_like_receipt, receipt_of
from integrations.media.images.receipt_date import date_of

TODAY = date(2026, 11, 21)


def reading(*lines: str) -> Reading:
    """Lines as they would have been read, each piece apart at two spaces."""
    rows = []
    for place, line in enumerate(lines):
        pieces: list[Piece] = []
        for text in line.split("  "):
            left = 20.0 if not pieces else 500.0 + 100 * len(pieces)
            pieces.append(Piece(text, (left, place * 40, left + 10 * len(text), place * 40 + 20), 0.99))
        rows.append(tuple(pieces))
    return Reading(tuple(rows), 800, 40 * len(rows), "drawn")


@pytest.mark.parametrize(
    "layout", [LAYOUTS[0], LAYOUTS[5], HELD_BACK[2]], ids=lambda layout: layout.__name__.strip("_")
)
def test_a_photographed_receipt_is_read(layout: Layout) -> None:
    ((image, truth),) = receipts(1, (layout,), seed=3)
    found = receipt_of(read_text(image), TODAY)
    assert (found.total, found.day, found.currency, found.tax) == (truth.total, truth.day, truth.currency, truth.tax)
    assert (found.vendor or "").lower() == truth.vendor.lower().rstrip(".")
    assert "tax" in found.agrees


def test_lines_tax_and_total_are_told_apart() -> None:
    found = receipt_of(
        reading("Shop", "Tea  2.00", "Cake  3.00", "Subtotal  5.00", "Tax  0.40", "Total USD  5.40"), TODAY
    )
    assert [(line.text, line.amount) for line in found.lines] == [("Tea", Decimal("2.00")), ("Cake", Decimal("3.00"))]
    assert (found.net, found.tax, found.total) == (Decimal("5.00"), Decimal("0.40"), Decimal("5.40"))
    assert set(found.agrees) == {"lines", "tax"}


def test_taxes_of_two_rates_are_added_where_the_rates_confirm_it() -> None:
    slip = reading("Shop", "Tea  11,00", "Soap  12,00", "Summe EUR  23,00", "A 10% MwSt  1,00", "B 20% MwSt  2,00")
    assert receipt_of(slip, TODAY).tax == Decimal("3.00")


def test_distances_and_single_prices_are_not_bought() -> None:
    slip = reading("Cabs Ltd", "MILES  16.79", "FARE  $39.98", "2 x 2,50", "TOLLS  $5.00", "TOTAL  $44.98")
    assert [str(line.amount) for line in receipt_of(slip, TODAY).lines] == ["39.98", "5.00"]


def test_a_tax_between_the_charges_does_not_end_them() -> None:
    bill = reading("Inn", "Room  $90.00", "Tax 10%  $9.00", "Room  $90.00", "Tax 10%  $9.00", "Total charges  $198.00")
    found = receipt_of(bill, TODAY)
    assert ([str(line.amount) for line in found.lines], found.tax) == (["90.00", "90.00"], Decimal("18.00"))


@pytest.mark.parametrize(
    ("head", "vendor"),
    [
        (("Kontor Nord · Hafenweg 9 · 18055 Rostock", "Frau", "Mara Lindqvist", "79098 Freiburg"), "Kontor Nord"),
        (("Receipt", "Corvid Cloud  Bill to", "2261 Market Street  Mara Lindqvist"), "Corvid Cloud"),
        (("Cliente  Emisor", "Mara Lindqvist  Estudio Cuatro", "C/ Luna 3  Av. del Puerto 40"), "Estudio Cuatro"),
        (("Votre santé, notre métier", "Pharmacie du Marché", "M. Roussel - Mme Petit"), "Pharmacie du Marché"),
        (("Thanks for riding, Mara", "Swiftcab", "You rode with Tomasz"), "Swiftcab"),
        (("Tischlerei Hanke", "Mühlenweg 4", "Rechnung"), "Tischlerei Hanke"),
    ],
)
def test_the_vendor_is_told_from_the_buyer_a_slogan_and_a_greeting(head: tuple[str, ...], vendor: str) -> None:
    assert receipt_of(reading(*head, "Total  5.00"), TODAY).vendor == vendor


def test_a_name_over_two_tall_lines_is_one_name() -> None:
    tall = [Piece(text, (200, top, 420, top + 44), 0.99) for text, top in (("PIZZERIA", 10), ("al Porto", 58))]
    rest = reading("", "", "", "di Bianchi Luca & C.", "Coperto  2,50", "Totale  2,50").lines[3:]
    slip = Reading(((tall[0],), (tall[1],), *rest), 800, 300, "drawn")
    assert receipt_of(slip, TODAY).vendor == "PIZZERIA al Porto"


def test_lines_that_do_not_add_up_are_said() -> None:
    found = receipt_of(reading("Shop", "Tea  2.00", "Cake  3.00", "Total  9.00", "Visa  9.00"), TODAY)
    assert any("do not add up" in doubt for doubt in found.doubts)


def test_a_tip_on_top_is_part_of_the_total() -> None:
    slip = reading("Diner", "Pie  10.00", "Tea  5.00", "Subtotal  15.00", "Tax  1.50", "Tip  3.00", "Total  $19.50")
    found = receipt_of(slip, TODAY)
    assert (found.total, found.tax, "tip" in found.agrees) == (Decimal("19.50"), Decimal("1.50"), True)


def test_the_sums_outvote_a_total_that_was_misread() -> None:
    found = receipt_of(reading("Shop", "Tea  2,00", "Cake  3,40", "Total  8,40", "Cash  10,00", "Change  4,60"), TODAY)
    assert found.total in (Decimal("5.40"), Decimal("8.40"))
    assert found.total == Decimal("5.40") or any("confirms" in doubt for doubt in found.doubts)


def test_cash_that_was_given_is_not_the_total() -> None:
    found = receipt_of(reading("Shop", "Tea  2,00", "Summe EUR  2,00", "Gegeben bar  50,00", "Rückgeld  48,00"), TODAY)
    assert (found.total, found.agrees) == (Decimal("2.00"), ("change",))


def test_what_is_missing_is_said() -> None:
    found = receipt_of(reading("Total  4.00"), TODAY)
    assert found.doubts[0] == "I could not find the vendor and the date and the currency."


@pytest.mark.parametrize(
    ("text", "american", "day", "sure"),
    [
        ("Datum: 3.4.2026", False, date(2026, 4, 3), True),
        ("03/04/2026", False, date(2026, 4, 3), False),
        ("03/04/2026", True, date(2026, 3, 4), True),
        ("2026-04-03 12:01", False, date(2026, 4, 3), True),
        ("April 3, 2026", True, date(2026, 4, 3), True),
        ("3 de abril de 2026", False, date(2026, 4, 3), True),
        ("le 3 août 2026", False, date(2026, 8, 3), True),
        ("3. März 2026", False, date(2026, 3, 3), True),
        ("05/12/99", False, None, False),
        ("Tel 030 12.34.56", False, None, False),
    ],
)
def test_dates_are_read_as_people_write_them(text: str, american: bool, day: date | None, sure: bool) -> None:
    assert date_of([text], TODAY, american=american) == (day, sure)


def test_the_day_a_payment_is_due_is_not_the_date() -> None:
    assert date_of(["Due date: 01.03.2026", "Invoice date: 01.02.2026"], TODAY)[0] == date(2026, 2, 1)


@pytest.mark.parametrize(
    ("text", "values"),
    [
        ("Milk  1,29 A", ["1.29"]), ("Total €1.234,50", ["1234.50"]), ("2 x 3.50  7.00", ["3.50", "7.00"]),
        ("12, 40", ["12.40"]), ("VAT 20%", []), ("17:45", []), ("21.11.2026", []), ("-3.00", ["-3.00"]),
    ],
)  # fmt: skip
def test_amounts_are_found_and_other_numbers_are_not(text: str, values: list[str]) -> None:
    assert [str(amount.value) for amount in amounts_of(text) if amount.exact] == values


def test_the_currency_is_that_named_most() -> None:
    assert currency_among(["£3.00", "£4.00 (5.10 EUR)"]) == ("GBP", 2)
    assert currency_among(["3.00"]) == (None, 2)


def test_a_letter_is_no_receipt() -> None:
    assert not looks_like_receipt(reading("Dear Mara", "thank you for your visit in total calm", "Yours, Ana"))
