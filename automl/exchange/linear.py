"""A linear model over a layout of inputs as nodes of an ONNX graph."""

from __future__ import annotations

import itertools
import json
from pathlib import Path

import numpy as np

from automl.exchange.graph import Graph
from automl.inputs import FARTHEST, Layout
from automl.tasks import Task


def linear(graph: Graph, matrix: str, folder: Path, task: Task, classes: int) -> str:
    """A linear model: numbers (rows, 1), or log odds (rows, 1), or scores (rows, classes)."""
    stored = json.loads((folder / "linear.json").read_text(encoding="utf-8"))
    inputs = _inputs(graph, matrix, Layout.from_json(stored["layout"]))
    weighed = graph.add("MatMul", inputs, graph.constant(np.array(stored["weights"]).T))
    return graph.add("Add", weighed, graph.constant(np.array(stored["base"])[None, :]))


def _inputs(graph: Graph, matrix: str, layout: Layout) -> str:
    from onnx import TensorProto

    blocks = []
    for place, median in enumerate(layout.median):
        column = graph.columns(matrix, [place])
        if place in layout.levels:
            if layout.levels[place]:
                codes = graph.constant(np.arange(layout.levels[place], dtype=float)[None, :])
                blocks.append(graph.add("Cast", graph.add("Equal", column, codes), to=TensorProto.DOUBLE))
            continue
        known = graph.filled(column, median)
        blocks.append(known)
        if pieces := list(itertools.pairwise(layout.edges[place] if layout.edges else [])):
            low, high = (np.array(ends)[None, :] for ends in zip(*pieces, strict=True))
            above = graph.add("Sub", known, graph.constant(low))
            blocks.append(graph.clipped(graph.add("Div", above, graph.constant(high - low)), 0.0, 1.0))
    whole = graph.add("Concat", *blocks, axis=1)
    centred = graph.add("Sub", whole, graph.constant(np.array(layout.mean)[None, :]))
    scaled = graph.add("Div", centred, graph.constant(np.array(layout.scale)[None, :]))
    return graph.clipped(scaled, -FARTHEST, FARTHEST)
