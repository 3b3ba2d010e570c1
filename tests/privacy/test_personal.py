"""What the offline detector finds in text, and what it leaves alone."""

from __future__ import annotations

import pytest

from privacy.personal import find


@pytest.mark.parametrize(
    ("text", "kind", "found"),
    [
        ("write to ana.silva+work@example.co.uk.", "email", "ana.silva+work@example.co.uk"),
        ("IBAN: DE89 3704 0044 0532 0130 00", "iban", "DE89 3704 0044 0532 0130 00"),
        ("pay to GB82WEST12345698765432 please", "iban", "GB82WEST12345698765432"),
        ("card 4111 1111 1111 1111", "card", "4111 1111 1111 1111"),
        ("amex 378282246310005", "card", "378282246310005"),
        ("VAT ATU12345678", "tax id", "ATU12345678"),
        ("USt-IdNr. DE123456789", "tax id", "DE123456789"),
        ("Steuer-ID 86 095 742 719", "national id", "86 095 742 719"),
        ("DNI 12345678Z", "national id", "12345678Z"),
        ("CPF 529.982.247-25", "national id", "529.982.247-25"),
        ("SSN 536-22-8726", "national id", "536-22-8726"),
        ("NINO AB 12 34 56 C", "national id", "AB 12 34 56 C"),
        ("C.F. RSSMRA85T10A562S", "national id", "RSSMRA85T10A562S"),
        ("call +351 912 345 678", "phone", "+351 912 345 678"),
        ("call 0049 (30) 1234567", "phone", "0049 (30) 1234567"),
        ("Tel. 030 1234567", "phone", "030 1234567"),
        ("phone (415) 555-2671", "phone", "(415) 555-2671"),
        ("from 192.168.10.4", "ip", "192.168.10.4"),
        ("from 2001:db8::8a2e:370:7334", "ip", "2001:db8::8a2e:370:7334"),
        ("Hauptstraße 12a, 10115 Berlin", "address", "Hauptstraße 12a, 10115 Berlin"),
        ("at 221 Baker Street, London", "address", "221 Baker Street"),
        ("Rua das Flores 25", "address", "Rua das Flores 25"),
    ],
)
def test_personal_data_is_found_by_its_pattern_and_checksum(text: str, kind: str, found: str) -> None:
    assert [(one.kind, one.text) for one in find(text)] == [(kind, found)]


@pytest.mark.parametrize(
    "text",
    [
        "invoice 2026-004 over 1,500.00 EUR of 2026-11-21 at 14:30",
        "12.5 hours at 80 €, version 1.2.3, 1,234,567.89 in all",
        "card 4111 1111 1111 1112 has a wrong check digit",
        "DE88 3704 1044 1532 1130 11 has wrong check digits",
        "order 20261121 of 12345678901",
        "we went this way 5 times, the best way 3 of 4, and drive 10 km",
        "accuracy 0.9314, R² 0.981, seed 1234567890",
        "the ratio 16:9 and the time 12:30:45",
    ],
)
def test_figures_of_work_are_left_alone(text: str) -> None:
    assert find(text) == []


def test_known_names_are_found_whatever_their_case_and_only_as_whole_words() -> None:
    text = "ACME gmbh asked Carla  Mendes; Acmeology is a word"
    found = find(text, ["Acme", "Acme GmbH", "Carla Mendes"])
    assert [(one.kind, one.text) for one in found] == [("name", "ACME gmbh"), ("name", "Carla  Mendes")]


def test_where_findings_overlap_the_longer_one_stays() -> None:
    assert [one.kind for one in find("mail carla@mendes.pt", ["carla"])] == ["email"]


def test_each_finding_says_where_it_stands() -> None:
    text = "a ana@example.pt b"
    (one,) = find(text)
    assert text[one.start : one.end] == one.text
