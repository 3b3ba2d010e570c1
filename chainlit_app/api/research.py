"""Jobs and sources outside, by the agents of the chat: they ask first where the user has not allowed it for good."""

from __future__ import annotations

from typing import Annotated, Any, Literal

from fastapi import Query, Request, Response

from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.answers import STREAMED, Answer, respond
from chainlit_app.api.ask import request_to
from chainlit_app.api.resource import Resource
from memory.database import new_id

router = Resource(tags=["research"], dependencies=[may("research", "read")])

Words = Annotated[str, Query(min_length=1, max_length=500, examples=["Django"])]
Few = Annotated[int, Query(ge=1, le=50)]


@router.get("/jobs/search", responses=STREAMED, response_model=Answer)
async def search_jobs(
    request: Request,
    response: Response,
    runtime: Opened,
    user: User,
    q: Words,
    remote: Annotated[Literal["true", "false", ""], Query()] = "",
    location: Annotated[str, Query(max_length=100)] = "",
    days: Annotated[int, Query(ge=1, le=365)] = 30,
    limit: Few = 10,
    saved: Annotated[Literal["true", "false"], Query(description="Only those kept before.")] = "false",
) -> Any:
    """Ask the job boards. The posts are in `findings[].data`; 202 while it waits for the user's word."""
    task: dict[str, Any] = {"words": q, "days": days, "limit": limit, "saved": saved == "true"}
    task |= {"location": location} if location else {}
    task |= {"remote": remote == "true"} if remote else {}
    thread = new_id()
    return await respond(request, response, thread, request_to("job_search", task, runtime, user, thread, q))


@router.get("/research/search", responses=STREAMED, response_model=Answer)
async def search_sources(
    request: Request,
    response: Response,
    runtime: Opened,
    user: User,
    q: Words,
    kind: Annotated[Literal["web", "papers"], Query()] = "web",
    limit: Few = 6,
) -> Any:
    """Look something up. Statements with their sources are in `findings[].data`; 202 while it waits for the user."""
    agent, thread = "scholar" if kind == "papers" else "web_research", new_id()
    task = {"words": q, "limit": limit}
    return await respond(request, response, thread, request_to(agent, task, runtime, user, thread, q))
