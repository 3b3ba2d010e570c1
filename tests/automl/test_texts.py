"""Free text: the words that tell about the target stand for themselves, and themes gather the others."""

from __future__ import annotations

import json
from dataclasses import asdict

import numpy as np
import pandas as pd

from automl import texts
from automl.features import Feature, Preparation

RANDOM = np.random.default_rng(1)
FILLER = [f"filler{letter}" for letter in "abcdefghijklmnopqrstuvwxyzäöüß" for letter in (letter, letter * 2)]
ANGRY = RANDOM.random(200) < 0.5
VALUES = pd.Series(
    [
        " ".join([*RANDOM.choice(FILLER, 12), "Refund" if angry else "thanks" if RANDOM.random() < 0.8 else "hello"])
        for angry in ANGRY
    ]
)
RULES = texts.learn(VALUES, np.column_stack([ANGRY, ~ANGRY]).astype(float))


def test_a_telling_word_weighs_whatever_its_case() -> None:
    parts = RULES.parts(pd.Series(["we want a REFUND now", "nothing of that"]))
    place = RULES.outputs.index("“refund”")
    assert parts[0, place] > 0.9
    assert parts[1, place] == 0


def test_telling_words_come_before_common_ones() -> None:
    few = texts._told(
        texts._weights([texts._tokens(text) for text in VALUES], RULES.terms, np.array(RULES.rarity)),
        ANGRY[:, None].astype(float),
    )
    assert RULES.terms[int(np.argmax(few))] == "refund"


def test_lengths_are_told_and_nothing_is_missing() -> None:
    parts = RULES.parts(pd.Series(["two words", None]))
    assert parts[0, :2].tolist() == [9, 2]
    assert np.isnan(parts[1]).all()
    assert parts.shape == (2, len(RULES.outputs))


def test_themes_are_named_by_their_strongest_words() -> None:
    assert sum(name.startswith("theme of “") for name in RULES.outputs) == texts.THEMES


def test_texts_without_a_repeated_word_have_a_length_only() -> None:
    assert texts.learn(pd.Series(["alpha beta", "gamma delta"]), None).outputs == ["letters", "words"]


def test_the_rules_survive_json() -> None:
    kept = Preparation((Feature("note", "text", text=RULES),))
    assert Preparation.from_json(json.loads(json.dumps(kept.to_json()))) == kept
    assert asdict(RULES)["terms"] == RULES.terms
