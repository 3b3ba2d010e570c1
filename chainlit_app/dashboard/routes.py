"""The dashboard over HTTP: its page, its views as JSON, and the records behind a figure.

GET /dashboard                         the page, with the first view in it where that is at hand at once
GET /api/v1/dashboard/{view}           a view; answers 304 while nothing changed
GET /api/v1/dashboard/records/{kind}   the records a link of a view leads to
"""

from __future__ import annotations

import asyncio
import hashlib
import json
from dataclasses import asdict
from datetime import UTC, datetime
from typing import Annotated, Any, Literal

from fastapi import APIRouter, Header, HTTPException, Query, Request
from fastapi.responses import HTMLResponse, Response

from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.fields import Given
from chainlit_app.api.resource import Resource
from chainlit_app.dashboard.page import POLICY, page, theme
from chainlit_app.dashboard.views import VIEWS, view
from memory.overview.listing import PAGE, UnknownList
from memory.overview.overview import Overview

FIRST_S = 0.35
"""How long the page waits for its first view; later than that it comes by itself."""
NOT_NARROWING = ("start", "kind")

LONGEST, FURTHEST = 300, 1_000_000
"""Characters of a tag, and the record at which a list can begin at most."""
Word = Annotated[str, Query(max_length=64)]

LOOKS = [may("dashboards")]
api = Resource(prefix="/dashboard", tags=["dashboard"], dependencies=LOOKS)
router = APIRouter(include_in_schema=False)


@router.get("/dashboard", dependencies=LOOKS)
async def dashboard(runtime: Opened, user: User, show: str = "pipeline", thread: str = "") -> HTMLResponse:
    """The page."""
    name = show if show in VIEWS else "pipeline"
    work = asyncio.create_task(view(name, runtime, user, thread=thread))
    done, _ = await asyncio.wait({work}, timeout=FIRST_S)
    first = asdict(work.result()) if done and not work.exception() else None  # else the page asks again, and says why
    headers = {"Content-Security-Policy": POLICY, "X-Frame-Options": "SAMEORIGIN"}
    return HTMLResponse(page(VIEWS, name, first), headers=headers)


@router.get("/dashboard/theme.css")
async def colours() -> Response:
    """The chat's colours for the page."""
    return Response(theme(), media_type="text/css")


@api.get("/{name}", response_model=None)
async def one_view(
    name: Given,
    runtime: Opened,
    user: User,
    currency: Word = "",
    span: Literal["day", "month", "year"] = "day",
    thread: Word = "",
    if_none_match: Annotated[str, Header(max_length=LONGEST)] = "",
) -> Response:
    """One view of figures, charts and tables; with If-None-Match, 304 while it says the same."""
    if name not in VIEWS:
        raise HTTPException(404, f"There is no view of that name; there are {', '.join(VIEWS)}.")
    return _answer(asdict(await view(name, runtime, user, currency=currency, span=span, thread=thread)), if_none_match)


@api.get("/records/{kind}", response_model=None)
async def records(
    kind: Given,
    request: Request,
    runtime: Opened,
    user: User,
    start: Annotated[int, Query(ge=0, le=FURTHEST)] = 0,
    if_none_match: Annotated[str, Header(max_length=LONGEST)] = "",
) -> Response:
    """The records of a kind, newest first, fifty from `start` on; other parameters narrow them."""
    only = {name: value for name, value in request.query_params.items() if name not in NOT_NARROWING}
    overview: Overview = runtime.stores.overview
    try:
        found = await overview.listing(user, datetime.now(UTC).astimezone().date(), kind, only, start)
    except UnknownList as error:
        raise HTTPException(404, str(error)) from None
    return _answer({**asdict(found), "page": PAGE}, if_none_match)


def _answer(content: dict[str, Any], known: str) -> Response:
    body = json.dumps(content, ensure_ascii=False, separators=(",", ":")).encode()
    tag = f'"{hashlib.blake2b(body, digest_size=12).hexdigest()}"'
    if known == tag:
        return Response(status_code=304, headers={"ETag": tag})
    return Response(body, media_type="application/json", headers={"ETag": tag})
