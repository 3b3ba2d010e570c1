"""Signing in and out in a browser.

GET  /sign-in              the page                    POST the same: name, password, code
GET  /invited/{secret}     the page of an invitation   POST the same: name, password
POST /sign-out             ends the session            POST /logout: the same for the chat's own button
GET  /account, /admin      see `account_page`, `admin_page`
"""

from __future__ import annotations

from typing import Annotated

from fastapi import APIRouter, Form, Request
from fastapi.responses import JSONResponse, RedirectResponse, Response

from chainlit_app.api.access import Asking, may
from chainlit_app.identity import account_page, admin_page, oauth_routes, pages
from chainlit_app.identity.door import Door
from chainlit_app.identity.signing_in import NotSignedIn, by_invitation, by_password, invited
from config.errors import Mendable
from memory.accounts import NameTaken
from privacy.access.passwords import WeakPassword
from privacy.access.tokens import Pair

router = APIRouter(include_in_schema=False)
router.include_router(account_page.router)
router.include_router(admin_page.router)
router.include_router(oauth_routes.router)

Text = Annotated[str, Form(max_length=400)]


@router.get("/sign-in")
async def page(request: Request, next: str = "/") -> Response:
    """The page that asks who it is."""
    door: Door = request.app.state.door
    if request.state.principal is not None:
        return RedirectResponse(pages.inside(next), 303)
    if door.settings.auth == "header":
        return pages.told("Sign in", "The proxy in front of this server signs you in.", ("/", "Try again"))
    return pages.sign_in(pages.inside(next), ways=door.settings.auth)


@router.post("/sign-in")
async def sign_in(
    request: Request, name: Text = "", password: Text = "", code: Text = "", next: Text = "/"
) -> Response:
    """Sign in, and go on where one wanted to."""
    door: Door = request.app.state.door
    if door.settings.auth != "password":
        return RedirectResponse("/sign-in", 303)
    try:
        pair = await by_password(door, name, password, code, door.where(request.scope))
    except NotSignedIn as error:
        shown = pages.sign_in(pages.inside(next), ways="password", said=str(error), status=429 if error.rests else 401)
        if error.rests:
            shown.headers["Retry-After"] = str(int(error.rests) + 1)
        return shown
    return _inside(door, request, pair, pages.inside(next))


@router.get("/sign-in/colours.css")
async def colours() -> Response:
    """The colours of these pages."""
    return Response(pages.colours(), media_type="text/css")


@router.get("/invited/{secret}")
async def invitation(secret: str, request: Request) -> Response:
    """The page of an invitation."""
    return await _invitation(secret, request)


@router.post("/invited/{secret}")
async def accept(secret: str, request: Request, name: Text = "", password: Text = "") -> Response:
    """Choose a name and a password, and be signed in."""
    door: Door = request.app.state.door
    try:
        pair = await by_invitation(door, secret, name, password, door.where(request.scope))
    except (NotSignedIn, WeakPassword, NameTaken) as error:
        return await _invitation(secret, request, said=str(error))
    return _inside(door, request, pair, "/")


@router.post("/sign-out", dependencies=[may("account")])
async def sign_out(request: Request, asking: Asking) -> Response:
    """End the session of this browser."""
    response = RedirectResponse("/sign-in", 303)
    await _out(request, asking.session, asking.account, response)
    return response


@router.post("/logout", dependencies=[may("account")])
async def log_out(request: Request, asking: Asking) -> Response:
    """The same for the chat's own button."""
    response = JSONResponse({"success": True})
    await _out(request, asking.session, asking.account, response)
    return response


async def _invitation(secret: str, request: Request, said: str = "") -> Response:
    door: Door = request.app.state.door
    try:
        found = await invited(door, secret)
        known = await door.stores().accounts.get(found.account) if found.account else None
    except Mendable as error:
        return pages.told("This link is over", str(error), ("/sign-in", "Sign in"), 410)
    name = known.name if known else ""
    return pages.invited(secret, again=name, role=found.role, said=said, status=422 if said else 200)


def _inside(door: Door, request: Request, pair: Pair, where: str) -> Response:
    response = RedirectResponse(where, 303)
    for cookie in door.cookies(request.scope).given(pair):
        response.headers.append("set-cookie", cookie)
    return response


async def _out(request: Request, session: str, account: str, response: Response) -> None:
    door: Door = request.app.state.door
    if session:
        await door.end(session, account)
    for cookie in door.cookies(request.scope).taken():
        response.headers.append("set-cookie", cookie)
    response.headers["Clear-Site-Data"] = '"cache", "storage"'
