"""A small neural network over standardised inputs and their pieces, trained with Adam; kept as arrays.

    inputs → (weights, SiLU, dropout) × layers → numbers, or chances by softmax

It errs otherwise than trees do, which is what an ensemble gains from.
"""

from __future__ import annotations

import itertools
import json
from pathlib import Path
from typing import Any

import numpy as np
import numpy.typing as npt

from automl.estimators import Array, Lesson
from automl.inputs import Layout, lay_out
from automl.tasks import Task

Single = npt.NDArray[np.float32]

LIBRARY = "numpy"
FILE = "network.npz"
LAYOUT = "network.json"
PATIENCE = 16
MOST_EPOCHS = 150
BATCH = 128
DECAY = (0.9, 0.99)


class Network:
    """Weights by layer, with the protocol of `automl.estimators.Estimator`; `centre` and `scale` are the labels'."""

    family = "network"

    def __init__(
        self, layout: Layout, weights: list[Single], task: Task, epochs: int, centre: float = 0.0, scale: float = 1.0
    ) -> None:
        """Take `weights` as (inputs, outputs), (outputs,) for each layer in turn."""
        self._layout, self._weights, self._task = layout, weights, task
        self._epochs, self._centre, self._scale = epochs, centre, scale

    @property
    def rounds(self) -> int:
        return self._epochs

    def predict(self, matrix: Array) -> Array:
        inputs = self._layout.inputs(matrix)[0].astype(np.float32)
        raw = _forward(self._weights, inputs).astype(float)
        if self._task == "regression":
            return np.asarray(raw[:, 0] * self._scale + self._centre)
        return np.asarray(_softmax(raw))

    def save(self, folder: Path) -> list[Path]:
        path, layout = folder / FILE, folder / LAYOUT
        named: dict[str, Any] = {f"w{number:02}": array for number, array in enumerate(self._weights)}
        np.savez_compressed(path, **named)
        stored = {"layout": self._layout.to_json(), "epochs": self._epochs}
        stored |= {"centre": self._centre, "scale": self._scale}
        layout.write_text(json.dumps(stored), encoding="utf-8")
        return [path, layout]


def load(folder: Path, task: Task, classes: int) -> Network:
    """Read the weights. Raises OSError when a file is missing, ValueError when one is damaged."""
    try:
        stored = json.loads((folder / LAYOUT).read_text(encoding="utf-8"))
        with np.load(folder / FILE, allow_pickle=False) as arrays:
            weights = [arrays[name] for name in sorted(arrays.files)]
        layout = Layout.from_json(stored["layout"])
        return Network(layout, weights, task, int(stored["epochs"]), float(stored["centre"]), float(stored["scale"]))
    except (KeyError, TypeError) as error:
        raise ValueError(f"{FILE} is no network: {error}") from error


def fit(settings: dict[str, Any], lesson: Lesson) -> Network:
    """Train for some epochs; with rows to check, the best epoch's weights are kept.

    `settings` take `widths` of the hidden layers, `rate`, `dropout`, `penalty` (decoupled weight decay) and `pieces`.
    """
    random = np.random.default_rng(lesson.seed)
    layout, wide, _ = lay_out(lesson.matrix, lesson.categorical, settings.get("pieces", 12))
    inputs = wide.astype(np.float32)
    centre, scale, outputs = 0.0, 1.0, lesson.classes
    if lesson.task == "regression":
        centre, scale, outputs = float(lesson.labels.mean()), float(lesson.labels.std()) or 1.0, 1
        aims = ((lesson.labels - centre) / scale).astype(np.float32)[:, None]
    else:
        aims = np.eye(outputs, dtype=np.float32)[lesson.labels.astype(int)]
    weights = _begin([inputs.shape[1], *settings.get("widths", (128, 64)), outputs], random)
    moments = [(np.zeros_like(array), np.zeros_like(array)) for array in weights]
    check = layout.inputs(lesson.check[0])[0].astype(np.float32) if lesson.check is not None else None
    epochs = lesson.rounds or MOST_EPOCHS
    batch = int(np.clip(len(inputs) // 20, 32, BATCH if len(inputs) < 20_000 else 512))
    best, kept, kept_epoch, step = np.inf, weights, 0, 0
    for epoch in range(1, epochs + 1):
        order = random.permutation(len(inputs))
        for start in range(0, len(order), batch):
            rows = order[start : start + batch]
            step += 1
            slopes = _slopes(weights, inputs[rows], aims[rows], settings.get("dropout", 0.1), lesson.task, random)
            _step(weights, moments, slopes, step, settings.get("rate", 0.002), settings.get("penalty", 0.02))
            if lesson.late() and epoch > 1:
                return Network(layout, kept, lesson.task, kept_epoch, centre, scale)
        if check is not None and lesson.check is not None:
            loss = _loss(_forward(weights, check), lesson.check[1], lesson.task, centre, scale)
            if loss < best:
                best, kept, kept_epoch = loss, [array.copy() for array in weights], epoch
            elif epoch - kept_epoch > PATIENCE:
                break
        else:
            kept, kept_epoch = [array.copy() for array in weights], epoch
        if lesson.late():
            break
    return Network(layout, kept, lesson.task, kept_epoch, centre, scale)


def _begin(widths: list[int], random: np.random.Generator) -> list[Single]:
    """Weights by He's rule, the last layer's small; biases of zero."""
    made: list[Single] = []
    for number, (left, right) in enumerate(itertools.pairwise(widths)):
        size = np.sqrt(2 / max(1, left)) * (0.1 if number == len(widths) - 2 else 1.0)
        made += [random.normal(0, size, (left, right)).astype(np.float32), np.zeros(right, dtype=np.float32)]
    return made


def _silu(values: Single) -> tuple[Single, Single]:
    """X · σ(x), and σ(x)."""
    gate = (1 / (1 + np.exp(-np.clip(values, -30, 30)))).astype(np.float32)
    return values * gate, gate


def _forward(weights: list[Single], inputs: Single) -> Single:
    values = inputs
    for number in range(0, len(weights), 2):
        values = values @ weights[number] + weights[number + 1]
        if number < len(weights) - 2:
            values, _ = _silu(values)
    return values


def _slopes(
    weights: list[Single], inputs: Single, aims: Single, dropout: float, task: Task, random: np.random.Generator
) -> list[Single]:
    """The gradient of half the squared error, or of the log loss, by backpropagation."""
    values, trail = inputs, []
    for number in range(0, len(weights) - 2, 2):
        before = values @ weights[number] + weights[number + 1]
        after, gate = _silu(before)
        mask = ((random.random(after.shape, dtype=np.float32) >= dropout) / np.float32(1 - dropout)).astype(np.float32)
        trail.append((values, gate * (1 + before * (1 - gate)) * mask))
        values = after * mask
    raw = values @ weights[-2] + weights[-1]
    error = (raw if task == "regression" else _softmax(raw)) - aims
    error = (error / len(inputs)).astype(np.float32)
    slopes = [error.sum(axis=0), values.T @ error]
    for number in range(len(weights) - 4, -1, -2):
        came, turn = trail[number // 2]
        error = (error @ weights[number + 2].T) * turn
        slopes += [error.sum(axis=0), came.T @ error]
    return slopes[::-1]


def _step(
    weights: list[Single],
    moments: list[tuple[Single, Single]],
    slopes: list[Single],
    step: int,
    rate: float,
    pull: float,
) -> None:
    """One step of AdamW (Loshchilov and Hutter, 2019), in place."""
    first, second = DECAY
    for array, (mean, square), slope in zip(weights, moments, slopes, strict=True):
        mean += (1 - first) * (slope - mean)
        square += (1 - second) * (slope * slope - square)
        if array.ndim == 2:
            array *= 1 - rate * pull
        array -= rate * (mean / (1 - first**step)) / (np.sqrt(square / (1 - second**step)) + 1e-8)


def _softmax(raw: npt.NDArray[Any]) -> npt.NDArray[Any]:
    powers = np.exp(raw - raw.max(axis=1, keepdims=True))
    return np.asarray(powers / powers.sum(axis=1, keepdims=True))


def _loss(raw: Single, labels: Array, task: Task, centre: float, scale: float) -> float:
    if task == "regression":
        return float((((raw[:, 0] * scale + centre) - labels) ** 2).mean())
    own = _softmax(raw)[np.arange(len(labels)), labels.astype(int)]
    return float(-np.log(np.clip(own, 1e-7, 1)).mean())
