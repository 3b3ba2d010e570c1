"""The audit trail finds what was done behind FreelanceX's back: changed, removed, inserted, forged, cut off."""

from __future__ import annotations

from collections.abc import AsyncIterator
from datetime import date
from decimal import Decimal

import pytest
from sqlalchemy import text

from config.settings import Settings
from memory.acting import acting
from memory.business.totals import Line
from memory.facts import Fact
from memory.rotation import rotate_data
from memory.stores import Stores, open_stores
from memory.trail_check import Fault, Heads, TrailVerdict
from privacy.audit import AuditLog

DAY = date(2026, 3, 1)


@pytest.fixture
def heads(settings: Settings) -> Heads:
    return Heads.open(settings)


@pytest.fixture
async def filled(stores: Stores) -> AsyncIterator[Stores]:
    await stores.clients.save("ana", "Acme", email="a@acme.example")
    await stores.clients.save("ana", "Acme", phone="1")
    await stores.consents.grant("ana", "research")
    await stores.profiles.save("ana", name="Ana", skills=["Python"])
    line = Line("work", Decimal(2), "h", Decimal(80))
    await stores.invoices.create("ana", lines=[line], currency="EUR", issued_on=DAY, due_on=DAY, client="Acme")
    await stores.clients.save("ben", "Bolt")
    yield stores


async def behind(stores: Stores, statement: str) -> None:
    """What somebody does with another program."""
    async with stores.database.write() as session:
        await (await session.connection()).execute(text(statement))


async def faults(stores: Stores, heads: Heads) -> list[tuple[str, str]]:
    verdict = await heads.verify(stores.database)
    return [(fault.what, fault.name) for fault in verdict.faults]


async def test_what_was_done_through_the_stores_is_sound(filled: Stores, heads: Heads) -> None:
    await filled.facts.add(Fact(user="ana", client="Acme", text="pays late", said_on=DAY))
    await filled.facts.forget("ana", [fact.id for fact in await filled.facts.of("ana")])
    await filled.consents.revoke("ana", "research")
    await filled.profiles.save("ana", name="Ana Silva", skills=None)
    verdict = await heads.verify(filled.database)
    assert verdict.ok and verdict.entries > verdict.rows > 5


async def test_a_changed_row_is_found(filled: Stores, heads: Heads) -> None:
    await behind(filled, "UPDATE invoice_lines SET position = position + 1")
    assert sorted(await faults(filled, heads)) == [("inserted", "invoice_lines"), ("removed", "invoice_lines")]
    await behind(filled, "UPDATE invoice_lines SET position = position - 1")
    assert await faults(filled, heads) == []
    await behind(filled, "UPDATE clients SET created_at = '2020-01-01 00:00:00' WHERE \"user\" = 'ben'")
    assert await faults(filled, heads) == [("changed", "clients")]


async def test_a_removed_row_is_found(filled: Stores, heads: Heads) -> None:
    await behind(filled, "DELETE FROM consents")
    assert await faults(filled, heads) == [("removed", "consents")]


async def test_an_inserted_row_is_found(filled: Stores, heads: Heads) -> None:
    await behind(filled, "INSERT INTO consents VALUES ('ana', 'downloads', '2026-01-01 00:00:00')")
    assert await faults(filled, heads) == [("inserted", "consents")]


async def test_a_row_of_somebody_without_a_trail_is_inserted(filled: Stores, heads: Heads) -> None:
    await behind(filled, "INSERT INTO consents VALUES ('eve', 'downloads', '2026-01-01 00:00:00')")
    assert ("inserted", "consents") in await faults(filled, heads)


@pytest.mark.parametrize(
    "statement",
    [
        "UPDATE trail SET action = 'removed' WHERE number = 2 AND \"user\" = 'ana'",
        "UPDATE trail SET by = 'someone else' WHERE number = 2 AND \"user\" = 'ana'",
        "DELETE FROM trail WHERE number = 2 AND \"user\" = 'ana'",
        "UPDATE trail SET \"user\" = 'eve' WHERE \"user\" = 'ben'",
    ],
)
async def test_a_forged_entry_is_found(filled: Stores, heads: Heads, statement: str) -> None:
    await behind(filled, statement)
    assert "forged" in {what for what, _ in await faults(filled, heads)}


async def test_a_trail_cut_off_together_with_its_rows_is_found_by_its_signed_end(filled: Stores, heads: Heads) -> None:
    await heads.sign(filled.database)
    await behind(filled, "DELETE FROM trail WHERE \"user\" = 'ben'")
    await behind(filled, "DELETE FROM clients WHERE \"user\" = 'ben'")
    await behind(filled, "DELETE FROM changes WHERE \"user\" = 'ben'")
    assert {what for what, _ in await faults(filled, heads)} == {"cut"}


async def test_the_end_is_signed_again_only_where_it_moved(filled: Stores, heads: Heads) -> None:
    assert await heads.sign(filled.database) == 2
    assert await heads.sign(filled.database) == 0
    await filled.consents.grant("ben", "market")
    assert await heads.sign(filled.database) == 1


async def test_signed_ends_themselves_cannot_be_changed(filled: Stores, heads: Heads, settings: Settings) -> None:
    await heads.sign(filled.database)
    path = settings.paths.secrets / "heads.jsonl"
    path.write_text(path.read_text().replace('"at_entry":', '"at_entry": '))
    assert (await heads.verify(filled.database)).ok
    path.write_text(path.read_text().splitlines()[0].replace('"n":1', '"n":2') + "\n")
    assert not (await heads.verify(filled.database)).ok


async def test_after_a_backup_was_restored_only_newer_ends_count(filled: Stores, heads: Heads) -> None:
    await heads.sign(filled.database)
    await behind(filled, "DELETE FROM trail WHERE \"user\" = 'ben'")
    await behind(filled, "DELETE FROM clients WHERE \"user\" = 'ben'")
    await behind(filled, "DELETE FROM changes WHERE \"user\" = 'ben'")
    await heads.sign(filled.database, "restored")
    assert (await heads.verify(filled.database)).ok


async def test_a_change_that_is_rolled_back_leaves_no_entry(filled: Stores, heads: Heads) -> None:
    before = await heads.verify(filled.database)
    with pytest.raises(ValueError, match="no"):
        await filled.clients.save("ana", "Nobody", no="such field")
    assert await heads.verify(filled.database) == before


async def test_entries_say_which_agent_did_it(filled: Stores) -> None:
    with acting("bookkeeping", "t1.s1"):
        await filled.clients.save("ana", "Nova")
    async with filled.database.read() as session:
        rows = await (await session.connection()).execute(text("SELECT DISTINCT by FROM trail ORDER BY by"))
        assert [row[0] for row in rows] == ["", "bookkeeping t1.s1"]


async def test_an_update_hides_nothing_that_was_changed_before(
    filled: Stores, heads: Heads, settings: Settings
) -> None:
    await behind(filled, "UPDATE clients SET created_at = '2020-01-01 00:00:00' WHERE \"user\" = 'ben'")
    await behind(filled, "DELETE FROM schema_version WHERE version = (SELECT MAX(version) FROM schema_version)")
    again = await open_stores(settings)
    assert await faults(again, heads) == [("changed", "clients")]
    await again.close()


def test_each_fault_says_what_it_is_in_a_sentence() -> None:
    assert "removed by something other" in str(Fault("removed", "ana", "clients", "c1"))
    assert str(Fault("cut", "ana", number=7)).startswith("Entry 7 of the trail is gone")
    assert not TrailVerdict(1, 1, (Fault("forged", "ana", number=1),)).ok


async def test_heads_name_nobody(filled: Stores, heads: Heads, settings: Settings) -> None:
    await heads.sign(filled.database)
    lines = await AuditLog(settings.paths.secrets / "heads.jsonl", settings.paths.secrets / "audit.key").read()
    assert len(lines) == 2 and all("ana" not in str(line["chain"]) for line in lines)


async def test_new_keys_leave_the_trail_sound(filled: Stores, heads: Heads) -> None:
    await heads.sign(filled.database)
    await rotate_data(filled)
    assert (await heads.verify(filled.database)).ok
