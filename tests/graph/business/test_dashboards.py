"""Dashboards and reports through the chat."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from agents.tools.today.chart_pictures import draw
from agents.tools.today.dashboards import month_meant, read_view
from graph.events import Done, StepFinished
from graph.reply import Message, reply
from graph.runtime import Runtime
from memory.business.totals import Line
from memory.money import Money


async def earned(runtime: Runtime, amount: int) -> None:
    made = await runtime.stores.invoices.create(
        "local", lines=[Line("work", Decimal(1), "", Decimal(amount))], currency="EUR", client="Acme",
        issued_on=date.today(), due_on=date.today(),
    )  # fmt: skip
    await runtime.stores.invoices.move(made.id, "sent", user="local", on=date.today())
    await runtime.stores.invoices.pay(made.id, Money(Decimal(amount), "EUR"), user="local", on=date.today())


async def asked(runtime: Runtime, text: str) -> tuple[StepFinished, str]:
    events = [event async for event in reply(Message(text=text, thread="t", user="local"), runtime)]
    done = next(event for event in events if isinstance(event, Done))
    return next(event for event in events if isinstance(event, StepFinished)), done.text


async def test_a_dashboard_is_said_in_figures_and_opens_at_its_view(runtime: Runtime) -> None:
    await earned(runtime, 700)
    step, answer = await asked(runtime, "show my money dashboard")
    assert step.finding.data["dashboard"] == "money"
    assert "Received this month: **700.00 €**" in answer and "/dashboard" in answer


async def test_its_charts_come_as_pictures_when_asked_for(runtime: Runtime) -> None:
    await earned(runtime, 700)
    step, _ = await asked(runtime, "show my money dashboard with charts")
    assert step.finding.artifacts and {one.mime for one in step.finding.artifacts} == {"image/png"}
    assert "By" in step.finding.artifacts[0].caption or "twelve months" in step.finding.artifacts[0].caption


async def test_the_report_on_a_month_is_a_pdf_with_its_sums(runtime: Runtime) -> None:
    import pypdfium2

    await earned(runtime, 700)
    step, answer = await asked(runtime, f"monthly report for {date.today():%B}")
    assert "Received: **700.00 €**" in answer
    file = await runtime.stores.files.get(step.finding.artifacts[0].id, user="local")
    assert file is not None and file.name == f"Report for {date.today():%B %Y}.pdf"
    document = pypdfium2.PdfDocument(await runtime.stores.files.read(file))
    text = "".join(page.get_textpage().get_text_range() for page in document)
    assert "Received by client" not in text  # it is in the picture
    assert "700.00 €" in text and "Acme" in text and f"{date.today().year}-0001" in text


async def test_a_month_the_books_say_nothing_of_is_said(runtime: Runtime) -> None:
    _, answer = await asked(runtime, "annual report for 2019")
    assert "Your books say nothing of 2019" in answer


@pytest.mark.parametrize(
    ("text", "view"),
    [
        ("show my dashboard", "money"),
        ("open the time dashboard", "time"),
        ("privacy dashboard please", "privacy"),
        ("zeig mir das Dashboard zu meinen Jobs", "jobs"),
        ("what's on my plate today?", None),
    ],
)
def test_the_view_is_read_from_the_words(text: str, view: str | None) -> None:
    assert (read_view(text) or {}).get("view") == view


@pytest.mark.parametrize(
    ("text", "month"),
    [
        ("monthly report for October", "2025-10"),
        ("monthly report", "2026-02"),
        ("report for this month", "2026-03"),
        ("report for january", "2026-01"),
        ("annual report for 2024", "2024"),
        ("yearly report", "2026"),
        ("Monatsbericht für Dezember 2024", "2024-12"),
    ],
)
def test_the_month_meant_lies_in_the_past(text: str, month: str) -> None:
    asked = read_view(text)
    assert asked is not None and month_meant(asked["month"], date(2026, 3, 9)) == month


@pytest.mark.parametrize("form", ["columns", "stack", "bars", "lines", "band"])
def test_every_form_of_chart_can_be_drawn_as_png_and_svg(form: str, tmp_path: Path) -> None:
    series = [{"name": name, "values": [1.0, 2.0, None], "tone": ""} for name in ("Low", "Middle", "High")]
    chart = {
        "name": "chart", "title": "A chart", "form": form, "unit": "money", "currency": "EUR", "dated": form == "lines",
        "labels": ["2026-11-01", "2026-11-02", "2026-11-03"], "series": series,
    }  # fmt: skip
    assert draw(chart, tmp_path / "chart.png").read_bytes().startswith(b"\x89PNG")
    assert "<svg" in draw(chart, tmp_path / "chart.svg").read_text("utf-8")
