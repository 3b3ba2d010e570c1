"""What each view says of given books, by numbers; and that what stands behind a figure adds up to it."""

from __future__ import annotations

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from decimal import Decimal
from urllib.parse import parse_qsl

import pytest

from memory.money import Money
from memory.overview import choosing
from memory.overview.books import Aim, Bill, Books, Chance, Cost, Offer, Receipt, Undertaking, Work
from memory.overview.demand import Ask, Post, jobs
from memory.overview.hours import time
from memory.overview.listing import PAGE, UnknownList, listing
from memory.overview.machine import Machine, Model, Room, machine
from memory.overview.money import forecast, lateness, money
from memory.overview.monthly import report
from memory.overview.outbound import privacy
from memory.overview.pipeline import pipeline, progress
from memory.overview.runs import Request, Run, Team, Writing, agents, session
from memory.overview.shapes import View

TODAY = date(2026, 11, 21)  # a Saturday
NOW = datetime(2026, 11, 21, 12, tzinfo=UTC)


def bill(number: str, state: str, total: str, due: date, client: str = "a", **more: object) -> Bill:
    values: dict[str, object] = {
        "id": number, "number": number, "state": state, "client": client, "project": "", "issued": due - timedelta(14),
        "due": due, "paid_on": None, "currency": "EUR", "net": Decimal(total), "tax": Decimal(0),
        "total": Decimal(total), "paid": Decimal(0), "credited": Decimal(0), "credit": False,
    }  # fmt: skip
    return Bill(**{**values, **more})  # type: ignore[arg-type]


def worked(day: date, minutes: int | None, client: str = "a", *, billed: bool = False, **more: object) -> Work:
    started = more.get("started")
    assert started is None or isinstance(started, datetime)
    return Work(f"{day}{minutes}{client}", client, "", day, minutes, started, billed)


def lead(state: str, source: str, value: str, came: datetime, closed: datetime | None = None) -> Chance:
    return Chance(f"{source}{came}", "Shop", "a", state, source, "web", Decimal(value), "EUR", came, None, closed)


def tile(view: View, label: str) -> tuple[str, str]:
    one = next(tile for tile in view.tiles if tile.label == label)
    return one.value, one.note


BOOKS = Books(
    bills=(
        bill("2026-0001", "sent", "300", date(2026, 11, 1)),
        bill("2026-0002", "sent", "200", date(2026, 12, 1), "b", paid=Decimal(50)),
        bill("2026-0003", "paid", "1000", date(2026, 10, 10), paid=Decimal(1000), paid_on=date(2026, 11, 3)),
        bill("2026-0004", "draft", "70", date(2026, 12, 5)),
        bill("2026-0005", "sent", "40", date(2026, 12, 1), currency="USD"),
        bill("2026-0006", "sent", "-25", date(2026, 11, 1), credit=True),
    ),
    receipts=(
        Receipt(date(2026, 11, 3), Decimal(1000), "EUR", "a", "2026-0003"),
        Receipt(date(2026, 11, 9), Decimal(50), "EUR", "b", "2026-0002"),
        Receipt(date(2026, 10, 5), Decimal(500), "EUR", "b", ""),
        Receipt(date(2026, 10, 30), Decimal(900), "EUR", "b", ""),
    ),
    costs=(Cost("c", date(2026, 11, 4), "software", Decimal("49.90"), "EUR", "", False),),
    work=(
        worked(date(2026, 11, 16), 120, billed=True),
        worked(date(2026, 11, 18), 90, "b"),
        worked(TODAY, None, "b", started=NOW - timedelta(minutes=30)),
        worked(date(2026, 11, 10), 60),
    ),
    projects=(Undertaking("p", "Shop", "a", "open", Decimal(20), None, date(2026, 12, 20)),),
    leads=(
        lead("won", "referral", "900", NOW - timedelta(60), NOW - timedelta(50)),
        lead("won", "referral", "900", NOW - timedelta(61), NOW - timedelta(50)),
        lead("lost", "referral", "900", NOW - timedelta(62), NOW - timedelta(50)),
        lead("lost", "upwork", "900", NOW - timedelta(60), NOW - timedelta(50)),
        lead("new", "mail", "400", NOW - timedelta(2)),
    ),
    offers=(Offer("o", "Shop", "a", "sent", "", Decimal(700), "EUR", NOW - timedelta(9), NOW - timedelta(8), None),),
    clients={"a": "Acme", "b": "Nordwind"},
    rates={"b": Money(Decimal(80), "EUR")},
)


def test_money_counts_what_came_is_due_and_is_overdue_in_one_currency() -> None:
    view = money(BOOKS, TODAY)
    assert tile(view, "Received this month") == ("1,050 €", "110 % more than last month by this day")
    assert tile(view, "Due") == ("150.00 €", "1 invoice")
    assert tile(view, "Overdue") == ("300.00 €", "1 invoice")
    assert tile(view, "Spent in 2026")[0] == "49.90 €"
    # Of 2,450 € received 49.90 € went out, and no VAT is known of these invoices.
    assert tile(view, "To set aside for tax") == ("720.03 €", "VAT and 30 % of the profit, a rule of thumb")
    assert tile(money(replace(BOOKS, tax_percent=Decimal(20)), TODAY), "To set aside for tax")[1] == (
        "VAT and 20 % of the profit"
    )
    assert view.sentence == "1,050 € came in this month; 1 invoice is overdue, 300.00 € in all."
    assert view.currencies == ("EUR", "USD")
    assert tile(money(BOOKS, TODAY, "USD"), "Due") == ("$40.00", "1 invoice")


def test_money_by_month_and_who_owes_are_charts_with_links_to_their_records() -> None:
    by_month, _, owed = money(BOOKS, TODAY).charts
    assert by_month.labels[-1] == "Nov 2026" and by_month.series[0].values[-2:] == (1400.0, 1050.0)
    assert by_month.series[1].values[-1] == 49.9
    assert dict(zip(owed.labels, owed.series[0].values, strict=True)) == {"Acme": 300.0, "Nordwind": 150.0}
    assert all(len(one.values) == len(chart.labels) for chart in money(BOOKS, TODAY).charts for one in chart.series)


def test_the_forecast_adds_up_by_how_late_clients_paid_before() -> None:
    assert lateness(BOOKS, TODAY) == (0, 7, 21)  # one paid invoice tells nothing yet
    low, middle, high = zip(*forecast(BOOKS, TODAY, "EUR", weeks=5), strict=True)
    assert high == (300, 450, 450, 450, 450)  # due on 1 November and 1 December, paid when due
    assert middle == (300, 300, 450, 450, 450)
    assert low == (300, 300, 300, 300, 450)
    assert all(one <= two <= three for one, two, three in zip(low, middle, high, strict=True))


def test_an_invoice_that_is_months_late_is_only_hoped_for() -> None:
    books = Books(bills=(bill("2026-0001", "sent", "300", TODAY - timedelta(100)),))
    assert forecast(books, TODAY, "EUR", weeks=1) == [(Decimal(0), Decimal(0), Decimal(300))]


def test_time_counts_this_week_with_the_timer_that_runs_and_what_is_not_billed() -> None:
    view = time(BOOKS, TODAY, NOW)
    assert tile(view, "This week") == ("4 h", "300 % more than last week")
    assert tile(view, "Today") == ("30 min", "the timer runs for Nordwind")
    assert tile(view, "Not billed yet") == ("120.00 €", "2 h 30 min")  # only Nordwind has a price of an hour
    week = view.charts[0]
    sums = {one.name: sum(value or 0 for value in one.values) for one in week.series}
    assert sums == {"Acme": 2.0, "Nordwind": 2.0}


def test_the_pipeline_counts_leads_offers_and_what_was_won() -> None:
    view = pipeline(BOOKS, TODAY)
    assert tile(view, "Open leads") == ("1", "worth 400.00 €")
    assert tile(view, "Proposals that wait") == ("1", "700.00 €")
    assert tile(view, "Won of what was answered") == ("50 %", "2 of 4 in a year")
    (running,) = [table for table in view.tables if table.name == "running"]
    assert running.rows[0].cells == ("Shop", "Acme", "20 Dec 2026", "0 h", "20 h")
    source = next(chart for chart in view.charts if chart.name == "source")
    assert source.labels == ("Referral",) and source.series[0].values == (66.7,)  # one answer from upwork is too few


@pytest.mark.parametrize(
    ("measure", "done"), [("revenue", "1050"), ("hours", "4.5"), ("proposals", "1"), ("clients", "0")]
)
def test_a_goal_counts_what_it_measures_in_its_time(measure: str, done: str) -> None:
    goal = Aim("g", measure, Decimal(10), "EUR" if measure == "revenue" else "", date(2026, 11, 1), date(2026, 11, 30))
    assert progress(goal, BOOKS) == Decimal(done)


def test_every_link_of_a_figure_leads_to_as_many_records_as_the_figure_says() -> None:
    for view in (money(BOOKS, TODAY), time(BOOKS, TODAY, NOW), pipeline(BOOKS, TODAY)):
        links = [one.link for one in view.tiles] + [link for chart in view.charts for link in chart.links]
        links += [row.link for table in view.tables for row in table.rows]
        for link in filter(None, links):
            query = dict(parse_qsl(link))
            listing(BOOKS, TODAY, query.pop("kind"), query)
    overdue = listing(BOOKS, TODAY, "invoice", {"state": "overdue", "currency": "EUR"})
    assert [row.cells[0] for row in overdue.table.rows] == ["2026-0001"]
    assert sum(one.amount for one in choosing.receipts(BOOKS, month="2026-11", currency="EUR")) == 1050


def test_a_list_says_to_what_it_is_narrowed_and_refuses_what_it_does_not_know() -> None:
    found = listing(BOOKS, TODAY, "time", {"client": "b", "state": "unbilled"})
    assert found.narrowed == ("Client: Nordwind", "State: unbilled") and found.count == 1
    for kind, only in (("secrets", {}), ("invoice", {"colour": "red"}), ("time", {"since": "yesterday"})):
        with pytest.raises(UnknownList):
            listing(BOOKS, TODAY, kind, only)


def test_a_list_comes_in_pages() -> None:
    many = Books(bills=tuple(bill(f"2026-{number:04d}", "sent", "1", TODAY) for number in range(PAGE + 5)))
    first, rest = (listing(many, TODAY, "invoice", {}, start) for start in (0, PAGE))
    assert (len(first.table.rows), len(rest.table.rows), rest.count) == (PAGE, 5, PAGE + 5)


def test_somebody_new_is_invited_and_no_figure_is_made_up() -> None:
    for view in (money(Books(), TODAY), time(Books(), TODAY, NOW), pipeline(Books(), TODAY), jobs([], [], [], NOW)):
        assert view.empty and view.asks and not view.charts


def test_jobs_tell_what_is_new_what_fits_and_what_skills_pay() -> None:
    posts = [
        Post("1", "remotive", "found", 80, NOW - timedelta(2)),
        Post("2", "remotive", "proposed", 90, NOW - timedelta(30)),
    ]
    asks = [Ask(TODAY, ("Python", "SQL"), Decimal(pay), "EUR") for pay in (60, 80, 100)]
    view = jobs(posts, posts[:1], [*asks, Ask(TODAY, ("Go",), Decimal(500), "EUR")], NOW)
    assert tile(view, "New this week")[0] == "1" and tile(view, "Fit by 70 or more")[0] == "1"
    pay = next(chart for chart in view.charts if chart.name == "pay")
    assert dict(zip(pay.labels, pay.series[0].values, strict=True)) == {"Python": 80.0, "SQL": 80.0}  # one Go job: no


def test_the_report_on_a_month_sums_it_up() -> None:
    view = report(BOOKS, "2026-11", TODAY)
    assert tile(view, "Received")[0] == "1,050.00 €" and tile(view, "Left")[0] == "1,000.10 €"
    assert tile(view, "Worked")[0] == "4 h 30 min" and view.title == "Report for November 2026"
    assert report(BOOKS, "2019-01", TODAY).empty


def test_agents_are_judged_by_what_was_theirs_to_do() -> None:
    runs = [Run("math", True, "", 0.1, NOW)] * 18 + [Run("math", False, "unexpected", 3.0, NOW)]
    runs += [Run("mail", False, "cannot", 0.2, NOW)]
    view = agents(runs, Team({"math": "Maths"}, {"math": {"bids": 7, "awards": 5}}), NOW)
    assert tile(view, "Went well")[0] == "95 %" and tile(view, "Below target")[0] == "1"
    assert [row.cells[:4] for row in view.tables[0].rows] == [("Maths", "19", "95 %", "1"), ("Mail", "1", "100 %", "0")]
    assert view.tables[0].rows[0].cells[6:] == ("7", "5")


def test_a_session_tells_what_was_asked_how_long_it_took_and_what_it_cost() -> None:
    asked = [Request("t1", "What is 12 % of 80?", "done", NOW, NOW + timedelta(seconds=2))]
    run = [Run("math", True, "", 0.5, NOW)]
    here = session(asked, run, [Writing("Qwen", 3, 120)], Team({}), NOW)
    assert tile(here, "Usual answer")[0] == "2.0 s" and tile(here, "Cost")[0] == "0"
    assert tile(here, "Model") == ("3 requests", "about 120 tokens written since the start")
    assert here.tables[0].rows[0].link == "/thread/t1"
    earlier = Run("math", True, "", 0.5, NOW - timedelta(hours=1))
    assert tile(session(asked, [*run, earlier], [], Team({}), NOW), "Steps by agents")[0] == "1"
    elsewhere = session(asked, run, [Writing("Cloud", 3, local=False)], Team({}), NOW)
    assert tile(elsewhere, "Cost") == ("not known", "Cloud sends its own bill")


def test_the_machine_says_what_is_nearly_full() -> None:
    def now(used: int) -> Machine:
        model = Model("Qwen", "loaded", 3)
        return Machine(0.2, 8, Room(4, 16), Room(used, 100), (("RTX", Room(1, 8)),), (model,), 0, 1, 2, 7200.0)

    well = machine(now(50), {"cpu": [(NOW, 20.0, 95.0)], "memory": [(NOW, 40.0, 41.0)]}, "a day")
    assert well.sentence == "All is well; FreelanceX has run for 2 hours."
    assert well.charts[0].sentence == "The highest load of the processor was 95 %."
    assert machine(now(95), {}, "a day").sentence.startswith("The disk is nearly full")


def test_privacy_counts_what_left_and_not_what_stayed_on_this_machine() -> None:
    at = NOW.isoformat()
    log = [
        {
            "kind": "request",
            "at": at,
            "host": "jobs.example",
            "purpose": "job_boards",
            "bytes_out": 1500,
            "status": 200,
        },
        {"kind": "request", "at": at, "host": "127.0.0.1", "purpose": "model_server", "bytes_out": 9000},
        {"kind": "refused", "at": at, "host": "evil.example", "purpose": "research", "reason": "offline"},
        {"kind": "request", "at": "2026-01-01T00:00:00+00:00", "host": "old.example", "purpose": "research"},
    ]
    view = privacy(log, [], [], NOW, offline=False)
    assert tile(view, "Requests that left") == ("1", "in 30 days, to 1 host") and tile(view, "Sent out")[0] == "1.5 kB"
    assert tile(view, "Refused")[0] == "1" and view.charts[1].labels == ("jobs.example",)
    assert privacy([], [], [], NOW, offline=True).sentence == "FreelanceX is offline: nothing leaves this machine."
