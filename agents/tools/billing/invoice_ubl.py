"""The same e-invoice in the norm's other syntax, OASIS UBL 2.1: what XRechnung and Peppol are also written in.

An invoice is an ``Invoice``, a credit note a ``CreditNote`` with positive amounts. The order of elements is that of the
schema; what each says, and why a line has no VAT, is decided in `invoice_xml`.
"""

from __future__ import annotations

import re
from decimal import Decimal
from typing import Any

from agents.tools.billing.invoice_xml import EN16931, UNITS, address_of, amount_text, country_in, rule_of
from agents.tools.billing.xml_tree import Tree, fill
from memory.business.totals import Line, Totals, totals
from memory.money import plain

PROFILE = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
_UBL = "urn:oasis:names:specification:ubl:schema:xsd"
_SPACES = {"": f"{_UBL}:CommonBasicComponents-2", "cac": f"{_UBL}:CommonAggregateComponents-2"}


def ubl(invoice: dict[str, Any], sender: dict[str, Any], *, guideline: str = EN16931, buyer: str = "") -> bytes:
    """The XML of an invoice as `invoice_text.as_json` gives it; `buyer` is the buyer's reference or Leitweg-ID."""
    from lxml import etree

    lines = tuple(Line(d, Decimal(q), u, Decimal(p), Decimal(v)) for d, q, u, p, v in invoice["lines"])
    name = "CreditNote" if invoice.get("kind") == "credit" else "Invoice"
    spaces = {None: f"{_UBL}:{name}-2", "cac": _SPACES["cac"], "cbc": _SPACES[""]}
    root = etree.Element(f"{{{spaces[None]}}}{name}", nsmap=spaces)
    fill(root, _document(invoice, sender, lines, totals(lines, invoice["currency"]), guideline, buyer), _SPACES)
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _document(
    invoice: dict[str, Any], sender: dict[str, Any], lines: tuple[Line, ...], sums: Totals, guideline: str, buyer: str
) -> Tree:
    credit, home, currency = invoice.get("kind") == "credit", country_in(sender), invoice["currency"]
    treatment = str(invoice.get("treatment") or "standard")
    outside = any(rule_of(treatment, line.vat, home).category == "O" for line in lines)
    corrected: Tree = [("ID", invoice.get("corrects_number"))] if credit else []
    iban = re.sub(r"\s", "", str(sender.get("iban") or ""))
    terms = "Credited." if credit else f"Please pay by {invoice['due_on']}."
    return [
        ("CustomizationID", guideline),
        ("ProfileID", PROFILE),
        ("ID", invoice["number"]),
        ("IssueDate", invoice["issued_on"]),
        ("DueDate", "" if credit else invoice["due_on"]),
        ("CreditNoteTypeCode", "381") if credit else ("InvoiceTypeCode", "380"),
        ("Note", invoice.get("note")),
        ("DocumentCurrencyCode", currency),
        ("BuyerReference", buyer),
        ("cac:InvoicePeriod", _period(invoice)),
        ("cac:BillingReference", [("cac:InvoiceDocumentReference", corrected)]),
        ("cac:AccountingSupplierParty", [("cac:Party", _party(sender, contact=True, outside=outside))]),
        ("cac:AccountingCustomerParty", [("cac:Party", _party(invoice["client"], outside=outside))]),
        ("cac:Delivery", [("ActualDeliveryDate", invoice.get("served_until") or invoice["issued_on"])]),
        (
            "cac:PaymentMeans",
            [
                ("PaymentMeansCode", "58" if iban else "1"),
                ("PaymentID", invoice["number"]),
                ("cac:PayeeFinancialAccount", [("ID", iban)]),
            ],
        ),
        ("cac:PaymentTerms", [("Note", terms)]),
        ("cac:TaxTotal", _taxes(invoice, sums, treatment, home)),
        ("cac:LegalMonetaryTotal", _sums(invoice, sums)),
        *(_line(place, line, sums, invoice, rule_of(treatment, line.vat, home).category)
          for place, line in enumerate(lines, start=1)),
    ]  # fmt: skip


def _period(invoice: dict[str, Any]) -> Tree:
    since, until = invoice.get("served_from"), invoice.get("served_until")
    return [("StartDate", since), ("EndDate", until)] if since and until else []


def _party(who: dict[str, Any], *, contact: bool = False, outside: bool = False) -> Tree:
    tax, email = re.sub(r"\s", "", str(who.get("tax_id") or "")), str(who.get("email") or "")
    name, person = str(who.get("company") or who.get("name") or ""), str(who.get("name") or "")
    is_vat = bool(re.fullmatch(r"[A-Z]{2}[0-9A-Z+*]{2,13}", tax))
    where = address_of(who)
    registered: Tree = [("CompanyID", tax), ("cac:TaxScheme", [("ID", "VAT" if is_vat else "FC")])]
    return [
        ("EndpointID", email, {"schemeID": "EM"}),
        ("cac:PartyIdentification", [("ID", tax if outside or not is_vat else "")]),
        (
            "cac:PostalAddress",
            [
                ("StreetName", where.street),
                ("AdditionalStreetName", where.more),
                ("CityName", where.city),
                ("PostalZone", where.code),
                ("cac:Country", [("IdentificationCode", where.country)]),
            ],
        ),
        ("cac:PartyTaxScheme", registered if tax and (contact or is_vat) and not (outside and is_vat) else []),
        ("cac:PartyLegalEntity", [("RegistrationName", name)]),
        (
            "cac:Contact",
            [("Name", person), ("Telephone", who.get("phone")), ("ElectronicMail", email)] if contact else [],
        ),
    ]


def _taxes(invoice: dict[str, Any], sums: Totals, treatment: str, home: str) -> Tree:
    parts: Tree = []
    for group in sums.groups:
        rule = rule_of(treatment, group.vat, home)
        kind: Tree = [
            ("ID", rule.category),
            ("Percent", plain(group.vat) if rule.category != "O" else ""),
            ("TaxExemptionReasonCode", rule.code),
            ("TaxExemptionReason", rule.why),
            ("cac:TaxScheme", [("ID", "VAT")]),
        ]
        amounts = [_money(name, sum_.amount, invoice) for name, sum_ in
                   (("TaxableAmount", group.net), ("TaxAmount", group.tax))]  # fmt: skip
        parts.append(("cac:TaxSubtotal", [*amounts, ("cac:TaxCategory", kind)]))
    return [_money("TaxAmount", sums.tax.amount, invoice), *parts]


def _sums(invoice: dict[str, Any], sums: Totals) -> Tree:
    paid = Decimal(invoice.get("prepaid") or 0)
    return [
        _money("LineExtensionAmount", sums.net.amount, invoice),
        _money("TaxExclusiveAmount", sums.net.amount, invoice),
        _money("TaxInclusiveAmount", sums.total.amount, invoice),
        *([_money("PrepaidAmount", paid, invoice)] if paid else []),
        _money("PayableAmount", sums.total.amount - paid, invoice),
    ]


def _line(place: int, line: Line, sums: Totals, invoice: dict[str, Any], category: str) -> tuple[Any, ...]:
    credit = invoice.get("kind") == "credit"
    quantity = plain(-line.quantity if credit else line.quantity)
    kind: Tree = [
        ("ID", category),
        ("Percent", plain(line.vat) if category != "O" else ""),
        ("cac:TaxScheme", [("ID", "VAT")]),
    ]
    return (
        "cac:CreditNoteLine" if credit else "cac:InvoiceLine",
        [
            ("ID", str(place)),
            ("CreditedQuantity" if credit else "InvoicedQuantity", quantity, {"unitCode": UNITS.get(line.unit, "C62")}),
            _money("LineExtensionAmount", sums.amounts[place - 1].amount, invoice),
            ("cac:Item", [("Name", line.description), ("cac:ClassifiedTaxCategory", kind)]),
            ("cac:Price", [("PriceAmount", plain(line.price), {"currencyID": invoice["currency"]})]),
        ],
    )


def _money(name: str, amount: Decimal, invoice: dict[str, Any]) -> tuple[Any, ...]:
    currency = invoice["currency"]
    sign = -1 if invoice.get("kind") == "credit" else 1
    return (name, amount_text(amount * sign, currency), {"currencyID": currency})
