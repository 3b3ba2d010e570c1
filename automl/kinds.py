"""What a column of texts holds: numbers, dates, yes or no, categories, or free text; and its values as such.

`infer` decides once, on the training table; `convert` reads any later column as the kind that was decided, with that
file's own way of writing numbers and dates.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from typing import Any, Literal

import numpy as np
import numpy.typing as npt
import pandas as pd

Kind = Literal["number", "boolean", "date", "category", "text", "empty"]

ENOUGH = 0.95
"""The share of values that must read as a kind before the column is of that kind."""

MISSING = frozenset(
    "na n/a n.a. nan null none nil nat missing k.a. - -- ? inf -inf infinity -infinity"
    " #n/a #na #null! #value! #div/0! #ref!".split()
) | {""}
TRUE = frozenset(["yes", "true", "y", "t", "ja", "oui", "si", "sí", "wahr", "vrai", "on"])
FALSE = frozenset(["no", "false", "n", "f", "nein", "non", "falsch", "faux", "off"])
SYMBOLS = {"€": "EUR", "$": "USD", "£": "GBP", "¥": "JPY", "₹": "INR", "%": "%"}
CODES = r"EUR|USD|GBP|CHF|JPY|INR|CAD|AUD|NZD|SEK|NOK|DKK|PLN|CZK|HUF|BRL|MXN|ZAR|CNY"
UNIT = re.compile(rf"(?P<symbol>[€$£¥₹%])|\b(?P<code>{CODES})\b", re.IGNORECASE)
POINT = r"(?:\d{1,3}(?:[,' ]\d{3})+|\d+)(?:\.\d*)?|\.\d+"
COMMA = r"(?:\d{1,3}(?:[.' ]\d{3})+|\d+)(?:,\d*)?|,\d+"
NUMBER = {
    ".": re.compile(rf"^[+-]?(?:{POINT})(?:e[+-]?\d+)?$", re.IGNORECASE),
    ",": re.compile(rf"^[+-]?(?:{COMMA})(?:e[+-]?\d+)?$", re.IGNORECASE),
}
DATES = (
    "%Y-%m-%d",
    "%Y-%m-%d %H:%M:%S",
    "%Y-%m-%dT%H:%M:%S",
    "%Y-%m-%d %H:%M",
    "%Y/%m/%d",
    "%d.%m.%Y",
    "%d.%m.%y",
    "%d.%m.%Y %H:%M",
    "%d/%m/%Y",
    "%m/%d/%Y",
    "%d/%m/%y",
    "%m/%d/%y",
    "%d/%m/%Y %H:%M",
    "%m/%d/%Y %H:%M",
    "%d-%m-%Y",
    "%m-%d-%Y",
    "%d %b %Y",
    "%d-%b-%Y",
    "%d %B %Y",
    "%b %d, %Y",
    "%B %d, %Y",
    "%Y-%m",
    "ISO8601",
)
SWAPPED = {form: f"%m/%d{form[5:]}" for form in DATES if form.startswith("%d/%m")}
SWAPPED["%d-%m-%Y"] = "%m-%d-%Y"


@dataclass(frozen=True)
class ColumnType:
    """What a column holds. `unit` is a currency code or "%", `decimal` its decimal sign, `format` its way with dates.

    `spoilt` counts the values that do not read as the kind and are taken as missing; `ambiguous` says that days and
    months could be swapped without contradiction.
    """

    kind: Kind
    unit: str = ""
    decimal: str = "."
    format: str = ""
    spoilt: int = 0
    ambiguous: bool = False


def blank_missing(values: pd.Series[Any]) -> pd.Series[Any]:
    """The texts with every way of writing "nothing" made missing."""
    return values.mask(values.str.casefold().isin(MISSING))


def plain_numbers(values: pd.Series[Any]) -> npt.NDArray[np.float64] | None:
    """The numbers of a column that holds nothing but plain ones ("12", "-0.5"), as most do; None for any other.

    What it finds, `infer` and `convert` would find too, only that a table of thousands of columns had to wait for it.
    """
    texts = values.to_numpy(dtype=object)
    try:
        numbers = texts.astype(float)
    except (TypeError, ValueError):
        return None
    codes = any(text[:1] == "0" and text[1:2].isdigit() for text in texts)
    return numbers if np.isfinite(numbers).all() and not codes and not any("_" in text for text in texts) else None


def infer(values: pd.Series[Any], decimal_comma: bool = False) -> ColumnType:
    """The kind of a column of texts (missing already blank)."""
    known = values.dropna()
    if known.empty:
        return ColumnType("empty")
    distinct = known.unique()
    lowered = {str(value).casefold() for value in distinct} if len(distinct) <= len(TRUE | FALSE) * 3 else set()
    if lowered <= TRUE | FALSE and lowered & TRUE and lowered & FALSE:
        return ColumnType("boolean")
    number = _number_type(known, decimal_comma)
    if number is not None:
        return number
    date = _date_type(known)
    if date is not None:
        return date
    words = known.str.count(r"\S+").mean()
    return ColumnType("text" if words >= 4 and known.nunique() > 0.5 * len(known) else "category")


def convert(values: pd.Series[Any], kind: Kind, prefer: str = "", decimal_comma: bool = False) -> pd.Series[Any]:
    """A column of texts (missing already blank) as `kind`: float, datetime, or text; what does not read is missing.

    `prefer` is the date format of the training table, kept unless another reads more.
    """
    if kind == "number":
        return _numbers(values, _decimal(values.dropna(), decimal_comma))
    if kind == "boolean":
        lowered = values.str.casefold()
        truth = lowered.isin(TRUE | {"1", "1.0"}).astype(float)
        return truth.where(lowered.isin(TRUE | FALSE | {"1", "0", "1.0", "0.0"}))
    if kind == "date":
        known = values.dropna()
        formats = ((prefer,) if prefer else ()) + DATES
        best = max(formats, key=lambda form: int(_dates(known, form).notna().sum())) if len(known) else DATES[0]
        return _dates(values, best)
    return values


def _number_type(known: pd.Series[Any], decimal_comma: bool) -> ColumnType | None:
    if known.str.fullmatch(r"\d+").all() and known.str.fullmatch(r"0\d+").any():
        return None  # codes such as post codes: their leading zeros would be lost
    if not decimal_comma and np.isfinite(pd.to_numeric(known, errors="coerce").astype(float)).all():
        return ColumnType("number")
    decimal = _decimal(known, decimal_comma)
    numbers = _numbers(known, decimal)
    if numbers.notna().mean() < ENOUGH:
        return None
    units = known.head(1000).str.extract(UNIT)
    unit = ""
    if units["symbol"].notna().mean() > 0.5:
        unit = SYMBOLS[units["symbol"].mode()[0]]
    elif units["code"].notna().mean() > 0.5:
        unit = str(units["code"].mode()[0]).upper()
    return ColumnType("number", unit=unit, decimal=decimal, spoilt=int(numbers.isna().sum()))


def _bare(values: pd.Series[Any]) -> pd.Series[Any]:
    """Numbers without currency, percent sign and odd spaces; parentheses and a trailing minus made a leading one."""
    bare = values.str.replace(UNIT, "", regex=True).str.replace("\u2212", "-", regex=False)
    bare = bare.str.replace(r"[\u00a0\u202f]", " ", regex=True)
    bare = bare.str.strip().str.replace(r"^\((.*)\)$", r"-\1", regex=True).str.replace(r"^(.*\d)-$", r"-\1", regex=True)
    return bare.str.replace(r"^([+-])\s+", r"\1", regex=True)


def _decimal(known: pd.Series[Any], decimal_comma: bool) -> str:
    """The decimal sign of a column, by what can only be one; else as the file does."""
    if not decimal_comma and pd.to_numeric(known, errors="coerce").notna().all():
        return "."
    bare = _bare(known[known.str.contains(",", regex=False) | known.str.contains(".", regex=False)].head(5000))
    if bare.empty:
        return "."
    comma = int((bare.str.match(NUMBER[","]) & ~bare.str.match(NUMBER["."])).sum())
    point = int((bare.str.match(NUMBER["."]) & ~bare.str.match(NUMBER[","])).sum())
    if comma == point:
        return "," if decimal_comma else "."
    return "," if comma > point else "."


def _numbers(values: pd.Series[Any], decimal: str) -> pd.Series[Any]:
    plain = pd.to_numeric(values, errors="coerce") if decimal == "." else pd.Series(np.nan, index=values.index)
    rest = values[plain.isna() & values.notna()]
    numbers = plain.astype(float)
    if len(rest):
        bare = _bare(rest)
        bare = bare.where(bare.str.match(NUMBER[decimal]))
        bare = bare.str.replace(r"[' ]", "", regex=True).str.replace("," if decimal == "." else ".", "", regex=False)
        numbers.loc[rest.index] = pd.to_numeric(bare.str.replace(",", ".", regex=False), errors="coerce").astype(float)
    return numbers.where(np.isfinite(numbers))


def _date_type(known: pd.Series[Any]) -> ColumnType | None:
    if known.str.contains(r"\d", regex=True).mean() < ENOUGH:
        return None
    sample = known.head(2000)
    shares = {form: float(_dates(sample, form).notna().mean()) for form in DATES}
    best = max(shares, key=lambda form: shares[form])
    if shares[best] < ENOUGH:
        return None
    spoilt = int(_dates(known, best).isna().sum())
    other = SWAPPED.get(best)
    return ColumnType("date", format=best, spoilt=spoilt, ambiguous=other is not None and shares[other] == shares[best])


def _dates(values: pd.Series[Any], form: str) -> pd.Series[Any]:
    parsed = pd.to_datetime(values, format=form, errors="coerce", utc=True)
    return parsed.dt.tz_localize(None)
