"""Whether a request begins at a joint of a message, learned from messages whose requests are marked.

marked.jsonl ─▶ what is seen at each joint ─▶ boosted trees ─▶ cutting.npz, which comes with the program

The trees are LightGBM's (Ke et al., *LightGBM: A Highly Efficient Gradient Boosting Decision Tree*, 2017), grown by
``python -m graph.planner`` and walked here all at once, a level a time, so that planning needs no LightGBM.
"""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING, Any

from graph.planner.joints import Marks, Shares, look
from graph.planner.marked import Marked
from graph.planner.segments import Piece, pieces

if TYPE_CHECKING:
    import numpy as np
    from numpy.typing import NDArray

SHIPPED = Path(__file__).with_name("cutting.npz")
SLACK = 3
"""Characters by which a marked request may begin before a piece does: brackets and quotes."""
SINGLE = 0.5
"""What a joint within a single request counts beside one of a marked message."""
GROWN: dict[str, Any] = {
    "n_estimators": 300,
    "learning_rate": 0.05,
    "num_leaves": 6,
    "min_child_samples": 10,
    "colsample_bytree": 0.4,
    "subsample": 0.8,
    "subsample_freq": 1,
    "reg_lambda": 3.0,
    "random_state": 0,
    "n_jobs": 1,
    "deterministic": True,
    "force_row_wise": True,
    "verbose": -1,
}
"""Chosen by tenths of the marked messages left out of learning."""


@dataclass(frozen=True)
class Trees:
    """Trees as rows of nodes: the feature asked for, the most with which to go left, and where to go.

    A place below 0 is a leaf: its worth is in `leaves` at -place - 1. `names` are those of the features.
    """

    names: tuple[str, ...]
    feature: NDArray[np.int16]
    most: NDArray[np.float64]
    left: NDArray[np.int16]
    right: NDArray[np.int16]
    leaves: NDArray[np.float64]

    def __call__(self, marks: Marks) -> float:
        """The log of the odds."""
        import numpy as np

        values = np.array([marks[name] for name in self.names])
        trees = np.arange(len(self.feature))
        at = np.zeros(len(trees), np.int16)
        while (inner := at >= 0).any():
            rows, nodes = trees[inner], at[inner]
            lower = values[self.feature[rows, nodes]] <= self.most[rows, nodes]
            at[inner] = np.where(lower, self.left[rows, nodes], self.right[rows, nodes])
        return float(self.leaves[trees, -at - 1].sum())


def cut(text: str, shares: Shares, trees: Trees) -> list[Piece]:
    """The requests of a text, each as a piece; `shares` says how much words speak for each label."""
    requests: list[Piece] = []
    parts = pieces(text)
    for place, part in enumerate(parts):
        if requests and trees(_seen(text, requests[-1], parts, place, shares)) <= 0:
            requests[-1] = Piece(requests[-1].start, part.end, requests[-1].then)
        else:
            requests.append(part)
    return requests


def joints(message: Marked) -> list[bool]:
    """Whether a request begins at each piece of a message but the first."""
    parts, ends, begun = pieces(message.text), 0, set()
    for place, (said, _) in enumerate(message.requests):
        start = message.text.index(said, ends)
        here = [one.start for one in parts if ends <= one.start <= start + SLACK]
        if place and here:
            begun.add(here[0])
        ends = start + len(said) - 1
    return [part.start in begun for part in parts[1:]]


def grow(messages: Sequence[Marked], single: Sequence[Marked], shares: Shares) -> Trees:
    """Learn from marked messages and from those of a `single` request; of none may `shares` have been learned."""
    import lightgbm
    import numpy as np

    rows: list[Marks] = []
    wanted: list[bool] = []
    worth: list[float] = []
    for message, counts in (*((one, 1.0) for one in messages), *((one, SINGLE) for one in single)):
        parts, begins = pieces(message.text), joints(message)
        last = parts[0]
        for place, begun in enumerate(begins, start=1):
            rows.append(_seen(message.text, last, parts, place, shares))
            last = parts[place] if begun else Piece(last.start, parts[place].end)
        wanted += begins
        worth += [counts] * len(begins)
    names = tuple(rows[0])
    table = np.array([[row[name] for name in names] for row in rows])
    booster = lightgbm.LGBMClassifier(**GROWN).fit(table, np.array(wanted), sample_weight=worth).booster_
    return _flat(names, booster.dump_model()["tree_info"])


def save(trees: Trees, path: Path = SHIPPED) -> None:
    """Write trees for the program to come with."""
    import numpy as np

    np.savez_compressed(path, **(vars(trees) | {"names": np.array(trees.names)}))


@cache
def shipped(path: Path = SHIPPED) -> Trees:
    """The trees that come with the program."""
    import numpy as np

    with np.load(path, allow_pickle=False) as held:
        return Trees(**{name: held[name] for name in held.files} | {"names": tuple(held["names"].tolist())})


def _seen(text: str, last: Piece, parts: Sequence[Piece], place: int, shares: Shares) -> Marks:
    return look(text, last, parts[place], parts[place + 1] if place + 1 < len(parts) else None, shares)


def _flat(names: tuple[str, ...], found: Sequence[dict[str, Any]]) -> Trees:
    import numpy as np

    grown = [_nodes(one["tree_structure"]) for one in found]
    inner = max(len(nodes) for nodes, _ in grown)
    outer = max(len(worths) for _, worths in grown)
    rows = [nodes + [(0, 0.0, -1, -1)] * (inner - len(nodes)) for nodes, _ in grown]
    columns = [[[node[column] for node in row] for row in rows] for column in range(4)]
    return Trees(
        names,
        np.array(columns[0], np.int16),
        np.array(columns[1]),
        np.array(columns[2], np.int16),
        np.array(columns[3], np.int16),
        np.array([worths + [0.0] * (outer - len(worths)) for _, worths in grown]),
    )


def _nodes(root: dict[str, Any]) -> tuple[list[tuple[int, float, int, int]], list[float]]:
    """The inner nodes of a tree as rows, the root first, and the worths of its leaves."""
    nodes: list[tuple[int, float, int, int]] = []
    worths: list[float] = []

    def place(node: dict[str, Any]) -> int:
        if "leaf_value" in node:
            worths.append(node["leaf_value"])
            return -len(worths)
        here = len(nodes)
        nodes.append((0, 0.0, 0, 0))
        left, right = place(node["left_child"]), place(node["right_child"])
        nodes[here] = (node["split_feature"], node["threshold"], left, right)
        return here

    if "leaf_value" in root:  # a tree that found nothing to ask
        return [(0, 0.0, -1, -1)], [root["leaf_value"]]
    place(root)
    return nodes, worths
