"""Importing what other programs export, as their documentation has it; exporting; undoing; the sample business."""

from __future__ import annotations

import csv
import io
import zipfile
from datetime import date, timedelta
from decimal import Decimal

import pytest
from icalendar import Calendar

from agents.deps import Deps
from agents.spec import AgentError, Effect, Finding, Given
from agents.specialists.records import AGENT, RecordsTask, read
from agents.tools.business.import_columns import Unreadable, amount_in, days_in, minutes_in, plan_of, read_sheet
from memory.business.book import Refused
from memory.business.projects import Project
from memory.business.totals import Line
from memory.files import FileRef

TOGGL = """User,Email,Client,Project,Task,Description,Billable,Start date,Start time,End date,End time,Duration,Tags
Ana,a@x.example,Acme GmbH,Shop,,API work,Yes,2026-03-02,09:00:00,2026-03-02,10:30:00,01:30:00,
Ana,a@x.example,Bolt Ltd,,,Call,No,2026-03-03,14:00:00,2026-03-03,14:20:00,00:20:00,
"""
HARVEST = """Date,Client,Project,Project Code,Task,Notes,Hours,Hours Rounded,Billable?,Invoiced?,First Name,Last Name
2026-03-02,Acme GmbH,Shop,,Development,API work,1.5,1.5,Yes,No,Ana,Weber
"""
KIMAI = """Date;From;To;Duration;Currency;Rate;Name;Customer;Project;Activity;Description;Billable
02.03.2026;09:00;10:30;1:30;EUR;120;Ana;Acme GmbH;Shop;Development;"API work; second try";1
"""
NINJA_HEAD = "Client Name,Client Email,Client Phone,Client Street,Client City,Client Postal Code,Client Country,"
NINJA = f"""{NINJA_HEAD}Client Currency
Acme GmbH,pay@acme.example,+49 30 1,Lindenstr. 5,Berlin,10969,Germany,EUR
,,,,,,,
"""
BANK = """"Konto";"DE89 3704 0044 0532 0130 00"
"Zeitraum";"März 2026"

"Buchungsdatum";"Wertstellung";"Auftraggeber/Empfänger";"Verwendungszweck";"Betrag (€)"
"03.03.26";"03.03.26";"ACME GMBH";"Rechnung 2026-0001 Teil";"500,00"
"05.03.26";"05.03.26";"Bolt Ltd";"thanks";"1.190,00"
"06.03.26";"06.03.26";"Vermieter";"Miete März";"-700,00"
"09.03.26";"09.03.26";"Lotto";"Gewinn";"12,00"
"""


@pytest.fixture
def deps(table_deps: Deps) -> Deps:
    return table_deps


async def run(deps: Deps, said: str, table: str = "", name: str = "table.csv", encoding: str = "utf-8") -> Finding:
    files: tuple[FileRef, ...] = ()
    if table:
        files = (await deps.stores.files.put(table.encode(encoding), name, user=deps.user, thread=deps.thread),)
    return await AGENT.run(RecordsTask(**read(said)), Given(said, said, files), deps)


async def approved(finding: Finding, deps: Deps) -> Finding:
    assert finding.effect
    return await AGENT.effects[finding.effect.name](finding.effect.arguments, deps)


@pytest.mark.parametrize(
    ("table", "maker"),
    [(TOGGL, "Toggl Track"), (HARVEST, "Harvest"), (KIMAI, "Kimai")],
    ids=["toggl", "harvest", "kimai"],
)
async def test_hours_of_other_programs_are_shown_first_and_kept_once(deps: Deps, table: str, maker: str) -> None:
    finding = await run(deps, "import my hours", table)
    assert finding.effect and f"as {maker} exports them" in finding.effect.preview
    assert await deps.stores.time.all(deps.user) == []
    await approved(finding, deps)
    entries = await deps.stores.time.all(deps.user)
    assert (entries[0].minutes, entries[0].day) == (90, date(2026, 3, 2)) and "API work" in entries[0].note
    client = await deps.stores.clients.find(deps.user, "Acme")
    (project,) = await deps.stores.projects.all(deps.user)
    assert client and entries[0].client == client.id and entries[0].project == project.id
    await approved(await run(deps, "import my hours", table, "again.csv"), deps)
    assert len(await deps.stores.time.all(deps.user)) == len(entries), "the same table twice is kept once"


async def test_what_a_column_is_taken_as_can_be_changed_before_it_is_approved(deps: Deps) -> None:
    table = "Date;Hours;Customer;Remarks\n2026-03-02;2,5;Acme;Workshop\n"
    finding = await run(deps, "import my hours", table)
    assert finding.effect and finding.effect.editable == ("columns",)
    lines = finding.effect.arguments["columns"].splitlines()
    assert "day: Date" in lines and "client: Customer" in lines and "note:" in lines
    assert "Not used: Remarks" in finding.effect.preview

    async def changed(before: str, after: str) -> Effect:
        columns = finding.effect.arguments["columns"].replace(before, after) if finding.effect else ""
        return await AGENT.edits["import"]({**finding.data, "columns": columns}, deps)

    for before, after, told in (
        ("note:", "note: Memo", "no column “Memo”; it has Date, Hours, Customer, Remarks"),
        ("note:", "remark: Remarks", "“remark” is none of what I keep"),
        ("day: Date", "day:", "needed for day"),
    ):
        with pytest.raises(Unreadable, match=told):
            await changed(before, after)
    effect = await changed("note:", "note: remarks")
    assert "| Remarks | note | Workshop |" in effect.preview
    await AGENT.effects["import"](effect.arguments, deps)
    (entry,) = await deps.stores.time.all(deps.user)
    assert (entry.note, entry.minutes) == ("Workshop", 150)


async def test_clients_of_invoice_ninja_come_with_address_and_currency(deps: Deps) -> None:
    done = await approved(await run(deps, "import these clients", NINJA), deps)
    assert done.data == {"kept": 1, "skipped": 0}
    client = await deps.stores.clients.find(deps.user, "ACME")
    assert client and client.address == "Lindenstr. 5\n10969 Berlin\nGermany"
    assert (client.country, client.currency, client.email) == ("DE", "EUR", "pay@acme.example")


async def test_a_bank_statement_pays_the_invoices_it_names_or_fits(deps: Deps) -> None:
    day = date(2026, 3, 1)
    for name in ("Acme GmbH", "Bolt Ltd", "Third Co"):
        lines = [Line("Work", Decimal(10), "h", Decimal(100), Decimal(19))]
        made = await deps.stores.invoices.create(
            deps.user, lines=lines, currency="EUR", issued_on=day, due_on=day, client=name
        )
        await deps.stores.invoices.move(made.id, "sent", user=deps.user, on=day)
    finding = await run(deps, "import this bank statement", BANK, encoding="cp1252")
    assert finding.effect and "2 of 3 incoming lines pay an open invoice" in finding.effect.preview
    assert "**2026-0001**, by its number" in finding.effect.preview
    assert "**2026-0002**, by client and amount" in finding.effect.preview
    done = await approved(finding, deps)
    assert done.data == {"paid": 2}
    states = {one.number: (one.state, one.open.amount) for one in await deps.stores.invoices.all(deps.user)}
    assert states == {"2026-0001": ("sent", 690), "2026-0002": ("paid", 0), "2026-0003": ("sent", 1190)}
    again = await approved(await run(deps, "import this bank statement", BANK, encoding="cp1252"), deps)
    assert again.data == {"paid": 0}, "a line of a statement counts once"
    assert "payment" in (await run(deps, "undo that")).text


async def test_a_table_of_something_else_is_refused_with_what_it_lacks(deps: Deps) -> None:
    with pytest.raises(Unreadable, match="a date and hours, a client's name, or a date and an amount"):
        await run(deps, "import this", "Notes,Email\nhello,a@x.example\n")


def test_days_times_and_amounts_are_read_as_they_are_written_around() -> None:
    assert days_in(["3/4/2026", "3/25/2026"]) == [date(2026, 3, 4), date(2026, 3, 25)]
    assert days_in(["3/4/2026", "25/3/2026"]) == [date(2026, 4, 3), date(2026, 3, 25)]
    assert days_in(["2026-03-04", "04.03.26", "soon", "31.02.2026"]) == [date(2026, 3, 4), date(2026, 3, 4), None, None]
    assert [minutes_in(cell) for cell in ("1:30:00", "1:30", "1.5", "0,25 h", "45 min", "", "x")] == [
        90, 90, 90, 15, 45, None, None,
    ]  # fmt: skip
    amounts = [amount_in(cell) for cell in ("1.234,50", "-20.00 €", "(20.00)", "1,190.00", "none")]
    assert amounts == [Decimal("1234.50"), Decimal(-20), Decimal(-20), Decimal(1190), None]


def test_the_kind_follows_from_the_columns() -> None:
    assert [plan_of(read_sheet(table.encode())).kind for table in (TOGGL, NINJA, BANK)] == [
        "hours",
        "clients",
        "payments",
    ]


async def test_what_is_exported_opens_elsewhere_and_can_be_imported_again(deps: Deps) -> None:
    await approved(await run(deps, "import my hours", TOGGL), deps)
    await deps.stores.clients.save(deps.user, "=cmd GmbH")
    today = deps.today
    made = await deps.stores.invoices.create(
        deps.user, lines=[Line("Work", Decimal(1), "", Decimal(100))], currency="EUR", issued_on=today, due_on=today
    )
    await deps.stores.invoices.move(made.id, "sent", user=deps.user, on=today)
    await deps.stores.projects.save(Project(user=deps.user, title="Logo", due_on=today + timedelta(days=9)))
    finding = await run(deps, "export my business as CSV")
    file = await deps.stores.files.get(finding.artifacts[0].id, user=deps.user)
    assert file
    with zipfile.ZipFile(io.BytesIO(await deps.stores.files.read(file))) as packed:
        hours = packed.read("hours.csv").decode("utf-8-sig")
        clients = list(csv.DictReader(io.StringIO(packed.read("clients.csv").decode("utf-8-sig"))))
        event, project = Calendar.from_ical(packed.read("deadlines.ics")).walk("VEVENT")
        projects = packed.read("projects.csv").decode("utf-8-sig")
    assert "'=cmd GmbH" in {row["Client Name"] for row in clients}, "no cell becomes a formula"
    assert made.number in event["summary"] and event["dtstart"].dt == today
    assert project["summary"] == "Project is due: Logo" and project["dtstart"].dt == today + timedelta(days=9)
    assert f"Logo,,open,,,,{today + timedelta(days=9)}," in projects
    plan = plan_of(read_sheet(hours.encode()))
    assert plan.kind == "hours" and {"day", "minutes", "client", "project", "note"} <= set(plan.columns)


async def test_undo_names_what_it_took_back(deps: Deps) -> None:
    await deps.stores.clients.save(deps.user, "Acme GmbH")
    assert "client Acme GmbH: “made” is taken back" in (await run(deps, "undo that")).text
    with pytest.raises(Refused, match="nothing to undo"):
        await run(deps, "undo that")


async def test_the_history_tells_what_was_changed_last(deps: Deps) -> None:
    assert "Nothing was changed" in (await run(deps, "show the history of my records")).text
    await deps.stores.clients.save(deps.user, "Acme GmbH")
    await deps.stores.clients.save(deps.user, "Acme GmbH", email="new@acme.example")
    first, second, *_ = (await run(deps, "what did I change last?")).text.partition("\n\n")[2].split("\n")
    assert "client changed: email new@acme.example" in first and "client made: name Acme GmbH" in second
    with pytest.raises(AgentError, match="no invoice 2026-0009"):
        await run(deps, "history of invoice 2026-0009")


async def test_the_sample_business_comes_and_goes(deps: Deps) -> None:
    assert "6 clients" in (await run(deps, "fill in a sample business")).text
    assert "is gone" in (await run(deps, "remove the sample business")).text
    assert "no sample business" in (await run(deps, "remove the sample business")).text
