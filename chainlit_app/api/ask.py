"""A message and its reply, or a request to one agent: whole, or as a stream of events while it is written."""

from __future__ import annotations

import asyncio
from collections.abc import Sequence
from typing import Annotated, Any

from fastapi import HTTPException, Request, Response
from pydantic import BaseModel, Field, ValidationError

from chainlit_app.api.access import Opened, User, may
from chainlit_app.api.answers import STREAMED, Answer, Events, respond
from chainlit_app.api.fields import Body, Id, Text
from chainlit_app.api.problems import pointer
from chainlit_app.api.resource import Resource
from chainlit_app.assisted import assisting
from graph.recall import recall
from graph.reply import Message, reply
from graph.runtime import Runtime
from graph.state import Plan, Step
from memory.database import new_id
from memory.files import FileRef

router = Resource(tags=["chat"], dependencies=[may("chat")])

Words = Annotated[Text, Field(min_length=1, examples=["how much do Nova owe me?"])]
Files = Annotated[list[Id], Field(max_length=20)]


class Ask(Body):
    """A message. `thread` continues a conversation; `files` are ids of files uploaded before."""

    text: Words
    thread: Id | None = None
    files: Files = Field(default_factory=list)


class RequestData(Body):
    """What a request is about: the words, the files, and for an agent the fields of its task."""

    text: Text = Field("", examples=["find Python jobs"])
    files: Files = Field(default_factory=list)
    task: dict[str, Any] = Field(default_factory=dict, max_length=50)


class ProcessRequest(Body):
    """A request of a kind: `message` is answered as in the chat, any agent's name gives its task to that agent.

    `session_id` is the conversation it belongs to; without one a new one begins.
    """

    type: Id = Field("message", examples=["message", "math"])
    session_id: Id | None = None
    data: RequestData


class Planning(Body):
    """Words to plan."""

    text: Words
    files: Files = Field(default_factory=list)
    agent: Id | None = None


class PlannedStep(BaseModel):
    """One agent's part: `depends_on` names the steps it waits for."""

    id: str
    agent: str
    task: dict[str, Any]
    depends_on: list[str]
    why: str
    text: str


class Planned(BaseModel):
    """What would be done; nothing was. With `question`, something is missing. `answer` is all there is to say."""

    steps: list[PlannedStep]
    answer: str
    question: str
    language: str


@router.post("/ask", responses=STREAMED, response_model=Answer)
async def ask(asked: Ask, request: Request, runtime: Opened, user: User, response: Response) -> Any:
    """Answer a message. With `Accept: text/event-stream` each event of the reply is sent as it happens."""
    thread = await thread_of(asked.thread, runtime, user)
    files = await files_of(asked.files, runtime, user)
    return await respond(request, response, thread, await _said(asked.text, thread, files, runtime, user))


@router.post("/process_request", responses=STREAMED, response_model=Answer)
async def process_request(
    asked: ProcessRequest, request: Request, runtime: Opened, user: User, response: Response
) -> Any:
    """Answer a message, or let one agent do a task. With `Accept: text/event-stream`, event by event."""
    thread = await thread_of(asked.session_id, runtime, user)
    files = await files_of(asked.data.files, runtime, user)
    if asked.type != "message":
        events = request_to(asked.type, asked.data.task, runtime, user, thread, asked.data.text, files)
        return await respond(request, response, thread, events)
    if not asked.data.text.strip():
        raise HTTPException(422, "#/data/text: A message needs words.")
    return await respond(request, response, thread, await _said(asked.data.text, thread, files, runtime, user))


@router.post("/plans")
async def plan(asked: Planning, runtime: Opened, user: User) -> Planned:
    """Say what would be done about a message, without doing it."""
    deps, files = runtime.deps(user, new_id()), await files_of(asked.files, runtime, user)
    known, *_ = await recall(deps, [file.id for file in files], "")
    command = asked.agent or ""
    made = await asyncio.to_thread(runtime.planner.plan, asked.text, known, deps.today, command=command)
    steps = [PlannedStep.model_validate(one.model_dump()) for one in made.steps]
    question = made.missing.question if made.missing else ""
    return Planned(steps=steps, answer=made.answer, question=question, language=made.language)


def request_to(
    agent: str,
    task: dict[str, Any],
    runtime: Runtime,
    user: str,
    thread: str,
    text: str = "",
    files: Sequence[FileRef] = (),
) -> Events:
    """The events of a task for one agent, done as in the chat. Raises HTTPException for a task it does not take."""
    spec = runtime.agents.get(agent)
    if spec is None:
        raise HTTPException(422, f"#/type: There is no agent called {agent}; GET /api/v1/agents lists them.")
    unknown = sorted(set(task) - set(spec.task.model_fields))
    if unknown:
        raise HTTPException(422, f"#/data/task/{unknown[0]}: A task of {agent} has no such field.")
    try:
        fields = spec.task.model_validate(task).model_dump(mode="json", include=set(task))
    except ValidationError as error:
        first = error.errors()[0]
        raise HTTPException(422, f"{pointer(('body', 'data', 'task', *first['loc']))}: {first['msg']}") from None
    words = text.strip() or spec.title
    made = Plan(steps=[Step(id="s1", agent=agent, task=fields, text=words)])
    return reply(Message(words, thread, user, files, command=agent), runtime, made)


async def _said(text: str, thread: str, files: tuple[FileRef, ...], runtime: Runtime, user: str) -> Events:
    """The events of a message; in a conversation with an assistant, that one answers."""
    command = await assisting(thread, runtime) or ""
    return reply(Message(text, thread, user, files, command=command), runtime)


async def thread_of(thread: str | None, runtime: Runtime, user: str) -> str:
    """The conversation named, or a new one. Raises HTTPException for another user's."""
    if thread is not None and await runtime.stores.conversations.owner(thread) not in (None, user):
        raise HTTPException(404, "There is no such conversation.")
    return thread or new_id()


async def files_of(ids: Sequence[str], runtime: Runtime, user: str) -> tuple[FileRef, ...]:
    """The files named. Raises HTTPException for one that is not there."""
    found = [await runtime.stores.files.get(id, user=user) for id in ids]
    if None in found:
        raise HTTPException(404, "One of these files does not exist: upload it first.")
    return tuple(file for file in found if file is not None)
