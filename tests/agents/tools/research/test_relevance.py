"""How near a text is to a search: rarer words count more, other forms count too, and ranks are fused fairly."""

from __future__ import annotations

from collections.abc import Sequence
from math import log

import numpy as np
import pytest
from numpy.typing import NDArray

from agents.tools.research.relevance import bm25, fused, likeness, skill_term, word_term

TEXTS = ["python and sql", "python python", "a barista who knows python a little and coffee a lot", "coffee"]


def test_the_scores_are_those_of_the_formula() -> None:
    scores = bm25(TEXTS, [word_term("sql")])
    idf, mean = log(1 + (4 - 1 + 0.5) / (1 + 0.5)), sum(map(len, TEXTS)) / 4
    assert scores[0] == pytest.approx(idf * 2.2 / (1 + 1.2 * (0.25 + 0.75 * len(TEXTS[0]) / mean)))
    assert list(scores[1:]) == [0, 0, 0]


def test_a_rare_word_counts_more_than_a_common_one_and_a_short_text_more_than_a_long() -> None:
    scores = bm25(TEXTS, [word_term("python"), word_term("sql")])
    assert scores.argmax() == 0
    assert scores[1] > scores[2] > scores[3] == 0


def test_skills_are_found_by_every_name_and_only_as_whole_words() -> None:
    scores = bm25(["We use k8s", "KUBERNETES.", "Kubernetesque", "Java"], [skill_term("Kubernetes")])
    assert [score > 0 for score in scores] == [True, True, False, False]
    assert list(bm25(["JavaScript here", "Java here"], [skill_term("Java")]) > 0) == [False, True]
    assert list(bm25(["Let us go", "Go and SQL"], [skill_term("Go")]) > 0) == [False, True]


def test_a_word_is_found_in_its_other_forms() -> None:
    assert list(bm25(["technical writing", "typewriter", "wrath"], [word_term("writer")]) > 0) == [True, False, False]


def test_no_texts_give_no_scores() -> None:
    assert len(bm25([], [word_term("python")])) == 0


def test_what_is_first_in_all_scores_is_one_and_all_others_are_less() -> None:
    both = fused(np.array([3.0, 2.0, 1.0]), np.array([9.0, 1.0, 5.0]))
    assert both[0] == 1
    assert both[1] == both[2] < 1


def test_meaning_is_the_cosine_of_what_the_embedder_gives() -> None:
    class Fruit:
        name, dimensions = "fruit", 2

        def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
            return np.array([[1, 0] if "apple" in text else [0, 1] for text in texts], dtype=np.float32)

    assert list(likeness("apple", ["an apple", "a car"], Fruit())) == [1, 0]  # type: ignore[arg-type]
