"""Signing in without a browser: a token for ten minutes, and one to get the next pair with."""

from __future__ import annotations

from fastapi import HTTPException, Request, Response
from pydantic import Field

from chainlit_app.api.access import Asking, may
from chainlit_app.api.fields import Body
from chainlit_app.api.resource import Resource
from chainlit_app.identity.door import Door
from chainlit_app.identity.signing_in import NotSignedIn, by_password
from privacy.access.tokens import ACCESS, Pair

router = Resource(prefix="/auth", tags=["auth"])


class Credentials(Body):
    """Who signs in; `code` is that of an authenticator, or a recovery code, where the account has a second factor."""

    name: str = Field(min_length=1, max_length=200, examples=["anna@example.com"])
    password: str = Field(min_length=1, max_length=200, examples=["a few words of mine"])
    code: str = Field(default="", max_length=30, examples=["123456"])


class Renewal(Body):
    """The token that stands for the session."""

    refresh_token: str = Field(min_length=1, max_length=2000)


class Given(Body):
    """Tokens: the first for each request (Authorization: Bearer …), the second to get new ones with, once."""

    access_token: str
    refresh_token: str
    token_type: str = "Bearer"
    expires_in: int


@router.post("/sign-in")
async def sign_in(asked: Credentials, request: Request) -> Given:
    """Sign in by name and password. Wrong tries rest longer each time."""
    door: Door = request.app.state.door
    if door.settings.auth != "password":
        raise HTTPException(409, "Nobody signs in by password here: send a key, or ask without anything.")
    try:
        pair = await by_password(door, asked.name, asked.password, asked.code, door.where(request.scope))
    except NotSignedIn as error:
        headers = {"Retry-After": str(int(error.rests) + 1)} if error.rests else None
        raise HTTPException(429 if error.rests else 401, str(error), headers) from error
    return _given(pair)


@router.post("/refresh")
async def refresh(asked: Renewal, request: Request) -> Given:
    """The next pair of tokens. One used twice ends the session, for somebody has a copy of it."""
    door: Door = request.app.state.door
    pair = await door.renew(asked.refresh_token) if door.settings.auth != "none" else None
    if pair is None or not pair.refresh:
        raise HTTPException(401, "This token does not count any more: sign in again.")
    return _given(pair)


@router.post("/sign-out", status_code=204, dependencies=[may("account")])
async def sign_out(request: Request, asking: Asking) -> Response:
    """End the session this request was proved by."""
    if asking.session:
        await request.app.state.door.end(asking.session, asking.account)
    return Response(status_code=204)


def _given(pair: Pair) -> Given:
    seconds = int(ACCESS.total_seconds())
    return Given(access_token=pair.access, refresh_token=pair.refresh, expires_in=seconds)
