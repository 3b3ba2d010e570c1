"""One client is one client, however the name is written."""

from collections.abc import AsyncIterator
from pathlib import Path

import pytest

from config.settings import Settings
from memory.business.clients import key_of
from memory.stores import Stores, open_stores


@pytest.fixture
async def stores(tmp_path: Path) -> AsyncIterator[Stores]:
    opened = await open_stores(Settings(data_dir=tmp_path))
    yield opened
    await opened.close()


@pytest.mark.parametrize("name", ["Acme GmbH", "ACME", "acme", "Acme  GmbH.", "ACME Ltd"])
def test_case_and_legal_form_do_not_make_another_client(name: str) -> None:
    assert key_of(name) == "acme"


def test_a_name_that_is_only_a_legal_form_stays() -> None:
    assert key_of("Co") == "co"


async def test_the_fuller_name_is_kept(stores: Stores) -> None:
    first = await stores.clients.save("ana", "ACME")
    second = await stores.clients.save("ana", "Acme GmbH", email="pay@acme.example")
    assert first.id == second.id
    assert [(client.name, client.email) for client in await stores.clients.all("ana")] == [
        ("Acme GmbH", "pay@acme.example")
    ]
    assert (await stores.clients.find("ana", "acme")).name == "Acme GmbH"  # type: ignore[union-attr]


async def test_clients_belong_to_one_user(stores: Stores) -> None:
    client = await stores.clients.save("ana", "Acme")
    assert await stores.clients.get(client.id, user="ben") is None
    assert await stores.clients.names("ben") == []


async def test_a_client_without_a_name_is_refused(stores: Stores) -> None:
    with pytest.raises(ValueError, match="needs a name"):
        await stores.clients.save("ana", "  ")
