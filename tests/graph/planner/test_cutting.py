"""Where requests begin in a message is learned from messages in which they are marked."""

from __future__ import annotations

import random
import re
from collections.abc import Mapping
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from agents import registry
from graph.planner.cutting import cut, grow, joints, save, shipped
from graph.planner.intents import Intents
from graph.planner.marked import Marked, marked
from graph.planner.segments import pieces
from graph.planner.words import fold

if TYPE_CHECKING:
    from graph.planner.joints import Marks

WORDS = {"invoice": "money", "paid": "money", "rain": "weather", "sunny": "weather", "python": "jobs"}


def shares(text: str) -> Mapping[str, float]:
    """Labels by their words, as surely as these agree."""
    found = [WORDS[word] for word in re.findall(r"\w+", text.casefold()) if word in WORDS]
    labels = sorted(set(WORDS.values()))
    if not found:
        return dict.fromkeys(labels, 1 / len(labels))
    return {label: 0.9 * found.count(label) / len(found) + 0.1 / len(labels) for label in labels}


@pytest.fixture(scope="module")
def intents(learned: Path) -> Intents:
    found = Intents(registry.load())
    found.learn(None, learned, lambda: False, lambda: None)
    return found


@pytest.mark.parametrize(
    ("text", "requests"),
    [
        ("send the invoice to Lumen and tell me if it will rain tomorrow", 2),
        ("hello there, send the invoice to Lumen", 1),
        ("is invoice 12 paid? will it rain in Porto?", 2),
        ("find python jobs, then draft a proposal for the best one", 2),
        ("transcribe the call and translate it into German", 2),
        ("stop the timer\ndraft an invoice for the hours\nmail it to Jonas", 3),
        ("find remote python, django and flask jobs over 60 €", 1),
        ("remind me on Friday to call Anna and Piotr about the flyer", 1),
        ("I was at the dentist all day and feel awful. What is on my calendar today?", 1),
        ("such mir Python-Jobs und zeig mir die offenen Rechnungen", 2),
        ("traduis ce texte puis envoie-le à Claire", 2),
        ("", 0),
    ],
)
def test_a_message_is_cut_between_its_requests_only(intents: Intents, text: str, requests: int) -> None:
    assert len(cut(text, intents.shares, shipped())) == requests


def test_what_follows_a_then_knows_it(intents: Intents) -> None:
    found = cut("find python jobs and then send the invoice to Lumen", intents.shares, shipped())
    assert [piece.then for piece in found] == [False, True]


def test_pieces_that_belong_together_are_one_stretch_of_the_text(intents: Intents) -> None:
    text = "no no, I said it twice, send the invoice to Lumen"
    (found,) = cut(text, intents.shares, shipped())
    assert text[found.start : found.end] == text


def test_it_is_known_at_which_joints_marked_requests_begin() -> None:
    text = "send the invoice, rain or not, and find python work"
    message = Marked(text=text, requests=[("send the invoice, rain or not", "a"), ("find python work", "b")])
    assert len(pieces(text)) == 3
    assert joints(message) == [False, True]


def test_trees_learn_where_requests_begin_and_come_back_from_a_file(tmp_path: Path) -> None:
    sure = random.Random(7)
    words = list(WORDS)
    several, single = [], []
    for _ in range(150):
        one, other = sure.sample(words, 2)
        whole = f"the {one} and the {other}"
        if WORDS[one] != WORDS[other]:
            several.append(Marked(text=whole, requests=[(f"the {one}", WORDS[one]), (f"the {other}", WORDS[other])]))
        else:
            single.append(Marked(text=whole, requests=[(whole, WORDS[one])]))
    trees = grow(several, single, shares)
    save(trees, tmp_path / "cutting.npz")
    for known in (trees, shipped(tmp_path / "cutting.npz")):
        assert len(cut("the python and the rain", shares, known)) == 2
        assert len(cut("the rain and the sunny", shares, known)) == 1


def test_trees_are_walked_as_they_were_grown() -> None:
    trees = shipped()
    sure = random.Random(3)
    for _ in range(50):
        marks: Marks = {name: sure.choice((0.0, 1.0, sure.uniform(-5, 60))) for name in trees.names}
        assert trees(marks) == pytest.approx(sum(_walked(trees, tree, marks) for tree in range(len(trees.leaves))))


def _walked(trees: object, tree: int, marks: Marks) -> float:
    at = 0
    held = vars(trees)
    while at >= 0:
        lower = marks[held["names"][held["feature"][tree, at]]] <= held["most"][tree, at]
        at = int(held["left" if lower else "right"][tree, at])
    return float(held["leaves"][tree, -at - 1])


def test_most_marked_messages_are_cut_where_they_are_marked(intents: Intents) -> None:
    messages = [one for one in marked() if len(pieces(one.text)) > 1]
    right = 0
    for message in messages:
        begun = {piece.start for piece in cut(message.text, intents.shares, shipped())}
        right += [piece.start in begun for piece in pieces(message.text)[1:]] == joints(message)
    assert right / len(messages) > 0.85


def test_every_marked_request_is_in_its_message_and_for_an_agent() -> None:
    known = set(registry.load())
    messages = marked()
    assert len({fold(one.text) for one in messages}) == len(messages)
    for message in messages:
        assert all(said in message.text and agent in known for said, agent in message.requests), message.text
        assert all(0 <= one < len(message.requests) for pair in message.depends for one in pair)
