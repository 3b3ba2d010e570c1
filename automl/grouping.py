"""A table without a target: which rows belong together, and which are like no other; each with reasons in words.

table → clean → features → standardised inputs → k-means for each k, judged by silhouette → profiles in words
                          how rare each level is → isolation forest → the oddest rows, and what is odd about them
"""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt
import pandas as pd

from automl import features, suspects
from automl.clean import Clean, clean
from automl.errors import DataError
from automl.ingest import read_table
from automl.inputs import lay_out
from automl.studio import Progress, silent

Array = npt.NDArray[np.float64]

MOST_GROUPS = 8
FEWEST_ROWS = 30
JUDGED = 2_000
"""Rows on which a number of groups is judged, since silhouettes take the square of their number."""
WEAK = 0.1
"""A silhouette below this means that the groups hardly differ (Kaufman and Rousseeuw, 1990, call 0.25 weak)."""
ODDEST = 10
STANDS_OUT = 3.0
"""Interquartile ranges above the upper quartile from which an oddness stands out (Tukey's "far out", 1977)."""
RARELY = 0.1
"""Values that at most this share of the rows have, or go beyond, are told as odd."""
ALONE, TIED = 0.2, 0.4
"""What a column counts that has nothing to do with the others, and from which correlation on it counts 1."""
NEARLY = 0.02
"""Fewer groups are preferred where their silhouette is lower by no more than this."""
TELLING = 0.5
"""Standard deviations by which a group's mean must differ from all rows' to be told."""


def groups(
    data: str, out: str, name: str = "", ignore: list[str] | None = None, count: int = 0, progress: Progress = silent
) -> dict[str, Any]:
    """Find groups of rows, `count` of them or as many as part best, and write the rows with their group as CSV.

    Returns:
        count, silhouette (−1 to 1), tried (silhouette by count), groups (size, share and words each), text, out, rows.

    Raises:
        DataError: The file cannot be used.
    """
    table, columns, notes = _read(data, name, ignore or [], progress)
    inputs = _inputs(table, columns)
    tried, labels = _parted(inputs, count, progress)
    best = min(k for k in tried if tried[k] >= max(tried.values()) - NEARLY)
    order = np.argsort(-np.bincount(labels[best]), kind="stable")
    numbers = np.argsort(order)[labels[best]] + 1
    found = [_profile(table, numbers == number, number) for number in range(1, best + 1)]
    table.texts.assign(group=numbers).to_csv(out, index=False)
    progress("Done", 1.0)
    result = {"count": best, "silhouette": tried[best], "tried": tried, "groups": found, "rows": len(numbers)}
    return result | {"out": out, "text": _told(result, chosen=bool(count)) + notes}


def oddities(
    data: str, out: str, name: str = "", ignore: list[str] | None = None, progress: Progress = silent
) -> dict[str, Any]:
    """Find the rows most unlike the others (isolation forest, Liu et al., 2008) and write all with their oddness.

    Returns:
        rows, odd (line, score and words each; lines count from 1 below the header), clear (how many stand out), text,
        out.

    Raises:
        DataError: The file cannot be used.
    """
    from sklearn.ensemble import IsolationForest

    table, columns, notes = _read(data, name, ignore or [], progress, repeats=True)
    plain = [column for column in columns if table.types[column].kind != "category"]
    # Levels enter as how rare they are: one input each would drown the numbers.
    inputs = np.column_stack([_inputs(table, plain), _rarity(table, columns)])
    progress("Looking for rows like no other", 0.5)
    scores = -IsolationForest(n_estimators=200, random_state=0, n_jobs=1).fit(inputs).score_samples(inputs)
    low, high = np.quantile(scores, [0.25, 0.75])
    clear = int((scores > high + STANDS_OUT * (high - low)).sum())
    top = np.argsort(-scores, kind="stable")[: min(ODDEST, clear or 3)]
    odd = [{"line": int(row) + 1, "score": float(scores[row]), "words": _odd(table, columns, int(row))} for row in top]
    table.texts.assign(oddness=np.round(scores, 4)).to_csv(out, index=False)
    progress("Done", 1.0)
    lines = [f"- **row {one['line']:,}**: {one['words']}" for one in odd]
    count = f"{clear:,} of {len(scores):,} rows {'stands' if clear == 1 else 'stand'} out"
    opening = f"{count}; the oddest:" if clear else "No row stands out; these are the least like the others:"
    text = "\n".join([opening, "", *lines])
    return {"rows": len(scores), "odd": odd, "clear": clear, "text": text + notes, "out": out}


def _read(
    data: str, name: str, ignore: list[str], progress: Progress, repeats: bool = False
) -> tuple[Clean, list[str], str]:
    """The table, the columns of it that say something about the rows, and what to know of it. Raises DataError."""
    progress("Reading the file", 0.1)
    raw = read_table(data, name)
    table = clean(raw, drop_duplicates=not repeats)
    if len(table.frame) < FEWEST_ROWS:
        told = f"Only {len(table.frame)} rows are there, and at least {FEWEST_ROWS} are needed"
        raise DataError(f"{told}; give more rows.")
    gone = {one.column for one in suspects.ids(table, "")} | {name for name in table.frame if name in ignore}
    columns = [str(one) for one in table.frame if one not in gone and table.types[str(one)].kind != "text"]
    if not columns:
        raise DataError("No column says anything about the rows; give a table with numbers or categories.")
    return table, columns, "".join(f"\n\n*{note}*" for note in raw.notes)


def _inputs(table: Clean, columns: list[str]) -> Array:
    """Standardised inputs: a column counts the same however many inputs it is made into, and less when it is alone.

    A column without any tie to the others would only split each group once for every value it has.
    """
    if not columns:
        return np.zeros((len(table.frame), 0))
    preparation = features.fit(table, np.arange(len(table.frame)), columns)
    _, inputs, made = lay_out(preparation.transform(table.frame), preparation.categorical)
    origins = np.array(preparation.origins)[made]
    # Inputs are standardised already, so that their products are correlations.
    related = np.abs(inputs.T @ inputs) / len(inputs) * (origins[:, None] != origins[None, :])
    tie = np.array([related[origins == own].max(initial=0.0) for own in range(len(columns))])
    weight = (ALONE + (1 - ALONE) * np.minimum(tie / TIED, 1))[origins] / np.sqrt(np.bincount(origins)[origins])
    return np.asarray(inputs * weight)


def _rarity(table: Clean, columns: list[str]) -> Array:
    """How rare each row's levels are (rows, category columns): minus the logarithm of their share."""
    found = []
    for name in columns:
        if table.types[name].kind == "category":
            values = table.frame[name].fillna("")
            found.append(-np.log(values.map(values.value_counts(normalize=True)).to_numpy(dtype=float)))
    return np.column_stack(found) if found else np.zeros((len(table.frame), 0))


def _parted(inputs: Array, count: int, progress: Progress) -> tuple[dict[int, float], dict[int, npt.NDArray[np.int64]]]:
    """The silhouette and the labels for every number of groups that is tried."""
    from sklearn.cluster import KMeans
    from sklearn.metrics import silhouette_score
    from threadpoolctl import threadpool_limits

    judged = np.random.default_rng(0).permutation(len(inputs))[:JUDGED]
    tried, labels = {}, {}
    most = min(MOST_GROUPS, len(np.unique(inputs, axis=0)) - 1)
    with threadpool_limits(1):
        for k in [min(count, max(most, 2))] if count else range(2, most + 1):
            progress(f"Trying {k} groups", 0.2 + 0.7 * k / MOST_GROUPS)
            found = KMeans(k, n_init=4, random_state=0).fit_predict(inputs).astype(np.int64)
            if len(np.unique(found[judged])) > 1:
                tried[k], labels[k] = float(silhouette_score(inputs[judged], found[judged])), found
    if not tried:
        raise DataError("All rows are alike, so there are no groups; give a table with more differences.")
    return tried, labels


def _profile(table: Clean, inside: npt.NDArray[np.bool_], number: int) -> dict[str, Any]:
    told: list[tuple[float, str]] = []
    for name, values in table.frame.items():
        column, kind = str(name), table.types[str(name)].kind
        if kind in ("number", "boolean") and float(values.std()) > 0:
            own, usual = float(values[inside].mean()), float(values.mean())
            away = (own - usual) / float(values.std())
            way = "high" if away > 0 else "low"
            told.append((abs(away), f"{way} {column} ({own:,.4g} on average; {usual:,.4g} over all)"))
        elif kind == "category" and values.nunique() <= 50 and inside.any() and values[inside].notna().any():
            shares, usual_shares = (part.value_counts(normalize=True) for part in (values[inside], values))
            more = (shares - usual_shares.reindex(shares.index)).sort_values()
            level = str(more.index[-1])
            # A share's own standard deviation, so that it compares with numbers.
            spread = float(np.sqrt(max(usual_shares[level] * (1 - usual_shares[level]), 1e-9)))
            words = f"{column} '{level}' ({shares[level]:.0%}; {usual_shares[level]:.0%} over all)"
            told.append((float(more.iloc[-1]) / spread, words))
    strong = [words for away, words in sorted(told, key=lambda pair: -pair[0]) if away >= TELLING][:4]
    return {
        "group": number,
        "size": int(inside.sum()),
        "share": round(float(inside.mean()), 4),
        "words": ", ".join(strong) or "much like all rows",
    }


def _told(result: dict[str, Any], chosen: bool) -> str:
    best, score = result["count"], result["silhouette"]
    others = ", ".join(f"{k}: {value:.2f}" for k, value in result["tried"].items() if k != best)
    why = "as you asked" if chosen else f"which part best (silhouette {score:.2f}" + (f"; {others})" if others else ")")
    lines = [f"The {result['rows']:,} rows fall into **{best} groups**, {why}.", ""]
    for one in result["groups"]:
        lines.append(f"- **Group {one['group']}** ({one['size']:,} rows, {one['share']:.0%}): {one['words']}")
    if score < WEAK:
        lines += ["", "The groups hardly differ: take them as a way to sort rows, not as kinds that exist."]
    return "\n".join(lines)


def _odd(table: Clean, columns: list[str], row: int) -> str:
    """What is unusual about a row: numbers far from the middle, and values that are rare."""
    told: list[tuple[float, str]] = []
    for column in columns:
        values, kind = table.frame[column], table.types[column].kind
        value = values.iloc[row]
        if pd.isna(value):
            share = float(values.isna().mean())
            told.append((-np.log(max(share, 1e-6)), f"{column} is missing, as for {share:.1%}"))
        elif kind == "number":
            above, below = float((values >= value).mean()), float((values <= value).mean())
            share, way = min((above, "at most {:.1%} are as high"), (below, "at most {:.1%} are as low"))
            told.append((-np.log(max(2 * share, 1e-6)), f"{column} is {value:,.6g} ({way.format(share)})"))
        elif kind in ("category", "boolean"):
            share = float((values == value).mean())
            told.append((-np.log(max(share, 1e-6)), f"{column} is '{value}', as for {share:.1%}"))
    told.sort(key=lambda pair: -pair[0])
    strong = [words for away, words in told[:3] if away >= -np.log(2 * RARELY)]
    return "; ".join(strong or ["an unusual mix of usual values: " + told[0][1]])
