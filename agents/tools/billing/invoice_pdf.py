"""Draws an invoice on A4: made in another process, because fonts and layout take their time.

The page, from the top: who sends it and the word Invoice; who gets it beside number and dates; the lines, with the
table's head on every page; net, tax by rate and total; how to pay; the sender's details at the foot of every page.
"""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from typing import Any

from agents.tools.billing.invoice_code import beside, epc
from agents.tools.billing.invoice_page import canvas, sender_name, word_for
from agents.tools.billing.invoice_seal import embed
from agents.tools.billing.invoice_style import ACCENT, FAINT, INK, RULE, SOFT, fonts
from agents.tools.billing.invoice_style import paragraph as _p
from agents.tools.billing.invoice_xml import RULES, lacks, rule_of
from agents.tools.text.languages import day_in, sum_in
from agents.tools.writing.papers import say
from config.countries import country_of
from memory.business.totals import Line, Totals, totals
from memory.money import UNITS, Money, plain

UNIT_NAMES = {"h": "h", "day": "days", "item": "", "": ""}
TRANSLATED = frozenset("day days week weeks month months page pages word words".split())


def draw(invoice: dict[str, Any], sender: dict[str, Any], path: str, language: str = "en") -> dict[str, Any]:
    """Write the PDF of an invoice to `path` and return ``{"path", "pages", "e_invoice", "lacks"}``.

    Where all is known that EN 16931 asks for it is a Factur-X file; what was not known is in ``lacks``.

    Args:
        invoice: number, state, client (name, address, tax_id, email), issued_on, due_on, paid_on (ISO dates), currency,
            note, kind, treatment, prepaid, and lines: description, quantity, unit, price, vat (numbers as text).
        sender: the profile's fields name, title, company, address, email, phone, tax_id, iban; any may be missing.
        path: where to write.
        language: the code of one that papers are written in.
    """
    from reportlab.lib.pagesizes import A4
    from reportlab.lib.units import mm
    from reportlab.platypus import BaseDocTemplate, Frame, PageTemplate

    fonts()
    lines = tuple(Line(d, Decimal(q), u, Decimal(p), Decimal(v)) for d, q, u, p, v in invoice["lines"])
    sums = totals(lines, invoice["currency"])
    document = BaseDocTemplate(
        path,
        pagesize=A4,
        title=f"{word_for(invoice, language)} {invoice['number']}",
        author=sender_name(sender) or "FreelanceX",
        subject=f"{word_for(invoice, language)} {invoice['number']}, {invoice['client'].get('name', '')}".strip(", "),
        creator="FreelanceX",
    )
    frame = Frame(20 * mm, 30 * mm, A4[0] - 40 * mm, A4[1] - 50 * mm, 0, 0, 0, 0)
    document.addPageTemplates(PageTemplate("page", [frame]))
    story = [
        *_head(invoice, sender, language),
        *_table(lines, sums, language),
        *_sums(invoice, sums, language),
        *_closing(invoice, sender, lines, language),
    ]
    document.build(story, canvasmaker=canvas(invoice, sender, language))
    missing = lacks(invoice, sender) if invoice["state"] != "void" else ["a standing invoice"]
    if not missing:
        embed(path, invoice, sender)
    return {"path": path, "pages": document.page, "e_invoice": not missing, "lacks": missing}


def long_date(text: str, language: str = "en") -> str:
    """``2026-04-01`` as ``1 April 2026``."""
    return day_in(language, date.fromisoformat(text))


def span(since: str, until: str, language: str = "en") -> str:
    """``1 – 27 Feb 2026``, ``28 Jan – 3 Feb 2026``, or one day; in other languages in figures."""
    first, last = date.fromisoformat(since), date.fromisoformat(until)
    if language != "en":
        return " – ".join(dict.fromkeys(f"{day:%d.%m.%Y}" for day in (first, last)))
    if first == last:
        return f"{last.day} {last:%b %Y}"
    same = (first.year, first.month) == (last.year, last.month)
    begin = str(first.day) if same else f"{first.day} {first:%b}" + (f" {first:%Y}" if first.year < last.year else "")
    return f"{begin} – {last.day} {last:%b %Y}"


def quantity_text(line: Line, language: str = "en") -> str:
    """``12.5 h``, ``3 days``, ``2``."""
    number = plain(line.quantity)
    many = next((word for word, unit in UNITS.items() if unit == line.unit and word.endswith("s")), line.unit)
    unit = UNIT_NAMES.get(line.unit, many)
    if line.quantity <= 1 and unit.endswith("s"):
        unit = line.unit
    unit = say(unit, language) if unit in TRANSLATED else unit
    return f"{sum_in(language, number)} {unit}".strip()


def price_text(price: Decimal, currency: str) -> str:
    """A unit price with as many decimals as it has: a price a word may lie below a cent."""
    money = Money(price, currency)
    if money.rounded().amount == price:
        return money.text()
    digits = money.text()
    return digits.replace(f"{abs(money.rounded().amount):,f}", f"{price.normalize():,f}")


def _head(invoice: dict[str, Any], sender: dict[str, Any], language: str) -> list[Any]:
    from reportlab.lib.units import mm
    from reportlab.platypus import Spacer, Table, TableStyle

    bare = TableStyle([(f"{side}PADDING", (0, 0), (-1, -1), 0) for side in ("LEFT", "RIGHT", "TOP", "BOTTOM")])
    bare.add("VALIGN", (0, 0), (-1, -1), "TOP")
    name = sender_name(sender)
    under = str(sender.get("name") or "") if sender.get("company") else str(sender.get("title") or "")
    left = [_p(name, 14, bold=True, lead=1.25)] if name else []
    if under:
        left.append(_p(under, 9, color=SOFT))
    title = Table(
        [[left or "", _p(word_for(invoice, language), 23, color=ACCENT, right=True, lead=1.0)]],
        [100 * mm, 70 * mm],
        style=bare,
    )
    client = invoice["client"]
    to: list[Any] = []
    if client.get("name"):
        to = [_p(say("Billed to", language), 7.5, color=SOFT), Spacer(1, 1.5 * mm), _p(client["name"], 10.5, bold=True)]
    to += [_p(client[field], 9) for field in ("address", "email") if client.get(field)]
    if client.get("tax_id"):
        to.append(_p(say("VAT ID {}", language, client["tax_id"]), 9, color=SOFT))
    facts = [("Number", invoice["number"]), ("Date", long_date(invoice["issued_on"], language))]
    if invoice.get("served_from") and invoice.get("served_until"):
        facts.append(("Work done", span(invoice["served_from"], invoice["served_until"], language)))
    if invoice.get("corrects_number"):
        facts.append(("Corrects", f"{say('Invoice', language)} {invoice['corrects_number']}"))
    if invoice.get("paid_on"):
        facts.append(("Paid on", long_date(invoice["paid_on"], language)))
    elif invoice.get("kind") != "credit":
        facts.append(("Due", long_date(invoice["due_on"], language)))
    meta = Table(
        [
            [_p(say(label, language), 8.5, color=SOFT), _p(value, 9, bold=label == "Number", right=True)]
            for label, value in facts
        ],
        [20 * mm, 40 * mm],
        style=bare,
    )
    meta.setStyle(TableStyle([("BOTTOMPADDING", (0, 0), (-1, -1), 3)]))
    parties = Table([[to or "", meta]], [110 * mm, 60 * mm], style=bare)
    return [title, Spacer(1, 17 * mm), parties, Spacer(1, 12 * mm)]


def _table(lines: tuple[Line, ...], sums: Totals, language: str) -> list[Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.units import mm
    from reportlab.platypus import LongTable, TableStyle

    taxed = any(line.vat for line in lines)
    heads = ["Description", "Quantity", "Unit price", *(["VAT"] if taxed else []), "Amount"]
    rows = [[_p(say(head, language), 7.5, color=SOFT, right=n > 0) for n, head in enumerate(heads)]]
    for line, amount in zip(lines, sums.amounts, strict=True):
        cells = [
            _p(line.description, 9),
            _p(quantity_text(line, language), 9, right=True),
            _p(sum_in(language, price_text(line.price, sums.net.currency)), 9, right=True),
            _p(f"{sum_in(language, plain(line.vat))} %", 9, right=True),
            _p(sum_in(language, amount.text()), 9, right=True),
        ]
        rows.append(cells if taxed else [*cells[:3], cells[4]])
    widths = [w * mm for w in ((74, 24, 28, 14, 30) if taxed else (82, 26, 30, 32))]
    style = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "TOP"),
            ("LEFTPADDING", (0, 0), (0, -1), 0),
            ("RIGHTPADDING", (-1, 0), (-1, -1), 8),
            ("BOTTOMPADDING", (0, 0), (-1, 0), 4),
            ("TOPPADDING", (0, 1), (-1, -1), 6),
            ("BOTTOMPADDING", (0, 1), (-1, -1), 6),
            ("LINEBELOW", (0, 1), (-1, -1), 0.4, HexColor(RULE)),
            # last, because a split table draws a row's rule over it otherwise
            ("LINEBELOW", (0, 0), (-1, 0), 0.9, HexColor(INK)),
        ]
    )
    return [LongTable(rows, widths, repeatRows=1, splitInRow=1, style=style)]


def _sums(invoice: dict[str, Any], sums: Totals, language: str) -> list[Any]:
    from reportlab.lib.colors import HexColor
    from reportlab.lib.units import mm
    from reportlab.platypus import KeepTogether, Spacer, Table, TableStyle

    def row(label: str, amount: Money, *filled: str) -> list[Any]:
        said = sum_in(language, amount.text())
        return [_p(say(label, language, *filled), 9, color=SOFT), _p(said, 9, right=True)]

    rows = [row("Net", sums.net)]
    for group in sums.groups:
        percent = sum_in(language, plain(group.vat))
        if len(sums.groups) > 1:
            rows.append(row("VAT {} % on {}", group.tax, percent, sum_in(language, group.net.text())))
        elif group.vat:
            rows.append(row("VAT {} %", group.tax, percent))
    rows = rows if len(rows) > 1 else []
    open_ = still_open(invoice, sums.total)
    part_paid = bool(invoice.get("prepaid")) and invoice["state"] == "sent"
    if part_paid:
        rows += [row("Total", sums.total), row("Paid or credited", open_ - sums.total)]
    name, last = ("Still open", open_) if part_paid else ("Total", sums.total)
    ends = sum_in(language, last.text())
    rows.append([_p(say(name, language), 11, bold=True), _p(ends, 11, bold=True, right=True)])
    style = TableStyle(
        [
            ("VALIGN", (0, 0), (-1, -1), "MIDDLE"),
            ("LEFTPADDING", (0, 0), (-1, -1), 8),
            ("RIGHTPADDING", (0, 0), (-1, -1), 8),
            ("TOPPADDING", (0, 0), (-1, -2), 3),
            ("BOTTOMPADDING", (0, 0), (-1, -2), 3),
            ("TOPPADDING", (0, -1), (-1, -1), 6),
            ("BOTTOMPADDING", (0, -1), (-1, -1), 8),
            ("BACKGROUND", (0, -1), (-1, -1), HexColor(FAINT)),
        ]
    )
    return [Spacer(1, 5 * mm), KeepTogether(Table(rows, [52 * mm, 42 * mm], style=style, hAlign="RIGHT"))]


def still_open(invoice: dict[str, Any], total: Money) -> Money:
    """What is to be paid after what was paid or credited before."""
    return total - Money(Decimal(invoice.get("prepaid") or 0), total.currency)


def _closing(invoice: dict[str, Any], sender: dict[str, Any], lines: tuple[Line, ...], language: str) -> list[Any]:
    from reportlab.lib.units import mm
    from reportlab.platypus import KeepTogether, Spacer

    total = totals(lines, invoice["currency"]).total
    parts: list[Any] = [Spacer(1, 12 * mm)]
    home = country_of(*(str(sender.get(name) or "") for name in ("country", "tax_id", "address")))
    rules = {rule_of(str(invoice.get("treatment") or ""), line.vat, home).why for line in lines} - {""}
    general = {rule.why for rule in RULES.values()}
    usual = general if rules else set()
    for said in [*sorted(rules), *([invoice["note"]] if invoice.get("note") and invoice["note"] not in usual else [])]:
        parts += [_p(say(said, language) if said in general - {""} else said, 9), Spacer(1, 5 * mm)]
    if invoice["state"] == "void":
        return [
            KeepTogether(
                [*parts, _p(say("This invoice was cancelled. Nothing is to be paid.", language), 9, bold=True)]
            )
        ]
    if invoice.get("kind") == "credit":
        return [
            KeepTogether(
                [*parts, _p(say("This amount is taken off what you owe, or paid back.", language), 9, bold=True)]
            )
        ]
    if invoice["state"] == "paid":
        return [KeepTogether([*parts, _p(say("Paid in full, with thanks.", language), 9, bold=True)])]
    open_ = still_open(invoice, total)
    amount, due = sum_in(language, open_.text()), long_date(invoice["due_on"], language)
    words = [_p(say("Please pay {} by {}.", language, amount, due), 9, bold=True)]
    paper = f"{say('Invoice', language)} {invoice['number']}"
    if sender.get("iban"):
        words += [
            Spacer(1, 1.5 * mm),
            _p(say("Account holder: {}", language, str(sender.get("name") or sender_name(sender))), 9, color=SOFT),
            _p(f"IBAN: {spaced_iban(str(sender['iban']))}", 9, color=SOFT),
            _p(say("Reference: {}", language, paper), 9, color=SOFT),
        ]
    code = epc(paper, str(sender.get("name") or sender_name(sender)), sender, open_)
    return [KeepTogether([*parts, beside(words, code) if code else words[0], *([] if code else words[1:])])]


def spaced_iban(iban: str) -> str:
    """An IBAN in groups of four, as it is printed."""
    bare = "".join(iban.split()).upper()
    return " ".join(bare[n : n + 4] for n in range(0, len(bare), 4))
