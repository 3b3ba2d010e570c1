"""Signing in at a provider: to it, and back with a code, tied to the browser that asked."""

from __future__ import annotations

import hmac
from collections import OrderedDict
from dataclasses import dataclass
from time import monotonic

from fastapi import APIRouter, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chainlit_app.api.access import Opened
from chainlit_app.identity import pages
from chainlit_app.identity.door import Door
from config.errors import Mendable
from graph.runtime import Runtime
from integrations.oidc import Asked, NotProved, Person, Provider
from memory.accounts import Account

router = APIRouter(prefix="/sign-in/oauth", include_in_schema=False)
LASTS_S = 600.0
MOST = 1_000
NOBODY = "Nobody with this mail address may sign in here: ask the owner of this server to let you in."


@dataclass(frozen=True)
class _Open:
    asked: Asked
    back: str
    next: str
    at: float


@router.get("")
async def start(request: Request, runtime: Opened, next: str = "/") -> Response:
    """To the provider."""
    door: Door = request.app.state.door
    if door.settings.auth != "oauth":
        return RedirectResponse("/sign-in", 303)
    back = _back(request, door)
    try:
        asked = await _provider(request, runtime, door).start(back)
    except Mendable as error:
        return pages.sign_in("/", ways="oauth", said=str(error), status=503)
    waiting = _waiting(request)
    waiting[asked.state] = _Open(asked, back, next, monotonic())
    while len(waiting) > MOST:
        waiting.popitem(last=False)
    response = RedirectResponse(asked.address, 303)
    response.headers.append("set-cookie", door.cookies(request.scope).tie(asked.state))
    return response


@router.get("/back")
async def back(request: Request, runtime: Opened, state: str = "", code: str = "") -> Response:
    """Back from the provider."""
    door: Door = request.app.state.door
    found, cookies = _waiting(request).pop(state, None), door.cookies(request.scope)
    tied = hmac.compare_digest(request.cookies.get(cookies.asked, "").encode(), state.encode())
    if found is None or not tied or not code or monotonic() - found.at > LASTS_S:
        return pages.sign_in(
            "/", ways="oauth", said="That did not begin here, or took too long: try again.", status=400
        )
    try:
        person = await _provider(request, runtime, door).finish(code, found.asked, found.back)
        account = await admitted(door, person)
    except Mendable as error:
        return pages.sign_in("/", ways="oauth", said=str(error), status=403)
    pair = await door.begin(account, "oauth", door.where(request.scope))
    response = _onward(found.next)
    for cookie in [*cookies.given(pair), cookies.tie("")]:
        response.headers.append("set-cookie", cookie)
    return response


async def admitted(door: Door, person: Person) -> Account:
    """The account of somebody the provider proved; a new member's where their address is allowed. Raises NotProved."""
    accounts = door.stores().accounts
    account = await accounts.of_subject(person.subject)
    if account is None and person.email:
        named = await accounts.named(person.email)
        if named is not None and not named.subject:  # let in by name, and here for the first time
            account = await accounts.change(named.user, subject=person.subject)
        elif named is None and allowed(person.email, door.settings.auth_allow):
            account = await accounts.add(person.email, "member", subject=person.subject)
            await door.stores().access_events.note(account.user, "account made", "member, by the list of addresses")
    if account is None or not account.active:
        raise NotProved(NOBODY)
    return account


def allowed(email: str, listed: str) -> bool:
    """Whether an address, or its domain, is on a list parted by commas."""
    plain = email.strip().casefold()
    entries = {one.strip().casefold() for one in listed.split(",") if one.strip()}
    return plain in entries or f"@{plain.rpartition('@')[2]}" in entries


def _provider(request: Request, runtime: Runtime, door: Door) -> Provider:
    """The provider, asked once how it works."""
    settings, state = door.settings, request.app.state
    if getattr(state, "provider", None) is None:
        state.provider = Provider(settings.oauth_issuer, settings.oauth_client, settings.oauth_secret, runtime.http)
    found: Provider = state.provider
    return found


def _waiting(request: Request) -> OrderedDict[str, _Open]:
    state = request.app.state
    if getattr(state, "asked_at_provider", None) is None:
        state.asked_at_provider = OrderedDict()
    found: OrderedDict[str, _Open] = state.asked_at_provider
    return found


def _back(request: Request, door: Door) -> str:
    scheme = "https" if door.by_https(request.scope) else "http"
    return f"{scheme}://{request.headers['host']}/sign-in/oauth/back"


def _onward(path: str) -> HTMLResponse:
    """A page that goes on by itself: after a redirect from another site browsers would keep strict cookies back."""
    where = pages.inside(path)
    response = pages.told("You are signed in", "", (where, "Go on"))
    response.headers["Refresh"] = f"0; url={where}"
    return response
