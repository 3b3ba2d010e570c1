"""Currencies as people write them: codes, signs and words, sizes such as "k", and numbers in the manners of many lands.

It lives in the leftmost package because a job board, an invoice and a plain message all have to read money alike, and
packages that may not import each other share only this one. It knows no setting and no other module.
"""

from __future__ import annotations

import re
from collections.abc import Iterable
from decimal import Decimal

_WHOLE = "BIF CLP DJF GNF ISK JPY KMF KRW PYG RWF UGX VND VUV XAF XOF XPF"
_THREE = "BHD IQD JOD KWD LYD OMR TND"
_TWO = (
    "AED AFN ALL AMD AOA ARS AUD AWG AZN BAM BBD BDT BGN BMD BND BOB BRL BSD BTN BWP BYN BZD CAD CDF CHF CNY "
    "COP CRC CUP CVE CZK DKK DOP DZD EGP ERN ETB EUR FJD FKP GBP GEL GHS GIP GMD GTQ GYD HKD HNL HTG HUF IDR "
    "ILS INR IRR JMD KES KGS KHR KPW KYD KZT LAK LBP LKR LRD LSL MAD MDL MGA MKD MMK MNT MOP MRU MUR MVR MWK "
    "MXN MYR MZN NAD NGN NIO NOK NPR NZD PAB PEN PGK PHP PKR PLN QAR RON RSD RUB SAR SBD SCR SDG SEK SGD SHP "
    "SLE SOS SRD SSP STN SVC SYP SZL THB TJS TMT TOP TRY TTD TWD TZS UAH USD UYU UZS VES WST XCD YER ZAR ZMW"
)
EXPONENTS: dict[str, int] = {
    **dict.fromkeys(_WHOLE.split(), 0),
    **dict.fromkeys(_TWO.split(), 2),
    **dict.fromkeys(_THREE.split(), 3),
}
"""Digits after the point, by ISO 4217 code."""

PREFIX = {"USD": "$", "GBP": "£", "JPY": "¥", "INR": "₹", "AUD": "A$", "CAD": "CA$", "NZD": "NZ$", "BRL": "R$"}
SUFFIX = {"EUR": "€", "PLN": "zł", "CZK": "Kč"}
SIGNS = PREFIX | SUFFIX
WORDS = {
    "€": "EUR", "euro": "EUR", "euros": "EUR", "eur": "EUR",
    "us$": "USD", "$": "USD", "usd": "USD", "dollar": "USD", "dollars": "USD", "bucks": "USD",
    "£": "GBP", "gbp": "GBP", "pound": "GBP", "pounds": "GBP", "quid": "GBP",
    "¥": "JPY", "jpy": "JPY", "yen": "JPY", "₹": "INR", "inr": "INR", "rupee": "INR", "rupees": "INR",
    "a$": "AUD", "au$": "AUD", "s$": "SGD", "hk$": "HKD", "aud": "AUD", "ca$": "CAD", "c$": "CAD", "cad": "CAD",
    "nz$": "NZD", "r$": "BRL", "brl": "BRL",
    "zł": "PLN", "pln": "PLN", "kč": "CZK", "czk": "CZK", "chf": "CHF", "fr.": "CHF", "franc": "CHF",
    "francs": "CHF", "sek": "SEK", "nok": "NOK",
    "dkk": "DKK", "₺": "TRY", "₴": "UAH", "uah": "UAH", "₩": "KRW", "krw": "KRW", "₪": "ILS", "ils": "ILS",
    "huf": "HUF", "ron": "RON", "bgn": "BGN", "cny": "CNY", "nzd": "NZD", "mxn": "MXN", "zar": "ZAR", "aed": "AED",
    "sgd": "SGD", "hkd": "HKD", "thb": "THB", "pkr": "PKR",
    "dollari": "USD", "dollaro": "USD", "dólares": "USD", "dolares": "USD", "dólar": "USD", "libras": "GBP",
    "sterline": "GBP", "pfund": "GBP", "franken": "CHF", "franchi": "CHF", "francos": "CHF", "zloty": "PLN",
    "złoty": "PLN", "zlotys": "PLN", "reais": "BRL", "kronor": "SEK",
}  # fmt: skip
SCALES = {
    "k": 1_000, "tsd": 1_000, "thousand": 1_000, "m": 10**6, "mio": 10**6, "million": 10**6,
    "bn": 10**9, "billion": 10**9,
}  # fmt: skip
"""Words of size behind a number."""


def parse_number(text: str, decimals: int = 2) -> Decimal:
    """A number as people write it: ``1,200.50``, ``1.200,50``, ``1 200,50``, ``1'200``, ``12,5``.

    One separator before exactly three digits groups thousands, unless numbers of this kind have three `decimals`.
    Raises ValueError.
    """
    digits = re.sub(r"[\s'’\u00a0\u202f]", "", text)
    if not re.fullmatch(r"-?\d[\d.,]*", digits) or digits[-1] in ".,":
        raise ValueError(f"'{text.strip()}' is no number")
    last = max(digits.rfind("."), digits.rfind(","))
    if last < 0:
        return Decimal(digits)
    mark = digits[last]
    whole, rest = digits[:last], digits[last + 1 :]
    mixed = ("," in whole or "." in whole) and mark not in whole
    grouped = mark in whole or (
        not mixed and len(rest) == 3 and decimals != 3 and re.fullmatch(r"-?[1-9]\d{0,2}", whole)
    )
    bare = re.sub(r"[.,]", "", whole)
    return Decimal(bare + rest) if grouped else Decimal(f"{bare}.{rest}")


NUMBER = (
    r"(?<![\w.,])-?(?:\d{1,3}(?:[ '’\u00a0\u202f]\d{3})+(?:[.,]\d+)?|\d{1,3}(?:[.,]\d{3})+(?:[.,]\d+)?|\d+(?:[.,]\d+)?)"
)
"""A number, to be part of a larger pattern; read it with `parse_number`."""
CODES = "|".join(sorted(EXPONENTS))
SYMBOLS = r"US\$|CA\$|AU\$|NZ\$|HK\$|[ACRS]\$|[€$£¥₹₺₴₩₪]"


def either_case(words: Iterable[str]) -> str:
    """Words in any case, the longest first; ASCII, since elsewhere signs such as ſ match that no table holds."""
    forms = {form for word in words for form in ((word,) if word.isascii() else (word, word.upper()))}
    return rf"(?ai:{'|'.join(sorted(forms, key=lambda form: (-len(form), form)))})"


NAMES = either_case(word for word in WORDS if word.isalpha())
_SIGN_OR_CODE = rf"(?-i:{SYMBOLS}|\b(?:{CODES})\b)"
BEFORE = rf"(?:{_SIGN_OR_CODE}|\b{either_case(word for word in WORDS if word.upper() in EXPONENTS)}\b)"
"""A sign or a code, as it stands before a number, to be part of a larger pattern; read it with `currency_of`."""
CURRENCY = rf"(?:{_SIGN_OR_CODE}|\b{NAMES}\b|\bfr\.)"
"""The same or a word, as it stands behind a number."""
SCALE = r"(?:(?ai:k|m|bn)\b|\s?(?ai:tsd|thousand|mio|million|billion)\b\.?)"
"""A word of size right behind a number; read it with `scale_of`."""


def currency_of(mark: str) -> str:
    """The ISO code of a sign, a code or a word that `CURRENCY` matches."""
    return mark if mark in EXPONENTS else WORDS[mark.lower()]


def scale_of(word: str | None) -> int:
    """How many times a number is taken that has this word of size behind it, 1 for none."""
    return SCALES[word.strip().rstrip(".").lower()] if word and word.strip() else 1
