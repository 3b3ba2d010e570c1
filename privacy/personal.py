"""Finds personal data in text, offline: patterns with their checksums, and the names the user's own records know.

Found: e-mail and IP addresses, IBANs (mod 97), payment cards (Luhn), phone numbers, tax and national ids (with check
digits where the id has them), postal addresses with a street and number, and known names.
Not found: names nobody told us, addresses without a number, ids without a pattern of their own, what is drawn or said.
So a text without findings is not proven free of personal data; what must not leave at all is kept back by its level.
"""

from __future__ import annotations

import re
from collections.abc import Callable, Collection
from dataclasses import dataclass
from functools import lru_cache
from ipaddress import ip_address
from typing import Literal

Kind = Literal["email", "iban", "card", "national id", "tax id", "phone", "ip", "address", "name"]
DIGIT = re.compile(r"\d")


@dataclass(frozen=True)
class Personal:
    """One piece of personal data: its kind and where it stands in the text."""

    kind: Kind
    start: int
    end: int
    text: str


def find(text: str, names: Collection[str] = ()) -> list[Personal]:
    """Personal data in a text, in order and without overlaps; `names` are of people and companies that are known."""
    found: list[Personal] = []
    for kind, pattern, sound in _PATTERNS:
        for match in pattern.finditer(text):
            whole = match.group()
            if sound(whole):
                found.append(Personal(kind, match.start(), match.end(), whole))
    if (known := pattern_of(frozenset(names))) is not None:
        found += [Personal("name", one.start(), one.end(), one.group()) for one in known.finditer(text)]
    return _apart(found)


def _apart(found: list[Personal]) -> list[Personal]:
    """Where two overlap, the longer stays; of two as long, the one whose kind is more certain."""
    kept: list[Personal] = []
    for one in sorted(found, key=lambda piece: piece.start - piece.end):
        if all(one.end <= other.start or other.end <= one.start for other in kept):
            kept.append(one)
    return sorted(kept, key=lambda piece: piece.start)


@lru_cache(maxsize=64)
def pattern_of(names: frozenset[str]) -> re.Pattern[str] | None:
    """Names of at least three letters as whole words, whatever their case, the longest first."""
    known = sorted({" ".join(name.split()) for name in names if len(name.strip()) >= 3}, key=len, reverse=True)
    if not known:
        return None
    either = "|".join(r"\s+".join(map(re.escape, name.split())) for name in known)
    return re.compile(rf"(?<!\w)(?:{either})(?!\w)", re.IGNORECASE)


def _digits(text: str) -> list[int]:
    return [int(digit) for digit in DIGIT.findall(text)]


def is_iban(text: str) -> bool:
    """Whether the two check digits of an IBAN are right (ISO 13616: mod 97 is 1)."""
    bare = re.sub(r"[\s-]", "", text).upper()
    if not re.fullmatch(r"[A-Z]{2}\d{2}[A-Z0-9]{11,30}", bare):
        return False
    return int("".join(str(int(sign, 36)) for sign in bare[4:] + bare[:4])) % 97 == 1


def is_card(text: str) -> bool:
    """Whether 13 to 19 digits end in the right check digit (Luhn, ISO/IEC 7812)."""
    digits = _digits(text)
    if not 13 <= len(digits) <= 19 or len(set(digits)) == 1:
        return False
    doubled = (sum(divmod(2 * digit, 10)) for digit in digits[-2::-2])
    return (sum(digits[-1::-2]) + sum(doubled)) % 10 == 0


def _is_german_id(text: str) -> bool:
    """The Steuer-IdNr: eleven digits, the last by ISO 7064 mod 11,10; one digit of the first ten repeats."""
    digits = _digits(text)
    if len(digits) != 11 or digits[0] == 0 or len(set(digits[:10])) not in (8, 9):
        return False
    product = 10
    for digit in digits[:10]:
        product = 2 * ((digit + product) % 10 or 10) % 11
    return (11 - product) % 10 == digits[10]


def _is_portuguese_id(text: str) -> bool:
    digits = _digits(text)
    rest = sum(digit * weight for digit, weight in zip(digits, range(9, 1, -1), strict=False)) % 11
    return len(digits) == 9 and digits[8] == (0 if rest < 2 else 11 - rest)


def _is_spanish_id(text: str) -> bool:
    bare = re.sub(r"[\s-]", "", text).upper()
    number = int(bare[:-1].translate(str.maketrans("XYZ", "012")))
    return bare[-1] == "TRWAGMYFPDXBNJZSQVHLCKE"[number % 23]


def _is_brazilian_id(text: str) -> bool:
    digits = _digits(text)
    if len(digits) != 11 or len(set(digits)) == 1:
        return False
    for place in (9, 10):
        rest = sum(digit * weight for digit, weight in zip(digits[:place], range(place + 1, 1, -1), strict=True)) % 11
        if digits[place] != (0 if rest < 2 else 11 - rest):
            return False
    return True


def _is_ip(text: str) -> bool:
    try:
        ip_address(text)
    except ValueError:
        return False
    return True


def _is_phone(text: str) -> bool:
    """International numbers by E.164's length; national ones only as written: with a zero first and grouped."""
    return 7 <= len(_digits(text)) <= 15


def _always(_text: str) -> bool:
    return True


_CAPITAL = r"[^\W\d_a-zäöüßáàâãçéèêíóôõúñ]"
_STREET = (
    r"(?i:straße|strasse|str\.|allee|platz|gasse|weg|damm|ufer|ring"
    r"|street|road|avenue|lane|drive|boulevard|square|court|st\.|rd\.|ave\.|blvd\.)"
)
_VAT = (
    r"ATU\d{8}|BE[01]\d{9}|BG\d{9,10}|CY\d{8}[A-Z]|CZ\d{8,10}|DE\d{9}|DK\d{8}|EE\d{9}|EL\d{9}|ES[A-Z0-9]\d{7}[A-Z0-9]"
    r"|FI\d{8}|FR[A-HJ-NP-Z0-9]{2}\d{9}|GB(?:\d{9}|\d{12})|HR\d{11}|HU\d{8}|IE\d[A-Z0-9+*]\d{5}[A-Z]{1,2}|IT\d{11}"
    r"|LT(?:\d{9}|\d{12})|LU\d{8}|LV\d{11}|MT\d{8}|NL\d{9}B\d{2}|PL\d{10}|PT\d{9}|RO\d{2,10}|SE\d{12}|SI\d{8}|SK\d{10}"
    r"|CHE-?\d{3}\.?\d{3}\.?\d{3}"
)
_BROADLY = rf"(?<!\w){_CAPITAL}[\w'’.-]*(?: {_CAPITAL}[\w'’.-]*){{0,2}}? ?{_STREET} \d{{1,4}}(?: ?[a-zA-Z])?(?!\w)"
_PLACE = rf"(?:,? (?:[A-Z]{{1,2}}-)?\d{{4,5}} {_CAPITAL}[\w-]*)?"
_ENGLISH = rf"(?<![\w.])\d{{1,5}} (?:{_CAPITAL}[\w'’.-]* ){{1,3}}{_STREET}(?!\w)"
_ROMANCE = (
    r"(?<!\w)(?i:rua|avenida|av\.|calle|via|viale|rue|piazza|plaza|praça) (?:(?:d[aeo]s?|du|del|della) )?"
    rf"{_CAPITAL}[\w'’.-]*(?: {_CAPITAL}[\w'’.-]*){{0,3}},? (?:n\.?º? ?)?\d{{1,4}}(?!\w)"
)
_IBAN = r"(?<!\w)[A-Za-z]{2}\d{2}(?:[ -]?[A-Za-z0-9]{4}){2,7}(?:[ -]?[A-Za-z0-9]{1,4})?(?!\w)"
_CODICE_FISCALE = r"(?<!\w)[A-Z]{6}\d{2}[A-EHLMPR-T]\d{2}[A-Z]\d{3}[A-Z](?!\w)"
_SSN = r"(?<![\w-])(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}(?![\w-])"
_NINO = r"(?<!\w)(?!BG|GB|NK|KN|TN|NT|ZZ)[A-CEGHJ-PR-TW-Z][A-CEGHJ-NPR-TW-Z] ?(?:\d{2} ?){3}[A-D](?!\w)"
_PATTERNS: tuple[tuple[Kind, re.Pattern[str], Callable[[str], bool]], ...] = (
    ("email", re.compile(r"(?<![\w.+-])[\w.+%-]{1,64}@[\w-]{1,63}(?:\.[\w-]{1,63}){1,6}"), _always),
    ("iban", re.compile(_IBAN), is_iban),
    ("card", re.compile(r"(?<![\w.,-])\d(?:[ -]?\d){12,18}(?![\w-])"), is_card),
    ("tax id", re.compile(rf"(?<!\w)(?:{_VAT})(?!\w)"), _always),
    ("national id", re.compile(r"(?<![\w.,-])\d{2} ?\d{3} ?\d{3} ?\d{3}(?![\w-])"), _is_german_id),
    ("national id", re.compile(r"(?<=NIF)[:\s]*(?:PT)?\d{3} ?\d{3} ?\d{3}(?!\d)", re.IGNORECASE), _is_portuguese_id),
    ("national id", re.compile(r"(?<!\w)[XYZ\d]\d{7}-?[A-Z](?!\w)"), _is_spanish_id),
    ("national id", re.compile(r"(?<![\w.])\d{3}\.\d{3}\.\d{3}-\d{2}(?!\w)"), _is_brazilian_id),
    ("national id", re.compile(_CODICE_FISCALE), _always),
    ("national id", re.compile(_SSN), _always),
    ("national id", re.compile(_NINO), _always),
    ("phone", re.compile(r"(?<![\w+])(?:\+|00)[1-9](?:[ ./()-]{0,2}\d){6,14}(?![\w-])"), _is_phone),
    ("phone", re.compile(r"(?<![\w.,/-])(?:\(0\d{1,5}\)|0\d{2,5})[ /-](?:\d[ -]?){4,9}\d(?![\w-])"), _is_phone),
    ("phone", re.compile(r"(?<![\w.,-])(?:\(\d{3}\) ?|\d{3}[-.])\d{3}[-.]\d{4}(?![\w-])"), _is_phone),
    ("ip", re.compile(r"(?<![\w.])(?:\d{1,3}\.){3}\d{1,3}(?![\w.]*\d)"), _is_ip),
    ("ip", re.compile(r"(?<![\w:])(?:[0-9A-Fa-f]{0,4}:){2,7}[0-9A-Fa-f]{1,4}(?![\w:])"), _is_ip),
    ("address", re.compile(_BROADLY + _PLACE), _always),
    ("address", re.compile(_ENGLISH), _always),
    ("address", re.compile(_ROMANCE), _always),
)
"""Each kind with its pattern and the check that what matched must pass; more certain kinds come first."""
