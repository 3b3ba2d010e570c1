"""The one place where it is proved who asks, and where sessions begin and end.

request ─▶ key, token, cookie or proxy's header ─▶ session or account still stands? ─▶ principal
                                                         (looked up again after a second)
ended ─▶ forgotten here, and everything that is open under it is told to close
"""

from __future__ import annotations

import asyncio
from collections.abc import AsyncIterator, Callable
from contextlib import asynccontextmanager
from dataclasses import dataclass, field
from time import monotonic

from sqlalchemy import Connection
from starlette.datastructures import Headers
from starlette.types import Scope

from chainlit_app.identity.cookies import Cookies
from chainlit_app.identity.proxied import address_of, by_https
from config.settings import Settings
from memory.accounts import Account
from memory.database import new_id, now
from memory.sessions import LONGEST, Refreshed
from memory.stores import Stores
from privacy.access.keys import digest_of, parts
from privacy.access.lockout import Lockout
from privacy.access.passwords import Passwords
from privacy.access.principal import Principal
from privacy.access.tokens import Pair, Tokens
from privacy.keys.ring import KeyName

FRESH_S = 1.0
"""How long what was looked up is believed: another process may have ended a session."""
PROVED_S = 60.0
"""How long a key is known by its digest; whether it still stands is asked all the same."""
WATCHES_EVERY_S = 5.0
KEY, BY_HEADER = "key:", "header:"
"""What `Principal.session` begins with where no session proves it."""


@dataclass(frozen=True)
class Where:
    """Where somebody signs in from."""

    address: str = ""
    agent: str = ""


@dataclass
class Door:
    """`stores` are asked for at each call: the server opens them after its routes are made."""

    settings: Settings
    stores: Callable[[], Stores]
    lockout: Lockout = field(default_factory=Lockout)
    passwords: Passwords = field(default_factory=Passwords)
    pending: dict[str, str] = field(default_factory=dict)
    """Secrets of second factors, by account, of which no code was typed yet."""
    _tokens: Tokens | None = None
    _known: dict[str, tuple[float, Principal | None, int]] = field(default_factory=dict)
    _ended: int = 0
    """How often something was ended here: what was being looked up meanwhile is not believed."""
    _proved: dict[str, tuple[float, str]] = field(default_factory=dict)
    _closing: dict[str, asyncio.Event] = field(default_factory=dict)

    def cookies(self, scope: Scope) -> Cookies:
        """The cookies of whoever asks: for https alone where they came by it."""
        return Cookies(self.settings.port, self.by_https(scope))

    def by_https(self, scope: Scope) -> bool:
        """Whether a request came by https, here or at a trusted proxy."""
        return self.settings.https or by_https(scope, self.settings.trusted_proxies)

    def where(self, scope: Scope) -> Where:
        """Where a request comes from."""
        agent = Headers(scope=scope).get("user-agent", "")
        return Where(address_of(scope, self.settings.trusted_proxies), agent)

    async def tokens(self) -> Tokens:
        """What signs and reads tokens, with a key of this installation that is made once."""
        if self._tokens is None:
            found: list[bytes] = []

            def look(connection: Connection) -> None:
                found.append(self.stores().keys.first(KeyName("", "tokens"), connection).secret)

            await self.stores().database.change(look)
            self._tokens = Tokens(found[0])
        return self._tokens

    async def by_access(self, token: str) -> Principal | None:
        """Whom a token for requests proves."""
        said = (await self.tokens()).read(token, "access")
        if said is None:
            return None
        principal, version = await self._standing(str(said["sid"]))
        if principal is None or principal.account != said.get("sub") or version != said.get("ver"):
            return None
        return principal

    async def by_refresh(self, token: str) -> Principal | None:
        """Whom a refresh token proves, which stays as it is: for a socket, which cannot take another one."""
        said = (await self.tokens()).read(token, "refresh")
        if said is None or not await self.stores().sessions.holds(str(said["sid"]), digest_of(str(said["jti"])), now()):
            return None
        return (await self._standing(str(said["sid"])))[0]

    async def by_key(self, text: str) -> Principal | None:
        """Whom an API key proves. One proved a moment ago is only asked whether it still stands."""
        shown = digest_of(text)
        proved = self._proved.get(shown)
        if proved and monotonic() - proved[0] < PROVED_S:
            return (await self._standing(proved[1]))[0]
        found = parts(text)
        principal = await self.stores().api_keys.standing(*found, now()) if found else None
        if principal is not None:
            if len(self._proved) > 10_000:
                self._proved.clear()
            self._proved[shown] = (monotonic(), principal.session)
        return principal

    async def by_name(self, name: str) -> Principal | None:
        """Whom a trusted proxy names."""
        account = await self.stores().accounts.named(name)
        return account.principal(BY_HEADER + account.user) if account and account.active else None

    async def begin(self, account: Account, way: str, where: Where) -> Pair:
        """Sign somebody in who was proved to be them."""
        id, at = new_id(), now()
        pair = (await self.tokens()).pair(id, account.user, account.version, at, LONGEST)
        await self.stores().sessions.begin(
            account.user, way, pair.digest, id=id, agent=where.agent, address=where.address
        )
        await self.stores().access_events.note(account.user, "signed in", f"{way}, {where.address}")
        return pair

    async def renew(self, token: str) -> Pair | None:
        """The next tokens for a refresh token, or None. One used before ends its session.

        For one that was renewed a moment ago, by another request of the same browser, `refresh` is empty.
        """
        tokens, sessions = await self.tokens(), self.stores().sessions
        said = tokens.read(token, "refresh")
        if said is None:
            return None
        id, at = str(said["sid"]), now()
        principal, version = await self._standing(id)
        if principal is None:
            return None
        pair = tokens.pair(id, principal.account, version, at, LONGEST)
        match await sessions.refresh(id, digest_of(str(said["jti"])), pair.digest, at):
            case Refreshed.NEW:
                return pair
            case Refreshed.SAME:
                return Pair(pair.access, "", "")
            case Refreshed.REUSED:
                await self.stores().access_events.note(principal.account, "token reused", f"session {id}")
                self.close(id)
        return None

    async def end(self, session: str, user: str) -> bool:
        """End a session of a user, and close what is open under it."""
        ended = await self.stores().sessions.end(session, now())
        if ended:
            await self.stores().access_events.note(user, "session ended", f"session {session}")
        self.close(session)
        return ended

    async def end_all(self, user: str, but: str = "") -> int:
        """End every session of a user but one, and look everybody up anew; returns how many."""
        self.forget()
        found = [one for one in await self.stores().sessions.of(user, now()) if one.id != but]
        for one in found:
            await self.end(one.id, user)
        for session in [known for known in {*self._known, *self._closing} if known == BY_HEADER + user]:
            self.close(session)
        return len(found)

    async def end_key(self, id: str, user: str) -> None:
        """End a key of a user, and close what is open under it."""
        if await self.stores().api_keys.end(id, now()):
            await self.stores().access_events.note(user, "key ended", f"key {id}")
        self.close(KEY + id)

    async def still(self, principal: Principal) -> Principal | None:
        """The principal as they are now: with another role perhaps, or None once they were shut out.

        To be asked before every event of a socket, and at every turn of a stream that lasts.
        """
        if not principal.session:
            return principal
        found, _ = await self._standing(principal.session)
        return found

    def closed(self, session: str) -> asyncio.Event:
        """Is set once this session or key (`Principal.session`) counts no longer: close what is open under it."""
        return self._closing.setdefault(session, asyncio.Event())

    def close(self, session: str) -> None:
        """Look a session up anew, and tell what is open under it."""
        self.forget()
        if event := self._closing.pop(session, None):
            event.set()

    def forget(self) -> None:
        """Believe nothing that was looked up before now."""
        self._known.clear()
        self._ended += 1

    @asynccontextmanager
    async def watched(self) -> AsyncIterator[None]:
        """Notice for as long as the block lasts what other processes end; take up what was wrong before a restart."""
        self.lockout.remember(await self.stores().lockouts.lately())
        task = asyncio.create_task(self._watch())
        try:
            yield
        finally:
            task.cancel()
            await asyncio.gather(task, return_exceptions=True)

    async def _watch(self) -> None:
        while True:
            await asyncio.sleep(WATCHES_EVERY_S)
            for session in list(self._closing):
                if session and (await self._standing(session))[0] is None:
                    self.close(session)

    async def _standing(self, session: str) -> tuple[Principal | None, int]:
        known = self._known.get(session)
        if known and monotonic() - known[0] < FRESH_S:
            return known[1], known[2]
        ended = self._ended
        found, version = await self._look(session)
        if ended != self._ended:
            return await self._standing(session)
        if len(self._known) > 10_000:
            self._known.clear()
        self._known[session] = (monotonic(), found, version)
        return found, version

    async def _look(self, session: str) -> tuple[Principal | None, int]:
        stores = self.stores()
        if session.startswith(KEY):
            return await stores.api_keys.still(session.removeprefix(KEY), now()), 0
        if session.startswith(BY_HEADER):
            account = await stores.accounts.get(session.removeprefix(BY_HEADER))
            return (account.principal(session), account.version) if account and account.active else (None, 0)
        return await stores.sessions.standing(session, now()) or (None, 0)
