"""Answers to questions about a table, computed, never guessed. Runs as a job: plain arguments in, JSON out."""

from __future__ import annotations

from pathlib import Path
from typing import TYPE_CHECKING, Any

from agents.tools.documents.citations import cell, plain
from agents.tools.tables.table_query import Filter, Query, parse
from agents.tools.tables.table_words import figure, markdown, table_overview

if TYPE_CHECKING:
    import pandas as pd

    from agents.deps import Progress
    from automl.clean import Clean

SAMPLED = (
    "**This is a sample**: the file is so large that one row of {every} was read, spread evenly. Averages and shares "
    "hold for the whole about as well; counts and totals of the whole are about {every} times as high."
)
MOST_LEVELS = 60
MOST_GROUPS = 30
METHODS = {"=": "eq", "!=": "ne", "<": "lt", "<=": "le", ">": "gt", ">=": "ge"}
SIGNS = {"=": "is", "!=": "is not", "<": "is below", "<=": "is at most", ">": "is above", ">=": "is at least"}
WORDS = {
    "mean": "Average",
    "sum": "Total",
    "median": "Median",
    "min": "Lowest",
    "max": "Highest",
    "std": "Standard deviation of",
}


def answer(path: str, name: str, question: str, folder: str, progress: Progress | None = None) -> dict[str, Any]:
    """Read the table at `path`, answer the question, and draw a chart into `folder` where one helps.

    Returns text (markdown), data, chart and page (paths or None), caption, offers, rows. Raises automl's DataError.
    """
    from automl.clean import clean
    from automl.ingest import read_table

    if progress:
        progress("Reading the table", 0.1)
    table = read_table(path, name)
    cleaned = clean(table, drop_duplicates=False)
    query = parse(question, _kinds(cleaned), _levels(cleaned))
    if progress:
        progress("Working it out", 0.6)
    found = _ANSWERS[query.action](cleaned, query, _filtered(cleaned, query.filters), Path(folder), plain(name))
    notes = [*table.notes, *cleaned.warnings]
    if query.unread:
        notes.append(
            f"I could not tell which column “{query.unread}” is about, so it was not applied; name the column."
        )
    if table.aside_count:
        notes.append(f"{table.aside_count:,} lines did not fit the header and were kept aside.")
    if table.every > 1:
        found["text"] = f"{SAMPLED.format(every=table.every)}\n\n{found['text']}"
    if notes:
        found["text"] += "\n\n" + "\n".join(f"*{plain(note)}*" for note in notes)
    asked: dict[str, Any] = {
        "action": query.action,
        "columns": list(query.columns),
        "how": query.how,
        "by": list(query.by),
    }
    asked["unread"] = query.unread
    asked["filters"] = [[item.column, item.op, item.value] for item in query.filters]
    return {"chart": None, "page": None, "caption": "", "data": {}, "rows": len(cleaned.frame), **found, "query": asked}


def _kinds(table: Clean) -> dict[str, str]:
    return {name: kind.kind for name, kind in table.types.items()}


def _levels(table: Clean) -> dict[str, list[str]]:
    levels = {name: table.frame[name].dropna().unique() for name in table.named("category")}
    levels |= {name: table.texts[name].dropna().unique() for name in table.named("boolean")}
    return {name: [str(level) for level in found] for name, found in levels.items() if len(found) <= MOST_LEVELS}


def _filtered(table: Clean, filters: tuple[Filter, ...]) -> pd.DataFrame:
    frame = table.frame
    keep = frame.notna().any(axis=1)
    for item in filters:
        if isinstance(item.value, float):
            met = getattr(frame[item.column], METHODS[item.op])(item.value)
        else:
            met = getattr(table.texts[item.column].str.casefold(), METHODS[item.op])(item.value.casefold())
        keep &= met.fillna(False).astype(bool)
    return frame[keep]


def _where(query: Query) -> str:
    said = []
    for item in query.filters:
        value = figure(item.value) if isinstance(item.value, float) else plain(item.value)
        said.append(f"{plain(item.column)} {SIGNS[item.op]} {value}")
    return " where " + " and ".join(said) if said else ""


def _count(table: Clean, query: Query, rows: pd.DataFrame, folder: Path, name: str) -> dict[str, Any]:
    total = len(table.frame)
    if query.by:
        counts = _keys(rows, query.by).value_counts()
        chart = _bars(counts, f"Rows by {_by(query)}", "rows", folder)
        text = f"Rows{_where(query)} by **{plain(_by(query))}**:\n\n" + _groups(counts, _by(query), "Rows", len(rows))
        return {"text": text, "data": {"groups": _json(counts)}, **chart}
    share = f", {len(rows) / total:.1%} of {total:,}" if query.filters and total else ""
    text = f"**{len(rows):,}** rows of {name}{_where(query)}{share}."
    if not query.filters:
        text = f"{name} has **{total:,}** rows and {len(table.frame.columns)} columns."
    return {"text": text, "data": {"count": len(rows), "total": total}}


def _aggregate(table: Clean, query: Query, rows: pd.DataFrame, folder: Path, name: str) -> dict[str, Any]:
    numbers = [c for c in query.columns if table.types[c].kind == "number"]
    columns = numbers or [c for c in table.named("number") if c not in query.by][:6]
    how = query.how
    if not columns or rows.empty:
        return _nothing(table, query, rows, name)
    if query.by:
        column = columns[0]
        groups = rows.groupby(_keys(rows, query.by))[column].agg(how).dropna().sort_values(ascending=False)
        title = f"{WORDS[how]} {column} by {_by(query)}"
        text = f"**{WORDS[how]} {plain(column)} by {plain(_by(query))}**{_where(query)}:\n\n" + _groups(
            groups, _by(query), f"{WORDS[how]} {column}"
        )
        return {"text": text, "data": {"groups": _json(groups)}, **_bars(groups, title, column, folder)}
    values = {column: float(rows[column].agg(how)) for column in columns}
    unit = {column: table.types[column].unit for column in columns}
    lines = [
        f"{WORDS[how]} {plain(column)}{_where(query)}: **{figure(value)}** {unit[column]}".rstrip()
        for column, value in values.items()
    ]
    text = lines[0] + f" ({len(rows):,} rows)." if len(lines) == 1 else "\n".join(f"- {line}" for line in lines)
    return {"text": text, "data": {"values": values, "count": len(rows)}}


def _top(table: Clean, query: Query, rows: pd.DataFrame, folder: Path, name: str) -> dict[str, Any]:
    numbers = [c for c in query.columns if table.types[c].kind in ("number", "date")]
    column = next(iter(numbers), None) or next(iter(table.named("number")), None)
    if column is None or rows.empty:
        return _nothing(table, query, rows, name)
    ordered = rows.sort_values(column, ascending=query.ascending, kind="stable").head(query.n)
    which = "lowest" if query.ascending else "highest"
    text = f"The {len(ordered)} rows of {name} with the {which} **{plain(column)}**{_where(query)}:\n\n" + markdown(
        table.texts.loc[ordered.index]
    )
    return {
        "text": text,
        "data": {"values": [float(v) for v in ordered[column]] if column in table.named("number") else []},
    }


def _distribution(table: Clean, query: Query, rows: pd.DataFrame, folder: Path, name: str) -> dict[str, Any]:
    from automl.plots import columns, png

    if not query.columns or rows.empty:
        return _nothing(table, query, rows, name) if query.filters else _describe(table, query, rows, folder, name)
    column = query.columns[0]
    values, kind = rows[column].dropna(), table.types[column].kind
    if kind == "number" and not query.by:
        path = png.draw(columns.distribution(values, column), folder)
        parts = values.describe()
        text = (
            f"**{plain(column)}**{_where(query)}: half of the {len(values):,} values lie between "
            f"{figure(parts['25%'])} and {figure(parts['75%'])}; the median is **{figure(parts['50%'])}**, "
            f"the average {figure(parts['mean'])}, "
            f"the range {figure(parts['min'])} to {figure(parts['max'])}."
        )
        data = {"median": float(parts["50%"]), "mean": float(parts["mean"])}
        return {"text": text, "data": data, "chart": str(path), "caption": f"Distribution of {column}"}
    if query.by and kind == "number":
        return _aggregate(table, Query("aggregate", query.columns, "mean", query.by, query.filters), rows, folder, name)
    counts = (values.dt.to_period("M") if kind == "date" else values.map(_label)).value_counts()
    counts = counts.sort_index() if kind == "date" else counts
    text = f"**{plain(column)}**{_where(query)} has {len(counts)} different values:\n\n" + _groups(
        counts, column, "Rows", len(values)
    )
    return {"text": text, "data": {"groups": _json(counts)}, **_bars(counts, f"Rows by {column}", "rows", folder)}


def _values(table: Clean, query: Query, rows: pd.DataFrame, folder: Path, name: str) -> dict[str, Any]:
    columns = query.columns or tuple(table.named("category", "boolean"))
    if len(columns) == 1:
        return _distribution(table, Query("distribution", columns, filters=query.filters), rows, folder, name)
    unique = {column: int(rows[column].nunique()) for column in columns}
    text = "Different values by column:\n\n" + "\n".join(f"- {plain(c)}: {count:,}" for c, count in unique.items())
    return {"text": text, "data": {"unique": unique}}


def _correlation(table: Clean, query: Query, rows: pd.DataFrame, folder: Path, name: str) -> dict[str, Any]:
    from automl.plots import columns, png
    from automl.relations import correlations

    numbers = [c for c in query.columns if table.types[c].kind == "number"]
    if len(numbers) >= 2:
        a, b = numbers[:2]
        r = float(rows[a].corr(rows[b]))
        path = png.draw(columns.scatter(rows, a, b), folder)
        text = (
            f"**{plain(a)}** and **{plain(b)}** go together {_strength(r)} (Pearson's r {r:.2f}, {len(rows):,} rows)."
        )
        return {"text": text, "data": {"r": r}, "chart": str(path), "caption": f"{a} and {b}"}
    pairs = correlations(table, 0.0)
    if numbers:
        pairs = [pair for pair in correlations(table, -1.0) if numbers[0] in (pair["a"], pair["b"])]
    if not pairs:
        return {"text": f"{name} has no two number columns to compare."}
    shown = pairs[:10]
    path = png.draw(columns.correlations(rows, table.named("number")), folder)
    text = "The strongest links between number columns:\n\n| Columns | Pearson's r | |\n|---|---:|---|\n" + "\n".join(
        f"| {cell(pair['a'])} and {cell(pair['b'])} | {pair['r']:.2f} | {_strength(pair['r'])} |" for pair in shown
    )
    return {"text": text, "data": {"pairs": shown}, "chart": str(path), "caption": "Correlations"}


def _strength(r: float) -> str:
    size = (
        "very strongly" if abs(r) >= 0.9 else "strongly" if abs(r) >= 0.6 else "somewhat" if abs(r) >= 0.3 else "hardly"
    )
    return f"{size}, {'one rising as the other falls' if r < 0 else 'both rising'}" if abs(r) >= 0.3 else size


def _missing(table: Clean, query: Query, rows: pd.DataFrame, folder: Path, name: str) -> dict[str, Any]:
    counts = rows.isna().sum().sort_values(ascending=False)
    counts = counts[counts > 0]
    if counts.empty:
        return {"text": f"No value is missing in {name}: all {rows.size:,} cells are filled.", "data": {"missing": {}}}
    text = f"{int(counts.sum()):,} of {rows.size:,} values are missing in {name}:\n\n" + _groups(
        counts, "Column", "Missing", len(rows)
    )
    return {"text": text, "data": {"missing": _json(counts)}, **_bars(counts, "Missing values", "values", folder)}


def _duplicates(table: Clean, query: Query, rows: pd.DataFrame, folder: Path, name: str) -> dict[str, Any]:
    repeats = rows[rows.duplicated()]
    if repeats.empty:
        return {"text": f"No row of {name} repeats another one.", "data": {"duplicates": 0}}
    verb = "repeats" if len(repeats) == 1 else "repeat"
    text = f"Of {len(rows):,} rows, **{len(repeats):,}** {verb} an earlier one:\n\n" + markdown(
        table.texts.loc[repeats.index[:5]]
    )
    return {"text": text, "data": {"duplicates": len(repeats)}}


def _preview(table: Clean, query: Query, rows: pd.DataFrame, folder: Path, name: str) -> dict[str, Any]:
    shown = table.texts.loc[rows.index[: min(query.n, 20)]]
    return {"text": f"The first {len(shown)} of {len(rows):,} rows of {name}:\n\n{markdown(shown)}"}


def _describe(table: Clean, query: Query, rows: pd.DataFrame, folder: Path, name: str) -> dict[str, Any]:
    from automl import profile_page
    from automl.plots import columns, png
    from automl.profile import profile

    described = profile(table)
    page = profile_page.write(described, name, folder / f"{Path(name).stem or 'table'} in figures.html")
    overview = columns.overview(table.frame)
    text = table_overview(described, name) + "\n\nThe first rows:\n\n" + markdown(table.texts.head(5))
    chart = {"chart": str(png.draw(overview, folder)), "caption": f"The columns of {name}"} if overview else {}
    return {"text": text, "data": described, "page": str(page), **chart}


def _nothing(table: Clean, query: Query, rows: pd.DataFrame, name: str) -> dict[str, Any]:
    if rows.empty:
        return {"text": f"No row of {name} fits{_where(query)}.", "data": {"count": 0}}
    listed = ", ".join(f"`{plain(column)}`" for column in table.frame.columns[:30])
    return {"text": f"Your question names no number column of {name} I know. Its columns are {listed}.", "data": {}}


def _bars(groups: pd.Series[Any], title: str, unit: str, folder: Path) -> dict[str, Any]:
    from automl.plots import columns, png

    if len(groups) < 2:
        return {}
    return {"chart": str(png.draw(columns.bars(groups.head(MOST_GROUPS), title, unit), folder)), "caption": title}


def _groups(groups: pd.Series[Any], by: str, heading: str, total: int | None = None) -> str:
    share = " Share |" if total else ""
    lines = [f"| {cell(by)} | {cell(heading)} |{share}", f"|---|---:|{'---:|' if total else ''}"]
    for label, value in groups.head(MOST_GROUPS).items():
        part = f" {value / total:.1%} |" if total else ""
        lines.append(f"| {cell(str(label))} | {figure(float(value))} |{part}")
    if len(groups) > MOST_GROUPS:
        lines.append(f"\n{len(groups) - MOST_GROUPS:,} more are not shown.")
    return "\n".join(lines)


def _keys(rows: pd.DataFrame, by: tuple[str, ...]) -> pd.Series[Any]:
    """For each row the name of its group."""
    first, *others = (rows[column].map(_label) for column in by)
    for other in others:
        first = first + " / " + other
    return first


def _by(query: Query) -> str:
    return " and ".join(query.by)


def _label(value: Any) -> str:
    if isinstance(value, float):
        return "(missing)" if value != value else f"{value:g}"
    return "(missing)" if value is None or str(value) == "NaT" else str(value)


def _json(groups: pd.Series[Any]) -> dict[str, float]:
    return {str(label): float(value) for label, value in groups.items()}


_ANSWERS = {
    "describe": _describe,
    "preview": _preview,
    "count": _count,
    "aggregate": _aggregate,
    "top": _top,
    "distribution": _distribution,
    "correlation": _correlation,
    "missing": _missing,
    "duplicates": _duplicates,
    "values": _values,
}
