"""Which model answers: by tier, by what is left of memory, by who still can; and what is told of each."""

from __future__ import annotations

import asyncio
import os
from collections.abc import AsyncGenerator, Iterator, Sequence
from contextlib import aclosing
from dataclasses import dataclass, field

import pytest

from integrations.models import placed as placing
from integrations.models import served
from integrations.models.backend import (
    USUAL,
    Busy,
    ChatMessage,
    Gone,
    ModelBackend,
    ModelError,
    Note,
    Tier,
    TooLong,
    TooSlow,
    Wanted,
    silent,
)
from integrations.models.models import Memory, Models, Source
from integrations.models.placed import Placed
from tests.integrations.models.conftest import Said

MB = 1_000_000


@dataclass
class Scripted:
    """A model in this process that says its name, or fails as it is told."""

    name: str
    size: int = 0
    context: int = 4096
    loaded: bool = False
    error: ModelError | None = None
    after: int = 0
    """Pieces before it fails."""
    go: asyncio.Event = field(default_factory=asyncio.Event)
    asked: int = 0
    closed: int = 0
    seconds: float = 0.0
    ended: bool = False

    def __post_init__(self) -> None:
        self.go.set()

    async def chat(
        self, messages: Sequence[ChatMessage], wanted: Wanted = USUAL, note: Note = silent
    ) -> AsyncGenerator[str, None]:
        self.asked, self.loaded, self.seconds = self.asked + 1, True, wanted.seconds
        try:
            for piece in range(2):
                if self.error and piece == self.after:
                    raise self.error
                yield f"{self.name} "
                await self.go.wait()
        finally:
            self.ended = True

    async def close(self) -> None:
        self.closed, self.loaded = self.closed + 1, False


class House:
    """Models by name, the memory they take, and the choice of them."""

    def __init__(self) -> None:
        self.made: dict[str, Scripted] = {}
        self.chosen: dict[Tier, str] = {}
        self.now = 100.0

    def add(self, name: str, **how: object) -> Scripted:
        self.made[name] = Scripted(name, **how)  # type: ignore[arg-type]
        return self.made[name]

    def open(self, name: str) -> ModelBackend:
        if name not in self.made:
            raise ModelError(f"{name} is no model")
        return self.made[name]

    def check(self, name: str) -> None:
        self.open(name)

    def keep(self, name: str | None, tier: Tier | None) -> None:
        tiers: tuple[Tier, ...] = (tier,) if tier else ("fast", "balanced", "powerful", "vision")
        self.chosen |= {one: name for one in tiers if name}
        if name is None:
            self.chosen.clear()

    def memory(self) -> Memory:
        return Memory(sum(one.size for one in self.made.values() if one.loaded), 100 * MB)

    def models(self, *, spare: str | None = None, **chosen: str) -> Models:
        self.chosen |= chosen  # type: ignore[arg-type]
        source = Source(self.open, self.check, lambda: self.chosen, self.keep, spare)
        return Models(source, percent=80, memory=self.memory)


@pytest.fixture
def house(monkeypatch: pytest.MonkeyPatch) -> Iterator[House]:
    made = House()

    def lies(backend: ModelBackend) -> Placed:
        assert isinstance(backend, Scripted)
        return Placed(backend.loaded, "on the processor" if backend.loaded else "not loaded", backend.size)

    monkeypatch.setattr(served, "placed", lies)
    monkeypatch.setattr(served, "weighs", lambda backend: backend.size)
    monkeypatch.setattr(served, "now", lambda: made.now)
    return made


def backend(models: Models, tier: Tier = "balanced") -> ModelBackend:
    found = models.backend(tier)
    assert found is not None
    return found


def test_without_a_choice_there_is_no_model(house: House) -> None:
    assert house.models().backend() is None
    assert house.models(spare="spare").backend() is None


async def test_one_model_serves_all_tiers(house: House, said: Said) -> None:
    house.add("one")
    models = house.models(balanced="one")
    for tier in ("fast", "balanced", "powerful", "vision"):
        assert await said(backend(models, tier)) == ["one ", "one "]


async def test_of_several_each_serves_its_own_tier(house: House, said: Said) -> None:
    house.add("small"), house.add("large")
    models = house.models(fast="small", powerful="large")
    assert [(await said(backend(models, tier)))[0] for tier in ("fast", "powerful")] == ["small ", "large "]


def test_nothing_is_opened_before_it_is_asked(house: House) -> None:
    models = house.models(balanced="nonsense")
    assert models.backend() is not None


@pytest.mark.parametrize("error", [Gone("It is gone."), ModelError("It cannot.")])
async def test_where_one_cannot_answer_the_next_does_and_the_user_is_told(
    house: House, said: Said, error: ModelError
) -> None:
    house.add("one", error=error), house.add("spare")
    notes: list[str] = []
    model = backend(house.models(balanced="one", spare="spare"))
    assert await said(model, note=notes.append) == ["spare ", "spare "]
    assert notes == ["one cannot answer now, so spare does"]


async def test_a_name_that_makes_no_sense_is_failed_over_too(house: House, said: Said) -> None:
    house.add("spare")
    models = house.models(balanced="nonsense", spare="spare")
    assert await said(backend(models)) == ["spare ", "spare "]
    assert models.state()[0].last_error == "nonsense is no model"


async def test_the_models_of_other_tiers_stand_in_last(house: House, said: Said) -> None:
    house.add("small", error=Gone("gone")), house.add("large"), house.add("spare", error=Gone("gone"))
    models = house.models(fast="small", powerful="large", spare="spare")
    assert await said(backend(models, "fast")) == ["large ", "large "]


async def test_when_none_can_answer_the_first_says_why(house: House, said: Said) -> None:
    house.add("one", error=ModelError("One cannot.")), house.add("spare", error=Gone("Spare is gone."))
    with pytest.raises(ModelError, match=r"One cannot\."):
        await said(backend(house.models(balanced="one", spare="spare")))


@pytest.mark.parametrize("error", [Gone("It is gone."), ModelError("It cannot.")])
async def test_what_fails_in_the_middle_is_gone_for_nothing_can_be_taken_back(house: House, error: ModelError) -> None:
    house.add("one", error=error, after=1)
    spare, pieces = house.add("spare"), []
    with pytest.raises(Gone, match=str(error)):
        async for piece in backend(house.models(balanced="one", spare="spare")).chat([]):
            pieces.append(piece)
    assert (pieces, spare.asked) == (["one "], 0)


@pytest.mark.parametrize("error", [Busy("busy"), TooLong("long"), TooSlow("slow")])
async def test_what_is_the_moments_or_the_questions_fault_is_no_failure_of_the_model(
    house: House, said: Said, error: ModelError
) -> None:
    one, spare = house.add("one", error=error), house.add("spare")
    models = house.models(balanced="one", spare="spare")
    for _ in range(5):
        with pytest.raises(type(error)):
            await said(backend(models))
    assert (one.asked, spare.asked) == (5, 0)
    assert models.state()[0].last_error == ""


async def test_a_model_that_keeps_failing_rests_and_is_tried_again_later(house: House, said: Said) -> None:
    one = house.add("one", error=Gone("gone"))
    models = house.models(balanced="one")
    for _ in range(served.FAILURES):
        with pytest.raises(Gone, match="gone"):
            await said(backend(models))
    with pytest.raises(Gone, match="rests for a moment after several failures: gone"):
        await said(backend(models))
    assert one.asked == served.FAILURES
    house.now, one.error = house.now + served.REST_S + 1, None
    assert await said(backend(models)) == ["one ", "one "]
    one.error = Gone("gone")
    with pytest.raises(Gone, match="gone"):
        await said(backend(models))
    assert models.state()[0].rests_s == 0


async def test_a_form_it_cannot_fill_does_not_keep_a_model_from_writing(house: House, said: Said) -> None:
    one = house.add("one", error=ModelError("It broke the form."))
    models = house.models(balanced="one")
    for _ in range(served.FAILURES):
        with pytest.raises(ModelError):
            await said(backend(models), Wanted(schema={}))
    one.error = None
    assert await said(backend(models)) == ["one ", "one "]


async def test_the_deadline_is_that_of_the_whole_call(house: House, said: Said) -> None:
    spare = house.add("spare")
    await said(backend(house.models(balanced="nonsense", spare="spare")), Wanted(seconds=7))
    assert 0 < spare.seconds <= 7


async def test_short_of_memory_what_was_idle_longest_is_unloaded_first(house: House, said: Said) -> None:
    made = [house.add(name, size=size * MB) for name, size in (("a", 30), ("b", 30), ("c", 40))]
    models, notes = house.models(fast="a", balanced="b", powerful="c"), []
    for tier in ("fast", "balanced", "fast"):
        house.now += 1
        await said(backend(models, tier))
    await said(backend(models, "powerful"), note=notes.append)
    assert [one.loaded for one in made] == [True, False, True]
    assert notes == ["Unloading b, because memory is short"]
    assert await said(backend(models, "balanced")) == ["b ", "b "]


async def test_a_model_at_work_is_not_unloaded(house: House, said: Said) -> None:
    small, large = house.add("small", size=50 * MB), house.add("large", size=50 * MB)
    models = house.models(fast="small", powerful="large")
    small.go.clear()
    async with aclosing(backend(models, "fast").chat([])) as pieces:
        await anext(pieces)
        assert await said(backend(models, "powerful")) == ["large ", "large "]
    assert (small.closed, large.closed) == (0, 0)


async def test_with_memory_enough_everything_stays_loaded(house: House, said: Said) -> None:
    made = [house.add(name, size=40 * MB) for name in ("a", "b")]
    models = house.models(fast="a", powerful="b")
    await said(backend(models, "fast")), await said(backend(models, "powerful"))
    assert [one.loaded for one in made] == [True, True]


async def test_another_model_can_be_used_from_now_on_and_the_one_before_is_put_away(house: House, said: Said) -> None:
    before, _ = house.add("before"), house.add("after")
    models = house.models(balanced="before")
    await said(backend(models))
    await models.use("after")
    assert await said(backend(models)) == ["after ", "after "]
    assert (before.closed, before.loaded) == (1, False)
    assert set(house.chosen.values()) == {"after"}


async def test_a_switch_lets_a_running_answer_end(house: House) -> None:
    before, _ = house.add("before"), house.add("after")
    models = house.models(balanced="before")
    before.go.clear()
    pieces = backend(models).chat([])
    assert await anext(pieces) == "before "
    await models.use("after")
    assert before.closed == 0
    before.go.set()
    assert [piece async for piece in pieces] == ["before "]
    assert before.closed == 1


async def test_a_model_that_makes_no_sense_is_not_chosen(house: House, said: Said) -> None:
    house.add("one")
    models = house.models(balanced="one")
    with pytest.raises(ModelError, match="no model"):
        await models.use("nonsense")
    assert await said(backend(models)) == ["one ", "one "]


async def test_none_can_be_chosen(house: House, said: Said) -> None:
    one = house.add("one")
    models = house.models(balanced="one")
    await said(backend(models))
    await models.use(None)
    assert models.backend() is None and models.state() == ()
    assert one.closed == 1


async def test_the_state_says_what_serves_what_where_it_lies_and_how_it_does(house: House, said: Said) -> None:
    house.add("small", size=30 * MB), house.add("large", error=Gone("It is gone."))
    models = house.models(fast="small", powerful="large")
    await said(backend(models, "fast"))
    assert await said(backend(models, "powerful")) == ["small ", "small "]
    small, large = models.state()
    assert (small.tiers, small.loaded, small.memory_bytes) == (("fast", "balanced", "vision"), True, 30 * MB)
    assert (small.placement, small.requests, small.running) == ("on the processor", 2, 0)
    assert (large.tiers, large.requests, large.last_error) == (("powerful",), 1, "It is gone.")


async def test_leaving_an_answer_ends_it_in_the_model(house: House) -> None:
    one = house.add("one")
    models = house.models(balanced="one")
    one.go.clear()
    async with aclosing(backend(models).chat([])) as pieces:
        await anext(pieces)
    assert one.ended and models.state()[0].running == 0


async def test_closing_closes_every_model_that_was_opened(house: House, said: Said) -> None:
    made = [house.add("a"), house.add("b")]
    models = house.models(fast="a", powerful="b")
    await said(backend(models, "fast"))
    await models.close()
    assert [one.closed for one in made] == [1, 0]


def test_memory_is_that_of_the_process_and_of_those_it_started() -> None:
    assert (placing._memory(os.getpid()) or 0) > 10 * MB
    assert placing._memory(2**22 + 1) is None
