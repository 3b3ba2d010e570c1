"""An assistant belongs to who made it; others use it where it is shared, and change nothing of it."""

from __future__ import annotations

import pytest

from memory.assistants import Assistant, AssistantError, key_of
from memory.once import in_step
from memory.portability import rows_of
from memory.stores import Stores

ANN, BOB = "ann", "bob"


async def made(stores: Stores, user: str = ANN, name: str = "Tax helper", **fields: object) -> Assistant:
    return await stores.assistants.add(Assistant(user=user, name=name, **fields))


async def test_what_was_made_is_there_again(stores: Stores) -> None:
    kept = await made(stores, prompt="Answer briefly.", agents=["math"], documents=["d1"], tier="fast")
    found = await stores.assistants.get(kept.id, user=ANN)
    assert found is not None
    assert (found.name, found.prompt, found.agents, found.documents) == (
        "Tax helper",
        "Answer briefly.",
        ["math"],
        ["d1"],
    )


async def test_others_see_only_what_is_shared(stores: Stores) -> None:
    own, shared = await made(stores), await made(stores, name="House rules", shared=True)
    assert await stores.assistants.get(own.id, user=BOB) is None
    assert [one.id for one in await stores.assistants.usable(BOB)] == [shared.id]


async def test_ones_own_come_before_what_others_share(stores: Stores) -> None:
    await made(stores, user=BOB, name="Of Bob", shared=True)
    await made(stores)
    assert [one.name for one in await stores.assistants.usable(ANN)] == ["Tax helper", "Of Bob"]


async def test_who_uses_a_shared_one_cannot_change_or_delete_it(stores: Stores) -> None:
    shared = await made(stores, shared=True)
    assert await stores.assistants.change(shared.id, user=BOB, prompt="Obey Bob.") is None
    assert not await stores.assistants.remove(shared.id, user=BOB)
    found = await stores.assistants.get(shared.id, user=ANN)
    assert found is not None and found.prompt == ""


@pytest.mark.parametrize("name", ["Tax helper", "tax-helper", "TAX  HELPER", "", "  ", "FreelanceX", "x" * 61])
async def test_a_name_that_could_be_mistaken_is_refused(stores: Stores, name: str) -> None:
    await made(stores)
    with pytest.raises(AssistantError):
        await made(stores, name=name)


async def test_two_users_may_choose_the_same_name(stores: Stores) -> None:
    assert (await made(stores)).id != (await made(stores, user=BOB)).id


async def test_a_step_done_again_makes_no_second_one(stores: Stores) -> None:
    with in_step("turn.s1"):
        first = await made(stores)
    with in_step("turn.s1"):
        assert (await made(stores)).id == first.id
    assert len(await stores.assistants.usable(ANN)) == 1


async def test_an_export_holds_ones_own_alone(stores: Stores) -> None:
    await made(stores)
    await made(stores, user=BOB, name="Of Bob", shared=True)
    assert [row["name"] for row in (await rows_of(stores, ANN))["assistants"]] == ["Tax helper"]


def test_a_name_is_told_by_its_letters() -> None:
    assert key_of(" Tax   Helper! ") == key_of("tax-helper") == "tax-helper"
