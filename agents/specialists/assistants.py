"""Makes assistants of the user's own, and answers as one of them: from its documents, in its manner."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import Any, Literal

from pydantic import BaseModel

from agents import registry
from agents.deps import Deps
from agents.spec import AgentError, AgentSpec, Choice, Effect, Finding, Given, Which
from agents.tools.assistants.knowledge import MOST, known
from agents.tools.assistants.words import read
from agents.tools.documents.document_intake import opened, readable
from agents.tools.documents.topics import concepts, search_words
from agents.tools.text.markdown import plain
from memory.assistants import Assistant, by_key, key_of
from memory.documents import Document

NAME = "assistants"
AGENTS = 5
"""Agents an assistant may hand on to."""


class AssistantTask(BaseModel):
    """What to do with which assistant. `topic` says which documents it `reads`, `helpers` names agents it may ask."""

    action: Literal["make", "list", "change", "delete", "share", "unshare", "answer"] = "list"
    assistant: str = ""
    name: str = ""
    topic: str = ""
    reads: bool = False
    manner: str = ""
    helpers: str = ""


async def run(task: AssistantTask, given: Given, deps: Deps) -> Finding:
    """Make, list, change, delete or share assistants, or answer as one. Raises AgentError, AssistantError."""
    match task.action:
        case "answer":
            return await _answer(task.assistant, given, deps)
        case "make":
            return await _make(task, given, deps)
        case "list":
            return await _list(deps)
    helper = await _own(task.name, deps)
    match task.action:
        case "change":
            return await _change(helper, task, given, deps)
        case "unshare":
            await deps.stores.assistants.change(helper.id, user=deps.user, shared=False)
            return _said(f"Only you use **{plain(helper.name)}** from now on.")
        case "share":
            return await _share(helper, deps)
    preview = f"I would delete the assistant **{plain(helper.name)}**. Its documents stay."
    effect = Effect("delete", {"assistant": helper.id, "name": helper.name}, "Delete an assistant", preview)
    return _said(f"Deleting **{plain(helper.name)}** needs your word.", effect=effect)


async def _answer(id: str, given: Given, deps: Deps) -> Finding:
    helper = await deps.stores.assistants.get(id, user=deps.user)
    if helper is None:
        raise AgentError("This assistant is no longer there; choose another one for a new conversation.")
    found = await known(helper, given.text, deps)
    text = found.text
    if not found.sure and helper.agents:
        titles = ", ".join(registry.load()[one].title for one in helper.agents if one in registry.load())
        text += f"\n\nIt may also hand on to: {titles}."
    data = {"assistant": helper.id, "sure": found.sure, "by_model": found.by_model}
    return Finding(NAME, True, text, data=data, sources=tuple(found.sources), trust="outside")


async def _make(task: AssistantTask, given: Given, deps: Deps) -> Finding:
    if not task.name:
        raise AgentError('Give it a name: "make an assistant called Tax helper that answers from my tax documents".')
    documents = await _documents(task, given, deps)
    helpers = agents_named(task.helpers)
    made = await deps.stores.assistants.add(
        Assistant(
            user=deps.user,
            name=task.name,
            prompt=task.manner,
            agents=helpers,
            documents=[one.id for one in documents],
        )
    )
    how = "Choose it at the top of a new conversation; programs ask it as the model " + f"`{key_of(made.name)}`."
    text = f"I have made the assistant **{plain(made.name)}**. {_about(made, documents)} {how}"
    return _said(text, data={"assistant": made.id, "name": made.name}, offers=("List my assistants",))


async def _change(helper: Assistant, task: AssistantTask, given: Given, deps: Deps) -> Finding:
    added = await _documents(task, given, deps)
    ids = list(dict.fromkeys([*helper.documents, *(one.id for one in added)]))[:MOST]
    helpers = list(dict.fromkeys([*helper.agents, *agents_named(task.helpers)]))[:AGENTS]
    changes = {"documents": ids, "agents": helpers, "prompt": task.manner or helper.prompt}
    if changes == {"documents": helper.documents, "agents": helper.agents, "prompt": helper.prompt}:
        raise AgentError(f"Say what {plain(helper.name)} is to read, how it is to answer, or whom it may ask.")
    row = await deps.stores.assistants.change(helper.id, user=deps.user, **changes)
    assert row is not None
    documents = [one for one in [await deps.stores.documents.get(id, user=deps.user) for id in row.documents] if one]
    return _said(f"I have changed **{plain(row.name)}**. {_about(row, documents)}", data={"assistant": row.id})


async def _share(helper: Assistant, deps: Deps) -> Finding:
    names = [one.name for id in helper.documents if (one := await deps.stores.documents.get(id, user=deps.user))]
    listed = "".join(f"\n- {plain(name)}" for name in names) or "\n- none"
    preview = (
        f"Everybody in your team could ask **{plain(helper.name)}**, and would be quoted from these documents:\n"
        f"{listed}\n\nNobody else can open the documents themselves, or change the assistant."
    )
    effect = Effect("share", {"assistant": helper.id, "name": helper.name}, "Share an assistant", preview)
    return _said(f"Sharing **{plain(helper.name)}** needs your word.", effect=effect)


async def _list(deps: Deps) -> Finding:
    rows = await deps.stores.assistants.usable(deps.user)
    if not rows:
        return _said('There are no assistants yet. Say "make an assistant called …", and what it is to answer from.')
    lines = []
    for key, row in by_key(rows).items():
        whose = "" if row.user == deps.user else " (of your team)"
        many = len(row.documents)
        reads = f"reads {many} document{'' if many == 1 else 's'}" if many else "reads no documents"
        shared = ", shared" if row.shared and row.user == deps.user else ""
        lines.append(f"- **{plain(row.name)}**{whose}: {reads}{shared}; model `{key}`")
    data = {"assistants": [{"id": row.id, "name": row.name} for row in rows]}
    return _said("Your assistants:\n\n" + "\n".join(lines), data=data)


async def _own(name: str, deps: Deps) -> Assistant:
    rows = [row for row in await deps.stores.assistants.usable(deps.user) if row.user == deps.user]
    found = [row for row in rows if key_of(row.name) == key_of(name)] or (rows if len(rows) == 1 and not name else [])
    if not found:
        if not rows:
            raise AgentError("You have made no assistants yet.")
        raise Which("Which assistant?", [Choice(plain(row.name), {"name": row.name}) for row in rows])
    return found[0]


async def _documents(task: AssistantTask, given: Given, deps: Deps) -> list[Document]:
    """The files sent now; else the documents that the topic names, by their names first. Raises AgentError."""
    if sent := [file for file in given.files if readable(file)]:
        return [await opened(file, deps) for file in sent[:MOST]]
    if not task.reads:
        return []
    recent = await deps.stores.documents.recent(deps.user, 500)
    words = [word for word in re.findall(r"\w+", task.topic.casefold()) if len(word) > 2]
    if not words:
        return recent[:MOST]
    found = [one for one in recent if any(word in one.name.casefold() for word in words)]
    if not found:
        hits = await deps.stores.documents.search(search_words(concepts(task.topic)), user=deps.user)
        ids = {hit.document for hit in hits}
        found = [one for one in recent if one.id in ids]
    if not found:
        raise AgentError(f"I have read no documents about {plain(task.topic)} yet: attach them and say it again.")
    return found[:MOST]


def agents_named(text: str) -> list[str]:
    """The agents that words name, at most `AGENTS`."""
    said = text.casefold()
    found = [
        name
        for name, spec in registry.load().items()
        if name != NAME and (spec.title.casefold() in said or name.replace("_", " ") in said)
    ]
    return found[:AGENTS]


def _about(row: Assistant, documents: list[Document]) -> str:
    names = ", ".join(plain(one.name) for one in documents[:5]) + (" and more" if len(documents) > 5 else "")
    parts = [f"It answers from {names}." if documents else "It has no documents yet, so it needs a language model."]
    if row.prompt:
        parts.append(f"Its manner: {plain(row.prompt)}.")
    if row.agents:
        parts.append("It may hand on to " + ", ".join(registry.load()[one].title for one in row.agents) + ".")
    return " ".join(parts)


async def delete(arguments: Mapping[str, Any], deps: Deps) -> Finding:
    """Delete the assistant that was approved."""
    await deps.stores.assistants.remove(arguments["assistant"], user=deps.user)
    return _said(f"I have deleted the assistant **{plain(arguments['name'])}**; its documents are still there.")


async def share(arguments: Mapping[str, Any], deps: Deps) -> Finding:
    """Let the team use the assistant that was approved."""
    row = await deps.stores.assistants.change(arguments["assistant"], user=deps.user, shared=True)
    if row is None:
        raise AgentError("That assistant was deleted meanwhile.")
    return _said(f"Your team can ask **{plain(row.name)}** now; only you can change it.")


def _said(text: str, **more: Any) -> Finding:
    return Finding(NAME, ok=True, text=text, **more)


AGENT = AgentSpec(
    name=NAME,
    title="Assistants",
    description="Makes assistants of your own from documents, a manner and other agents, for you or your team.",
    examples=(
        "make an assistant called Tax helper that answers from my tax documents",
        "create an assistant named Onboarding that answers from these files",
        "set up a custom assistant for my contracts",
        "list my assistants",
        "which assistants do I have?",
        "delete the assistant Tax helper",
        "share my assistant Tax helper with the team",
        "stop sharing the assistant Tax helper",
        "add this document to the assistant Tax helper",
        "change the assistant Onboarding so that it answers in short sentences",
        "erstelle einen Assistenten namens Steuerhilfe",
    ),
    task=AssistantTask,
    run=run,
    read=read,
    whole=True,
    effects={"delete": delete, "share": share},
    cues=(
        r"\b(?:an?|my|the|our|new|custom|own|these) (?:[\w'-]+ ){0,4}?assistants?\b",
        r"\bassistants?\s+(?:called|named)\b",
        r"\b(?:list|show|which|my)\b.{0,20}\bassistants\b",
        r"\b(?:einen|meine[nr]?|neuen) Assistenten\b|\b(?:un|mi|mis) asistentes?\b|\b(?:un|mes?|mon) assistants?\b",
    ),
)
