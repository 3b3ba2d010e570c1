"""One client erased: what concerns it is gone from every table and byte, what belongs to others stays."""

from __future__ import annotations

import json
from contextlib import closing
from datetime import date, timedelta
from pathlib import Path

import pytest

from config.settings import Settings
from memory.business.clients import Client
from memory.conversations import Step
from memory.database import now
from memory.documents import Document
from memory.erasure import client_holdings, erase_client, replay
from memory.facts import Fact
from memory.ledger import Ledger
from memory.portability import rows_of
from memory.stores import Stores
from memory.trail_check import Heads
from memory.turns import Turn
from tests.memory.test_erasure import checkpoint, fill_business, places_of

MARK, OTHER = "Zaubernussbaum", "Haselstrauch"
DAY = date(2026, 3, 1)


async def fill(stores: Stores, settings: Settings, mark: str) -> Client:
    """A client with records of every kind, a conversation about it, a document and a run."""
    await fill_business(stores, "ana", mark, DAY)
    client = await stores.clients.save(
        "ana", mark, email=f"billing@{mark.lower()}.example", phone=f"+49 30 {len(mark)}"
    )
    await stores.facts.add(Fact(user="ana", client=mark, text=f"{mark} pays late", said_on=DAY))
    thread = f"t-{len(mark)}"
    await stores.conversations.ensure(thread, user="ana", name=f"About {mark}")
    file = await stores.files.put(mark.encode() * 50, f"{mark}.txt", user="ana", thread=thread)
    await stores.documents.save(
        Document(id=file.id, user="ana", name=mark, format="txt"), [{"place": "1", "text": f"{mark} signs"}]
    )
    words = f"write to billing@{mark.lower()}.example"
    await stores.conversations.save(Step(id=f"m-{len(mark)}", thread=thread, type="user_message", output=words))
    await stores.turns.save(
        Turn(id=f"turn{len(mark)}", thread=thread, message=f"m-{len(mark)}", user="ana", text=words)
    )
    await stores.conversations.save(
        Step(id=f"turn{len(mark)}.answer", thread=thread, type="assistant_message", output="ok")
    )
    run = settings.paths.runs / f"run{len(mark)}"
    run.mkdir(parents=True)
    (run / "manifest.json").write_text(json.dumps({"config": {"owner": "ana", "source": f"{file.id}.csv"}}))
    return client


@pytest.fixture
async def clients(stores: Stores, settings: Settings) -> tuple[Client, Client]:
    await stores.profiles.save("ana", name="Ana")
    return await fill(stores, settings, MARK), await fill(stores, settings, OTHER)


async def test_nothing_of_the_client_is_left(
    stores: Stores, settings: Settings, clients: tuple[Client, Client]
) -> None:
    with closing(checkpoint(settings, f"turn{len(MARK)}", f"turn{len(OTHER)}")) as opened:
        had = await erase_client(stores, settings, "ana", clients[0].id)
        assert opened.execute("SELECT thread_id FROM checkpoints").fetchall() == [(f"turn{len(OTHER)}",)]
    assert had is not None and had.rows["clients"] == had.rows["turns"] == had.files == had.runs == 1
    assert had.rows["steps"] == 2
    everything = json.dumps(await rows_of(stores, "ana"))
    assert MARK not in everything and MARK.lower() not in everything
    assert not [place for place in places_of(MARK, settings.paths.data) if not place.startswith("checkpoints")]


async def test_what_belongs_to_another_client_stays(
    stores: Stores, settings: Settings, clients: tuple[Client, Client]
) -> None:
    await stores.contacts.note("ana", clients[1].id, DAY, f"came by way of {MARK}")
    await erase_client(stores, settings, "ana", clients[0].id)
    assert [client.name for client in await stores.clients.all("ana")] == [OTHER]
    assert len(await stores.contacts.notes("ana", clients[1].id)) == 2
    assert (await stores.facts.of("ana"))[0].client == OTHER
    assert (await stores.files.in_thread(f"t-{len(OTHER)}", user="ana"))[0].name == f"{OTHER}.txt"
    assert (settings.paths.runs / f"run{len(OTHER)}").is_dir()
    assert await stores.profiles.load("ana") == {"name": "Ana"}


async def test_what_names_it_without_its_legal_form_goes_too(stores: Stores, settings: Settings) -> None:
    acme = await stores.clients.save("ana", "Acme Widgets GmbH")
    await stores.facts.add(Fact(user="ana", text="acme widgets pays late", said_on=DAY))
    await stores.facts.add(Fact(user="ana", text="I like tea", said_on=DAY))
    await erase_client(stores, settings, "ana", acme.id)
    assert [fact.text for fact in await stores.facts.of("ana")] == ["I like tea"]


async def test_a_table_that_was_uploaded_goes_if_it_names_the_client(stores: Stores, settings: Settings) -> None:
    acme = await stores.clients.save("ana", "Acme Widgets GmbH")
    filler = b"x,1\n" * 262_140
    await stores.files.put(filler + b"Acme Widgets GmbH,5\n" + filler, "sales.csv", user="ana", thread="t")
    await stores.files.put(filler, "weather.csv", user="ana", thread="t")
    had = await erase_client(stores, settings, "ana", acme.id)
    assert had is not None and had.files == 1
    assert [file.name for file in await stores.files.in_thread("t", user="ana")] == ["weather.csv"]


async def test_the_preview_counts_what_goes(stores: Stores, settings: Settings, clients: tuple[Client, Client]) -> None:
    expected = await client_holdings(stores, "ana", clients[0])
    had = await erase_client(stores, settings, "ana", clients[0].id)
    assert had is not None and (had.rows, had.files, had.file_bytes) == (
        expected.rows,
        expected.files,
        expected.file_bytes,
    )


async def test_the_trail_stays_sound(stores: Stores, settings: Settings, clients: tuple[Client, Client]) -> None:
    heads = Heads.open(settings)
    await heads.sign(stores.database)
    await erase_client(stores, settings, "ana", clients[0].id)
    assert (await heads.verify(stores.database)).ok


async def test_nobody_erases_a_client_of_somebody_else(
    stores: Stores, settings: Settings, clients: tuple[Client, Client]
) -> None:
    assert await erase_client(stores, settings, "ben", clients[0].id) is None
    assert await stores.clients.get(clients[0].id, user="ana")


async def test_what_was_erased_after_a_backup_is_erased_again_when_it_is_restored(
    stores: Stores, settings: Settings, clients: tuple[Client, Client]
) -> None:
    made = now()
    await Ledger.open(settings).add("ana", clients[0].id, rows=3, files=1)  # the database is as before the erasure
    done = await replay(stores, settings, made)
    assert [one.client for one in done] == [clients[0].id]
    assert [client.name for client in await stores.clients.all("ana")] == [OTHER]
    assert await replay(stores, settings, now() + timedelta(seconds=1)) == []


async def test_the_ledger_names_nobody_but_by_id(settings: Settings, tmp_path: Path) -> None:
    ledger = Ledger.open(settings)
    first = await ledger.add("ana", "c1", rows=3, files=1)
    second = await ledger.add("ana", rows=30, files=2)
    assert [one.number for one in await ledger.all()] == [1, 2]
    assert (first.client, second.client) == ("c1", "") and len(second.reference) == 16
    assert (await ledger.log.verify()).ok
