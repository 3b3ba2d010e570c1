"""Search over words the database cannot read: equal words meet, nothing else of them shows."""

from __future__ import annotations

import pytest
from sqlalchemy import text

from memory.blind_search import beginnings, holds, stems, typed, words
from memory.conversations import Step
from memory.documents import Document
from memory.stores import Stores


def test_words_are_compared_without_case_accents_and_signs() -> None:
    assert words("Ärger mit MÜLLER’s Rechnung_2026!") == ["arger", "mit", "muller", "s", "rechnung", "2026"]


def test_inflected_english_words_share_a_stem() -> None:
    assert stems("Invoicing invoices, invoiced") == ["invoic"] * 3


def test_a_word_is_found_from_its_second_letter_on() -> None:
    assert beginnings("tax Tax") == {"ta", "tax"}
    assert typed("a Ta internationalization") == ["ta", "internationa"]
    assert typed("internationalization")[0] in beginnings("Internationalization")


@pytest.mark.parametrize(
    ("phrase", "there"), [(["b", "c"], True), (["c", "b"], False), (["a"], True), (["c", "d", "e"], False)]
)
def test_a_phrase_is_there_when_its_words_follow_each_other(phrase: list[str], there: bool) -> None:
    assert holds(["a", "b", "c", "d"], phrase) is there


@pytest.mark.parametrize("search", ["pay", "PAYM", "payment rem", "rem payment", "müll"])
async def test_what_is_being_typed_finds_the_conversation(stores: Stores, search: str) -> None:
    await stores.conversations.ensure("a", user="me")
    await stores.conversations.save(
        Step(id="1", thread="a", type="user_message", output="A payment reminder for Müller")
    )
    assert [row.id for row in (await stores.conversations.page("me", search=search)).threads] == ["a"]


@pytest.mark.parametrize("search", ["payments", "reminder acme", "ayment", "x"])
async def test_what_was_not_said_finds_nothing(stores: Stores, search: str) -> None:
    await stores.conversations.ensure("a", user="me")
    await stores.conversations.save(Step(id="1", thread="a", type="user_message", output="A payment reminder"))
    assert (await stores.conversations.page("me", search=search)).threads == []


async def test_the_order_of_a_sentence_cannot_be_told_from_the_index(stores: Stores) -> None:
    for name, said in (("one", "dog bites man"), ("two", "man bites dog")):
        document = Document(id=name, user="me", name=name, format="text")
        await stores.documents.save(document, [{"text": said, "place": "line 1", "page": None, "heading": ""}])
    one, two = await _tokens(stores)
    assert one == two and "dog" not in one and len(one.split()) == 3
    assert [found.document for found in await stores.documents.search(["dog bites"], user="me")] == ["one"]


async def test_equal_words_of_two_users_do_not_show_as_equal(stores: Stores) -> None:
    for user in ("me", "you"):
        document = Document(id=user, user=user, name=user, format="text")
        await stores.documents.save(document, [{"text": "dog", "place": "line 1", "page": None, "heading": ""}])
    mine, yours = await _tokens(stores)
    assert mine != yours


async def _tokens(stores: Stores) -> list[str]:
    async with stores.database.read() as session:
        query = text("SELECT words FROM passages ORDER BY number")
        return list((await (await session.connection()).execute(query)).scalars())
