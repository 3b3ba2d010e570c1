"""What a crawl found as one table: the records that fill it best, each row with where and when it was read.

Runs in a worker process. Cells that a spreadsheet would run as a formula are made plain; numbers written with a
currency or thousands separators become numbers when all of a column are.
"""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from integrations.http_errors import Unreadable
from integrations.scraping.frontier import results

PROVENANCE = ("source_url", "fetched_at", "sha256")
PAGE_FIELDS = ("url", "title", "description", "text")
FORMULA = re.compile(r"^[=+\-@\t\r]")
NUMBER = re.compile(
    r"^(?P<before>[^\d\s.,+-]{0,4}\s?)(?P<sign>[+-]?)(?P<digits>\d[\d.,\u00a0\u202f' ]*)(?P<after>\s?[^\d\s.,]{0,4})$"
)
MAX_ROWS = 200_000

Row = dict[str, str]


@dataclass
class Kind:
    """Rows of one kind: what the page calls them, their fields in the order first seen, and the rows."""

    name: str
    kind: str
    fields: dict[str, None] = field(default_factory=dict)
    rows: list[Row] = field(default_factory=list)

    def add(self, fields: Iterable[str], rows: Iterable[Row], source: Row) -> None:
        """Add the rows of one page, with their provenance."""
        self.fields.update(dict.fromkeys(fields))
        self.rows.extend({**row, **source} for row in rows)


def build(crawl: str, target: str, what: str = "") -> dict[str, Any]:
    """Write the table that the pages of a crawl, as laid out, hold to `target` (.csv or .jsonl) and say what is in it.

    `what` are the user's words for what they want: a kind of records whose fields they name goes first. Raises
    Unreadable when the pages hold nothing.
    """
    kinds = kinds_of(results(Path(crawl)))
    if not kinds:
        raise Unreadable("The pages that were opened hold nothing to make a table of.")
    best = max(kinds, key=lambda one: _worth(one, what))
    fields, rows = list(best.fields), unique(best)
    units = {name: unit for name in fields if (unit := _numbers(rows, name)) is not None}
    write(Path(target), [*fields, *PROVENANCE], rows)
    others = [{"name": one.name, "kind": one.kind, "rows": len(one.rows)} for one in kinds if one is not best]
    return {
        "rows": len(rows),
        "fields": fields,
        "name": best.name,
        "kind": best.kind,
        "units": {name: unit for name, unit in units.items() if unit},
        "numbers": sorted(units),
        "others": others[:5],
        "sample": [{name: row.get(name, "")[:80] for name in fields[:6]} for row in rows[:5]],
    }


def kinds_of(pages: Iterable[dict[str, Any]]) -> list[Kind]:
    """Every kind of rows the pages hold; the pages themselves are one."""
    whole = Kind("pages", "pages", dict.fromkeys(PAGE_FIELDS))
    kinds: dict[tuple[str, ...], Kind] = {}
    for page in pages:
        source = {"source_url": page["url"], "fetched_at": page["fetched_at"], "sha256": page["sha256"]}
        for found in page["found"]:
            table = found["kind"] == "table"
            key = ("table", *found["fields"]) if table else ("records", found["name"])
            kind = kinds.setdefault(key, Kind(found["name"], found["kind"]))
            kind.add(found["fields"], found["rows"], source)
        if page["text"]:
            whole.add((), [{name: page[name] for name in PAGE_FIELDS}], source)
    return [kind for kind in (*kinds.values(), whole) if kind.rows]


def unique(kind: Kind) -> list[Row]:
    """The rows, each once where a row names an address: measurements may well repeat, offers do not."""
    linked = [name for name in kind.fields if re.fullmatch(r"url(?:_\d+)?", name)]
    if not linked:
        return kind.rows[:MAX_ROWS]
    rows = {tuple(row.get(name, "") for name in kind.fields): row for row in reversed(kind.rows)}
    return list(reversed(rows.values()))[:MAX_ROWS]


def write(target: Path, fields: Sequence[str], rows: Iterable[Row]) -> None:
    """Write rows as CSV or JSON lines, by the name of the file. Raises OSError."""
    with target.open("w", encoding="utf-8", newline="") as file:
        if target.suffix == ".jsonl":
            file.writelines(
                json.dumps({name: row.get(name, "") for name in fields}, ensure_ascii=False) + "\n" for row in rows
            )
            return
        writer = csv.writer(file)
        writer.writerow(fields)
        writer.writerows([_plain(row.get(name, "")) for name in fields] for row in rows)


def _plain(value: str) -> str:
    return f"'{value}" if FORMULA.match(value) and not NUMBER.match(value) else value


def _worth(kind: Kind, what: str) -> tuple[float, int]:
    """How much a kind of rows tells: filled cells, told pages least, and what the user named most."""
    words = set(re.findall(r"\w{3,}", what.lower()))
    named = {word for name in (*kind.fields, kind.name) for word in re.findall(r"[a-z]{3,}", name.lower())}
    hits = sum(any(word.startswith(part) or part.startswith(word) for word in words) for part in named)
    cells = sum(1 for row in kind.rows for name in kind.fields if row.get(name))
    if kind.kind == "pages":
        cells //= 4
    return cells * (1 + 0.5 * hits), len(kind.rows)


def _numbers(rows: list[Row], name: str) -> str | None:
    """Make a column numbers in place and return their unit; None when it is not all numbers of one unit."""
    found = [(row, NUMBER.match(row[name].strip())) for row in rows if row.get(name, "").strip()]
    if not found or any(match is None for _, match in found):
        return None
    units = {(match["before"] + match["after"]).strip() for _, match in found if match}
    values = [match["sign"] + _digits(match["digits"]) for _, match in found if match]
    if len(units) > 1 or any(re.fullmatch(r"0\d+", value) for value in values):
        return None  # codes such as 007 are names, not numbers
    for (row, _), value in zip(found, values, strict=True):
        row[name] = value
    return units.pop()


def _digits(text: str) -> str:
    """Digits with a point: the last separator is the decimal one, unless exactly three digits follow a lone comma."""
    text = re.sub(r"[\s']", "", text).rstrip(".,")
    last = max(text.rfind("."), text.rfind(","))
    if last < 0:
        return text
    whole, part = re.sub(r"[.,]", "", text[:last]), text[last + 1 :]
    grouped = len(part) == 3 and (text[last] == "," or text.count(".") > 1)
    return whole + part if grouped else f"{whole}.{part}"
