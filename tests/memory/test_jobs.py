"""Job posts are kept once each, newest first, and for their user alone."""

from __future__ import annotations

from typing import Any

import pytest

from memory.stores import Stores


def post(number: int, **more: Any) -> dict[str, Any]:
    return {"id": str(number), "board": "remotive", "title": f"Job {number}", "company": "Acme", **more}


async def test_a_post_that_comes_again_is_the_same_record(stores: Stores) -> None:
    first, second = await stores.jobs.save("ana", [post(1), post(2)])
    (again,) = await stores.jobs.save("ana", [post(1, title="Job 1, now with pay")])
    assert again.id == first.id
    assert again.id != second.id
    assert again.found_at.replace(tzinfo=None) == first.found_at.replace(tzinfo=None)
    kept = await stores.jobs.get(first.id, user="ana")
    assert kept is not None
    assert kept.post["title"] == "Job 1, now with pay"


async def test_the_newest_come_first(stores: Stores) -> None:
    await stores.jobs.save("ana", [post(1)])
    await stores.jobs.save("ana", [post(2)])
    await stores.jobs.save("ana", [post(1)])
    assert [row.post["id"] for row in await stores.jobs.recent("ana")] == ["1", "2"]
    assert len(await stores.jobs.recent("ana", 1)) == 1


async def test_posts_are_one_users_own(stores: Stores) -> None:
    (row,) = await stores.jobs.save("ana", [post(1)])
    (other,) = await stores.jobs.save("bob", [post(1)])
    assert other.id != row.id
    assert await stores.jobs.get(row.id, user="bob") is None
    await stores.jobs.mark(row.id, user="bob", status="won")
    assert (await stores.jobs.recent("ana"))[0].status == "found"


async def test_what_became_of_a_post_is_noted(stores: Stores) -> None:
    (row,) = await stores.jobs.save("ana", [post(1)])
    await stores.jobs.mark(row.id, user="ana", status="matched", fit=72)
    await stores.jobs.mark(row.id, user="ana", status="proposed")
    kept = await stores.jobs.get(row.id, user="ana")
    assert kept is not None
    assert (kept.status, kept.fit) == ("proposed", 72)
    with pytest.raises(ValueError, match="no status"):
        await stores.jobs.mark(row.id, user="ana", status="maybe")
