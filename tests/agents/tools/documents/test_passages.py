"""Questions about documents find their sentence, in the document's words or in others."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import Path
from typing import NamedTuple

import pytest
import yaml

from agents.tools.documents.passages import Answer, answer
from agents.tools.research.relevance import likeness
from config.paths import SAMPLES
from config.settings import Settings
from integrations.media.documents.passages import sentences
from integrations.media.documents.read import read_document
from integrations.models.embeddings.embedder import Embedder, open_embedder

QUESTIONS = yaml.safe_load(Path(__file__).with_name("questions.yaml").read_text(encoding="utf-8"))


class Piece(NamedTuple):
    document: str
    place: str
    heading: str
    text: str


class Tally(NamedTuple):
    """How many questions were answered by a quote, and how many of those without an answer were answered surely."""

    found: int
    invented: int


@pytest.fixture(scope="module")
def embedder(tmp_path_factory: pytest.TempPathFactory) -> Embedder:
    opened = open_embedder(Settings(data_dir=tmp_path_factory.mktemp("data")))
    assert opened is not None
    return opened


@pytest.fixture(scope="module")
def documents(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, list[Piece]]:
    read: dict[str, list[Piece]] = {}
    for name, asked in QUESTIONS.items():
        path = SAMPLES / name
        if "text" in asked:
            path = tmp_path_factory.mktemp("texts") / name
            path.write_text(asked["text"], encoding="utf-8")
        passages = read_document(str(path), name)["passages"]
        read[name] = [Piece(name, one["place"], one["heading"], one["text"]) for one in passages]
    return read


def closeness(question: str, passages: list[Piece], embedder: Embedder) -> dict[str, float]:
    texts = [sentence for passage in passages for sentence in sentences(passage.text)]
    return dict(zip(texts, likeness(question, texts, embedder).tolist(), strict=True))


def tally(documents: Mapping[str, list[Piece]], embedder: Embedder | None, *, words: bool = True) -> Tally:
    found = invented = 0

    def ask(question: str, passages: list[Piece]) -> Answer:
        close = closeness(question, passages, embedder) if embedder else None
        return answer(question if words else "", passages, len(passages), close)

    for name, asked in QUESTIONS.items():
        for question, wanted in asked["answers"].items():
            found += any(wanted in quote.text for quote in ask(question, documents[name]).quotes)
        invented += sum(ask(question, documents[name]).sure for question in asked["none"])
    return Tally(found, invented)


def test_words_and_meaning_together_find_more_than_either_alone(
    documents: Mapping[str, list[Piece]], embedder: Embedder
) -> None:
    both, by_words, by_meaning = (
        tally(documents, embedder),
        tally(documents, None),
        tally(documents, embedder, words=False),
    )
    assert both.found >= max(by_words.found, by_meaning.found)
    assert both.found >= 60, both  # of 70; words alone find 28
    assert both.invented <= 2, both  # of 12


def test_each_answer_of_the_set_stands_in_one_sentence(documents: Mapping[str, list[Piece]]) -> None:
    for name, asked in QUESTIONS.items():
        whole = [sentence for passage in documents[name] for sentence in sentences(passage.text)]
        for wanted in asked["answers"].values():
            assert any(wanted in sentence for sentence in whole), wanted


def test_what_is_only_near_in_meaning_is_quoted_as_unsure(documents: Mapping[str, list[Piece]]) -> None:
    passages = documents["office.txt"]
    sentence = next(one for piece in passages for one in sentences(piece.text) if "Dogs" in one)
    found = answer("can I bring my pet", passages, len(passages), {sentence: 0.3})
    assert [quote.text for quote in found.quotes] == [sentence] and not found.sure
    assert answer("can I bring my pet", passages, len(passages), {sentence: 0.05}).quotes == []


def test_a_question_without_any_known_word_is_answered_by_meaning_alone(
    documents: Mapping[str, list[Piece]],
) -> None:
    passages = documents["office.txt"]
    sentence = next(one for piece in passages for one in sentences(piece.text) if "coffee" in one)
    found = answer("???", passages, len(passages), {sentence: 0.7})
    assert [quote.text for quote in found.quotes] == [sentence] and found.sure
