"""Where a document is looked into: everywhere by meaning, by its words where it is long or there is no embedder."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace
from datetime import date

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.deps import Deps
from agents.tools.documents import retrieval
from agents.tools.documents.retrieval import look
from config.settings import Settings
from integrations.models.embeddings.weights import EmbeddingError
from memory.documents import Document
from memory.stores import Stores


class Letters:
    """An embedder whose vectors count letters, and which notes what it was given."""

    name, dimensions = "letters", 26

    def __init__(self) -> None:
        self.texts: list[str] = []

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        self.texts += texts
        counts = np.array([[text.lower().count(chr(97 + i)) for i in range(26)] for text in texts], np.float32)
        vectors: NDArray[np.float32] = counts / np.maximum(np.linalg.norm(counts, axis=1, keepdims=True), 1)
        return vectors


class Broken(Letters):
    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        raise EmbeddingError("The model is gone; please reinstall it.")


@pytest.fixture
async def deps(settings: Settings, stores: Stores) -> Deps:
    passages = [
        {"text": f"Paragraph {number} is about apples. It is short.", "place": f"line {number}", "page": None}
        for number in range(30)
    ]
    passages[20]["text"] = "The fee is due on Friday."
    await stores.documents.save(Document(id="d", user="ana", name="fruit.txt", format="txt"), passages)
    nothing: object = None
    return Deps("ana", "t", settings, stores, nothing, nothing, nothing, date(2026, 1, 1))  # type: ignore[arg-type]


async def test_without_an_embedder_only_passages_with_the_words_are_looked_at(deps: Deps) -> None:
    found = await look("when is the fee due", "d", deps)
    assert [passage.place for passage in found.passages] == ["line 20"] and found.closeness == {}


async def test_by_meaning_every_passage_is_looked_at_in_reading_order(deps: Deps) -> None:
    embedder = Letters()
    found = await look("when is the fee due", "d", replace(deps, embedder=embedder))
    assert [passage.place for passage in found.passages] == [f"line {number}" for number in range(30)]
    assert found.closeness["The fee is due on Friday."] > found.closeness["Paragraph 3 is about apples."]


async def test_in_a_long_document_passages_with_the_words_come_first(
    deps: Deps, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(retrieval, "MOST_SENTENCES", 10)
    embedder = Letters()
    found = await look("when is the fee due", "d", replace(deps, embedder=embedder))
    assert "line 20" in {passage.place for passage in found.passages}
    assert len(embedder.texts) <= 1 + 10 + 1


async def test_a_broken_model_leaves_the_search_by_words(deps: Deps, caplog: pytest.LogCaptureFixture) -> None:
    found = await look("when is the fee due", "d", replace(deps, embedder=Broken()))
    assert [passage.place for passage in found.passages] == ["line 20"]
    assert "by words alone" in caplog.text


async def test_another_users_document_is_not_looked_into(deps: Deps) -> None:
    found = await look("when is the fee due", "d", replace(deps, user="ben", embedder=Letters()))
    assert found.passages == [] and found.closeness == {}
