"""Makes project_brief.pdf, a client's brief that serves as sample and test input. All names are invented.

Run from the root: ``python -m data.samples.make_project_brief`` or ``python data/samples/make_project_brief.py``.
"""

from __future__ import annotations

from pathlib import Path

from reportlab.lib import colors
from reportlab.lib.enums import TA_JUSTIFY
from reportlab.lib.pagesizes import A4
from reportlab.lib.styles import ParagraphStyle, getSampleStyleSheet
from reportlab.lib.units import cm
from reportlab.pdfgen.canvas import Canvas
from reportlab.platypus import ListFlowable, PageBreak, Paragraph, SimpleDocTemplate, Spacer, Table, TableStyle

TARGET = Path(__file__).with_name("project_brief.pdf")

_SHEET = getSampleStyleSheet()
TITLE = ParagraphStyle("title", parent=_SHEET["Title"], fontSize=20, leading=24, alignment=0, spaceAfter=4)
SUBTITLE = ParagraphStyle("subtitle", parent=_SHEET["Normal"], fontSize=10.5, leading=14, textColor="#555555")
HEADING = ParagraphStyle("heading", parent=_SHEET["Heading2"], fontSize=13, leading=16, spaceBefore=12, spaceAfter=4)
BODY = ParagraphStyle("body", parent=_SHEET["Normal"], fontSize=10.5, leading=14.5, spaceAfter=6, alignment=TA_JUSTIFY)

PAGES: list[list[tuple[str, list[str]]]] = [
    [
        (
            "1. Parties",
            [
                "This project brief and service agreement is made between Nordlicht Outdoor GmbH, Hafenstrasse 12, "
                "20457 Hamburg, Germany (the Client), represented by Katrin Albers, Head of E-Commerce, and "
                "Mara Lindqvist Data Studio, Lindenweg 4, 04109 Leipzig, Germany (the Contractor).",
                "The agreement is dated 2 March 2026 and takes effect on the day both parties have signed it.",
            ],
        ),
        (
            "2. Background",
            [
                "Nordlicht sells outdoor clothing and equipment to about 84,000 active customers through its own web "
                "shop and eleven stores. In the last financial year the shop turned over 6.4 million EUR. Roughly one "
                "customer in five does not buy again within twelve months, and the marketing team writes to all of "
                "them alike because nobody can tell who is about to leave.",
                "The Client therefore wants to know, before each monthly campaign, which customers are likely to "
                "leave and why, so that the budget goes to those who can still be kept.",
            ],
        ),
        (
            "3. Scope of Work",
            [
                "The Contractor cleans and joins the order history of 36 months with the newsletter and returns data, "
                "trains and documents a model that predicts which customers will leave, and explains its most "
                "important reasons in words that the marketing team understands.",
                "- A data quality report listing what was corrected, removed or left out.",
                "- A trained model with its measured accuracy on customers it has not seen.",
                "- A ranked customer list in CSV for the April, May and June campaigns.",
                "- A dashboard in the existing Metabase installation, with training of two hours for the team.",
                "Work on the recommendation engine of the web shop is not part of this agreement.",
            ],
        ),
    ],
    [
        (
            "4. Fees and Payment Terms",
            [
                "The Contractor receives a fixed fee of 12,000.00 EUR plus 19 % VAT for the work described in "
                "section 3. 30 % of the fee is due on signing, and the remainder is payable net 30 days after "
                "acceptance of the final delivery.",
                "Additional work that the Client orders in writing is charged at 95 EUR per hour, in steps of a "
                "quarter of an hour. Travel is reimbursed at cost up to 600 EUR in total, with receipts.",
                "Invoices are sent as PDF to accounting@nordlicht-outdoor.example and must quote the order number "
                "NL-2026-0317. For late payment the Client owes interest of 9 percentage points above the base rate "
                "per year and a flat charge of 40 EUR.",
            ],
        ),
        (
            "5. Timeline and Deadlines",
            [
                "The Client provides access to the data no later than 9 March 2026. If access is late, every "
                "following date moves by the same number of working days.",
                "TABLE",
                "The final delivery is due on 30 April 2026. The Client accepts or rejects each delivery in writing "
                "within ten working days; after that it counts as accepted.",
            ],
        ),
        (
            "6. Communication",
            [
                "Both sides meet online every Tuesday at 10:00 for thirty minutes. Questions by e-mail are answered "
                "within two working days. Katrin Albers decides for the Client, and Mara Lindqvist for the Contractor.",
            ],
        ),
    ],
    [
        (
            "7. Intellectual Property",
            [
                "On full payment the Client receives the exclusive right to use the model, the customer lists and the "
                "dashboard without limit in time or place. The Contractor keeps the ownership of methods, libraries "
                "and templates that existed before the project, and grants a non-exclusive licence to use them as "
                "part of the results.",
                "The Contractor may name the Client as a reference once the project has been accepted.",
            ],
        ),
        (
            "8. Confidentiality and Data Protection",
            [
                "Each party keeps the other's confidential information secret for three years after the end of this "
                "agreement. Customer data are pseudonymised by the Client before they are handed over, are processed "
                "only on the Contractor's own computers within the European Union, and are deleted within 30 days "
                "after acceptance. The parties sign a data processing agreement under Article 28 GDPR.",
            ],
        ),
        (
            "9. Warranty and Liability",
            [
                "Defects reported within six months of acceptance are corrected free of charge. Except for intent and "
                "gross negligence, the Contractor's liability is limited to the fixed fee. No particular commercial "
                "result is owed.",
            ],
        ),
    ],
    [
        (
            "10. Termination",
            [
                "Either party may terminate this agreement with 14 days' written notice to the end of a month. Work "
                "done until then is paid in proportion, and at least 25 % of the fixed fee is owed if the Client "
                "terminates after 1 April 2026.",
                "Each party may terminate without notice for good cause, in particular if a payment is more than "
                "30 days overdue.",
            ],
        ),
        (
            "11. General",
            [
                "Changes to this agreement must be made in writing. If a clause is invalid, the others remain in "
                "force. The law of the Federal Republic of Germany applies, and the place of jurisdiction is Hamburg.",
            ],
        ),
        (
            "12. Signatures",
            [
                "Hamburg, 2 March 2026: Katrin Albers, for Nordlicht Outdoor GmbH.",
                "Leipzig, 4 March 2026: Mara Lindqvist, Mara Lindqvist Data Studio.",
            ],
        ),
    ],
]

MILESTONES = [
    ["Milestone", "Due", "Share of the fee"],
    ["Data quality report", "20 March 2026", "2,400.00 EUR"],
    ["Model and first customer list", "10 April 2026", "6,000.00 EUR"],
    ["Dashboard, training and handover", "30 April 2026", "3,600.00 EUR"],
]


def milestones() -> Table:
    """The table of dates and shares on page 2."""
    table = Table(MILESTONES, colWidths=[7 * cm, 4 * cm, 4.5 * cm], hAlign="LEFT")
    table.setStyle(
        TableStyle(
            [
                ("FONTSIZE", (0, 0), (-1, -1), 10),
                ("FONTNAME", (0, 0), (-1, 0), "Helvetica-Bold"),
                ("LINEBELOW", (0, 0), (-1, -1), 0.4, colors.grey),
                ("ALIGN", (2, 0), (2, -1), "RIGHT"),
            ]
        )
    )
    return table


def story() -> list[object]:
    """Everything that is laid out, in order."""
    parts: list[object] = [
        Paragraph("Customer Churn Analysis", TITLE),
        Paragraph("Project brief and service agreement between Nordlicht Outdoor GmbH and Mara Lindqvist", SUBTITLE),
        Spacer(1, 8),
    ]
    for number, sections in enumerate(PAGES):
        if number:
            parts.append(PageBreak())
        for heading, paragraphs in sections:
            parts.append(Paragraph(heading, HEADING))
            for paragraph in paragraphs:
                if paragraph == "TABLE":
                    parts += [milestones(), Spacer(1, 8)]
                elif paragraph.startswith("- "):
                    parts.append(ListFlowable([Paragraph(paragraph[2:], BODY)], bulletType="bullet", start="•"))
                else:
                    parts.append(Paragraph(paragraph, BODY))
    return parts


def footer(canvas: Canvas, document: SimpleDocTemplate) -> None:
    """The line at the foot of each page."""
    canvas.saveState()
    canvas.setFont("Helvetica", 8)
    canvas.setFillColor(colors.grey)
    canvas.drawString(2.2 * cm, 1.2 * cm, "Nordlicht Outdoor GmbH, order NL-2026-0317")
    canvas.drawRightString(A4[0] - 2.2 * cm, 1.2 * cm, f"Page {document.page} of {len(PAGES)}")
    canvas.restoreState()


def make(target: Path = TARGET) -> Path:
    """Write the PDF, the same bytes each time."""
    document = SimpleDocTemplate(
        str(target),
        pagesize=A4,
        leftMargin=2.2 * cm,
        rightMargin=2.2 * cm,
        topMargin=2 * cm,
        bottomMargin=2 * cm,
        title="Customer Churn Analysis: project brief",
        author="Nordlicht Outdoor GmbH",
        invariant=1,
    )
    document.build(story(), onFirstPage=footer, onLaterPages=footer)
    return target


if __name__ == "__main__":
    make()
