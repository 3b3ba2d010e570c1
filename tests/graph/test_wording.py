"""What agents say in English, said in the user's language."""

from __future__ import annotations

import importlib.util
import re
from pathlib import Path
from types import ModuleType

import pytest
import yaml

from graph.wording import FIELD, FOLDER, Wording, in_language, languages

GERMAN = {
    "months": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember".split(),
    "weekdays": "Montag Dienstag Mittwoch Donnerstag Freitag Samstag Sonntag".split(),
    "day": "{day}. {month}",
    "year": "{day}. {month} {year}",
    "weekday": "{weekday}, {day}",
    "thousands": ".",
    "decimal": ",",
    "percent": "\u00a0%",
    "quotes": "„{}“",
}


@pytest.fixture
def german() -> Wording:
    texts = {
        "Invoice **{}**{} is ready.": "Rechnung **{}**{} ist fertig.",
        "for **{}**": "für **{}**",
        "Dated {}, due on {}.": "Vom {}, fällig am {}.",
        "{} invoice{} found": "{0} {1?Rechnungen:Rechnung} gefunden",
        "{} of {} are {}.": "Von {1} sind {0} {2}.",
        "Nothing is due.": "Nichts ist fällig.",
        "Noted: {}.": "Notiert: {}.",
    }
    return Wording(
        texts,
        {
            "Total": "Gesamt",
            "overdue": "überfällig",
            "name": "Name",
            "address": "Anschrift",
            "and": "und",
            "on {}": "am {}",
        },
        GERMAN,
    )


def test_a_sentence_keeps_what_it_was_filled_with(german: Wording) -> None:
    assert german("Invoice **2026-0001** for **ACME is ready.** is ready.") == (
        "Rechnung **2026-0001** für **ACME is ready.** ist fertig."
    )


def test_fields_may_change_places_and_are_translated_where_they_are_known_words(german: Wording) -> None:
    assert german("3 of 7 are overdue.") == "Von 7 sind 3 überfällig."


def test_one_and_many_are_told_apart_by_the_english_s(german: Wording) -> None:
    assert german("1 invoice found") == "1 Rechnung gefunden"
    assert german("4 invoices found") == "4 Rechnungen gefunden"


def test_each_sentence_of_a_line_is_translated_and_an_unknown_one_stays(german: Wording) -> None:
    assert german("- Nothing is due. Zebra crossing. Nothing is due.") == (
        "- Nichts ist fällig. Zebra crossing. Nichts ist fällig."
    )


def test_one_known_thing_of_an_unknown_sentence_is_translated_with_the_mark_behind_it(german: Wording) -> None:
    assert german("overdue, until noon; name") == "überfällig, until noon; Name"


def test_a_field_ends_where_its_sentence_ends(german: Wording) -> None:
    assert german("Noted: a new rate. Nothing is due.") == "Notiert: a new rate. Nichts ist fällig."


def test_a_field_that_lists_known_words_is_translated_whole_or_not_at_all(german: Wording) -> None:
    assert german("Noted: name, address and name.") == "Notiert: Name, Anschrift und Name."
    assert german("Noted: name and Mayer.") == "Notiert: name and Mayer."


def test_a_field_may_hold_two_phrases_of_its_own(german: Wording) -> None:
    assert (
        german("Noted: on Friday, 20 Nov 2026 for **ACME**.") == "Notiert: am Freitag, 20. November 2026 für **ACME**."
    )
    assert german("on the other hand") == "on the other hand"


def test_days_and_amounts_are_written_as_the_language_does(german: Wording) -> None:
    assert german("Dated Friday 21 November 2026, due on 5 December.") == (
        "Vom Freitag, 21. November 2026, fällig am 5. Dezember."
    )
    assert german("x | 1,142.40 €, 8.5 %, €12.00, 2.5 h, version 1.2.3, 2026-0001") == (
        "x | 1.142,40 €, 8,5 %, €12,00, 2,5 h, version 1.2.3, 2026-0001"
    )
    assert german("1,200 invoices found") == "1.200 Rechnungen gefunden"


def test_quotes_and_percentages_are_written_as_the_language_does(german: Wording) -> None:
    assert german("'price' is the client's, wrong for 8.6%; `'x'` and clients' rows' sums stay") == (
        "„price“ is the client's, wrong for 8,6\u00a0%; `'x'` and clients' rows' sums stay"
    )


def test_tables_are_translated_cell_by_cell_and_code_never(german: Wording) -> None:
    assert german("| **Total** | 3 |\n|---|--:|\n```\nNothing is due.\n```") == (
        "| **Gesamt** | 3 |\n|---|--:|\n```\nNothing is due.\n```"
    )


def test_a_text_nobody_here_wrote_stays_letter_for_letter(german: Wording) -> None:
    post = "We look for a developer; budget 4,000. " * 60
    assert german(post) == post


def test_english_and_unknown_languages_are_left_alone() -> None:
    assert in_language("Fine, I did not do that.", "en") == "Fine, I did not do that."
    assert in_language("Fine, I did not do that.", "../../xx") == "Fine, I did not do that."


@pytest.fixture(scope="module")
def source() -> ModuleType:
    spec = importlib.util.spec_from_file_location("wording_source", Path(__file__).with_name("wording_source.py"))
    assert spec and spec.loader
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


@pytest.mark.parametrize("language", languages())
def test_every_translation_is_of_a_sentence_that_is_still_said_and_names_only_its_fields(
    language: str, source: ModuleType
) -> None:
    said = source.units()
    texts = yaml.safe_load((FOLDER / f"{language}.yaml").read_text(encoding="utf-8"))["texts"]
    assert [english for english in texts if english not in said] == []
    for english, other in texts.items():
        fields, used = english.count("{}"), FIELD.findall(other)
        unnamed = sum(1 for number, *_ in used if not number)
        assert unnamed <= fields, other
        assert all(int(number) < fields for number, *_ in used if number), other
        assert not re.search(r"(?<!\w)\{[^\d}?]", other), other
