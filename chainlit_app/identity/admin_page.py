"""What an owner sees of the server: users, invitations, keys, models, usage, what happened, consents, retention."""

from __future__ import annotations

from collections.abc import Sequence
from datetime import timedelta
from html import escape
from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import HTMLResponse

from chainlit_app.api.access import Asking, Opened, may
from chainlit_app.identity import acts, pages
from chainlit_app.identity.account_page import at
from chainlit_app.identity.door import Door
from config.errors import Mendable
from graph.runtime import Runtime
from memory.accounts import Account
from memory.database import now
from memory.overview.words import upper
from memory.retention import overdue
from memory.stores import Stores
from memory.usage import usage
from privacy.access.principal import Principal, Role, role_of
from privacy.consent import title_of

router = APIRouter(prefix="/admin", dependencies=[may("users")])
ROLES: Sequence[tuple[Role, str]] = (
    ("owner", "owner: everything"),
    ("member", "member: their own work"),
    ("viewer", "viewer: looks at your records"),
)
STATES = (("yes", "in"), ("no", "shut out"))
LATELY = timedelta(days=30)


@router.get("")
async def admin(runtime: Opened, request: Request, asking: Asking) -> HTMLResponse:
    """The page."""
    return await _page(runtime, request, asking)


@router.post("/invite")
async def invite(
    runtime: Opened,
    request: Request,
    asking: Asking,
    role: Annotated[Role, Form()],
    name: Annotated[str, Form(max_length=200)] = "",
) -> HTMLResponse:
    """A link for a new user; where a provider or a proxy proves people, their account, by the name it gives them."""
    door: Door = request.app.state.door
    try:
        if door.settings.auth in ("oauth", "header"):
            if not name.strip():
                raise acts.NotDone("Say the name or mail address by which they sign in.")
            whose = asking.user if role == "viewer" else ""
            made = await door.stores().accounts.add(name, role, whose=whose)
            await door.stores().access_events.note(made.user, "account made", role)
            return await _page(runtime, request, asking, f"{name.strip()} can sign in.")
        link = await acts.invite(door, asking, role, note=name.strip())
    except Mendable as error:
        return await _page(runtime, request, asking, str(error), wrong=True)
    return await _page(runtime, request, asking, link=_whole(request, link))


@router.post("/users/{user}")
async def change(
    user: str, runtime: Opened, request: Request, asking: Asking, role: Annotated[Role, Form()], active: str = Form("")
) -> HTMLResponse:
    """Another role, or in or out."""
    try:
        made = await acts.change_user(request.app.state.door, asking, user, role, active == "yes")
    except Mendable as error:
        return await _page(runtime, request, asking, str(error), wrong=True)
    state = f"{made.role} now" if made.active else "shut out now"
    return await _page(runtime, request, asking, f"{made.name} is {state}, and signed out.")


@router.post("/users/{user}/link")
async def new_password(user: str, runtime: Opened, request: Request, asking: Asking) -> HTMLResponse:
    """A link for a new password."""
    door: Door = request.app.state.door
    known = await door.stores().accounts.get(user)
    try:
        link = await acts.invite(door, asking, role_of(known.role) if known else "viewer", account=user)
    except Mendable as error:
        return await _page(runtime, request, asking, str(error), wrong=True)
    return await _page(runtime, request, asking, link=_whole(request, link))


async def _page(
    runtime: Runtime, request: Request, asking: Principal, said: str = "", *, wrong: bool = False, link: str = ""
) -> HTMLResponse:
    door: Door = request.app.state.door
    stores, accounts = door.stores(), await door.stores().accounts.all()
    names = {one.user: one.name for one in accounts} or {asking.account: "You"}
    parts = ["<h1>Users and server</h1>"]
    if said:
        parts.append(pages.note(said, wrong=wrong))
    if link:
        lead = "Send it to them by a way you trust. It works once, for three days."
        parts.append(pages.section("The link", lead, f'<p class="said"><code>{escape(link)}</code></p>'))
    parts += [
        await _users(stores, accounts, asking, provided=door.settings.auth in ("oauth", "header")),
        await _keys(stores, names),
        _models(runtime),
        await _events(stores, names),
        await _consents(stores, names),
        await _retention(runtime),
    ]
    return pages.answer("Users", "".join(parts), asking, 422 if wrong else 200)


async def _users(stores: Stores, accounts: Sequence[Account], asking: Principal, *, provided: bool) -> str:
    used, at_now = await usage(stores.database, now() - LATELY), now()
    rows = []
    for one in accounts:
        mine = used.get(one.user)
        sessions = len(await stores.sessions.of(one.user, at_now))
        state = pages.choice("In or out", "active", STATES, "yes" if one.active else "no")
        role = pages.choice("Role", "role", [(name, name) for name, _ in ROLES], one.role)
        row = (
            escape(one.name) + (" · you" if one.user == asking.account else ""),
            pages.form(f"/admin/users/{one.user}", _bare(role) + _bare(state), "Set", css="plain"),
            str(sessions),
            "on" if one.totp else "–",
            f"{mine.messages if mine else 0:,}",
            f"{(mine.bytes if mine else 0) / 1e6:,.1f}&nbsp;MB",
            "" if provided else pages.form(f"/admin/users/{one.user}/link", "", "New password", css="plain"),
        )
        rows.append(row)
    heads = ("Name", "Role", "Signed in", "Second factor", "Messages, 30 days", "Files", "")
    listed = pages.table(heads, rows, "There are no accounts: this computer alone is served.")
    hint = "The name or mail address they sign in with" if provided else "For you, to know whom you meant"
    ask = pages.field("Who", "name", hint=hint) + pages.choice("As", "role", ROLES, "member")
    made = pages.form("/admin/invite", ask, "Let them in" if provided else "Make a link", css="row")
    waiting = [
        f"<li>{escape(one.note or 'somebody')} as {one.role}, until {at(one.expires_at)}</li>"
        for one in await stores.invitations.standing(at_now)
    ]
    open_ones = f"<p class=quiet>Open invitations:</p><ul>{''.join(waiting)}</ul>" if waiting else ""
    return pages.section("Users", "", listed) + pages.section("Invite", "", made + open_ones)


async def _keys(stores: Stores, names: dict[str, str]) -> str:
    rows = [
        (
            escape(name),
            escape(one.title),
            escape(", ".join(one.scopes)),
            at(one.expires_at) if one.expires_at else "no end",
            at(one.used_at) if one.used_at else "never",
        )
        for user, name in names.items()
        for one in await stores.api_keys.of(user)
        if one.stands(now())
    ]
    return pages.section("Keys", "", pages.table(("Whose", "What for", "May", "Until", "Last used"), rows, "No keys."))


def _models(runtime: Runtime) -> str:
    rows = [
        (escape(one.title), escape(", ".join(one.tiers)), "loaded" if one.loaded else "not loaded", f"{one.requests:,}")
        for one in runtime.models.state()
    ]
    said = "No language model: planner and agents work without one."
    return pages.section("Models", "", pages.table(("Model", "For", "Now", "Requests"), rows, said))


async def _events(stores: Stores, names: dict[str, str]) -> str:
    rows = [
        (at(one.at), escape(names.get(one.user, one.user)), escape(one.what), escape(one.detail))
        for one in await stores.access_events.recent(limit=50)
    ]
    lead = "The last fifty. The audit trail follows each: python -m chainlit_app privacy audit verify."
    return pages.section("What happened", lead, pages.table(("When", "Who", "What", "More"), rows, "Nothing yet."))


async def _consents(stores: Stores, names: dict[str, str]) -> str:
    rows = [
        (escape(name), escape(title_of(one.name)), at(one.granted_at))
        for user, name in names.items()
        for one in await stores.consents.list(user)
    ]
    said = "Nobody allowed anything for good."
    return pages.section("What was allowed to leave", "", pages.table(("Who", "What", "Since"), rows, said))


async def _retention(runtime: Runtime) -> str:
    rows = [
        (escape(upper(one.title)), f"{one.days:,} days" if one.days else "until erased", f"{one.count:,}")
        for one in await overdue(runtime.stores, runtime.settings, now())
    ]
    heads = ("Kind", "Kept", "Over its time")
    return pages.section("How long things are kept", "", pages.table(heads, rows, "Nothing."))


def _bare(choice: str) -> str:
    """A choice without its words, which the table's head says."""
    return choice[choice.index("<select") :].removesuffix("</label>")


def _whole(request: Request, path: str) -> str:
    return str(request.url.replace(path=path, query="")) if request.url.hostname else path
