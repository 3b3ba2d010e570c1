"""Conversations as a page needs them: listed, searched, renamed, opened in order, deleted whole."""

from __future__ import annotations

import pytest

from memory.conversations import Element, Step, Thread, title_of
from memory.stores import Stores

ME = "me"


async def say(stores: Stores, thread: str, step: str, words: str, kind: str = "user_message") -> None:
    await stores.conversations.save(Step(id=step, thread=thread, type=kind, output=words))


async def test_the_newest_conversation_comes_first(stores: Stores) -> None:
    for thread in ("a", "b", "c"):
        await stores.conversations.ensure(thread, user=ME, name=f"About {thread}")
    await say(stores, "a", "a1", "again")
    assert [row.id for row in (await stores.conversations.page(ME)).threads] == ["a", "c", "b"]


async def test_pages_follow_each_other_without_gap_or_repeat(stores: Stores) -> None:
    async with stores.database.write() as session:
        for number in range(45):
            session.add(Thread(id=f"t{number:02}", user=ME, name=f"Thread {number}"))
    seen: list[str] = []
    after: str | None = None
    while True:
        page = await stores.conversations.page(ME, first=20, after=after)
        seen += [row.id for row in page.threads]
        if (after := page.after) is None:
            break
    assert sorted(seen) == [f"t{number:02}" for number in range(45)]


@pytest.mark.parametrize(
    ("search", "found"),
    [("invoice", ["a"]), ("INVO", ["a"]), ("giraffe", ["b"]), ('"', []), ("100%", []), ("zebra", [])],
)
async def test_search_looks_at_names_and_words(stores: Stores, search: str, found: list[str]) -> None:
    await stores.conversations.ensure("a", user=ME, name="An invoice for Acme")
    await stores.conversations.ensure("b", user=ME, name="Animals")
    await say(stores, "b", "b1", "tell me about the giraffe")
    assert [row.id for row in (await stores.conversations.page(ME, search=search)).threads] == found


async def test_a_step_saved_again_keeps_its_place_and_what_it_had(stores: Stores) -> None:
    await stores.conversations.ensure("a", user=ME)
    await stores.conversations.save(Step(id="1", thread="a", type="tool", output="x", view={"icon": "book"}))
    await say(stores, "a", "2", "second")
    await stores.conversations.save(Step(id="1", thread="a", type="tool", output="y", view={"open": True}))
    opened = await stores.conversations.open("a")
    assert opened is not None
    assert [(step.id, step.output) for step in opened.steps] == [("1", "y"), ("2", "second")]
    assert opened.steps[0].view == {"icon": "book", "open": True}


async def test_words_that_were_changed_are_found_by_their_new_form_only(stores: Stores) -> None:
    await stores.conversations.ensure("a", user=ME)
    await say(stores, "a", "1", "elephant")
    await say(stores, "a", "1", "giraffe")
    assert (await stores.conversations.page(ME, search="elephant")).threads == []
    assert len((await stores.conversations.page(ME, search="giraffe")).threads) == 1


async def test_deleting_leaves_nothing_of_it(stores: Stores) -> None:
    await stores.conversations.ensure("a", user=ME)
    await say(stores, "a", "1", "elephant")
    await stores.conversations.attach(Element(id="e", thread="a", step="1"))
    await stores.conversations.rate("1", 1, "good")
    await stores.conversations.delete("a")
    assert await stores.conversations.open("a") is None
    assert await stores.conversations.element("e") is None
    assert (await stores.conversations.page(ME, search="elephant")).threads == []


async def test_nobody_sees_another_persons_conversations(stores: Stores) -> None:
    await stores.conversations.ensure("a", user=ME, name="Mine")
    assert (await stores.conversations.page("you")).threads == []
    with pytest.raises(PermissionError):
        await stores.conversations.ensure("a", user="you")


def test_a_title_is_one_short_line() -> None:
    assert title_of("  Create\nan   invoice ") == "Create an invoice"
    assert len(title_of("word " * 40)) <= 60
