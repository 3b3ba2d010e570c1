"""An invoice as EN 16931 asks for it, written as UN/CEFACT Cross Industry Invoice: for Factur-X, ZUGFeRD, XRechnung.

    invoice, sender ──lacks?──▶ what the norm wants and nobody has told ──▶ cii ──▶ XML bytes

The order of elements is that of the schema. Amounts are those of `memory.business.totals`, rounded there.
"""

from __future__ import annotations

import re
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from agents.tools.billing.xml_tree import Tree, fill
from config.countries import EU, country_of
from memory.business.totals import Line, Totals, totals
from memory.money import EXPONENTS, plain

EN16931 = "urn:cen.eu:en16931:2017"
XRECHNUNG = f"{EN16931}#compliant#urn:xeinkauf.de:kosit:xrechnung_3.0"
_RSM = "urn:un:unece:uncefact:data:standard:CrossIndustryInvoice:100"
_RAM = "urn:un:unece:uncefact:data:standard:ReusableAggregateBusinessInformationEntity:100"
_UDT = "urn:un:unece:uncefact:data:standard:UnqualifiedDataType:100"
UNITS = {"h": "HUR", "day": "DAY", "week": "WEE", "month": "MON", "year": "ANN", "item": "C62", "": "C62"}
"""UN/ECE Recommendation 20; what is not in it is counted as one piece."""
_POST = re.compile(r"^(?:[A-Z]{1,2}-)?(?P<code>\d[\d -]{2,7}\d|[A-Z]{1,2}\d[\dA-Z]? ?\d[A-Z]{2})\s+(?P<city>\D.*)$")


@dataclass(frozen=True)
class Rule:
    """Why a line has no VAT: the category of UNTDID 5305, the code of VATEX, and the sentence that is printed."""

    category: str
    code: str
    why: str


RULES = {
    "reverse_charge": Rule("AE", "VATEX-EU-AE", "Reverse charge: the recipient accounts for the VAT."),
    "small_business": Rule("E", "", "No VAT is charged under the small-business exemption."),
    "outside": Rule("O", "VATEX-EU-O", "Not subject to VAT here: the service is supplied where the recipient is."),
    "exempt": Rule("E", "", "Exempt from VAT."),
}
SMALL_BUSINESS = {
    "DE": "Gemäß § 19 UStG wird keine Umsatzsteuer berechnet.",
    "AT": "Umsatzsteuerfrei aufgrund der Kleinunternehmerregelung (§ 6 Abs. 1 Z 27 UStG).",
    "FR": "TVA non applicable, art. 293 B du CGI.",
    "PT": "IVA – regime de isenção (artigo 53.º do CIVA).",
    "IT": "Operazione senza applicazione dell'IVA, regime forfettario (art. 1, commi 54-89, L. 190/2014).",
}
"""The words some countries ask for."""


def rule_of(treatment: str, vat: Decimal, sender_country: str = "") -> Rule:
    """The rule that a line follows."""
    if vat:
        return Rule("S", "", "")
    if treatment == "small_business" and sender_country in SMALL_BUSINESS:
        return Rule("E", "", SMALL_BUSINESS[sender_country])
    return RULES.get(treatment, Rule("Z", "", ""))


def lacks(invoice: dict[str, Any], sender: dict[str, Any]) -> list[str]:
    """What an e-invoice needs and is not known, as words for the user; nothing when it can be written."""
    client = invoice["client"]
    missing = []
    if not sender.get("name") and not sender.get("company"):
        missing.append("your name")
    if not sender.get("tax_id"):
        missing.append("your tax number")
    if not country_of(sender.get("country") or "", sender.get("tax_id") or "", sender.get("address") or ""):
        missing.append("your country")
    if not client.get("name"):
        return [*missing, "the client"]
    if not country_in(client):
        missing.append("the client's country")
    if invoice.get("treatment") == "reverse_charge" and not client.get("tax_id"):
        missing.append("the client's VAT number")
    return missing


def cii(invoice: dict[str, Any], sender: dict[str, Any], *, guideline: str = EN16931, buyer: str = "") -> bytes:
    """The XML of an invoice as `invoice_text.as_json` gives it; `buyer` is the buyer's reference or Leitweg-ID.

    A credit note has the type 381 and positive amounts.
    """
    from lxml import etree

    lines = tuple(Line(d, Decimal(q), u, Decimal(p), Decimal(v)) for d, q, u, p, v in invoice["lines"])
    sums = totals(lines, invoice["currency"])
    root = etree.Element(f"{{{_RSM}}}CrossIndustryInvoice", nsmap={"rsm": _RSM, "ram": _RAM, "udt": _UDT})
    fill(root, _document(invoice, sender, lines, sums, guideline, buyer), {"": _RAM, "rsm": _RSM, "udt": _UDT})
    return bytes(etree.tostring(root, xml_declaration=True, encoding="UTF-8", pretty_print=True))


def _document(
    invoice: dict[str, Any], sender: dict[str, Any], lines: tuple[Line, ...], sums: Totals, guideline: str, buyer: str
) -> Tree:
    credit = invoice.get("kind") == "credit"
    home = country_in(sender)
    treatment = str(invoice.get("treatment") or "standard")
    context: Tree = [("GuidelineSpecifiedDocumentContextParameter", [("ID", guideline)])]
    if guideline == XRECHNUNG:
        billing = "urn:fdc:peppol.eu:2017:poacc:billing:01:1.0"
        context.insert(0, ("BusinessProcessSpecifiedDocumentContextParameter", [("ID", billing)]))
    paper: Tree = [
        ("ID", invoice["number"]),
        ("TypeCode", "381" if credit else "380"),
        ("IssueDateTime", _day(invoice["issued_on"])),
        ("IncludedNote", [("Content", invoice.get("note"))]),
    ]
    scope = any(rule_of(treatment, line.vat, home).category == "O" for line in lines)
    trade: Tree = [_line(place, line, sums, invoice, home) for place, line in enumerate(lines, start=1)]
    trade.append(
        (
            "ApplicableHeaderTradeAgreement",
            [
                ("BuyerReference", buyer),
                ("SellerTradeParty", _party(sender, contact=guideline == XRECHNUNG, outside=scope)),
                ("BuyerTradeParty", _party(invoice["client"], outside=scope)),
            ],
        )
    )
    delivered = invoice.get("served_until") or invoice["issued_on"]
    event = ("ActualDeliverySupplyChainEvent", [("OccurrenceDateTime", _day(delivered))])
    trade.append(("ApplicableHeaderTradeDelivery", [event]))
    trade.append(("ApplicableHeaderTradeSettlement", _settlement(invoice, sender, sums, treatment, home)))
    return [
        ("rsm:ExchangedDocumentContext", context),
        ("rsm:ExchangedDocument", paper),
        ("rsm:SupplyChainTradeTransaction", trade),
    ]


def _line(place: int, line: Line, sums: Totals, invoice: dict[str, Any], home: str) -> tuple[Any, ...]:
    sign = -1 if invoice.get("kind") == "credit" else 1
    rule = rule_of(str(invoice.get("treatment") or ""), line.vat, home)
    tax: Tree = [("TypeCode", "VAT"), ("CategoryCode", rule.category)]
    if rule.category != "O":
        tax.append(("RateApplicablePercent", plain(line.vat)))
    amount = amount_text(sums.amounts[place - 1].amount * sign, invoice["currency"])
    return (
        "IncludedSupplyChainTradeLineItem",
        [
            ("AssociatedDocumentLineDocument", [("LineID", str(place))]),
            ("SpecifiedTradeProduct", [("Name", line.description)]),
            (
                "SpecifiedLineTradeAgreement",
                [("NetPriceProductTradePrice", [("ChargeAmount", plain(line.price))])],
            ),
            (
                "SpecifiedLineTradeDelivery",
                [("BilledQuantity", plain(line.quantity * sign), {"unitCode": UNITS.get(line.unit, "C62")})],
            ),
            (
                "SpecifiedLineTradeSettlement",
                [
                    ("ApplicableTradeTax", tax),
                    ("SpecifiedTradeSettlementLineMonetarySummation", [("LineTotalAmount", amount)]),
                ],
            ),
        ],
    )


def _party(who: dict[str, Any], *, contact: bool = False, outside: bool = False) -> Tree:
    tax, email = re.sub(r"\s", "", str(who.get("tax_id") or "")), str(who.get("email") or "")
    name, person = str(who.get("company") or who.get("name") or ""), str(who.get("name") or "")
    mail = [("EmailURIUniversalCommunication", [("URIID", email)])]
    phone = [("TelephoneUniversalCommunication", [("CompleteNumber", who.get("phone"))])]
    is_vat = bool(re.fullmatch(r"[A-Z]{2}[0-9A-Z+*]{2,13}", tax))
    own_id = [("ID", tax)] if tax and (outside or not is_vat) else []
    registered = [("ID", tax, {"schemeID": "VA" if is_vat else "FC"})] if tax and not (outside and is_vat) else []
    return [
        *own_id,
        ("Name", name),
        ("DefinedTradeContact", [("PersonName", person), *phone, *mail] if contact else []),
        ("PostalTradeAddress", _address(who)),
        ("URIUniversalCommunication", [("URIID", email, {"schemeID": "EM"})] if email else []),
        ("SpecifiedTaxRegistration", registered),
    ]


@dataclass(frozen=True)
class Address:
    """The parts of a postal address; `country` is its code."""

    street: str
    more: str
    code: str
    city: str
    country: str


def address_of(who: dict[str, Any]) -> Address:
    """Street, code and town of an address as people write it, one part a line or between commas."""
    lines = [one.strip() for one in re.split(r"[\n,]", str(who.get("address") or "")) if one.strip()]
    if lines and country_of(lines[-1]):
        lines.pop()
    found = next((match for one in reversed(lines) if (match := _POST.match(one))), None)
    if found:
        lines.remove(found[0])
    city = found["city"] if found else lines.pop() if len(lines) > 1 else ""
    streets = [*lines, "", ""]
    return Address(streets[0], streets[1], found["code"] if found else "", city, country_in(who))


def _address(who: dict[str, Any]) -> Tree:
    where = address_of(who)
    return [
        ("PostcodeCode", where.code),
        ("LineOne", where.street),
        ("LineTwo", where.more),
        ("CityName", where.city),
        ("CountryID", where.country),
    ]


def _settlement(invoice: dict[str, Any], sender: dict[str, Any], sums: Totals, treatment: str, home: str) -> Tree:
    currency, credit = invoice["currency"], invoice.get("kind") == "credit"
    sign = -1 if credit else 1

    def money(amount: Decimal) -> str:
        return amount_text(amount * sign, currency)

    iban = re.sub(r"\s", "", str(sender.get("iban") or ""))
    account: Tree = [("TypeCode", "58"), ("PayeePartyCreditorFinancialAccount", [("IBANID", iban)])]
    taxes: Tree = []
    for group in sums.groups:
        rule = rule_of(treatment, group.vat, home)
        parts: Tree = [
            ("CalculatedAmount", money(group.tax.amount)),
            ("TypeCode", "VAT"),
            ("ExemptionReason", rule.why),
            ("BasisAmount", money(group.net.amount)),
            ("CategoryCode", rule.category),
            ("ExemptionReasonCode", rule.code),
        ]
        if rule.category != "O":
            parts.append(("RateApplicablePercent", plain(group.vat)))
        taxes.append(("ApplicableTradeTax", parts))
    since, until = invoice.get("served_from"), invoice.get("served_until")
    period: Tree = [("StartDateTime", _day(since)), ("EndDateTime", _day(until))] if since and until else []
    paid = Decimal(invoice.get("prepaid") or 0)
    due: Tree = [("DueDateDateTime", _day(invoice["due_on"]))]
    terms = "Credited." if credit else f"Please pay by {invoice['due_on']}."
    summed: Tree = [
        ("LineTotalAmount", money(sums.net.amount)),
        ("TaxBasisTotalAmount", money(sums.net.amount)),
        ("TaxTotalAmount", money(sums.tax.amount), {"currencyID": currency}),
        ("GrandTotalAmount", money(sums.total.amount)),
        ("TotalPrepaidAmount", money(paid) if paid else ""),
        ("DuePayableAmount", money(sums.total.amount - paid)),
    ]
    corrected: Tree = [("IssuerAssignedID", invoice.get("corrects_number"))] if credit else []
    return [
        ("PaymentReference", invoice["number"]),
        ("InvoiceCurrencyCode", currency),
        ("SpecifiedTradeSettlementPaymentMeans", account if iban else [("TypeCode", "1")]),
        *taxes,
        ("BillingSpecifiedPeriod", period),
        ("SpecifiedTradePaymentTerms", [("Description", terms), *due]),
        ("SpecifiedTradeSettlementHeaderMonetarySummation", summed),
        ("InvoiceReferencedDocument", corrected),
    ]


def country_in(who: dict[str, Any]) -> str:
    """The code of the country somebody is in, as far as they told; else empty."""
    return country_of(str(who.get("country") or ""), str(who.get("tax_id") or ""), str(who.get("address") or ""))


def treatment_for(sender: dict[str, Any], client: dict[str, Any], vat: Decimal | None) -> str:
    """Why an invoice without VAT has none, from where both are and what the sender is: what nobody said otherwise.

    Services to a business in another EU country are taxed there (Directive 2006/112/EC, articles 44 and 196), those to
    a business outside the EU not here. A `vat` of above 0 is always standard.
    """
    if vat:
        return "standard"
    home, there = country_in(sender), country_in(client)
    if there and home in EU and there != home:
        return "reverse_charge" if there in EU and client.get("tax_id") else "standard" if there in EU else "outside"
    return "standard"


def _day(text: str | None) -> Tree:
    return [("udt:DateTimeString", text.replace("-", ""), {"format": "102"})] if text else []


def amount_text(amount: Decimal, currency: str) -> str:
    """An amount as the norm writes it: at most two decimals, no sign on nothing."""
    return f"{amount + 0:.{min(2, EXPONENTS[currency])}f}"
