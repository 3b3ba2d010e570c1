"""A finished run as one ONNX file: the client's columns in, the prediction out."""

from __future__ import annotations

import json
from pathlib import Path

import numpy as np

from automl import ensemble
from automl.errors import DataError
from automl.exchange import linear, trees
from automl.exchange.graph import Graph
from automl.features import Feature
from automl.prediction import Model, load_model

FAMILIES = {"boosting": trees.boosting, "forest": trees.forest, "linear": linear.linear}
NAMES = "LightGBM,Forest,Linear"
SIMPLE = ("number", "boolean", "category")
WAYS = (str.upper, str.title, str.capitalize, str)
"""Ways a level may be written."""
OPERATORS, LEARNING = 21, 5
"""Versions of the operator sets."""


def write(run_dir: str | Path, path: Path) -> Path:
    """Write the model of a run as ONNX.

    Inputs are the client's columns, one tensor each (rows,): numbers as doubles, categories as text. The output is
    `prediction` (rows,) for numbers, `probabilities` (rows, classes) for classes, whose names are in the file's notes.

    Raises:
        DataError: ONNX is not installed, or the run has a part that ONNX cannot hold.
    """
    try:
        from onnx import TensorProto, checker, helper
    except ImportError as error:
        raise DataError("ONNX is not installed; add it with: pip install 'freelancex[onnx]'.") from error
    model = load_model(run_dir)
    if model.task == "quantile":
        raise DataError("Quantiles cannot be kept as ONNX yet; use the Python package.")
    graph, inputs = Graph(), []
    blocks = []
    for feature in model.preparation.features:
        if feature.kind not in SIMPLE:
            why = f"'{feature.column}' holds {feature.kind}s, which ONNX cannot read"
            raise DataError(f"{why}; leave it out, or use the Python package.")
        kind = TensorProto.STRING if feature.kind == "category" else TensorProto.DOUBLE
        inputs.append(helper.make_tensor_value_info(feature.column, kind, ["rows"]))
        blocks.append(_column(graph, feature))
    matrix = graph.add("Concat", *blocks, axis=1)
    found = _blended(graph, model, matrix, Path(run_dir))
    name, width = ("probabilities", [len(model.classes)]) if model.classes else ("prediction", [])
    graph.nodes.append(helper.make_node("Identity", [found], [name]))
    outputs = [helper.make_tensor_value_info(name, TensorProto.DOUBLE, ["rows", *width])]
    made = helper.make_model(
        helper.make_graph(graph.nodes, "model", inputs, outputs, graph.constants),
        opset_imports=[helper.make_opsetid("", OPERATORS), helper.make_opsetid("ai.onnx.ml", LEARNING)],
        producer_name="FreelanceX",
        ir_version=10,
    )
    told = {"target": model.target, "classes": json.dumps(list(model.classes)), "run": model.manifest.run_id}
    helper.set_model_props(made, told)
    checker.check_model(made)
    path.write_bytes(made.SerializeToString())
    return path


def _column(graph: Graph, feature: Feature) -> str:
    """The columns of the matrix that a client's column makes (rows, outputs)."""
    if feature.kind != "category":
        return graph.add("Unsqueeze", feature.column, graph.constant([1], np.int64))
    count = len(feature.levels)
    # Levels are kept in small letters; ONNX has no operator for those that works without the machine's languages.
    written = {way(level): code for way in WAYS for code, level in enumerate(feature.levels)} or {"": 0}
    codes = graph.add(
        "LabelEncoder",
        feature.column,
        domain="ai.onnx.ml",
        keys_strings=list(written),
        values_int64s=list(written.values()),
        default_int64=count,
    )
    # One row a level, and a last one of missing values for any other.
    usual = np.array(feature.usual) if feature.usual else np.zeros((count, 0))
    table = np.hstack([np.arange(count, dtype=float)[:, None], usual.reshape(count, -1)])
    table = np.vstack([table, np.full((1, table.shape[1]), np.nan)])
    return graph.add("Gather", graph.constant(table), codes, axis=0)


def _blended(graph: Graph, model: Model, matrix: str, run_dir: Path) -> str:
    """The members' scores, weighted, sloped, shifted and pooled (see `automl.blend`)."""
    stored = json.loads(model.manifest.file("model", run_dir).read_text(encoding="utf-8"))
    total = ""
    for number, member in enumerate(stored["members"]):
        if member["family"] not in FAMILIES:
            raise DataError(
                f"This model has a part ({member['family']}) that ONNX cannot hold; train again with --models {NAMES}."
            )
        folder = run_dir / "model" / f"{number}"
        said = FAMILIES[member["family"]](graph, matrix, folder, model.task, len(model.classes))
        if member["logged"]:
            said = graph.add("Sub", graph.add("Exp", graph.clipped(said, 0.0, 700.0)), graph.constant(1.0))
        weighed = graph.add("Mul", _scores(graph, model, said, member["family"]), graph.constant(member["weight"]))
        total = graph.add("Add", total, weighed) if total else weighed
    sloped = graph.add("Mul", total, graph.constant(stored["slope"]))
    shifted = graph.add("Add", sloped, graph.constant(np.array(stored["shift"])[None, :]))
    if model.classes:
        return graph.add("Softmax", shifted, axis=1)
    return graph.add("Squeeze", shifted, graph.constant([1], np.int64))


def _scores(graph: Graph, model: Model, said: str, family: str) -> str:
    """What is averaged (see `automl.ensemble.scores`) from what a member says."""
    if not model.classes:
        return said
    chances = said
    if family != "forest":
        if model.task == "binary":
            said = _both(graph, said)
        chances = graph.add("Softmax", said, axis=1)
    return graph.add("Log", graph.clipped(chances, ensemble.TINY, 1.0))


def _both(graph: Graph, odds: str) -> str:
    """Scores of both classes from the log odds of the second."""
    return graph.add("Concat", graph.add("Mul", odds, graph.constant(0.0)), odds, axis=1)
