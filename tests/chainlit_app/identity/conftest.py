"""The whole app in this process, where people sign in; `As` speaks for each of them."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from dataclasses import dataclass
from typing import Any

import pytest
from starlette.testclient import TestClient

from chainlit_app.identity.door import Door, Where
from chainlit_app.identity.walk import within
from chainlit_app.limits.rates import Rates
from chainlit_app.server import create_app
from config.settings import Settings
from memory.accounts import Account

PASSWORD = "walnut river stone"


@dataclass
class Site:
    """The app, and what its doors are made of. `run` awaits something where the app runs."""

    client: TestClient
    door: Door
    app: Any
    run: Callable[..., Any]

    def as_(self, account: Account) -> dict[str, str]:
        """Headers of somebody who is signed in."""
        return {"Authorization": f"Bearer {self.run(self.door.begin, account, 'password', Where()).access}"}

    def key(self, account: Account, *scopes: str) -> dict[str, str]:
        """Headers of a program with a key."""
        _, made = self.run(self.door.stores().api_keys.make, account.user, "a key", scopes, None)
        return {"Authorization": f"Bearer {made.text}"}

    def get(self, path: str, headers: dict[str, str] | None = None, **more: Any) -> Any:
        """Ask without the cookies of anybody before, and follow nothing."""
        return self.ask("GET", path, headers, **more)

    def ask(self, method: str, path: str, headers: dict[str, str] | None = None, **more: Any) -> Any:
        self.client.cookies.clear()
        return self.client.request(method, path, headers=headers, follow_redirects=False, **more)


async def unlimited(_self: Rates, *_asked: Any) -> None:
    """Limits are tested where they are; here one address does what a hundred people would."""


@pytest.fixture(autouse=True)
def _no_limits(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Rates, "take", unlimited)


@pytest.fixture(scope="module")
def site(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    data = tmp_path_factory.mktemp("site")
    settings = Settings(data_dir=data, auth="password", offline=True, keys="file", embeddings="off", open_browser=False)
    whole = create_app(settings)
    app = within(whole)
    with TestClient(
        whole, "http://127.0.0.1:8000", raise_server_exceptions=False, client=("127.0.0.1", 50000)
    ) as client:
        assert client.portal is not None
        yield Site(client, app.state.door, app, client.portal.call)


@pytest.fixture(scope="module")
def people(site: Site) -> dict[str, Account]:
    """An owner, a member and a viewer of the owner's records, with one password."""
    hashed = site.run(site.door.passwords.hashed, PASSWORD)
    accounts = site.door.stores().accounts

    def add(name: str, role: str, whose: str = "") -> Account:
        async def made() -> Account:
            return await accounts.add(name, role, whose=whose, password=hashed)  # type: ignore[arg-type]

        account: Account = site.run(made)
        return account

    owner = add("Olga", "owner")
    return {"owner": owner, "member": add("Max", "member"), "viewer": add("Vera", "viewer", owner.user)}
