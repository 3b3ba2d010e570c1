"""What else the documents agent does: compares versions, takes out tables and fields, opens locked files and scans."""

from __future__ import annotations

import csv
from typing import Any

import pytest

from agents.deps import Deps, JobError
from agents.spec import AgentError, Finding, Given
from agents.specialists.documents import AGENT, DocumentTask, read
from memory.files import FileRef
from tests.agents.specialists.reader import put
from tests.integrations.media.documents import made

V1 = """# Fees

The client pays within 14 days after the date of the invoice by bank transfer.

# Term

Either party may end the contract with a notice of 30 days.

The contractor may name the client as a reference.
"""
V2 = """# Fees

The contractor may name the client as a reference.

The client pays within 90 days after the date of the invoice by bank transfer.

# Term

Each late delivery costs a penalty of 5 % of the fee per week.
"""
INVOICE = """Pixel Forge Ltd
Invoice No.: {number}
Date: {day}
Subtotal | 800.00 EUR
VAT 19 % | 152.00 EUR
Total due | {total} EUR
"""


async def ask(deps: Deps, text: str, *files: FileRef, **task: Any) -> Finding:
    return await AGENT.run(DocumentTask(**task), Given(text=text, message=text, files=files), deps)


async def artifact(finding: Finding, suffix: str, deps: Deps) -> str:
    made = next(one for one in finding.artifacts if one.name.endswith(suffix))
    return (await deps.stores.files.read(made)).decode()


async def test_two_versions_are_compared_by_paragraph_and_word(reader: Deps) -> None:
    old, new = await put(reader, "terms v1.md", V1), await put(reader, "terms v2.md", V2)
    finding = await ask(reader, "what changed between these two versions?", new, old)
    assert "within ~~14~~ **90** days" in finding.text
    assert {one["kind"] for one in finding.data["changes"]} == {"changed", "moved", "added", "removed"}
    assert (finding.data["old"], finding.data["new"]) == ("terms v1.md", "terms v2.md")
    page = await artifact(finding, ".html", reader)
    assert "<del>14</del><ins>90</ins>" in page and "penalty of 5 %" in page
    assert "~~14~~ **90**" in (await artifact(finding, ".md", reader))
    assert finding.trust == "outside"


async def test_what_is_compared_cannot_become_markup(reader: Deps) -> None:
    old, new = await put(reader, "a.txt", "Fee"), await put(reader, "b.txt", "Fee <img src=x onerror=1> ![x](http://y)")
    finding = await ask(reader, "compare them", old, new)
    assert "<img" not in (await artifact(finding, ".html", reader)) and "![" not in finding.text


async def test_one_document_is_not_compared(reader: Deps) -> None:
    with pytest.raises(AgentError, match="two versions"):
        await ask(reader, "compare the two versions", await put(reader, "a.md", V1))


async def test_fields_the_user_names_become_a_table_and_a_csv(reader: Deps) -> None:
    files = [
        await put(reader, "one.txt", INVOICE.format(number="A-17", day="3 May 2026", total="952.00")),
        await put(reader, "two.txt", INVOICE.format(number="A-18", day="4 June 2026", total="1,952.00")),
    ]
    finding = await ask(reader, "extract invoice number, date and total from these", *files)
    assert list(csv.reader((await artifact(finding, ".csv", reader)).splitlines())) == [
        ["Document", "invoice number", "date", "total"],
        ["one.txt", "A-17", "2026-05-03", "952.00 €"],
        ["two.txt", "A-18", "2026-06-04", "1,952.00 €"],
    ]
    assert [record.kind for record in finding.records] == ["document", "document", "dataset"]


@pytest.mark.parametrize(
    "schema",
    [
        "fill this schema from the document: invoice number (text), date (date), total (number)",
        'extract {"invoice number": "string", "date": "date", "total": "number"} from this',
        "make a table with the columns invoice number (text), date and total (number) from this invoice",
    ],
)
async def test_a_schema_the_user_describes_says_what_kind_each_value_is(reader: Deps, schema: str) -> None:
    file = await put(reader, "one.txt", INVOICE.format(number="A-17", day="3 May 2026", total="952.00"))
    finding = await ask(reader, schema, file)
    head, row = csv.reader((await artifact(finding, ".csv", reader)).splitlines())
    assert head == ["Document", "invoice number", "date", "total"]
    assert row == ["one.txt", "A-17", "2026-05-03", "952.00"]  # a number, not a sum of money


async def test_a_field_that_is_not_there_is_said_to_be_missing(reader: Deps) -> None:
    file = await put(reader, "one.txt", INVOICE.format(number="A-17", day="3 May 2026", total="952.00"))
    finding = await ask(reader, "extract the IBAN and the total from this", file)
    assert "not found" in finding.text and "1 value I did not find" in finding.text


async def test_tables_become_data_sets(reader: Deps) -> None:
    finding = await ask(reader, "get the tables out of this as csv", await put(reader, "brief.docx", made.docx()))
    assert list(csv.reader((await artifact(finding, ".csv", reader)).splitlines())) == [list(row) for row in made.ROWS]
    assert finding.records[-1].kind == "dataset"


async def test_a_cell_that_would_start_a_formula_stays_text(reader: Deps) -> None:
    file = await put(reader, "a.md", "| Name | Sum |\n|---|---|\n| =cmd() | -5.00 |\n| @x | +1 |\n")
    finding = await ask(reader, "extract the tables", file)
    assert list(csv.reader((await artifact(finding, ".csv", reader)).splitlines()))[1:] == [
        ["'=cmd()", "-5.00"],
        ["'@x", "+1"],
    ]


async def test_tracked_changes_and_comments_are_listed(reader: Deps) -> None:
    finding = await ask(
        reader, "which comments and tracked changes are in it?", await put(reader, "a.docx", made.docx())
    )
    assert "Comment by Ben: Is this enough?" in finding.text and "deleted “14”" in finding.text


async def test_a_summary_can_go_by_sections(reader: Deps) -> None:
    finding = await ask(reader, "summarise it section by section", await put(reader, "a.md", V1))
    assert [one["heading"] for one in finding.data["sections"]] == ["Fees", "Term"]


async def test_a_locked_pdf_is_opened_with_the_password_said(reader: Deps) -> None:
    file = await put(reader, "a.pdf", made.locked_pdf("Sommer24"))
    with pytest.raises(JobError, match="the password is"):
        await ask(reader, "summarise this", file)
    finding = await ask(reader, "the password is Sommer24", document=file.id)
    assert "12,000 EUR" in finding.text and "Sommer24" not in finding.text


async def test_a_scanned_contract_is_questioned_with_its_page(reader: Deps) -> None:
    pages = ("Service contract", "5. Termination\n\nEither party may end this contract\nwith 14 days' written notice.")
    finding = await ask(reader, "how long is the notice period?", await put(reader, "a.pdf", made.scanned_pdf(*pages)))
    assert "14 days' written notice" in finding.text and "(page 2)" in finding.text


@pytest.mark.parametrize(
    ("clause", "actions"),
    [
        ("Vergleiche die beiden Fassungen", ["compare"]),
        ("what is different in the new version", ["compare"]),
        ("export all tables from the PDF", ["tables"]),
        ("summarise the report by section", ["sections"]),
        ("extract all amounts from the PDF", ["amounts"]),
        ("Fasse das Dokument zusammen", ["summary"]),
        ("pull the vendor and the due date out of this invoice", ["fields"]),
        ("give me a JSON with vendor, total and due date from this invoice", ["fields"]),
        ("pull these out of the pdf: client, project, daily rate", ["fields"]),
        ("what does it say about payment: is it 30 days?", ["question"]),
        ("get the table with prices out of this pdf", ["tables"]),
        ("read the attached document and tell me who owns the rights", ["question"]),
    ],
)
def test_what_a_sentence_asks_for(clause: str, actions: list[str]) -> None:
    assert read(clause)["actions"] == actions
