"""A database of before anything was sealed: nothing of it is lost, nothing stays readable in the file."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from datetime import UTC, date, datetime
from decimal import Decimal
from pathlib import Path

import pytest
from sqlalchemy import text

from config.settings import Settings
from memory.business.changes import history
from memory.stores import Stores, open_stores

OLD = Path(__file__).with_name("version_7.sql")
"""A database of the seventh version, with something in every table, and "marigold" in every text."""
MARA = "mara"
PLANTED = (b"marigold", b"8765.43", b"4321.98", b"77.5")


@pytest.fixture
def settings(tmp_path: Path) -> Settings:
    found = Settings(data_dir=tmp_path / "data")
    with closing(sqlite3.connect(found.paths.make().database)) as opened:
        opened.execute("PRAGMA journal_mode=WAL")
        opened.executescript(OLD.read_text("utf-8"))
    return found


def planted(settings: Settings) -> list[bytes]:
    """What was planted and can be read in the database's files."""
    files = settings.paths.database.parent.glob(f"{settings.paths.database.name}*")
    everything = b"".join(path.read_bytes() for path in files).lower()
    return [one for one in PLANTED if one in everything]


async def test_everything_said_before_is_still_there(stores: Stores) -> None:
    conversation = await stores.conversations.open("t1")
    assert conversation is not None
    (step,), (element,), (thumb,) = conversation.steps, conversation.elements, conversation.feedback
    assert (conversation.thread.name, conversation.thread.tags) == ("Marigold invoices", ["marigold-tag"])
    assert (step.output, step.view) == ("Invoice Müller for the marigold garden", {"icon": "marigold-view"})
    assert (element.name, thumb.comment) == ("marigold-element.png", "marigold-comment")
    assert {step.user, element.user, thumb.user} == {MARA}
    turn, effect = await stores.turns.get("turn1"), await stores.effects.get("turn1", "s1")
    assert turn is not None and turn.text == "marigold-turn" and turn.findings["s1"]["x"] == "marigold-finding"
    assert effect is not None and effect.arguments == {"to": "marigold@x.example"} and effect.user == MARA
    (fact,), ((said, agent),) = await stores.facts.of(MARA), await stores.routes.of(MARA)
    assert (fact.client, fact.text, said, agent) == ("Marigold-client", "marigold-fact", "marigold-route", "invoices")
    assert await stores.profiles.load(MARA) == {"name": "Mara Marigold", "skills": ["marigold-skill"]}
    assert await stores.preferences.all(MARA) == {"tone": "marigold-tone"}


async def test_business_records_are_still_there(stores: Stores) -> None:
    client = await stores.clients.find(MARA, "MARIGOLD gardens")
    assert client is not None and (client.email, client.tax_id) == ("m@marigold.example", "DE-marigold")
    assert [change.after["email"] for change in await history(stores.database, MARA, client.id)] == [client.email]
    ((person,), (note,)) = await stores.contacts.people(MARA, client.id), await stores.contacts.notes(MARA, client.id)
    assert (person.name, note.text) == ("Max Marigold", "marigold-note")
    (invoice,) = await stores.invoices.all(MARA)
    assert (invoice.client_name, str(invoice.totals.total.amount)) == ("Marigold Gardens GmbH", "109567.88")
    (expense,), (quote,) = await stores.expenses.all(MARA), await stores.quotes.all(MARA)
    assert (expense.amount, quote.rate) == (Decimal("4321.98"), Decimal("77.5"))
    assert quote.tiers == [{"name": "marigold-tier"}]
    (project,), (entry,) = await stores.projects.all(MARA), await stores.time.all(MARA)
    assert (project.estimated_hours, entry.note) == (Decimal("7.25"), "marigold-time")


async def test_jobs_that_were_known_are_not_new(stores: Stores) -> None:
    (known,) = await stores.jobs.recent(MARA)
    (again,) = await stores.jobs.save(MARA, [known.post])
    assert (again.id, again.title) == (known.id, "marigold-job")
    assert await stores.searches.untold(MARA, ["marigold job|co", "other"]) == {"other"}
    (ask,) = await stores.demand.since(MARA, date(2026, 1, 1))
    assert (ask.skills, ask.hourly) == (["marigold-ask"], Decimal("81.5"))
    (due,) = [one for one in await stores.schedules.due(datetime(2027, 1, 1, tzinfo=UTC)) if one.kind == "search"]
    (search,) = await stores.searches.of(MARA)
    assert due.subject == search.id
    assert (search.title, search.query) == ("marigold-search", {"q": "marigold-query"})


async def test_old_words_are_found(stores: Stores) -> None:
    assert [row.id for row in (await stores.conversations.page(MARA, search="muller gard")).threads] == ["t1"]
    (passage,) = await stores.documents.search(["contract", "notice period"], user=MARA)
    assert (passage.place, passage.heading) == ("page 1, marigold-place", "marigold terms")


async def test_nothing_of_it_can_be_read_in_the_file(settings: Settings) -> None:
    assert planted(settings) == list(PLANTED)
    stores = await open_stores(settings)
    try:
        assert planted(settings) == []
    finally:
        await stores.close()
    assert planted(settings) == []


async def test_free_pages_are_emptied_even_if_the_process_died_before(settings: Settings) -> None:
    stores = await open_stores(settings)
    async with stores.database.write() as session:
        await (await session.connection()).execute(text("PRAGMA user_version = 1"))
    await stores.close()
    stores = await open_stores(settings)
    async with stores.database.read() as session:
        assert (await (await session.connection()).execute(text("PRAGMA user_version"))).scalar() == 0
    await stores.close()
