"""``users`` on the command line: who may sign in, and links to do so; and whose data another verb works with."""

from __future__ import annotations

import argparse
import asyncio
import json
import sys
from typing import TYPE_CHECKING, Any

from config.errors import Mendable
from config.settings import Settings
from privacy.access.principal import LOCAL, Role

if TYPE_CHECKING:
    from memory.accounts import Account
    from memory.stores import Stores


class NoSuchUser(Mendable):
    """Nobody of that name may sign in here."""


def add(verbs: Any) -> None:
    """Add the verb with its acts to a parser."""
    verb = verbs.add_parser("users", help="who may sign in: list, add, shut out; links for a password")
    acts = verb.add_subparsers(required=True, metavar="ACT")
    for name, about in (
        ("list", "everybody who may sign in"),
        ("add", "let somebody in; prints a link that works once"),
        ("link", "a link for a new password"),
        ("shut-out", "end their sessions and keys, and let them in no more"),
        ("let-in", "let them in again"),
    ):
        act = acts.add_parser(name, help=about)
        act.add_argument("--json", action="store_true", help="print one JSON object")
        act.set_defaults(run=_run, act=name)
        if name != "list":
            act.add_argument("name", help="the name they sign in with")
        if name == "add":
            act.add_argument("--owner", action="store_true", help="they may do everything; the first is always one")
            act.add_argument("--viewer", action="store_true", help="they only look at your records")


def whose(verb: argparse.ArgumentParser) -> None:
    """Add ``--user`` to a verb."""
    verb.add_argument(
        "--user", default="", metavar="NAME", help="work with the data of this user; else the first owner's"
    )


async def user_of(name: str, stores: Stores) -> str:
    """The id of the user whose data is worked with: the first one's unless another is named. Raises NoSuchUser."""
    return (await _named(name, stores)).user if name else LOCAL.user


def _run(options: argparse.Namespace, settings: Settings) -> int:
    from monitoring.logs import configure

    configure(settings, console=False)
    told, text = asyncio.run(_with_stores(options, settings))
    sys.stdout.write((json.dumps(told, ensure_ascii=False) if options.json else text) + "\n")
    return 0


async def _with_stores(options: argparse.Namespace, settings: Settings) -> tuple[dict[str, Any], str]:
    from memory.stores import open_stores

    stores = await open_stores(settings)
    try:
        match options.act:
            case "list":
                return await _list(stores)
            case "add":
                role: Role = "owner" if options.owner else "viewer" if options.viewer else "member"
                return await _add(options.name, role, stores, settings)
            case "link":
                account = await _named(options.name, stores)
                return await _link(account, stores, settings)
            case _:
                return await _let(options.name, stores, active=options.act == "let-in")
    finally:
        await stores.close()


async def _list(stores: Stores) -> tuple[dict[str, Any], str]:
    found = await stores.accounts.all()
    users = [{"name": one.name, "role": one.role, "active": one.active, "user": one.user} for one in found]
    lines = [f"{one.role:8} {'' if one.active else 'shut out '}{one.name}" for one in found]
    return {"users": users}, "\n".join(lines) or "Nobody yet: python -m chainlit_app users add NAME --owner."


async def _add(name: str, role: Role, stores: Stores, settings: Settings) -> tuple[dict[str, Any], str]:
    if role != "owner" and not await stores.accounts.all():
        raise NoSuchUser("The first user is an owner: python -m chainlit_app users add NAME --owner.")
    account = await stores.accounts.add(name, role, whose=LOCAL.user if role == "viewer" else "")
    await stores.access_events.note(account.user, "account made", f"{role}, on the command line")
    if settings.auth in ("oauth", "header"):
        return {"user": account.user, "role": role}, f"{account.name} can sign in, as {role}."
    return await _link(account, stores, settings)


async def _link(account: Account, stores: Stores, settings: Settings) -> tuple[dict[str, Any], str]:
    from memory.database import now

    role: Role = account.principal("").role
    _, secret = await stores.invitations.make(account.user, role, now(), account=account.user)
    await stores.access_events.note(account.user, "invited", f"{role}, on the command line")
    named = settings.trusted_hosts.split(",")[0].strip()
    address = f"http{'s' if settings.https else ''}://{named or f'{settings.host}:{settings.port}'}/invited/{secret}"
    text = f"Open this once, within three days, to choose a password for {account.name}:\n{address}"
    return {"user": account.user, "role": account.role, "link": address}, text


async def _let(name: str, stores: Stores, *, active: bool) -> tuple[dict[str, Any], str]:
    from memory.database import now

    account = await _named(name, stores)
    await stores.accounts.change(account.user, again=True, active=active)
    if not active:
        for session in await stores.sessions.of(account.user, now()):
            await stores.sessions.end(session.id, now())
        for key in await stores.api_keys.of(account.user):
            await stores.api_keys.end(key.id, now())
    await stores.access_events.note(account.user, "account changed", "let in" if active else "shut out")
    return {"user": account.user, "active": active}, f"{account.name} {'may sign in' if active else 'is shut out'}."


async def _named(name: str, stores: Stores) -> Account:
    if account := await stores.accounts.named(name):
        return account
    raise NoSuchUser(f"There is no user called {name}: python -m chainlit_app users list.")
