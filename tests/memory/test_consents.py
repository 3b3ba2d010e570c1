"""What was allowed for good stays allowed, until it is taken back."""

from __future__ import annotations

from memory.stores import Stores


async def test_a_consent_is_granted_listed_and_revoked(stores: Stores) -> None:
    await stores.consents.grant("ana", "job_boards")
    await stores.consents.grant("ana", "research")
    assert await stores.consents.granted("ana") == {"job_boards", "research"}
    assert await stores.consents.revoke("ana", "research")
    assert not await stores.consents.revoke("ana", "research")
    assert await stores.consents.granted("ana") == {"job_boards"}


async def test_granting_again_keeps_the_first_date(stores: Stores) -> None:
    await stores.consents.grant("ana", "job_boards")
    (first,) = await stores.consents.list("ana")
    await stores.consents.grant("ana", "job_boards")
    assert [consent.granted_at for consent in await stores.consents.list("ana")] == [first.granted_at]


async def test_consents_are_one_users_own(stores: Stores) -> None:
    await stores.consents.grant("ana", "job_boards")
    assert await stores.consents.granted("bob") == frozenset()


async def test_giving_and_withdrawing_are_remembered_in_order(stores: Stores) -> None:
    await stores.consents.grant("ana", "research")
    await stores.consents.grant("ana", "research")
    await stores.consents.revoke("ana", "research")
    await stores.consents.grant("ana", "research")
    changes = await stores.consents.history("ana")
    assert [(one.name, one.granted) for one in changes] == [("research", True), ("research", False), ("research", True)]
    assert await stores.consents.history("bob") == []
