"""The registry of models: versions count up within a series, names are unique, each user sees their own."""

from __future__ import annotations

from dataclasses import replace

from memory.model_versions import Trained
from memory.stores import Stores

MADE = Trained("20260101-000000-abcdef", "price", "diamonds.csv", "file1", "0" * 64, "r2", 0.9)


async def test_versions_count_up_within_what_is_predicted_from_what(stores: Stores) -> None:
    first, none = await stores.models.add("mara", "a", MADE)
    second, before = await stores.models.add("mara", "b", replace(MADE, score=0.95))
    other, _ = await stores.models.add("mara", "c", replace(MADE, target="carat"))
    assert none is None
    assert before is not None and before.id == "a"
    assert (first.version, second.version, second.follows, other.version) == (1, 2, "a", 1)
    assert [row.id for row in await stores.models.of("mara")] == ["c", "b", "a"]
    assert await stores.models.of("someone") == []


async def test_a_name_stands_for_one_version(stores: Stores) -> None:
    await stores.models.add("mara", "a", MADE)
    await stores.models.add("mara", "b", MADE)
    assert await stores.models.name("mara", "a", "champion")
    assert await stores.models.name("mara", "b", "Champion")
    assert {row.id: row.alias for row in await stores.models.of("mara")} == {"a": "", "b": "Champion"}
    assert not await stores.models.name("someone", "a", "mine")
