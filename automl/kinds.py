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

from automl.units import measured

Kind = Literal["number", "boolean", "date", "category", "text", "empty"]

ENOUGH = 0.95
"""The share of values that must read as a kind before the column is of that kind."""

LOOKED_AT = 1_000
"""Values, spread evenly, that tell whether it is worth looking at all."""

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
USUAL = 0.3
"""The share of a column's dates that must be written in the commonest way."""
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
    """What a column holds.

    `unit` is a currency code, "%" or a unit of measure, `decimal` the decimal sign, `format` the usual way of dates.

    `spoilt` counts the values that do not read as the kind and are taken as missing; `ambiguous` says that days and
    months could be swapped without contradiction; `mixed` counts the dates that are written in another way than most.
    """

    kind: Kind
    unit: str = ""
    decimal: str = "."
    format: str = ""
    spoilt: int = 0
    ambiguous: bool = False
    mixed: int = 0


def blank_missing(values: pd.Series[Any], words: bool = True) -> pd.Series[Any]:
    """The texts with every way of writing "nothing" made missing; without `words`, the empty ones alone."""
    return values.mask(values.str.lower().isin(MISSING) if words else values == "")


def plain_numbers(values: pd.Series[Any]) -> npt.NDArray[np.float64] | None:
    """The numbers of a column that holds nothing but plain ones ("12", "-0.5"), as most do; None for any other.

    What it finds, `infer` and `convert` would find too, only that a table of thousands of columns had to wait for it.
    """
    import pyarrow as pa
    import pyarrow.compute as pc

    texts = pa.array(values, pa.large_string())
    try:
        numbers = pc.cast(texts, pa.float64())
    except pa.ArrowInvalid:
        return None
    if numbers.null_count or pc.any(pc.match_substring_regex(texts, r"^0\d")).as_py():
        return None
    found: npt.NDArray[np.float64] = numbers.to_numpy(zero_copy_only=False).copy()
    return found if np.isfinite(found).all() else None


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
    words = _some(known).str.count(r"\S+").mean()
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
        some = _some(known)
        best = max(formats, key=lambda form: int(_dates(some, form).notna().sum())) if len(known) else DATES[0]
        return _any_dates(values, best)
    return values


def _some(known: pd.Series[Any]) -> pd.Series[Any]:
    """The column, or of a long one values spread evenly."""
    return known.iloc[:: max(1, len(known) // LOOKED_AT)]


def _number_type(known: pd.Series[Any], decimal_comma: bool) -> ColumnType | None:
    some = _some(known)
    if _numbers(some, _decimal(some, decimal_comma)).notna().mean() < ENOUGH / 2:
        return None  # before every value of a long column of words is looked at
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
    else:
        amounts, _, base = measured(known.head(1000))
        unit = base if amounts.notna().mean() > 0.5 else ""
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
    bare = measured(bare)[0].fillna(bare)
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
        numbers.loc[rest.index] = _written(_bare(rest), decimal)
        rest = rest[numbers.loc[rest.index].isna()]
    if len(rest):
        amounts, factor, _ = measured(rest)
        if amounts.notna().any():
            numbers.loc[rest.index] = _written(amounts, decimal) * factor
    return numbers.where(np.isfinite(numbers))


def _written(bare: pd.Series[Any], decimal: str) -> pd.Series[Any]:
    bare = bare.where(bare.str.match(NUMBER[decimal]).fillna(False).astype(bool))
    bare = bare.str.replace(r"[' ]", "", regex=True).str.replace("," if decimal == "." else ".", "", regex=False)
    return pd.to_numeric(bare.str.replace(",", ".", regex=False), errors="coerce").astype(float)


def _date_type(known: pd.Series[Any]) -> ColumnType | None:
    if known.str.contains(r"\d", regex=True).mean() < ENOUGH:
        return None
    sample = known.head(2000)
    shares = {form: float(_dates(sample, form).notna().mean()) for form in DATES}
    best = max(shares, key=lambda form: shares[form])
    if shares[best] < USUAL or float(_any_dates(sample, best).notna().mean()) < ENOUGH:
        return None
    usual, found = _dates(known, best), _any_dates(known, best)
    other = SWAPPED.get(best)
    return ColumnType(
        "date",
        format=best,
        spoilt=int(found.isna().sum()),
        ambiguous=other is not None and shares[other] == shares[best],
        mixed=int(found.notna().sum() - usual.notna().sum()),
    )


def _any_dates(values: pd.Series[Any], usual: str) -> pd.Series[Any]:
    """Dates in the usual format, and what does not read so in any other that keeps the order of days and months."""
    parsed = _dates(values, usual)
    monthly = usual in SWAPPED.values()
    barred = set(SWAPPED) if monthly else set(SWAPPED.values())
    for form in DATES:
        left = parsed.isna() & values.notna()
        if not left.any():
            break
        if form != usual and form not in barred:
            parsed.loc[left] = _dates(values[left], form)
    return parsed


def _dates(values: pd.Series[Any], form: str) -> pd.Series[Any]:
    parsed = pd.to_datetime(values, format=form, errors="coerce", utc=True)
    return parsed.dt.tz_localize(None)
