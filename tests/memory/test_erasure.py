"""What is erased is gone: from the tables, and from every byte on disk."""

import base64
import gc
import json
import sqlite3
import weakref
import zipfile
from contextlib import closing
from datetime import date
from decimal import Decimal
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Column, MetaData, String, Table
from sqlmodel import select

from config.settings import Settings
from memory.business.expenses import Expense
from memory.business.projects import Project
from memory.business.quotes import Quote
from memory.business.time_entries import TimeEntry
from memory.business.totals import Line
from memory.conversations import Step
from memory.documents import Document
from memory.erasure import BESIDE, alone, erase, holdings
from memory.ownership import UnownedTable, owned, tables
from memory.portability import KEPT_BACK, SECRETS, export, rows_of
from memory.stores import Stores
from memory.turns import Turn
from tests.memory.everything import kinds, write_everything

MARK = "Zaubernussbaum"


async def fill(stores: Stores, settings: Settings, user: str, mark: str = MARK) -> None:
    """Something of everything."""
    await stores.profiles.save(user, name=mark, skills=["Python", mark])
    file = await stores.files.put(mark.encode() * 50, f"{mark}.txt", user=user, thread=f"t-{user}")
    await stores.conversations.ensure(f"t-{user}", user=user, name=mark)
    for number in range(40):
        step = Step(id=f"s-{user}-{number}", thread=f"t-{user}", type="user_message", output=f"{mark} {number} " * 20)
        await stores.conversations.save(step)
    await stores.turns.save(Turn(id=f"turn-{user}", thread=f"t-{user}", message="m", user=user, text=mark))
    await stores.documents.save(
        Document(id=file.id, user=user, name=mark, format="txt"),
        [{"place": "1", "text": f"{mark} words"}],
    )
    await stores.consents.grant(user, "job_boards")
    day = date(2026, 3, 1)
    line = Line(mark, Decimal("1.5"), "h", Decimal("80.10"), Decimal(19))
    await stores.invoices.create(user, lines=[line], currency="EUR", issued_on=day, due_on=day, client=mark)
    await fill_business(stores, user, mark, day)
    run = settings.paths.runs / f"run-{user}"
    run.mkdir(parents=True)
    (run / "manifest.json").write_text(json.dumps({"config": {"owner": user, "target": mark}}))
    (settings.paths.logs / "freelancex.jsonl").write_text(mark)
    (settings.paths.logs / "freelancex.jsonl.1").write_text(mark)


async def fill_business(stores: Stores, user: str, mark: str, day: date) -> None:
    """Quotes, projects, hours, people, reminders and expenses, all of them about one client."""
    client = await stores.clients.save(user, mark, phone="1", rate="80 EUR/h")
    await stores.contacts.person(user, client.id, mark, role=mark)
    await stores.contacts.note(user, client.id, day, mark)
    await stores.contacts.follow_up(user, client.id, day, mark)
    await stores.quotes.save(Quote(user=user, title=mark, client=client.id, tiers=[{"name": mark}]))
    project = await stores.projects.save(Project(user=user, title=mark, client=client.id))
    await stores.time.log(TimeEntry(user=user, client=client.id, project=project.id, note=mark, day=day, minutes=60))
    await stores.reminders.add(user, mark, day, None, "Europe/Berlin")
    await stores.expenses.save(
        Expense(user=user, day=day, description=mark, amount=Decimal("1.10"), currency="EUR", client=client.id)
    )


def checkpoint(settings: Settings, *threads: str) -> sqlite3.Connection:
    """A checkpoint file as the graph keeps it, and left open as the graph does."""
    opened = sqlite3.connect(settings.paths.checkpoints)
    opened.execute("PRAGMA journal_mode=WAL")
    for name in ("checkpoints", "writes"):
        opened.execute(f"CREATE TABLE {name} (thread_id TEXT, checkpoint BLOB)")
        opened.executemany(f"INSERT INTO {name} VALUES (?, ?)", [(one, (MARK * 500).encode()) for one in threads])
    opened.commit()
    return opened


def places_of(mark: str, folder: Path) -> list[str]:
    return [
        str(path.relative_to(folder))
        for path in folder.rglob("*")
        if mark in path.name or (path.is_file() and mark.encode() in path.read_bytes())
    ]


async def test_nothing_of_it_is_left_in_any_byte(stores: Stores, settings: Settings) -> None:
    await fill(stores, settings, "ana")
    with closing(checkpoint(settings, "turn-ana", "a turn nobody knows")) as still_open:
        assert places_of(MARK, settings.paths.data)
        had = await erase(stores, settings, "ana")
        assert places_of(MARK, settings.paths.data) == []
        assert still_open.execute("SELECT COUNT(*) FROM checkpoints").fetchone() == (0,)
    assert had.rows["steps"] == 40 and had.files == 1 and had.runs == 1
    assert (await holdings(stores, settings, "ana")).total == 0


async def test_the_search_finds_nothing_afterwards_and_still_works(stores: Stores, settings: Settings) -> None:
    await fill(stores, settings, "ana")
    assert (await stores.conversations.page("ana", search=MARK)).threads
    await erase(stores, settings, "ana")
    assert not (await stores.conversations.page("ana", search=MARK)).threads
    await stores.conversations.ensure("new", user="ana", name="new")
    await stores.conversations.save(Step(id="s1", thread="new", type="user_message", output="hello again"))
    assert [thread.id for thread in (await stores.conversations.page("ana", search="again")).threads] == ["new"]


async def test_another_user_loses_nothing(stores: Stores, settings: Settings) -> None:
    await fill(stores, settings, "ana")
    await fill(stores, settings, "ben", mark="Haselstrauch")
    for user in ("ana", "ben"):
        await write_everything(stores, user, f"{user}'s")
    before = await rows_of(stores, "ben")
    assert all(before[table.name] for table in tables() if table.name not in KEPT_BACK)
    assert not await alone(stores, "ana")
    arriving = settings.paths.files / "arriving"
    arriving.mkdir()
    with closing(checkpoint(settings, "turn-ana", "turn-ben")) as opened:
        await erase(stores, settings, "ana")
        assert arriving.exists(), "a file that another stores just now has no row yet"
        assert opened.execute("SELECT thread_id FROM checkpoints").fetchall() == [("turn-ben",)]
    assert await rows_of(stores, "ben") == before
    assert not any((await rows_of(stores, "ana")).values())
    (kept,) = await stores.files.in_thread("t-ben", user="ben")
    assert await stores.files.read(kept) == b"Haselstrauch" * 50
    assert [path.parent.name for path in settings.paths.files.rglob("sealed")] == [
        (await stores.files.in_thread("t-ben", user="ben"))[0].id
    ]
    assert (settings.paths.runs / "run-ben").is_dir() and not (settings.paths.runs / "run-ana").exists()
    assert await alone(stores, "ben")


async def test_checkpoints_kept_elsewhere_are_handed_over_by_turn(stores: Stores, settings: Settings) -> None:
    await fill(stores, settings, "ana")
    gone: list[str] = []

    async def elsewhere(turns: list[str]) -> None:
        gone.extend(turns)

    await erase(stores, settings, "ana", elsewhere)
    assert gone == ["turn-ana"]


async def test_a_turn_that_was_read_is_not_kept_in_memory_either(stores: Stores, settings: Settings) -> None:
    await stores.turns.save(Turn(id="t1", user="ana", thread="c1", message="m1", text="an heirloom"))
    read = weakref.ref((await stores.turns.recent("c1"))[0])
    assert read() is (await stores.turns.recent("c1"))[0]  # kept in mind, as a message asks for the same ones again
    await erase(stores, settings, "ana")
    gc.collect()
    assert read() is None
    assert not await stores.turns.recent("c1")


async def test_erasing_twice_is_harmless(stores: Stores, settings: Settings) -> None:
    await fill(stores, settings, "ana")
    await erase(stores, settings, "ana")
    assert (await erase(stores, settings, "ana")).total == 0


async def test_the_books_begin_again_at_one(stores: Stores, settings: Settings) -> None:
    await fill(stores, settings, "ana")
    await erase(stores, settings, "ana")
    day = date(2026, 3, 1)
    made = await stores.invoices.create(
        "ana", lines=[Line("x", Decimal(1), "", Decimal(1))], currency="EUR", issued_on=day, due_on=day
    )
    assert made.number == "2026-0001"


async def test_an_export_holds_every_row_file_and_run(stores: Stores, settings: Settings, tmp_path: Path) -> None:
    await fill(stores, settings, "ana")
    await fill(stores, settings, "ben", mark="Haselstrauch")
    await stores.files.put(b"old", "old export.zip", user="ana", made_by="privacy")
    made = await export(
        stores, settings.paths.runs, "ana", tmp_path / "all.zip", other={"left": [{"host": "a.example"}]}
    )
    had = (await holdings(stores, settings, "ana")).rows
    assert {name: count for name, count in made.rows.items() if count and name not in BESIDE} == had
    assert (made.files, made.runs) == (1, 1)
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        names = archive.namelist()
        wanted = {table.name for table in tables()} - KEPT_BACK
        assert {f"tables/{name}.{kind}" for name in wanted for kind in ("json", "csv")} <= set(names)
        assert json.loads(archive.read("tables/invoice_lines.json"))[0]["price"] == "80.1"
        assert json.loads(archive.read("other/left.json")) == [{"host": "a.example"}]
        assert any(name.startswith("files/") and archive.read(name) == MARK.encode() * 50 for name in names)
        assert "runs/run-ana/manifest.json" in names
        assert (
            MARK in archive.read("everything.html").decode() and MARK in archive.read("conversations/t-ana.md").decode()
        )
        everything = b"".join(archive.read(name) for name in names)
        assert b"Haselstrauch" not in everything and not any("old export" in name for name in names)


async def test_an_export_holds_every_column_as_the_database_has_it(
    stores: Stores, settings: Settings, tmp_path: Path
) -> None:
    await fill(stores, settings, "ana")
    await fill_business(stores, "ana", "Haselstrauch", date(2026, 4, 1))
    for user in ("ana", "ben"):
        await write_everything(stores, user, f"{user}'s")
    await export(stores, settings.paths.runs, "ana", tmp_path / "all.zip")
    compared, several = 0, 0
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        async with stores.database.read() as session:
            for table in [one for one in tables() if one.name not in KEPT_BACK]:
                exported = {keyed(table, row): row for row in json.loads(archive.read(f"tables/{table.name}.json"))}
                there = (await session.exec(select(kinds()[table.name]).where(owned(table, "ana")))).all()
                assert len(exported) == len(there) > 0, table.name
                several += len(there) > 1
                left_out = SECRETS.get(table.name, set())
                names = [column.name for column in table.columns if column.name not in left_out]
                for row in there:
                    found = {name: as_json(getattr(row, name)) for name in names}
                    assert exported[keyed(table, found)] == found, table.name
                    compared += len(found)
    assert several >= 5 and compared > 700


def keyed(table: Table, row: dict[str, Any]) -> tuple[Any, ...]:
    return tuple(row[column.name] for column in table.primary_key)


def as_json(value: Any) -> Any:
    """What an export should say for a value of a row."""
    if isinstance(value, date):
        return value.isoformat()
    if isinstance(value, Decimal):
        return f"{value:f}"
    return base64.b64encode(value).decode() if isinstance(value, bytes) else value


async def test_a_spreadsheet_meets_no_formula_and_a_browser_no_markup(
    stores: Stores, settings: Settings, tmp_path: Path
) -> None:
    await stores.profiles.save("ana", name="=HYPERLINK(1)", bio="<img src=x onerror=alert(1)>")
    await export(stores, settings.paths.runs, "ana", tmp_path / "all.zip")
    with zipfile.ZipFile(tmp_path / "all.zip") as archive:
        table = archive.read("tables/profile.csv").decode()
        assert ",'=HYPERLINK(1)," in table and ",=HYPERLINK" not in table
        assert "<img" not in archive.read("everything.html").decode()


def test_every_table_says_whose_its_rows_are() -> None:
    assert all(owned(table, "ana") is not None for table in tables())


def test_a_table_of_nobody_is_refused() -> None:
    with pytest.raises(UnownedTable, match="orphans"):
        owned(Table("orphans", MetaData(), Column("id", String)), "ana")


async def test_rows_that_only_know_their_conversation_are_found(stores: Stores, settings: Settings) -> None:
    await fill(stores, settings, "ana")
    async with stores.database.read() as session:
        everything = list(await session.exec(select(Step)))
    assert len((await rows_of(stores, "ana"))["steps"]) == len(everything) == 40
    assert (await rows_of(stores, "ben"))["steps"] == []
