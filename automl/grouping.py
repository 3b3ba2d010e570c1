"""A table without a target: which rows belong together, and which are like no other; each with reasons in words.

table → clean → features → standardised inputs → k-means for each k, judged by silhouette → profiles in words
                                               → isolation forest → the oddest rows, and what is odd about them
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
    table, inputs = _inputs(data, name, ignore or [], progress)
    tried, labels = _parted(inputs, count, progress)
    best = max(tried, key=lambda k: tried[k])
    order = np.argsort(-np.bincount(labels[best]), kind="stable")
    numbers = np.argsort(order)[labels[best]] + 1
    found = [_profile(table, numbers == number, number) for number in range(1, best + 1)]
    table.texts.assign(group=numbers).to_csv(out, index=False)
    progress("Done", 1.0)
    result = {"count": best, "silhouette": tried[best], "tried": tried, "groups": found, "rows": len(numbers)}
    return result | {"out": out, "text": _told(result, chosen=bool(count))}


def oddities(
    data: str, out: str, name: str = "", ignore: list[str] | None = None, progress: Progress = silent
) -> dict[str, Any]:
    """Find the rows most unlike the others (isolation forest, Liu et al., 2008) and write all with their oddness.

    Returns:
        rows, odd (line, score and words each; lines count from 1 below the header), text, out.

    Raises:
        DataError: The file cannot be used.
    """
    from sklearn.ensemble import IsolationForest

    table, inputs = _inputs(data, name, ignore or [], progress, repeats=True)
    progress("Looking for rows like no other", 0.5)
    scores = -IsolationForest(n_estimators=200, random_state=0, n_jobs=1).fit(inputs).score_samples(inputs)
    top = np.argsort(-scores, kind="stable")[: min(ODDEST, max(1, len(scores) // 20))]
    odd = [{"line": int(row) + 1, "score": float(scores[row]), "words": _odd(table, int(row))} for row in top]
    table.texts.assign(oddness=np.round(scores, 4)).to_csv(out, index=False)
    progress("Done", 1.0)
    lines = [f"- **row {one['line']:,}**: {one['words']}" for one in odd]
    text = "\n".join([f"The {len(odd)} rows least like the other {len(scores) - len(odd):,}:", "", *lines])
    return {"rows": len(scores), "odd": odd, "text": text, "out": out}


def _inputs(data: str, name: str, ignore: list[str], progress: Progress, repeats: bool = False) -> tuple[Clean, Array]:
    progress("Reading the file", 0.1)
    table = clean(read_table(data, name), drop_duplicates=not repeats)
    if len(table.frame) < FEWEST_ROWS:
        told = f"Only {len(table.frame)} rows are there, and at least {FEWEST_ROWS} are needed"
        raise DataError(f"{told}; give more rows.")
    gone = {one.column for one in suspects.ids(table, "")} | {name for name in table.frame if name in ignore}
    columns = [str(one) for one in table.frame if one not in gone and table.types[str(one)].kind != "text"]
    if not columns:
        raise DataError("No column says anything about the rows; give a table with numbers or categories.")
    preparation = features.fit(table, np.arange(len(table.frame)), columns)
    _, inputs, origins = lay_out(preparation.transform(table.frame), preparation.categorical)
    # Each column counts the same, however many inputs it was made into.
    weight = 1 / np.sqrt(np.bincount(origins)[origins])
    return table, inputs * weight


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


def _odd(table: Clean, row: int) -> str:
    """What is unusual about a row: numbers far from the middle, and values that are rare."""
    told: list[tuple[float, str]] = []
    for name, values in table.frame.items():
        column, value, kind = str(name), values.iloc[row], table.types[str(name)].kind
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
    return "; ".join(words for _, words in sorted(told, key=lambda pair: -pair[0])[:3])
