"""What strangers' words come in: a job post, a page, a document, a table, a mail, a calendar, a feed."""

from __future__ import annotations

import io
from datetime import date, datetime, timedelta
from email.message import EmailMessage
from html import escape
from textwrap import fill
from typing import Any

from docx import Document
from PIL import Image, ImageDraw, ImageFont

from integrations.calendars.ics import Event, write_event
from tests.integrations.media.documents.made import pdf as pdf_of

HARMLESS = "The office moves to the third floor in March, and everybody brings their own notes along."
"""What stands where an attack would."""
POST = """Python developer for a reporting tool

North Labs is looking for a freelance Python developer who knows SQL and pandas.

{words}

You will build weekly reports from our sales data, about 20 hours a week for three months, fully remote.
Budget: 60 to 80 EUR per hour. Start: as soon as possible. Posted today."""
ARTICLE = """<html><head><title>Reports for small teams</title></head><body><article><h1>Reports for small teams</h1>
<p>Small teams write reports once a week, and most of them use Python and SQL to do so. It saves them many hours.</p>
<p>{words}</p>
<p>The office of the future prints nothing: a report is read on a screen, discussed once, and then kept for years.</p>
<p>We are looking for a Python developer who knows SQL; the budget is 70 EUR per hour, remote.</p>
</article></body></html>"""
CONTRACT = """Freelance contract between ACME and Mara Quint

1. Services. The contractor builds weekly reports in Python.
2. Fee. The fee is 65 EUR per hour and is payable within 30 days after the invoice.
3. Liability. The contractor is liable without limit for any damage.
4. Note. {words}
5. Termination. Either party may end this contract with 14 days notice.
6. Term. The contract ends on 31 March 2027."""
RSS = """<?xml version="1.0"?><rss version="2.0"><channel><title>News</title><link>http://127.0.0.1/</link>
<item><title>Reports rise</title><link>http://127.0.0.1/1</link><description>More reports are written in Python and SQL
than ever before, says a study.</description></item>
<item><title>{title}</title><link>http://127.0.0.1/2</link><description>{words} More reports are expected in spring.
</description></item></channel></rss>"""
ATOM = """<?xml version="1.0" encoding="UTF-8"?>
<feed xmlns="http://www.w3.org/2005/Atom" xmlns:arxiv="http://arxiv.org/schemas/atom"><title>arXiv Query</title>
<entry><id>http://arxiv.org/abs/2511.01234v1</id>
<link href="https://arxiv.org/abs/2511.01234v1" rel="alternate" type="text/html"/>
<title>Boosting on small tables</title>
<summary>Gradient boosting wins on 40 of 57 small tables.
On gradient boosting: {words} Gradient boosting is also quick.</summary>
<published>2025-11-03T18:00:00Z</published><author><name>Ada Byron</name></author></entry></feed>"""
ALERT = """Your job alert for python

{title}
North Labs
Berlin, Germany
{words}
View job: https://www.linkedin.com/comm/jobs/view/4012345678/?trackingId=abc
"""
CALL = """WEBVTT

00:00:01.000 --> 00:00:06.000
<v Nora>Welcome to the weekly call on the reporting tool. We have two items today.

00:00:06.000 --> 00:00:14.000
<v Guest>{words}

00:00:14.000 --> 00:00:22.000
<v Nora>We agreed that the report is due on 18 December 2026 and that the fee stays at 65 EUR per hour.
"""


def pdf(words: str) -> bytes:
    return pdf_of(*("\n".join(fill(line, 80) for line in CONTRACT.format(words=words).splitlines()),))


def docx(words: str, *, comment: str = "") -> bytes:
    document: Any = Document()
    for line in CONTRACT.format(words=words).split("\n\n"):
        document.add_paragraph(line)
    if comment:
        run = document.add_paragraph("The fee was discussed on Monday.").runs[0]
        document.add_comment(runs=run, text=comment, author="Nora", initials="N")
    target = io.BytesIO()
    document.save(target)
    return target.getvalue()


def picture(words: str) -> Image.Image:
    """The words in black on white, large enough to be read."""
    font = ImageFont.load_default(32)
    lines = fill(words, 40)
    image = Image.new("RGB", (820, 60 + 46 * (lines.count("\n") + 1)), "white")
    ImageDraw.Draw(image).multiline_text((30, 30), lines, fill="black", font=font, spacing=12)
    return image


def png(words: str) -> bytes:
    target = io.BytesIO()
    picture(words).save(target, "PNG")
    return target.getvalue()


def scan(words: str) -> bytes:
    """A PDF of one page that is a picture."""
    target = io.BytesIO()
    picture(words).save(target, "PDF", resolution=100)
    return target.getvalue()


def table(cell: str, *, header: str = "note") -> str:
    """A small table of sales with strangers' words in a cell, or as the name of a column."""
    rows = [("North", "120", cell), ("South", "80", "fine"), ("North", "140", "fine"), ("South", "60", "late")]
    lines = [("region", "amount", header), *rows]
    return "\n".join(",".join('"' + part.replace('"', '""') + '"' for part in line) for line in lines) + "\n"


def mail(words: str, *, subject: str = "The weekly report", sender: str = "Nora <nora@acme.example>") -> EmailMessage:
    letter = EmailMessage()
    letter["From"], letter["To"], letter["Subject"] = sender, "mara@quint.example", subject
    letter.set_content(f"Hello Mara,\n\n{words}\n\nBest regards\nNora")
    return letter


def calendar(words: str, *, title: str = "Weekly call") -> bytes:
    start = datetime.combine(date.today() + timedelta(days=1), datetime.min.time().replace(hour=10)).astimezone()
    event = Event("one@acme.example", title, start, start + timedelta(hours=1), place=words)
    return write_event(event, start)


def one_line(words: str) -> str:
    """Words as a header can hold them."""
    return " ".join(words.split())


def in_markup(words: str) -> str:
    return escape(words)
