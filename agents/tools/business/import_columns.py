"""Reads tables other programs export, and proposes what their columns are: hours, clients, or a bank statement.

    bytes ──▶ header found (banks write lines above it), delimiter, encoding ──▶ Sheet
    Sheet ──▶ Plan: the kind, whose format it is, and which column fills which field

Columns as the programs document them: Kimai, Toggl Track, Harvest, Invoice Ninja; and the words German, French, Spanish
and Italian banks use.
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

from config.errors import Mendable
from memory.money import parse_number

MOST_ROWS = 20_000
FIELDS: dict[str, dict[str, str]] = {
    "hours": {
        "day": r"date|day|start date|datum|fecha|jour|giorno|beginn",
        "minutes": r"duration|hours|hours rounded|decimal duration|time|dauer|stunden|horas|heures|ore|durée|duración",
        "begins": r"from|start time|begin|start|von",
        "ends": r"to|end time|end|bis",
        "client": r"client|customer|kunde|cliente|account",
        "project": r"project|projekt|proyecto|projet|progetto",
        "task": r"task|activity|tätigkeit|actividad|activité",
        "note": r"description|notes?|beschreibung|comment|descripción",
    },
    "clients": {
        "name": r"client name|name|client|company|company name|customer|kunde|firma|cliente|empresa|société",
        "email": r"(?:contact )?e-?mail(?: address)?|contact\.email|client email|correo|courriel",
        "phone": r"(?:client |contact )?phone(?: number)?|telefon|teléfono|téléphone|telefono",
        "address": r"(?:street )?address(?: ?1| line 1)?|street|straße|adresse|dirección|indirizzo|client street",
        "town": r"city|town|client city|ort|stadt|ciudad|ville|città",
        "postcode": r"postal ?code|post ?code|zip(?: code)?|plz|client postal code|código postal|code postal|cap",
        "country": r"country|client country|land|país|pays|paese|country_id",
        "tax_id": r"vat(?: number| id)?|vat_number|client vat number|tax (?:id|number)|ust-?id(?:nr\.?)?|nif|p\.? ?iva",
        "currency": r"currency|client currency|währung|moneda|devise|valuta",
    },
    "payments": {
        "day": r"(?:booking|value|transaction|completed|payment) ?date|date|buchungstag|buchungsdatum|valuta(?:datum)?"
        r"|wertstellung|fecha(?: valor| operación)?|date (?:de )?(?:valeur|opération)|data(?: valuta| contabile)?",
        "amount": r"amount(?: \(\w+\))?|betrag(?: \(\w+\)| \(€\))?|umsatz|importe|montant|importo|valor|credit",
        "currency": r"currency|währung|moneda|devise|valuta|divisa",
        "payer": r"payer|name|counterparty|payee|sender|auftraggeber(?:/.+)?|beguenstigter/zahlungspflichtiger"
        r"|begünstigter/zahlungspflichtiger|zahlungspflichtige\*?r?|empfänger|partner name|ordenante|ordinante",
        "reference": r"reference|purpose|description|verwendungszweck|payment reference|buchungstext|concepto|libellé"
        r"|causale|descrizione|details|memo",
    },
}
NEEDED = {"hours": ({"day"}, {"minutes", "begins"}), "clients": ({"name"},), "payments": ({"day"}, {"amount"})}
_FORMATS = (
    ("Toggl Track", {"user", "email", "client", "project", "start date", "start time", "duration"}),
    ("Harvest", {"date", "client", "project", "task", "notes", "hours", "billable?"}),
    ("Kimai", {"date", "duration", "customer", "project", "activity"}),
    ("Invoice Ninja", {"client name", "client currency"}),
    ("Invoice Ninja", {"client_name", "contact_email"}),
)


class Unreadable(Mendable):
    """The file is no table that can be taken in; the message says what it lacks."""


@dataclass(frozen=True)
class Sheet:
    """A table as it was read: its `head`, and rows with as many cells."""

    head: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True)
class Plan:
    """What a table is taken for: `columns` give each field the place of its column; `format` is empty if unknown."""

    kind: str
    format: str
    columns: dict[str, int]


def read_file(path: str) -> dict[str, Any]:
    """The table in the file at `path`, as JSON, for a job. Raises Unreadable, OSError."""
    sheet = read_sheet(Path(path).read_bytes())
    return {"head": sheet.head, "rows": sheet.rows}


def read_sheet(data: bytes) -> Sheet:
    """The table in a CSV file. Raises Unreadable."""
    text = _decoded(data)
    sample = text[:20_000]
    delimiter = max(",;\t|", key=lambda sign: sample.count(sign))
    rows = [row for row in csv.reader(io.StringIO(text), delimiter=delimiter) if any(cell.strip() for cell in row)]
    if len(rows) > MOST_ROWS:
        raise Unreadable(f"This table has {len(rows):,} rows; split it into parts of {MOST_ROWS:,}.")
    top = next((number for number, row in enumerate(rows[:30]) if _known(row) >= 2), None)
    if top is None:
        top = next((number for number, row in enumerate(rows[:30]) if _known(row)), None)
    if top is None or len(rows) <= top + 1:
        raise Unreadable("I know none of its columns; name them for example Date, Client, Hours, or Name, Email.")
    head = tuple(cell.strip() for cell in rows[top])
    body = (tuple(cell.strip() for cell in [*row, *[""] * len(head)][: len(head)]) for row in rows[top + 1 :])
    return Sheet(head, tuple(body))


def plan_of(sheet: Sheet, kind: str = "") -> Plan:
    """What it is taken for; `kind` when the user said so. Raises Unreadable for a table that is none of them."""
    names = {cell.casefold() for cell in sheet.head}
    made_by = next((name for name, columns in _FORMATS if columns <= names), "")
    found: list[Plan] = []
    for one in [kind] if kind else FIELDS:
        columns = _columns(sheet.head, one)
        if all(any(field in columns for field in some) for some in NEEDED[one]):
            found.append(Plan(one, made_by, columns))
    if not found:
        wanted = "a date and hours, a client's name, or a date and an amount"
        raise Unreadable(f"I need {wanted}; this table has {', '.join(sheet.head[:8])}.")
    return max(found, key=lambda plan: len(plan.columns))


def as_text(plan: Plan, sheet: Sheet) -> str:
    """The columns as a user may change them: each field of the kind on a line of its own, ``day: Start date``."""
    names = {field: sheet.head[place] for field, place in plan.columns.items()}
    return "\n".join(f"{field}: {names.get(field, '')}".rstrip() for field in FIELDS[plan.kind])


def from_text(kind: str, text: str, sheet: Sheet) -> Plan:
    """What `as_text` wrote, as the user changed it. Raises Unreadable for a line that names no field or no column."""
    places = {cell.casefold(): place for place, cell in reversed(list(enumerate(sheet.head)))}
    columns: dict[str, int] = {}
    for line in text.splitlines():
        field, _, column = (part.strip() for part in line.partition(":"))
        if not column:
            continue
        if field not in FIELDS[kind]:
            raise Unreadable(f"“{field}” is none of what I keep; these are: {', '.join(FIELDS[kind])}.")
        if column.casefold() not in places:
            raise Unreadable(f"The table has no column “{column}”; it has {', '.join(filter(None, sheet.head))}.")
        columns[field] = places[column.casefold()]
    for some in NEEDED[kind]:
        if not some & columns.keys():
            raise Unreadable(f"A column is needed for {' or '.join(sorted(some))}.")
    return Plan(kind, "", columns)


def days_in(cells: Sequence[str]) -> list[date | None]:
    """The days a column holds; 3/4 is read as the rest of the column has it, day first when nothing tells."""
    parts = [re.findall(r"\d+", cell)[:3] for cell in cells]
    slashed = [one for one, cell in zip(parts, cells, strict=True) if "/" in cell and len(one) == 3 and len(one[0]) < 4]
    month_first = any(int(one[1]) > 12 for one in slashed) and not any(int(one[0]) > 12 for one in slashed)
    return [_day(one, month_first and "/" in cell) for one, cell in zip(parts, cells, strict=True)]


def minutes_in(cell: str) -> int | None:
    """``1:30:00``, ``1:30``, ``1.5``, ``1,5 h``, ``90 min`` in minutes; None for anything else or nothing."""
    if found := re.fullmatch(r"(\d{1,3}):([0-5]\d)(?::([0-5]\d))?(?:\s*h)?", cell):
        return int(found[1]) * 60 + int(found[2]) + (int(found[3] or 0) >= 30)
    if found := re.fullmatch(r"(\d+(?:[.,]\d+)?)\s*(h|hours?|std\.?|m|min(?:utes)?)?", cell, re.I):
        amount = Decimal(found[1].replace(",", "."))
        return round(amount if (found[2] or "h").lower().startswith("m") else amount * 60)
    return None


def amount_in(cell: str) -> Decimal | None:
    """``1.234,50``, ``-20.00 €``, ``(20.00)``; None for anything else."""
    found = re.search(r"\d[\d.,' ]*", cell)
    if not found:
        return None
    try:
        amount = parse_number(found[0].strip())
    except (ValueError, ArithmeticError):
        return None
    return -amount if re.search(r"[-−]\s*[€$£]?\s*\d|\(|\d\s*-$", cell) else amount


def _decoded(data: bytes) -> str:
    for encoding in ("utf-8-sig", "utf-16") if data[:2] in (b"\xff\xfe", b"\xfe\xff") else ("utf-8-sig",):
        try:
            return data.decode(encoding)
        except UnicodeDecodeError:
            continue
    return data.decode("cp1252", "replace")


def _columns(head: Sequence[str], kind: str) -> dict[str, int]:
    found: dict[str, int] = {}
    for field, words in FIELDS[kind].items():
        for place, cell in enumerate(head):
            if place not in found.values() and re.fullmatch(words, cell.strip().casefold()):
                found[field] = place
                break
    return found


def _known(row: Sequence[str]) -> int:
    return max(len(_columns(row, kind)) for kind in FIELDS)


def _day(parts: Sequence[str], month_first: bool) -> date | None:
    if len(parts) < 3:
        return None
    first, second, third = (int(part) for part in parts)
    year, month, day = (first, second, third) if len(parts[0]) == 4 else (third, second, first)
    if month_first:
        month, day = day, month
    try:
        return date(year + 2000 if year < 100 else year, month, day)
    except ValueError:
        return None
