"""A question about a table, read into what is asked of which columns.

The words are matched against the table's own column names and the values of its categories, so "average price of ideal
diamonds by color" becomes: the mean of price, where cut is Ideal, by color.
"""

from __future__ import annotations

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from typing import Literal

Action = Literal[
    "describe",
    "preview",
    "count",
    "aggregate",
    "top",
    "distribution",
    "correlation",
    "missing",
    "duplicates",
    "values",
]
AGGREGATES = {
    "mean": r"average|mean|avg|typical|on average|durchschnitt\w*|mittelwert",
    "sum": r"sum|total|totals|overall amount|add up|summe",
    "median": r"median",
    "min": r"min|minimum|lowest|smallest|cheapest|least|youngest|shortest|earliest",
    "max": r"max|maximum|highest|largest|biggest|greatest|most expensive|oldest|longest|latest",
    "std": r"standard deviation|std|spread of",
}
_COUNT = r"how many|number of|count|wie viele|anzahl"
_BY = (
    r"\b(?:grouped by|group by|broken down by|split by|by each|by|per|for each|for every|across|within each|in each|je|"
    r"pro|nach)\s+(?:the\s+)?"
)
_SUPERLATIVE = r"\d+ (?:most|highest|largest|lowest|smallest|biggest|cheapest)"
_MOST = r"most|highest|lowest|largest|smallest|biggest|cheapest|best|least|fewest"
_CLEAR: dict[Action, str] = {
    "duplicates": r"duplicates?|duplicated|repeated rows|same rows twice",
    "missing": r"missing|nulls?|nans?|empty (?:cells?|values?)|gaps|incomplete",
    "correlation": r"correlat\w*|relationship|related|relation|scatter(?:plot)?|versus|vs|against",
    "top": rf"top|bottom|rank|sort(?:ed)?|order(?:ed)? by|{_SUPERLATIVE}",
    "distribution": r"distribution|histogram|distributed|spread|bar chart|pie|plot|chart|graph|visuali[sz]e|verteilung",
}
_VALUES = r"how many (?:different|unique|distinct)|unique|distinct|different values|which values|what values|categories"
_PREVIEW = r"first \d* ?rows?|preview|head|show me (?:the )?(?:data|rows|table)|few rows|sample rows?|look at the data"
_OPS = {
    ">=": r">=|≥|at least|or more than|no less than|from",
    "<=": r"<=|≤|at most|no more than|up to",
    ">": r">|over|above|more than|greater than|larger than|bigger than|higher than|exceeds?|exceeding|after",
    "<": r"<|under|below|less than|smaller than|lower than|fewer than|before",
    "!=": r"!=|<>|≠|is not|isn't|not equal to|other than",
    "=": r"==?|is|are|equals?|equal to|of|being|was",
}
_NUMBER = r"(?P<number>[-+]?\d[\d,]*(?:\.\d+)?)\s*(?P<thousand>k\b)?"


_SYNONYMS = {
    r"cheap\w*|(?:more |most |less |least )?expensive|costs?|priced?|worth|paid|pays?|spent|spend": (
        r"price|cost|amount|fee|value"
    ),
    r"old\w*|young\w*": r"\bage\b|_age\b|^age",
    r"heav\w*|light\w*": r"weight|carat|mass",
}
_LOOSE = re.compile(
    r"(?:>=|<=|>|<|\b(?:over|above|more than|greater than|larger than|at least|under|below|less than|at most|up to)\b)"
    r"\s*[-+]?\d[\d,.]*k?\b",
    re.IGNORECASE,
)


@dataclass(frozen=True)
class Filter:
    """A condition on a column: `op` is one of =, !=, <, <=, >, >=."""

    column: str
    op: str
    value: str | float


@dataclass(frozen=True)
class Query:
    """What is asked. `columns` are those named, in order; `by` are the columns to group by; `n` how many rows.

    `unread` is a condition in the question that fits no column, in its own words.
    """

    action: Action
    columns: tuple[str, ...] = ()
    how: str = ""
    by: tuple[str, ...] = ()
    filters: tuple[Filter, ...] = field(default=())
    n: int = 5
    ascending: bool = False
    unread: str = ""


def parse(question: str, kinds: Mapping[str, str], levels: Mapping[str, Sequence[str]]) -> Query:
    """Read a question. `kinds` gives each column's kind, `levels` the values of the categories."""
    text = " ".join(question.split())
    filters, rest = _filters(text, kinds, levels)
    by, rest = _group(rest, kinds)
    named = mentioned(rest, list(kinds)) or _meant(rest, kinds)
    loose = _LOOSE.search(rest)
    action, how = _action(rest, named, kinds, by, filters)
    count = re.search(r"\b(?:top|first|last|bottom|the)?\s*(\d{1,3})\b", rest)
    down = re.search(r"\b(?:bottom|lowest|smallest|cheapest|least|fewest|last)\b", rest, re.IGNORECASE)
    return Query(
        action,
        tuple(named),
        how,
        by,
        tuple(filters),
        int(count[1]) if count else 5,
        bool(down),
        loose[0] if loose else "",
    )


def mentioned(text: str, columns: Sequence[str]) -> list[str]:
    """The columns a text names, in the order it does; a longer name is found before a shorter one inside it."""
    found: list[tuple[int, str]] = []
    left = text
    for column in sorted(columns, key=len, reverse=True):
        match = re.search(_name(column), left, re.IGNORECASE if len(column) > 1 else 0)
        if match:
            found.append((match.start(), column))
            left = left[: match.start()] + "\0" * (match.end() - match.start()) + left[match.end() :]
    return [column for _, column in sorted(found)]


def _meant(text: str, kinds: Mapping[str, str]) -> list[str]:
    """The number column that words such as "cheapest" or "oldest" speak of."""
    for words, names in _SYNONYMS.items():
        if re.search(rf"\b(?:{words})\b", text, re.IGNORECASE):
            fitting = [c for c in kinds if kinds[c] == "number" and re.search(names, c, re.IGNORECASE)]
            return fitting[:1]
    return []


def _name(column: str) -> str:
    """A pattern for a column's name, also written with spaces for underscores, and in the plural."""
    opened = re.sub(r"([a-z0-9])([A-Z])", r"\1 \2", column)
    words = [re.escape(word) for word in re.findall(r"[^\W_]+", opened)] or [re.escape(column)]
    plural = "(?:e?s)?" if len(column) > 2 else ""
    joined = r"[\s_.-]*".join(words)
    return rf"(?<!\w){joined}{plural}(?!\w)"


def _filters(text: str, kinds: Mapping[str, str], levels: Mapping[str, Sequence[str]]) -> tuple[list[Filter], str]:
    """The conditions in a text, and the text without them."""
    filters: list[Filter] = []
    for column in sorted(kinds, key=len, reverse=True):
        text = (
            _number_filters(text, column, filters)
            if kinds[column] == "number"
            else _level_filters(text, column, levels.get(column, ()), filters)
        )
    bare = [(level, column) for column, names in levels.items() for level in names if len(level) >= 3]
    for level, column in sorted(bare, key=lambda pair: -len(pair[0])):
        pattern = rf"(?<!\w){re.escape(level)}(?!\w)"
        if sum(level == other for other, _ in bare) == 1 and re.search(pattern, text, re.IGNORECASE):
            if level.casefold() in (name.casefold() for name in kinds):
                continue
            filters.append(Filter(column, "=", level))
            text = re.sub(pattern, " ", text, count=1, flags=re.IGNORECASE)
    return filters, text


def _number_filters(text: str, column: str, filters: list[Filter]) -> str:
    link = r"\s*(?:column\s*)?(?:is|are|was|of|being|=|costs?)?\s*"
    upper = _NUMBER.replace("number", "upper").replace("thousand", "k")
    between = rf"{_name(column)}{link}between\s+{_NUMBER}\s+and\s+{upper}"
    if match := re.search(between, text, re.IGNORECASE):
        filters.append(Filter(column, ">=", _value(match["number"], match["thousand"])))
        filters.append(Filter(column, "<=", _value(match["upper"], match["k"])))
        return text[: match.start()] + " " + text[match.end() :]
    for op, words in _OPS.items():
        between_words = r"\s*" if op in ("=", "!=") else link
        bound = rf"{_name(column)}{between_words}(?:{_bounded(words)})\s*{_NUMBER}"
        if match := re.search(bound, text, re.IGNORECASE):
            filters.append(Filter(column, op, _value(match["number"], match["thousand"])))
            text = text[: match.start()] + " " + text[match.end() :]
        # Also the other way round, "more than 2 carat", and "costs more than 5000" where a column is the price.
        turned = rf"(?:{_bounded(words)})\s*{_NUMBER}\s*(?:in\s+)?{_name(column)}"
        verb = next((w for w, names in _SYNONYMS.items() if re.search(names, column, re.IGNORECASE)), None)
        spoken = rf"\b(?:{verb})\s+(?:{_bounded(words)})\s*{_NUMBER}" if verb else turned
        for pattern in (turned, spoken) if op in ("<", ">", "<=", ">=") else ():
            if match := re.search(pattern, text, re.IGNORECASE):
                filters.append(Filter(column, op, _value(match["number"], match["thousand"])))
                text = text[: match.start()] + " " + text[match.end() :]
    return text


def _level_filters(text: str, column: str, names: Sequence[str], filters: list[Filter]) -> str:
    for level in sorted(names, key=len, reverse=True):
        value = rf"[\"'“‘`]?{re.escape(level)}[\"'”’`]?(?!\w)"
        for op in ("!=", "="):
            pattern = rf"{_name(column)}\s*(?:{_bounded(_OPS[op])})\s*{value}" + (
                rf"|(?<!\w){value}\s+{_name(column)}|{_name(column)}\s+{value}" if op == "=" else ""
            )
            if match := re.search(pattern, text, re.IGNORECASE):
                filters.append(Filter(column, op, level))
                text = text[: match.start()] + " " + text[match.end() :]
                break
    return text


def _bounded(words: str) -> str:
    return "|".join(rf"\b{word}\b" if word[0].isalpha() else word for word in words.split("|"))


def _value(number: str, thousand: str | None) -> float:
    return float(number.replace(",", "")) * (1000 if thousand else 1)


def _group(text: str, kinds: Mapping[str, str]) -> tuple[tuple[str, ...], str]:
    """The columns to group by, and the text without them; "top 5 by price" orders and does not group."""
    if re.search(rf"\b(?:top|bottom|sort(?:ed)?|order(?:ed)?|rank(?:ed)?|{_SUPERLATIVE})\b", text, re.IGNORECASE):
        return (), text
    for column in sorted(kinds, key=len, reverse=True):
        match = re.search(_BY + _name(column), text, re.IGNORECASE)
        if match is None and kinds[column] in ("category", "boolean"):
            best = rf"\b(?:which|what)\s+{_name(column)}(?=.*\b(?:{_MOST})\b)"
            match = re.search(best, text, re.IGNORECASE)
        if match is None:
            continue
        rest = text[match.end() :]
        for second in sorted(kinds, key=len, reverse=True):
            if also := re.match(rf"\s*(?:and|,|&)\s*{_name(second)}", rest, re.IGNORECASE):
                return (column, second), text[: match.start()] + " " + rest[also.end() :]
        return (column,), text[: match.start()] + " " + rest
    return (), text


def _action(
    text: str, named: list[str], kinds: Mapping[str, str], by: tuple[str, ...], filters: list[Filter]
) -> tuple[Action, str]:
    def says(words: str) -> bool:
        return re.search(rf"\b(?:{words})\b", text, re.IGNORECASE) is not None

    numbers = [column for column in named if kinds[column] == "number"]
    how = next((name for name, words in AGGREGATES.items() if says(words)), "")
    for action, words in _CLEAR.items():
        if says(words) and not (action == "distribution" and by and how):
            return action, ""
    if by and how in ("min", "max") and says(_MOST):
        how = "mean"  # which cut is the most expensive: compared by the average
    if how and (numbers or ((by or filters) and not says(_COUNT))):
        return "aggregate", how
    if says(_VALUES):
        return "values", ""
    if says(_PREVIEW):
        return "preview", ""
    if says(_COUNT) and not says(r"how many columns|number of columns"):
        return "count", ""
    if by or filters:
        return ("aggregate", "mean") if numbers else ("count", "")
    return ("distribution", "") if named and says(_ABOUT) else ("describe", "")


_ABOUT = r"what is|what's|show|how|describe|statistics|stats|tell"
