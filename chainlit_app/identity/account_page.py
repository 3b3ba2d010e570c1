"""The own account: password, second factor, sessions and keys, on one page of forms."""

from __future__ import annotations

from datetime import datetime
from html import escape
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse, RedirectResponse, Response

from chainlit_app.api.access import Asking, may
from chainlit_app.identity import acts, pages
from chainlit_app.identity.door import Door
from config.dates import day_text
from config.errors import Mendable
from memory.database import now
from memory.schedules import utc
from privacy.access.policy import allows
from privacy.access.principal import Principal
from privacy.access.second_factor import address_for, picture_of

router = APIRouter(prefix="/account", dependencies=[may("account")])
Text = Annotated[str, Form(max_length=400)]
KEY_SCOPES = (
    ("*", "everything I may do"),
    ("*:read", "read everything"),
    ("records:read", "read records"),
    ("records:write", "change records"),
    ("chat:write", "ask in the chat"),
)
DAYS = (("30", "30 days"), ("90", "90 days"), ("365", "a year"), ("0", "no end"))


@router.get("")
async def account(request: Request, asking: Asking) -> HTMLResponse:
    """The page."""
    return await _page(request, asking)


@router.post("/password")
async def password(request: Request, asking: Asking, old: Text = "", new: Text = "") -> HTMLResponse:
    """A new password."""
    door: Door = request.app.state.door
    try:
        await acts.change_password(door, asking, old, new, door.where(request.scope))
    except Mendable as error:
        return await _page(request, asking, str(error), wrong=True)
    return await _page(request, asking, "Your password is changed; you are signed out everywhere else.")


@router.post("/second-factor")
async def second_factor(request: Request, asking: Asking, code: Text = "") -> HTMLResponse:
    """Turn the second factor on: first the QR code, then with a code of it the recovery codes."""
    door: Door = request.app.state.door
    try:
        secret = await acts.begin_second_factor(door, asking)
        said = ""
        if code:
            try:
                return _codes(await acts.finish_second_factor(door, asking, code), asking)
            except acts.NotDone as error:
                said = str(error)
        name = (await acts.account_of(door, asking)).name
    except Mendable as error:
        return await _page(request, asking, str(error), wrong=True)
    qr = f'<p class="qr">{picture_of(address_for(secret, name))}</p><p>Or type <code>{secret}</code></p>'
    ask = pages.field(
        "The code it shows", "code", complete="one-time-code", more="required inputmode=numeric autofocus"
    )
    inner = (
        (pages.note(said, wrong=True) if said else "") + qr + pages.form("/account/second-factor", ask, "Turn it on")
    )
    lead = "Read this with an authenticator, then type the code it shows."
    return pages.answer("Second factor", pages.section("Second factor", lead, inner), asking, 422 if said else 200)


@router.post("/second-factor/off")
async def second_factor_off(request: Request, asking: Asking, password: Text = "") -> HTMLResponse:
    """Turn it off."""
    door: Door = request.app.state.door
    try:
        await acts.end_second_factor(door, asking, password, door.where(request.scope))
    except Mendable as error:
        return await _page(request, asking, str(error), wrong=True)
    return await _page(request, asking, "The second factor is off.")


@router.post("/sessions/{id}/end")
async def end_session(id: str, request: Request, asking: Asking) -> Response:
    """Sign a browser out."""
    door: Door = request.app.state.door
    if id in {one.id for one in await door.stores().sessions.of(asking.account, now())}:
        await door.end(id, asking.account)
    return RedirectResponse("/account", 303)


@router.post("/sessions/end")
async def end_others(request: Request, asking: Asking) -> Response:
    """Sign out everywhere else."""
    await request.app.state.door.end_all(asking.account, but=asking.session)
    return RedirectResponse("/account", 303)


@router.post("/keys", dependencies=[may("keys")])
async def make_key(
    request: Request, asking: Asking, title: Text = "", scope: Text = "*", days: Annotated[int, Form(ge=0)] = 90
) -> HTMLResponse:
    """Make a key, and show it this once."""
    try:
        row, made = await acts.make_key(request.app.state.door, asking, title.strip() or "A key", [scope], days)
    except Mendable as error:
        return await _page(request, asking, str(error), wrong=True)
    return await _page(request, asking, key=(row.title, made.text))


@router.post("/keys/{id}/rotate", dependencies=[may("keys")])
async def rotate_key(id: str, request: Request, asking: Asking) -> HTMLResponse:
    """A new key in the place of one."""
    try:
        row, made = await acts.rotate_key(request.app.state.door, asking, id)
    except Mendable as error:
        return await _page(request, asking, str(error), wrong=True)
    return await _page(request, asking, key=(row.title, made.text))


@router.post("/keys/{id}/end", dependencies=[may("keys")])
async def end_key(id: str, request: Request, asking: Asking) -> Response:
    """End a key at once."""
    door: Door = request.app.state.door
    if id in {one.id for one in await door.stores().api_keys.of(asking.account)}:
        await door.end_key(id, asking.account)
    return RedirectResponse("/account#keys", 303)


async def _page(
    request: Request, asking: Principal, said: str = "", *, wrong: bool = False, key: tuple[str, str] | None = None
) -> HTMLResponse:
    door: Door = request.app.state.door
    account = await door.stores().accounts.get(asking.account)
    parts = [f"<h1>{escape(account.name) if account else 'This computer'}</h1>"]
    if said:
        parts.append(pages.note(said, wrong=wrong))
    if account is None:
        parts.append('<p class="quiet">Nobody signs in here: whoever sits at this computer is the user.</p>')
    if key is not None:
        lead = "Copy it now: it is shown this once."
        parts.append(pages.section(f"The key “{key[0]}”", lead, f'<p class="said"><code>{key[1]}</code></p>'))
    if account is not None and account.password:
        parts += [_password(), _second_factor(on=bool(account.totp), left=len(account.recovery))]
    if account is not None:
        parts.append(await _sessions(door, asking))
    if allows(asking, "keys", "read"):
        parts.append(await _keys(door, asking))
    return pages.answer("Account", "".join(parts), asking, 422 if wrong else 200)


def _password() -> str:
    fields = pages.field(
        "Present one", "old", kind="password", complete="current-password", more="required"
    ) + pages.field(
        "New one", "new", kind="password", complete="new-password", more="required minlength=10 maxlength=200"
    )
    lead = "At least 10 characters. You are signed out everywhere else."
    return pages.section("Password", lead, pages.form("/account/password", fields, "Change it", css="row"))


def _second_factor(*, on: bool, left: int) -> str:
    if not on:
        lead = "A code of an authenticator on your phone, asked for with the password."
        return pages.section("Second factor", lead, pages.form("/account/second-factor", "", "Turn it on", css="plain"))
    ask = pages.field("Password", "password", kind="password", complete="current-password", more="required")
    lead = f"It is on. {left} recovery codes are left."
    return pages.section("Second factor", lead, pages.form("/account/second-factor/off", ask, "Turn it off", css="row"))


def _codes(codes: list[str], asking: Principal) -> HTMLResponse:
    listed = "".join(f"<li><code>{one}</code></li>" for one in codes)
    lead = "Without your phone, each of these lets you in once. Keep them on paper: they are shown this once."
    inner = f'<ul class="codes">{listed}</ul><p><a class="button" href="/account">I have them</a></p>'
    return pages.answer("Recovery codes", pages.section("The second factor is on", lead, inner), asking)


async def _sessions(door: Door, asking: Principal) -> str:
    rows = [
        (
            escape(_browser(one.agent)) + (" <b>· this one</b>" if one.id == asking.session else ""),
            escape(one.address),
            at(one.created_at),
            at(one.seen_at),
            "" if one.id == asking.session else pages.form(f"/account/sessions/{one.id}/end", "", "End", css="plain"),
        )
        for one in await door.stores().sessions.of(asking.account, now())
    ]
    listed = pages.table(("Browser", "From", "Since", "Last", ""), rows, "None.")
    rest = pages.form("/account/sessions/end", "", "Sign out everywhere else", css="plain") if len(rows) > 1 else ""
    return pages.section("Where you are signed in", "", listed + rest)


async def _keys(door: Door, asking: Principal) -> str:
    at_now = now()
    rows = [
        (
            escape(one.title),
            f"fx_{one.id}_…",
            escape(", ".join(one.scopes)),
            at(one.expires_at) if one.expires_at else "no end",
            at(one.used_at) if one.used_at else "never",
            pages.form(f"/account/keys/{one.id}/rotate", "", "Replace", css="plain")
            + " "
            + pages.form(f"/account/keys/{one.id}/end", "", "End", css="plain"),
        )
        for one in await door.stores().api_keys.of(asking.account)
        if one.stands(at_now)
    ]
    fields = (
        pages.field("What for", "title", more="required maxlength=100")
        + pages.choice("It may", "scope", KEY_SCOPES, "records:read")
        + pages.choice("For", "days", DAYS, "90")
    )
    made = pages.form("/account/keys", fields, "Make a key", css="row")
    listed = pages.table(("What for", "Key", "May", "Until", "Last used", ""), rows, "You have no keys.")
    lead = "For programs of yours: they send it as Authorization: Bearer fx_…"
    return f'<div id="keys">{pages.section("Keys", lead, listed + made)}</div>'


def at(moment: datetime) -> str:
    """A time as a page shows it."""
    return f"<time>{day_text(utc(moment).astimezone(), '%-d %b %Y, %H:%M')}</time>"


def _browser(agent: str) -> str:
    known = (("Edg/", "Edge"), ("Firefox/", "Firefox"), ("Chrome/", "Chrome"), ("Safari/", "Safari"))
    systems = (
        ("Android", "Android"),
        ("iPhone", "iPhone"),
        ("Windows", "Windows"),
        ("Mac OS", "macOS"),
        ("Linux", "Linux"),
    )
    name = next((said for mark, said in known if mark in agent), agent.partition("/")[0][:40] or "unknown")
    system = next((said for mark, said in systems if mark in agent), "")
    return f"{name} on {system}" if system else name
