"""A graph in the making: nodes are added, and named by themselves."""

from __future__ import annotations

from dataclasses import dataclass, field
from typing import Any

import numpy as np
import numpy.typing as npt


@dataclass
class Graph:
    """ONNX nodes and constants so far."""

    nodes: list[Any] = field(default_factory=list)
    constants: list[Any] = field(default_factory=list)

    def add(self, operator: str, *inputs: str, domain: str = "", **attributes: Any) -> str:
        """Add a node of one output and return the output's name."""
        from onnx import helper

        name = f"{operator.lower()}_{len(self.nodes)}"
        self.nodes.append(helper.make_node(operator, list(inputs), [name], domain=domain, **attributes))
        return name

    def constant(self, values: Any, kind: npt.DTypeLike = np.float64) -> str:
        """Add a tensor and return its name."""
        from onnx import numpy_helper

        name = f"constant_{len(self.constants)}"
        self.constants.append(numpy_helper.from_array(np.asarray(values, dtype=kind), name))
        return name

    def clipped(self, values: str, low: float, high: float) -> str:
        """Values kept between two ends."""
        return self.add("Min", self.add("Max", values, self.constant(low)), self.constant(high))

    def filled(self, values: str, fill: Any) -> str:
        """Values with something else where one is not a number."""
        return self.add("Where", self.add("IsNaN", values), self.constant(fill), values)

    def columns(self, matrix: str, places: list[int]) -> str:
        """Some columns of a matrix."""
        return self.add("Gather", matrix, self.constant(places, np.int64), axis=1)
