"""Facts are kept with where they come from, corrected, and forgotten with all they replaced."""

from __future__ import annotations

from datetime import date

from sqlmodel import col, select

from memory.facts import Fact
from memory.stores import Stores

DAY = date(2026, 5, 3)


def fact(text: str, client: str | None = None, user: str = "ana") -> Fact:
    return Fact(user=user, client=client, text=text, said_on=DAY)


async def test_a_fact_is_kept_once_however_often_it_is_told(stores: Stores) -> None:
    first = await stores.facts.add(fact("I like tea"))
    assert (await stores.facts.add(fact("i like  TEA."))).id == first.id
    assert (await stores.facts.add(fact("I like tea", "Zeta"))).id != first.id
    assert len(await stores.facts.of("ana")) == 2 and await stores.facts.of("ben") == []


async def test_a_corrected_fact_is_kept_behind_the_new_one(stores: Stores) -> None:
    old = await stores.facts.add(fact("ACME pays late", "ACME"))
    new = await stores.facts.add(fact("ACME pays on time", "ACME"), instead_of=old.id)
    newest = await stores.facts.add(fact("ACME pays early", "ACME"), instead_of=new.id)
    assert [one.text for one in await stores.facts.of("ana")] == ["ACME pays early"]
    assert [one.text for one in await stores.facts.before(newest.id, "ana")] == ["ACME pays on time", "ACME pays late"]


async def test_forgetting_a_fact_forgets_what_it_replaced(stores: Stores) -> None:
    old = await stores.facts.add(fact("ACME pays late"))
    new = await stores.facts.add(fact("ACME pays on time"), instead_of=old.id)
    assert await stores.facts.forget("ana", [new.id]) == 1
    async with stores.database.read() as session:
        assert list(await session.exec(select(Fact).where(col(Fact.user) == "ana"))) == []


async def test_nobody_changes_or_forgets_anothers_fact(stores: Stores) -> None:
    hers = await stores.facts.add(fact("I like tea"))
    await stores.facts.add(fact("I like coffee", user="ben"), instead_of=hers.id)
    assert await stores.facts.forget("ben", [hers.id]) == 0
    assert [one.id for one in await stores.facts.of("ana")] == [hers.id]
