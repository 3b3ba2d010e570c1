"""Typed columns made into one matrix of numbers, by rules fitted on training rows only.

A category level, a word or a date format that was not in the training rows cannot enter later: an unseen level is a
missing value. What is learned from the target (`automl.usual`, `automl.texts`) is told to the training rows themselves
as if their own label were not known. The rules are plain JSON, so a stored model needs no unpickling.
"""

from __future__ import annotations

from collections import Counter
from dataclasses import asdict, dataclass, replace
from typing import TYPE_CHECKING, Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from automl import usual
from automl.errors import DataError
from automl.kinds import Kind, blank_missing, convert, plain_numbers
from automl.texts import Embed, TextRules, learn, verdicts

if TYPE_CHECKING:
    from automl.clean import Clean

Matrix = npt.NDArray[np.float64]

MOST_LEVELS = 1_000
DATE_PARTS = ("days", "year", "month", "day", "weekday", "hour")
MISSING_LEVEL = np.nan
NO_EMBEDDER = (
    "This model reads what texts mean, which needs the embedding model; "
    "switch embeddings on, or train again with the words: do not read meanings."
)


@dataclass(frozen=True)
class Feature:
    """How one column is encoded: `levels` of a category, commonest first; rules of a `text`; `format` of a date.

    `usual` is the mean of the target (levels, outputs) where there are many levels.
    """

    column: str
    kind: Kind
    format: str = ""
    levels: tuple[str, ...] = ()
    text: TextRules | None = None
    usual: tuple[tuple[float, ...], ...] = ()

    @property
    def outputs(self) -> list[str]:
        """The names of the matrix columns this feature makes."""
        if self.kind == "date":
            return [f"{self.column}: {part}" for part in DATE_PARTS]
        if self.text is not None:
            return [f"{self.column}: {what}" for what in self.text.outputs]
        return [self.column, *(f"{self.column}: usual target {place + 1}" for place in range(self._told))]

    @property
    def _told(self) -> int:
        return len(self.usual[0]) if self.usual else 0

    @property
    def judged(self) -> list[int]:
        """The places, among the outputs, of what was learned from the target."""
        if self.text is not None:
            return list(range(len(self.outputs)))[len(self.outputs) - self.text.verdicts :]
        return list(range(1, 1 + self._told))


@dataclass(frozen=True)
class Preparation:
    """The encoding of a whole table; `embed` tells what texts mean, where that is asked."""

    features: tuple[Feature, ...]
    embed: Embed | None = None

    @property
    def names(self) -> list[str]:
        """The matrix columns' names."""
        return [name for feature in self.features for name in feature.outputs]

    @property
    def origins(self) -> list[int]:
        """For each matrix column, the position in `features` it comes from."""
        return [position for position, feature in enumerate(self.features) for _ in feature.outputs]

    @property
    def categorical(self) -> dict[int, int]:
        """Matrix columns that hold level codes, and how many levels each has."""
        firsts = np.cumsum([0] + [len(feature.outputs) for feature in self.features]).tolist()
        pairs = zip(firsts, self.features, strict=False)
        return {first: len(feature.levels) for first, feature in pairs if feature.kind == "category"}

    def transform(self, frame: pd.DataFrame) -> Matrix:
        """The matrix (rows × len(names)) of a typed frame; a column that is not there is all missing."""
        blocks = [_encode(feature, frame, self.embed) for feature in self.features]
        return np.column_stack(blocks) if blocks else np.empty((len(frame), 0))

    def typed(self, texts: pd.DataFrame, decimal_comma: bool = False) -> pd.DataFrame:
        """A new file's texts read as the kinds of the training table; columns it lacks stay away."""
        columns = {
            feature.column: _typed(texts[feature.column], feature, decimal_comma)
            for feature in self.features
            if feature.column in texts
        }
        return pd.DataFrame(columns, index=texts.index)

    def to_json(self) -> dict[str, Any]:
        return {"features": [asdict(feature) for feature in self.features]}

    @classmethod
    def from_json(cls, stored: dict[str, Any], embed: Embed | None = None) -> Preparation:
        """The counterpart of `to_json`.

        Raises KeyError or TypeError when the file is not one, and DataError when it needs an embedder and has none.
        """
        features = []
        for stored_feature in stored["features"]:
            own = {**stored_feature, "levels": tuple(stored_feature["levels"])}
            if text := stored_feature["text"]:
                axes = tuple(tuple(axis) for axis in text["axes"])
                lists = {key: tuple(text[key]) for key in ("terms", "rarity", "words")}
                says = tuple(tuple(weights) for weights in text["says"])
                means = tuple(tuple(weights) for weights in text.get("means", ()))  # not in a run of before
                if means and embed is None:
                    raise DataError(NO_EMBEDDER)
                own["text"] = TextRules(
                    **lists, axes=axes, says=says, base=tuple(text["base"]),
                    means=means, mean_base=tuple(text.get("mean_base", ())),
                )  # fmt: skip
            own["usual"] = tuple(tuple(means) for means in own["usual"])
            features.append(Feature(**own))
        return cls(tuple(features), embed)


def fit(table: Clean, rows: npt.NDArray[np.int64], columns: list[str], aims: Matrix | None = None) -> Preparation:
    """Learn the encoding of these columns from these rows; `aims` are their labels as numbers (rows, outputs)."""
    part = table.frame.iloc[rows]
    return Preparation(tuple(_feature(table, name, part[name], aims) for name in columns), table.embed)


def learned(
    table: Clean, rows: npt.NDArray[np.int64], columns: list[str], aims: Matrix, seed: int = 0
) -> tuple[Preparation, Matrix]:
    """The encoding of these columns, and the matrix of the rows it is learned from; no row is told its own label."""
    preparation, part = fit(table, rows, columns, aims), table.frame.iloc[rows]
    blocks = []
    for feature in preparation.features:
        block = _encode(feature, part, table.embed)
        if feature.usual:
            block[:, feature.judged] = usual.crossed(_codes(feature, part[feature.column]), aims, seed)
        elif feature.text is not None and feature.text.verdicts:
            block[:, feature.judged] = verdicts(feature.text, part[feature.column], aims, seed, table.embed)
        blocks.append(block)
    return preparation, np.column_stack(blocks)


def _feature(table: Clean, name: str, values: pd.Series[Any], aims: Matrix | None) -> Feature:
    kind = table.types[name]
    if kind.kind == "category":
        counts = Counter(_key(value) for value in values.dropna())
        least = 2 if len(values) > 100 else 1
        levels = [level for level, count in counts.most_common(MOST_LEVELS) if count >= least]
        feature = Feature(name, "category", levels=tuple(levels))
        if aims is None or aims.shape[1] > usual.MOST_AIMS or len(levels) < usual.MANY_LEVELS:
            return feature
        return replace(feature, usual=usual.learned(_codes(feature, values), len(levels), aims))
    if kind.kind == "text":
        return Feature(name, "text", text=learn(values, aims, table.embed))
    return Feature(name, kind.kind, format=kind.format)


def _typed(values: pd.Series[Any], feature: Feature, decimal_comma: bool) -> Any:
    if feature.kind == "number" and not decimal_comma and (numbers := plain_numbers(values)) is not None:
        return numbers
    return convert(blank_missing(values), feature.kind, feature.format, decimal_comma)


def _key(value: Any) -> str:
    return " ".join(str(value).casefold().split())


def _encode(feature: Feature, frame: pd.DataFrame, embed: Embed | None) -> Matrix:
    if feature.column not in frame:
        return np.full((len(frame), len(feature.outputs)), np.nan)
    values = frame[feature.column]
    if feature.kind == "category":
        codes = _codes(feature, values)
        coded = np.where(codes >= 0, codes, MISSING_LEVEL)[:, None]
        return np.hstack([coded, usual.told(codes, feature.usual)]) if feature.usual else coded
    if feature.kind == "date":
        return _date_parts(values)
    if feature.text is not None:
        return feature.text.parts(values, embed)
    return values.to_numpy(dtype=float)[:, None]


def _codes(feature: Feature, values: pd.Series[Any]) -> npt.NDArray[np.int64]:
    """The place of each value among the levels; -1 where it is none of them."""
    places = {level: code for code, level in enumerate(feature.levels)}
    own = {value: places.get(_key(value), -1) for value in values.dropna().unique()}
    return np.array([own.get(value, -1) for value in values], dtype=np.int64)


def _date_parts(values: pd.Series[Any]) -> Matrix:
    dates = pd.to_datetime(values)
    days = (dates - pd.Timestamp("1970-01-01")) / pd.Timedelta(days=1)
    parts = [days, dates.dt.year, dates.dt.month, dates.dt.day, dates.dt.day_of_week, dates.dt.hour]
    return np.column_stack([np.asarray(part, dtype=float) for part in parts])
