"""Takes the fields a user names out of documents: "invoice number, date and total" become a row of typed values.

words ──▶ fields, each with its kind and the labels it has in documents
lines ──▶ the first label that stands there ──▶ the value behind it, in the next cell, or on the next line
"""

from __future__ import annotations

import csv
import io
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, replace
from typing import Any, Literal

from agents.tools.calculation.numbers import amounts, money_text
from config.dates import written_dates

Kind = Literal["date", "money", "code", "email", "iban", "tax id", "percent", "number", "text"]
MOST_FIELDS = 20

# What people call a field, its kind, and its labels in documents, the surest first.
_KNOWN: tuple[tuple[str, Kind, str], ...] = (
    (r"(?:invoice|bill|receipt|rechnungs?)[- ]?(?:number|no\.?|nr\.?|nummer|#|id)", "code",
     r"invoice (?:number|no|nr|id|#)|rechnungs?[- ]?(?:nummer|nr)|num[ée]ro de facture|facture n[o°º]?|"
     r"n[úu]mero de factura|factura n[o°º.]?|n(?:umero|[.°º]) fattura|fattura n[.°º]?|fatura n[.°º]?|invoice"),
    (r"(?:order|po|purchase order|contract|customer|client|reference|project)[- ]?(?:number|no\.?|nr\.?|id)", "code",
     ""),
    (r"due(?: date| on| by)?|payment date|fälligkeit\w*|fällig am", "date",
     r"due date|due on|due by|payable by|payment due|due|fällig(?:keit)?(?: am)?|zahlbar bis|échéance|"
     r"(?:fecha de )?vencimiento|scadenza|(?:data de )?vencimento"),
    (r"(?:invoice |issue |contract |rechnungs)?(?:date|datum)", "date",
     r"invoice date|date of issue|issue date|rechnungsdatum|date de facturation|fecha de (?:la )?factura|data fattura|"
     r"data da fatura|dated?|datum|fecha|data"),
    (r"(?:sub ?total|net(?: (?:amount|total|sum))?|netto\w*|zwischensumme)", "money",
     r"net (?:amount|total)|sub ?total|netto(?:betrag)?|zwischensumme|total ht|base imponible|imponibile|subtotal|net"),
    (r"(?:vat|tax|mwst|ust)(?: amount)?|steuer\w*", "money",
     r"(?:vat|sales tax|tax|mwst|ust|umsatzsteuer|mehrwertsteuer|tva|iva)\b"),
    (r"(?:grand |gross |invoice )?(?:total|sum|amount|price|gesamt\w*|betrag|rechnungsbetrag|totale)(?: (?:amount|due|"
     r"price|sum))?", "money",
     r"grand total|total due|amount due|balance due|total amount|invoice total|gesamtbetrag|rechnungsbetrag|"
     r"bruttobetrag|gesamtsumme|endbetrag|zu zahlen|total ttc|total à payer|importe total|total a pagar|"
     r"totale (?:fattura|da pagare)|"
     r"total|gesamt|summe|totale|montant|importe|amount|fee|price"),
    (r"(?:vendor|supplier|seller|issuer|from|sender|company|provider|lieferant|absender)(?: name)?", "text",
     r"vendor|supplier|seller|from|sender|contractor|provider|lieferant|verkäufer|auftragnehmer|fournisseur|proveedor"),
    (r"(?:client|customer|buyer|recipient|bill(?:ed)? to|kunde|auftraggeber)(?: name)?", "text",
     r"bill(?:ed)? to|invoice to|client|customer|buyer|recipient|kunde|auftraggeber|to"),
    (r"(?:vat|tax|ust)[- ]?(?:id|number|no\.?|registration)(?: number)?|ust[- ]?id\w*|steuernummer", "tax id",
     r"(?:vat|tax|ust|gst)[- ]?(?:id|no|number|reg)|ust-?idnr|steuernummer|n[°º] tva|nif|cif|partita iva|p\.? ?iva"),
    (r"iban|bank account", "iban", r"iban"),
    (r"e-?mails?(?: address(?:es)?)?", "email", r"e-?mail"),
    (r"(?:hourly |day |daily )?rate", "money", r"hourly rate|day rate|rate|stundensatz|tagessatz|tarifa|tarif"),
    (r"(?:vat|tax|discount|interest)(?: rate| percent(?:age)?)|discount", "percent", ""),
    (r"hours|quantity|stunden|menge", "number", r"hours|quantity|qty|stunden|menge|heures|horas|ore"),
)  # fmt: skip
_VERB = re.compile(
    r"\b(?:extract|pull(?: out)?|capture|collect|read out|read|get|fill|parse|list|take|put|extrahier\w*|"
    r"lies|hole?|zieh\w*|extrais|extraire|extrae\w*|estrai|extraia)\b\s+(?:me\s+)?(?:the\s+|die\s+|den\s+|das\s+)?"
    r"(?P<fields>.{3,300}?)"
    r"\s*(?=$|[.!?]?$|\b(?:from|out of|of (?:this|these|the|all|each)|in (?:this|these|the|all|each)|into|for each|"
    r"as (?:a )?(?:table|csv)|to (?:a )?(?:table|csv)|aus|von|heraus|de (?:ces?|este|estos|la|el)|da)\b)",
    re.IGNORECASE | re.DOTALL,
)
_LISTED = re.compile(
    r"(?:\b(?:columns?|fields?|keys?|schema|spalten?|felder|champs|colonnes|columnas|campos?|campi|colonne|colunas)\b"
    r"[^:,;.]{0,40}?:|\b(?:columns|fields|keys|spalten|felder|colonnes|champs|columnas|colonne|colunas)\b|"
    r"\b(?:extract|pull|get|fill|take|read|list|find|extrahier\w*|hol\w*)\b[^:]{0,60}:|"
    r"\b(?:table|spreadsheet|sheet|csv|json|tabelle|tabla|tableau|tabella|tabela)\s+(?:with|mit|con|avec|com)\b)"
    r"\s*(?:the\s+|die\s+|den\s+)?(?:columns?\s+|fields?\s+)?(?P<fields>.{3,400}?)"
    r"\s*(?=[.!?]?$|\b(?:from|out of|of|in|for) (?:this|these|the|all|each|every|my)\b|\b(?:aus|von) |"
    r"\bde (?:ces?|este|estos|la|el)\b)",
    re.IGNORECASE | re.DOTALL,
)
"""A schema as a list: behind a colon, after "columns", or what a table is to have."""
_OBJECT = re.compile(r"\{(?P<pairs>[^{}]{3,600})\}")
_PAIR = re.compile(r"[\"']?(?P<name>[\w -]{2,40}?)[\"']?\s*:\s*[\"']?(?P<kind>[\w ]+)")
_KINDS: dict[str, Kind] = {
    **dict.fromkeys(("date", "day", "datetime", "datum", "fecha"), "date"),
    **dict.fromkeys(("money", "amount", "currency", "price", "betrag", "sum"), "money"),
    **dict.fromkeys(("number", "integer", "int", "float", "decimal", "zahl"), "number"),
    **dict.fromkeys(("text", "string", "str", "words"), "text"),
    **dict.fromkeys(("percent", "percentage", "%"), "percent"),
    **dict.fromkeys(("code", "id", "identifier"), "code"), "email": "email", "iban": "iban",
}  # fmt: skip
_KIND = re.compile(r"\s*[(\[](?P<kind>[\w %]+)[)\]]$")
"""A kind the user states behind a field's name."""
_PARTS = re.compile(r"\s*(?:[,;\n]|\band\b|\bund\b|\bet\b|\by\b|\be\b|&|\+)\s*", re.IGNORECASE)
_NO_FIELD = re.compile(
    r"(?:all|key|every|any|important|main)\b.*|amounts|dates|deadlines|parties|sums|tables?|figures|prices|facts|text|it|"
    r"this|them|everything|data|information|.*\b(?:document|file|pdf|contract|clauses?|section|skills|me|matters)\b.*",
    re.IGNORECASE,
)
_EMAIL = re.compile(r"[\w.+-]+@[\w-]+(?:\.[\w-]+)+")
_IBAN = re.compile(r"\b[A-Z]{2}\d{2}(?: ?[A-Z0-9]{4}){2,7}(?: ?[A-Z0-9]{1,3})?\b")
_TAX_ID = re.compile(r"\b(?:[A-Z]{2} ?[0-9A-Z]{8,12}|\d{2,3}/\d{3}/\d{4,5}|[A-Z]?\d{8,11}[A-Z]?)\b")
_CODE = re.compile(r"(?<![\w-])(?=[\w./-]*\d)[A-Za-z0-9][\w./-]*[\w]|(?<!\w)\d+(?!\w)")
_PERCENT = re.compile(r"\d{1,3}(?:[.,]\d+)?\s?%")
_NUMBER = re.compile(r"\d+(?:[.,]\d+)*")


@dataclass(frozen=True)
class Field:
    """A field to look for: what the user calls it, its kind, and a pattern of its labels."""

    name: str
    kind: Kind
    labels: str


@dataclass(frozen=True)
class Value:
    """What was found: in its normal form (ISO date, amount with currency), the line it stands on, and where."""

    value: str
    line: str
    place: str


def fields(clause: str) -> list[str]:
    """The names of the fields that a request is for, each with its kind in brackets where the user states one.

    Empty when it is no request to take fields out.
    """
    if (found := _OBJECT.search(clause)) and (pairs := list(_PAIR.finditer(found["pairs"]))):
        return [f"{pair['name'].strip().replace('_', ' ')} ({pair['kind'].strip()})" for pair in pairs][:MOST_FIELDS]
    listed = _LISTED.search(clause)
    found = listed or _VERB.search(clause)
    if not found:
        return []
    names = [re.sub(r"^(?:the|its|their|die|der|das)\s+", "", name.strip(" .:'\""), flags=re.IGNORECASE)
             for name in _PARTS.split(found["fields"])]  # fmt: skip
    names = [name for name in names if 2 <= len(name) <= 40 and len(_bare(name).split()) <= 4]
    names = list(dict.fromkeys(name for name in names if not _NO_FIELD.fullmatch(name)))[:MOST_FIELDS]
    known = any(described(name).labels != _plain_label(_bare(name)) for name in names)
    return names if len(names) > 1 or known else []


def _bare(name: str) -> str:
    """A field's name without the kind that is stated behind it."""
    stated = _KIND.search(name)
    return name[: stated.start()] if stated and stated["kind"].lower() in _KINDS else name


def described(name: str) -> Field:
    """A field by what it is called: its kind, the stated one before the usual, and the labels it has in documents."""
    bare = _bare(name)
    usual = _usual(bare)
    stated = _KIND.search(name)
    kind = _KINDS[stated["kind"].lower()] if stated and bare != name else "text"
    return usual if kind == "text" else replace(usual, kind=kind)  # whatever is found is text, too


def _usual(name: str) -> Field:
    for pattern, kind, labels in _KNOWN:
        if re.fullmatch(pattern, name, re.IGNORECASE):
            return Field(name, kind, labels or _plain_label(name))
    lowered = name.lower()
    kind = (
        "date" if re.search(r"\b(?:date|deadline|day|start|end|expiry)\b|datum", lowered)
        else "money" if re.search(r"\b(?:price|cost|fee|amount|budget|salary|deposit|total)\b|betrag|preis", lowered)
        else "code" if re.search(r"\b(?:number|no|id|code)\b|nummer", lowered)
        else "text"
    )  # fmt: skip
    return Field(name, kind, _plain_label(name))


def _plain_label(name: str) -> str:
    return r"\s+".join(re.escape(word) for word in name.lower().split())


def extract(passages: Iterable[dict[str, Any]], wanted: Sequence[str]) -> dict[str, dict[str, str]]:
    """The value of each field that a document states, by the field's name without a stated kind; for a job.

    Args:
        passages: ``{"text", "place"}`` in reading order; the lines of a text are its blocks.
        wanted: what the user calls the fields.
    """
    lines = [(line, passage["place"]) for passage in passages for line in passage["text"].splitlines()]
    found = {}
    for field in map(described, wanted[:MOST_FIELDS]):
        if value := next(_values(lines, field), None):
            found[field.name] = vars(value)
    return found


def _values(lines: Sequence[tuple[str, str]], field: Field) -> Iterator[Value]:
    for label in re.split(r"\|(?![^(\[]*[)\]])", field.labels):
        opens = re.compile(
            rf"(?:^|[|(]\s*|(?<=\s))(?P<label>{label})\b\.?(?P<sign>\s*(?:[:#|]|n[o°º]\.?|nr\.?)*)", re.I
        )
        hits = [(place, hit) for place, (line, _) in enumerate(lines) if (hit := opens.search(line))]
        if field.kind == "money" and re.search("total|gesamt|summe|betrag", label):
            hits.reverse()  # sums stand below what they add up
        hits.sort(key=lambda pair: not (pair[1].start() == 0 or pair[1]["sign"].strip()))
        for place, hit in hits:
            line, where = lines[place]
            behind = line[hit.end() :].lstrip(" :|#")
            if value := _typed(behind, field.kind, exact=bool(hit["sign"].strip() or hit.start() == 0)):
                yield Value(value, line, where)
            elif not behind and place + 1 < len(lines):
                below = lines[place + 1]
                if value := _typed(below[0], field.kind, exact=True):
                    yield Value(value, below[0], below[1])
    alone = {"email": _EMAIL, "iban": _IBAN}.get(field.kind)
    for line, where in lines if alone else ():
        if alone and (hit := alone.search(line)):
            yield Value(hit[0], line, where)


def _typed(text: str, kind: Kind, *, exact: bool) -> str:
    """The value at the beginning of what stands behind a label; empty when there is none of that kind."""
    if kind == "date":
        return next((one.date.isoformat() for one in written_dates(text[:80]) if one.date), "")
    if kind == "money":
        sums = list(amounts(text[:120]))
        return money_text(sums[-1].value, sums[-1].currency) if sums else ""
    pattern = {"email": _EMAIL, "iban": _IBAN, "tax id": _TAX_ID, "code": _CODE, "percent": _PERCENT, "number": _NUMBER}
    if kind in pattern:
        hit = pattern[kind].search(text[:60])
        return hit[0].rstrip(".,") if hit else ""
    return text.split(" | ")[0].strip(" .,;")[:120] if exact else ""


def as_csv(rows: Sequence[Sequence[str]]) -> bytes:
    """Rows as CSV for spreadsheets; a cell that would start a formula there is made text."""
    target = io.StringIO()
    writer = csv.writer(target)
    for row in rows:
        writer.writerow([_harmless(cell) for cell in row])
    return target.getvalue().encode("utf-8")


def _harmless(cell: str) -> str:
    risky = cell[:1] in ("=", "+", "-", "@", "\t", "\r") and not re.fullmatch(r"[-+]?[\d.,\s]+\W{0,2}", cell)
    return f"'{cell}" if risky else cell
