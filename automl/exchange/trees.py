"""Trees of LightGBM and of forests as one node of an ONNX graph (operator TreeEnsemble of ai.onnx.ml 5)."""

from __future__ import annotations

from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

import numpy as np

from automl.errors import DataError
from automl.exchange.graph import Graph
from automl.tasks import Task

AT_MOST, MEMBER = 0, 6
"""Ways of asking at a node: whether a value is at most another, or one of a set."""
SUM = 1
Place = tuple[bool, int]
"""A leaf (True) or a node, by its number."""


@dataclass
class Trees:
    """All nodes and leaves of trees that are added up, in the lists that the operator wants."""

    roots: list[int] = field(default_factory=list)
    features: list[int] = field(default_factory=list)
    modes: list[int] = field(default_factory=list)
    splits: list[float] = field(default_factory=list)
    missing: list[int] = field(default_factory=list)
    yes: list[Place] = field(default_factory=list)
    no: list[Place] = field(default_factory=list)
    members: list[float] = field(default_factory=list)
    targets: list[int] = field(default_factory=list)
    weights: list[float] = field(default_factory=list)

    def leaf(self, target: int, weight: float) -> Place:
        """Add a leaf that adds `weight` to a target."""
        self.targets.append(target)
        self.weights.append(weight)
        return True, len(self.weights) - 1

    def node(self, feature: int, split: float, missing: bool, members: list[float] | None = None) -> int:
        """Add a question, whose answers are set afterwards; `missing` says whether no value counts as yes."""
        self.features.append(feature)
        self.modes.append(AT_MOST if members is None else MEMBER)
        self.splits.append(split)
        self.missing.append(int(missing))
        self.members += [] if members is None else [*members, np.nan]
        self.yes.append((True, 0))
        self.no.append((True, 0))
        return len(self.features) - 1

    def root(self, place: Place) -> None:
        """Begin a tree at a place; one leaf alone gets a question whose answers are the same."""
        leaf, number = place
        if leaf:
            number_of_node = self.node(0, 0.0, False)
            self.yes[number_of_node] = self.no[number_of_node] = place
            number = number_of_node
        self.roots.append(number)

    def write(self, graph: Graph, matrix: str, targets: int) -> str:
        """Add the operator to a graph: sums (rows, targets)."""
        from onnx import numpy_helper

        more = {}
        if self.members:
            more["membership_values"] = numpy_helper.from_array(np.array(self.members))
        return graph.add(
            "TreeEnsemble",
            matrix,
            domain="ai.onnx.ml",
            aggregate_function=SUM,
            post_transform=0,
            n_targets=targets,
            tree_roots=self.roots,
            nodes_featureids=self.features,
            nodes_modes=numpy_helper.from_array(np.array(self.modes, dtype=np.uint8)),
            nodes_splits=numpy_helper.from_array(np.array(self.splits)),
            nodes_missing_value_tracks_true=self.missing,
            nodes_truenodeids=[number for _, number in self.yes],
            nodes_trueleafs=[int(leaf) for leaf, _ in self.yes],
            nodes_falsenodeids=[number for _, number in self.no],
            nodes_falseleafs=[int(leaf) for leaf, _ in self.no],
            leaf_targetids=self.targets,
            leaf_weights=numpy_helper.from_array(np.array(self.weights)),
            **more,
        )


def boosting(graph: Graph, matrix: str, folder: Path, task: Task, classes: int) -> str:
    """A LightGBM model: numbers (rows, 1), or log odds (rows, 1), or scores (rows, classes).

    Raises:
        DataError: It has splits that ONNX does not know.
    """
    import lightgbm

    booster = lightgbm.Booster(model_str=(folder / "lightgbm.txt").read_text(encoding="utf-8"))
    trees, targets = Trees(), classes if task == "multiclass" else 1
    for number, info in enumerate(booster.dump_model()["tree_info"]):
        trees.root(_grown(trees, info["tree_structure"], number % targets))
    raw = trees.write(graph, matrix, targets)
    heavier = float(booster.params.get("scale_pos_weight", 1.0)) if task == "binary" else 1.0
    return graph.add("Sub", raw, graph.constant(np.log(heavier)))


def _grown(trees: Trees, part: dict[str, Any], target: int) -> Place:
    if "split_feature" not in part:
        return trees.leaf(target, float(part["leaf_value"]))
    if part["missing_type"] == "Zero":
        raise DataError("This model takes zeros for missing values, which ONNX does not know.")
    if part["decision_type"] == "==":
        members = [float(code) for code in str(part["threshold"]).split("||")]
        number = trees.node(int(part["split_feature"]), 0.0, False, members)
    else:
        split = float(part["threshold"])
        # Where no value was missing in training, LightGBM reads a missing one as 0.
        missing = bool(part["default_left"]) if part["missing_type"] == "NaN" else split >= 0
        number = trees.node(int(part["split_feature"]), split, missing)
    trees.yes[number] = _grown(trees, part["left_child"], target)
    trees.no[number] = _grown(trees, part["right_child"], target)
    return False, number


def forest(graph: Graph, matrix: str, folder: Path, task: Task, classes: int) -> str:
    """A forest: numbers (rows, 1), or shares of classes (rows, classes)."""
    from onnx import TensorProto

    with np.load(folder / "forest.npz", allow_pickle=False) as stored:
        nodes, values, counts = stored["nodes"], stored["values"], stored["count"]
        fill = stored["fill"]
    known = graph.clipped(graph.filled(matrix, fill[None, :]), -3e38, 3e38)
    # The trees were grown on single numbers.
    single = graph.add("Cast", graph.add("Cast", known, to=TensorProto.FLOAT), to=TensorProto.DOUBLE)
    trees, outputs = Trees(), values.shape[2]
    for target in range(outputs):
        start = 0
        for count in counts:
            part = slice(start, start + int(count))
            trees.root(_planted(trees, nodes[part], values[part, 0, target], 0, target))
            start += int(count)
    total = trees.write(graph, single, outputs)
    if task == "regression":
        return graph.add("Div", total, graph.constant(float(len(counts))))
    return graph.add("Div", total, graph.add("ReduceSum", total, graph.constant([1], np.int64), keepdims=1))


def _planted(trees: Trees, nodes: Any, values: Any, place: int, target: int) -> Place:
    one = nodes[place]
    if one["left_child"] < 0:
        return trees.leaf(target, float(values[place]))
    number = trees.node(int(one["feature"]), float(one["threshold"]), False)
    trees.yes[number] = _planted(trees, nodes, values, int(one["left_child"]), target)
    trees.no[number] = _planted(trees, nodes, values, int(one["right_child"]), target)
    return False, number
