"""Conversations as Chainlit's page asks for them: listed, searched, renamed, resumed, rated and deleted."""

from __future__ import annotations

from dataclasses import dataclass, field
from datetime import UTC, date, datetime, timedelta
from types import SimpleNamespace
from typing import Any

import pytest
from chainlit.data.base import BaseDataLayer
from chainlit.types import Feedback, Pagination, ThreadFilter

from chainlit_app.data_layer import DataLayer
from memory.conversations import Element, Step
from memory.stores import Stores
from memory.turns import Turn

ME, NOBODY = "local", "somebody"


@dataclass
class Checkpoints:
    deleted: list[str] = field(default_factory=list)

    async def adelete_thread(self, thread: str) -> None:
        self.deleted.append(thread)


@dataclass
class Opened:
    stores: Stores
    checkpoints: Checkpoints = field(default_factory=Checkpoints)

    def deps(self, user: str, thread: str) -> SimpleNamespace:
        return SimpleNamespace(user=user, thread=thread, stores=self.stores, today=date(2026, 5, 3))


@pytest.fixture
def opened(stores: Stores) -> Opened:
    return Opened(stores)


@pytest.fixture
def layer(opened: Opened) -> DataLayer:
    return DataLayer(lambda: opened)  # type: ignore[arg-type, return-value]


async def turn(stores: Stores, thread: str = "t1", message: str = "m1", turn: str = "a", text: str = "hello") -> None:
    """What `graph.reply` keeps of one message and its answer."""
    conversations = stores.conversations
    await conversations.ensure(thread, user=ME, name=text)
    await conversations.save(Step(id=message, thread=thread, type="user_message", name=ME, output=text))
    await conversations.save(
        Step(id=f"{turn}.s1", thread=thread, type="tool", name="bookkeeping", input=text, output="done")
    )
    await conversations.save(
        Step(id=f"{turn}.answer", thread=thread, type="assistant_message", name="FreelanceX", output=f"About {text}")
    )


def test_it_is_a_whole_data_layer() -> None:
    assert issubclass(DataLayer, BaseDataLayer)
    assert not getattr(DataLayer, "__abstractmethods__", None)


async def test_threads_are_listed_newest_first_page_by_page(layer: DataLayer, stores: Stores) -> None:
    for number in range(5):
        await turn(stores, f"t{number}", f"m{number}", f"a{number}", f"message {number}")
    first = await layer.list_threads(Pagination(first=2), ThreadFilter(userId=ME))
    assert [thread["id"] for thread in first.data] == ["t4", "t3"]
    assert first.pageInfo.hasNextPage
    rest = await layer.list_threads(Pagination(first=5, cursor=first.pageInfo.endCursor), ThreadFilter(userId=ME))
    assert [thread["id"] for thread in rest.data] == ["t2", "t1", "t0"]
    assert not rest.pageInfo.hasNextPage


async def test_threads_are_found_by_name_and_by_what_was_said(layer: DataLayer, stores: Stores) -> None:
    await turn(stores, "t1", "m1", "a", "invoice for Acme")
    await turn(stores, "t2", "m2", "b", "a proposal")
    for search in ("acme", "about invoice"):
        found = await layer.list_threads(Pagination(first=9), ThreadFilter(userId=ME, search=search))
        assert [thread["id"] for thread in found.data] == ["t1"], search


async def test_nobody_sees_the_threads_of_another(layer: DataLayer, stores: Stores) -> None:
    await turn(stores)
    assert (await layer.list_threads(Pagination(first=9), ThreadFilter(userId=NOBODY))).data == []
    assert await layer.get_thread_author("t1") == ME
    assert await layer.get_thread_author("unknown") == ""


async def test_a_thread_is_renamed_and_keeps_its_name(layer: DataLayer, stores: Stores) -> None:
    await turn(stores)
    await layer.update_thread("t1", name="My Acme work")
    await turn(stores, message="m2", turn="b", text="more")
    assert (await layer.get_thread("t1"))["name"] == "My Acme work"  # type: ignore[index]


async def test_a_thread_opens_with_steps_under_their_turn(layer: DataLayer, stores: Stores) -> None:
    await turn(stores)
    await turn(stores, message="m2", turn="b", text="again")
    thread = await layer.get_thread("t1")
    assert thread is not None
    shown = {step["id"]: step for step in thread["steps"]}
    assert [step["id"] for step in thread["steps"]] == [
        *("m1", "a.run", "a.s1", "a.answer"),
        *("m2", "b.run", "b.s1", "b.answer"),
    ]
    assert shown["m1"]["parentId"] is None
    assert shown["a.run"]["parentId"] == "m1" and shown["b.run"]["parentId"] == "m2"
    assert {shown[id]["parentId"] for id in ("a.s1", "a.answer")} == {"a.run"}
    assert shown["a.s1"]["metadata"]["avatarName"] == "bookkeeping"
    assert shown["a.s1"]["input"] == "hello" and shown["a.s1"]["output"] == "done"
    assert all(step["createdAt"].endswith("Z") for step in thread["steps"])


async def test_a_step_tells_how_long_it_took_unless_it_never_ended(layer: DataLayer, stores: Stores) -> None:
    await turn(stores)
    began = datetime(2026, 1, 1, tzinfo=UTC)
    times = {"a.s2": began + timedelta(seconds=75), "a.s3": None}
    for id, ended in times.items():
        step = Step(id=id, thread="t1", type="tool", name="automl", started_at=began, ended_at=ended)
        await stores.conversations.save(step)
    shown = {step["id"]: step["name"] for step in (await layer.get_thread("t1"))["steps"]}  # type: ignore[index]
    assert (shown["a.s2"], shown["a.s3"]) == ("AutoML · 1 min 15 s", "AutoML")


async def test_an_unknown_thread_does_not_open(layer: DataLayer) -> None:
    assert await layer.get_thread("unknown") is None


@pytest.mark.parametrize(
    ("mime", "kinds"),
    [
        ("image/png", ["image", "file"]),
        ("application/pdf", ["pdf"]),
        ("text/csv", ["file"]),
        ("audio/ogg", ["audio"]),
    ],
)
async def test_artifacts_come_back_with_an_address(
    layer: DataLayer, stores: Stores, mime: str, kinds: list[str]
) -> None:
    await turn(stores)
    await stores.conversations.attach(
        Element(id="f1", thread="t1", step="a.answer", file="f1", name="result", mime=mime)
    )
    elements = (await layer.get_thread("t1"))["elements"]  # type: ignore[index]
    assert [element["type"] for element in elements] == kinds
    assert {element["url"] for element in elements} == {"/api/v1/files/f1"}
    assert {element["forId"] for element in elements} == {"a.answer"}


async def test_a_thumb_on_a_turn_is_kept_with_its_answer_and_shown_again(layer: DataLayer, stores: Stores) -> None:
    await turn(stores)
    id = await layer.upsert_feedback(Feedback(forId="a.run", value=1, comment="good"))
    kept = await stores.conversations.open("t1")
    assert kept is not None and kept.feedback[0].step == "a.answer"
    shown = next(step for step in (await layer.get_thread("t1"))["steps"] if step["id"] == "a.run")  # type: ignore[index]
    assert (shown["feedback"]["value"], shown["feedback"]["comment"]) == (1, "good")
    await layer.upsert_feedback(Feedback(forId="a.run", value=0, id=id))
    await layer.delete_feedback(id)
    kept = await stores.conversations.open("t1")
    assert kept is not None and kept.feedback == []


async def test_the_reason_beside_a_thumb_is_kept_as_what_the_user_likes(layer: DataLayer, stores: Stores) -> None:
    await turn(stores)
    await stores.turns.save(Turn(id="a", thread="t1", message="m1", user=ME, text="hello"))
    await layer.upsert_feedback(Feedback(forId="a.run", value=0, comment="the figures are wrong"))
    assert await stores.facts.of(ME) == []
    await layer.upsert_feedback(Feedback(forId="a.run", value=0, comment="much too long"))
    (fact,) = await stores.facts.of(ME)
    assert (fact.text, fact.kind, fact.thread, fact.turn) == ("I prefer short texts", "rated", "t1", "a")


async def test_a_deleted_thread_takes_its_files_turns_and_checkpoints_along(
    layer: DataLayer, opened: Opened, stores: Stores
) -> None:
    await turn(stores)
    await turn(stores, "t2", "m2", "b", "stays")
    file = await stores.files.put(b"data", "data.csv", user=ME, thread="t1")
    await stores.turns.save(Turn(id="a", thread="t1", message="m1", user=ME, text="hello"))
    await layer.delete_thread("t1")
    assert await layer.get_thread("t1") is None
    assert await stores.files.get(file.id, user=ME) is None
    assert not (stores.files.folder / file.id).exists()
    assert await stores.turns.get("a") is None
    assert opened.checkpoints.deleted == ["a"]
    assert await layer.get_thread("t2") is not None


async def test_what_the_page_saves_by_itself_meets_the_same_rows(layer: DataLayer, stores: Stores) -> None:
    await turn(stores)
    step: dict[str, Any] = {"id": "m1", "threadId": "t1", "type": "user_message", "name": ME, "output": "hello, edited"}
    await layer.update_step(step)
    await layer.create_step({"id": "x.run", "threadId": "t1", "type": "run", "name": "on_message"})
    kept = await stores.conversations.open("t1")
    assert kept is not None
    assert [row.output for row in kept.steps if row.id == "m1"] == ["hello, edited"]
    assert len(kept.steps) == 3
    await layer.delete_step("a.answer")
    assert await stores.conversations.step("a.answer") is None
