"""What messages mean counts beside their words once it is learned, and is learned once."""

from __future__ import annotations

import asyncio
import logging
import threading
from collections.abc import Mapping, Sequence
from datetime import date
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from agents import registry
from agents.spec import AgentSpec
from config.settings import Settings
from graph.learning import LEARNS, learning
from graph.learning import learn as let_learn
from graph.planner import intents
from graph.planner.known import Known
from graph.planner.meaning import FILES_KEPT, learn, shipped
from graph.planner.planner import Planner
from integrations.models.embeddings.embedder import Embedder, open_embedder
from integrations.models.embeddings.weights import EmbeddingError
from memory.files import FileRef

TODAY = date(2025, 6, 12)
EXAMPLES = {
    "money": ["send an invoice", "who has not paid me", "bill the client", "record a payment of 300 euros"],
    "weather": ["will it rain", "is it sunny on Monday", "how warm is it outside", "do I need an umbrella"],
}
OTHER_WORDS = {
    "850 gbp in eur please": ["market"],
    "which patrons are late with their cheques": ["bookkeeping"],
    "does this gig suit me": ["job_match"],
    "my customers still owe me cash, who": ["bookkeeping"],
}


class Counting:
    """An embedder that counts the texts it is given."""

    def __init__(self, embedder: Embedder) -> None:
        self.name, self.dimensions, self._embedder, self.given = embedder.name, embedder.dimensions, embedder, 0

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.given += len(texts)
        return self._embedder.embed(texts)


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    opened = open_embedder(Settings(data_dir=tmp_path_factory.mktemp("data")))
    assert opened is not None
    return opened


@pytest.fixture(scope="module")
def team() -> Mapping[str, AgentSpec]:
    return registry.load()


def agents(planner: Planner, text: str) -> list[str]:
    return [step.agent for step in planner.plan(text, Known(), TODAY).steps]


def test_words_of_the_examples_are_understood_in_any_order_and_form(embedder: Embedder, tmp_path: Path) -> None:
    meaning = learn(embedder, EXAMPLES, tmp_path)
    assert meaning is not None
    assert meaning("billing clients, unpaid invoices")["money"] > 0.7
    assert meaning("do I need umbrellas if it rains")["weather"] > 0.7
    assert sum(meaning("x").values()) == pytest.approx(1)


def test_a_name_no_example_holds_is_heard_as_a_name(tmp_path: Path) -> None:
    people = ["Anna", "Tom", "Ms Kim", "Jean", "Brandt"]
    said = {
        "mail": [f"please write {name} that it is done" for name in people],
        "text": [f"please write {thing} that it is done" for thing in ("a poem", "a slogan", "a note", "a bio", "it")],
    }
    meaning = learn(None, said, tmp_path)
    assert meaning is not None
    assert meaning("please write Zorvath that it is done")["mail"] > 0.9
    assert meaning("please write zorvath that it is done")["mail"] < meaning("write Zorvath that")["mail"]


def test_it_is_learned_once_and_again_when_an_example_changes(embedder: Embedder, tmp_path: Path) -> None:
    begun: list[str] = []
    first = learn(embedder, EXAMPLES, tmp_path, begins=lambda: begun.append("first"))
    second = learn(embedder, EXAMPLES, tmp_path, begins=lambda: begun.append("second"))
    assert first and second and begun == ["first"]
    assert second("is it windy") == pytest.approx(first("is it windy"))
    learn(embedder, EXAMPLES | {"money": ["send a bill"]}, tmp_path, begins=lambda: begun.append("third"))
    assert begun == ["first", "third"]


def test_of_what_was_learned_only_the_newest_is_kept(tmp_path: Path) -> None:
    for number in range(FILES_KEPT + 2):
        learn(None, EXAMPLES | {"money": [f"send invoice {number}"]}, tmp_path)
    assert len([*tmp_path.iterdir()]) == FILES_KEPT


def test_where_nothing_can_be_kept_it_counts_all_the_same(tmp_path: Path, caplog: pytest.LogCaptureFixture) -> None:
    (tmp_path / "file").touch()
    meaning = learn(None, EXAMPLES, tmp_path / "file" / "planner")
    assert meaning is not None and meaning("will it rain")["weather"] > 0.7
    assert "cannot be kept" in caplog.text


def test_the_planes_that_come_with_it_know_every_agent_and_what_is_for_nobody(team: Mapping[str, AgentSpec]) -> None:
    planes = shipped([*team, intents.NOTHING])
    assert planes is not None
    assert set(planes.labels) == {*team, intents.NOTHING}
    assert shipped(["no such agent"]) is None


def test_what_words_mean_counts_where_they_are_new(
    team: Mapping[str, AgentSpec], embedder: Embedder, tmp_path: Path
) -> None:
    said = {name: list(team[name].examples) for name in ("market", "bookkeeping", "job_match")}
    plain = learn(None, said, tmp_path)
    meaning = learn(embedder, said, tmp_path)
    assert plain and meaning
    storm = "might there be a thunderstorm tonight"
    assert meaning(storm)["market"] > plain(storm)["market"]


@pytest.mark.parametrize("content", [b"", b"PK\x03\x04 not a zip", b"\x00" * 500])
def test_a_damaged_file_is_learned_again(content: bytes, embedder: Embedder, tmp_path: Path) -> None:
    learn(embedder, EXAMPLES, tmp_path)
    (kept,) = tmp_path.iterdir()
    kept.write_bytes(content)
    meaning = learn(embedder, EXAMPLES, tmp_path)
    assert meaning is not None and meaning("will it rain")["weather"] > 0.7
    assert kept.read_bytes() != content


def test_learning_can_be_stopped(embedder: Embedder, tmp_path: Path) -> None:
    assert learn(embedder, EXAMPLES, tmp_path, stopped=lambda: True) is None
    assert not [*tmp_path.iterdir()]


def test_the_planner_understands_other_words_than_its_examples(
    team: Mapping[str, AgentSpec], embedder: Embedder, tmp_path: Path
) -> None:
    some = {name: team[name] for name in ("bookkeeping", "job_match", "market")}
    planner = Planner(some)
    examples = [(name, example) for name, spec in some.items() for example in spec.examples]
    right = [pair for pair in examples if pair[0] in agents(planner, pair[1])]
    by_words = {text: agents(planner, text) for text in OTHER_WORDS}
    planner.learn(embedder, tmp_path)
    assert {text: agents(planner, text) for text in OTHER_WORDS} == OTHER_WORDS != by_words
    for name, example in right:
        assert name in agents(planner, example), example


@pytest.fixture(scope="module")
def taught(team: Mapping[str, AgentSpec], embedder: Embedder, learned: Path) -> Planner:
    """A planner of the whole team that has learned all."""
    planner = Planner(team)
    planner.learn(embedder, learned)
    return planner


def test_a_question_sent_with_a_document_is_for_who_reads_it(taught: Planner) -> None:
    brief = FileRef("f1", "brief.pdf", "application/pdf", 1, "document")
    for text in ("can I reuse my old code?", "where may I work from?", "what is the deadline?"):
        steps = taught.plan(text, Known(files=[brief]), TODAY).steps
        assert [step.agent for step in steps] in (["documents"], ["contract"]), text  # both read it and cite the page


@pytest.mark.parametrize(
    ("kind", "agent"), [("table", "data_analyst"), ("document", "documents"), ("audio", "voice"), ("image", "vision")]
)
def test_a_file_is_for_who_works_on_its_kind(taught: Planner, kind: Any, agent: str) -> None:
    sent = FileRef("f1", "file", "application/octet-stream", 1, kind)
    steps = taught.plan("What is in this file?", Known(files=[sent]), TODAY).steps
    assert [step.agent for step in steps] == [agent]


def test_a_file_is_for_the_first_request_alone(taught: Planner) -> None:
    memo = FileRef("f1", "memo.m4a", "audio/mp4", 1, "audio")
    made = taught.plan("Transcribe this and send the transcript to Anna by mail", Known(files=[memo]), TODAY)
    assert [step.agent for step in made.steps] == ["voice", "mail"]


def test_a_list_of_requests_is_said_and_not_pasted(taught: Planner) -> None:
    assert agents(taught, "1. search for remote dbt work\n2. draft a proposal for the best\n3. price it") == [
        "job_search",
        "proposal",
        "pricing",
    ]


class Refusing:
    name, dimensions = "refusing", 384

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise EmbeddingError("The model was changed; please reinstall it.")


def test_without_a_usable_model_plans_go_by_words(
    team: Mapping[str, AgentSpec], settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    planner = Planner({"math": team["math"]})
    with caplog.at_level(logging.WARNING):
        let_learn(planner, Refusing(), settings)
    assert "by words alone: The model was changed" in caplog.text
    assert agents(planner, "What is 19 % of 1,250 €?") == ["math"]


async def test_learning_goes_on_beside_the_chat_and_ends_with_it(
    team: Mapping[str, AgentSpec], embedder: Embedder, settings: Settings, tmp_path: Path
) -> None:
    begun, planner = threading.Event(), Planner(team)
    fresh = settings.model_copy(update={"cache_dir": tmp_path / "cache"})

    class Waiting(Counting):
        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            begun.set()
            return super().embed(texts)

    async with learning(planner, Waiting(embedder), fresh, serving=True):
        assert not planner.learned  # by words, meanwhile
        assert agents(planner, "What is 19 % of 1,250 €?") == ["math"]
    assert begun.is_set() and not planner.learned
    assert not fresh.paths.planner.exists()


async def test_a_server_learns_in_another_process(
    team: Mapping[str, AgentSpec], settings: Settings, tmp_path: Path, capfd: pytest.CaptureFixture[str]
) -> None:
    planner = Planner({name: team[name] for name in ("mcp", "math")})
    fresh = settings.model_copy(update={"cache_dir": tmp_path / "cache"})
    fresh.paths.planner.mkdir(parents=True)
    (fresh.paths.planner / "killed.part").touch()
    async with learning(planner, None, fresh, serving=True):
        async with asyncio.timeout(60):
            while not planner.learned:  # noqa: ASYNC110  it tells nobody
                await asyncio.sleep(0.05)
    assert capfd.readouterr().err == LEARNS  # by the other process: this one only read
    assert [path.suffix for path in fresh.paths.planner.iterdir()] == [".npz"]


async def test_a_process_that_ends_soon_learns_before_it_plans(
    team: Mapping[str, AgentSpec], settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    few = {name: team[name] for name in ("mcp", "math")}
    fresh = settings.model_copy(update={"cache_dir": tmp_path / "cache"})
    for said in (LEARNS, ""):
        planner = Planner(few)
        async with learning(planner, None, fresh, serving=False):
            assert planner.learned
        assert capsys.readouterr().err == said


async def test_what_was_learned_is_there_when_the_chat_opens(
    team: Mapping[str, AgentSpec], embedder: Embedder, settings: Settings
) -> None:
    planner = Planner(team)
    async with learning(planner, embedder, settings, serving=True):
        assert planner.learned
