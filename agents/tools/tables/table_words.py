"""Tables and figures as markdown."""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from agents.tools.documents.citations import cell, plain

if TYPE_CHECKING:
    import pandas as pd

MOST_COLUMNS = 30
MOST_CELL = 40


def figure(value: float) -> str:
    """A number with as many digits as are worth reading."""
    if float(value).is_integer() and abs(value) < 1e15:
        return f"{int(value):,}"
    return f"{value:,.2f}" if abs(value) >= 1 else f"{value:.4g}"


def markdown(rows: pd.DataFrame) -> str:
    """Rows as a table; long cells are cut, outside text cannot act."""
    columns = list(rows.columns[:12])
    lines = ["| " + " | ".join(cell(str(name)) for name in columns) + " |", "|" + "---|" * len(columns)]
    for record in rows[columns].itertuples(index=False):
        texts = (" ".join(value.split()) if isinstance(value, str) else "" for value in record)
        short = (text if len(text) <= MOST_CELL else f"{text[: MOST_CELL - 1]}…" for text in texts)
        lines.append("| " + " | ".join(cell(text) for text in short) + " |")
    more = (
        f"\n\n{len(rows.columns) - len(columns)} more columns are not shown."
        if len(rows.columns) > len(columns)
        else ""
    )
    return "\n".join(lines) + more


def table_overview(described: dict[str, Any], name: str) -> str:
    """A profile (see `automl.profile`) as markdown."""
    quality, columns = described["quality"], described["columns"]
    missing = sum(column["missing"] for column in columns)
    parts = [
        f"**{name}** has {described['rows']:,} rows and {len(columns)} columns. "
        + (f"{missing:,} values are missing" if missing else "No value is missing")
        + f", {_repeats(described['duplicates'])}. Data quality: {quality['score']:.0f} of 100."
    ]
    lines = ["| Column | Kind | Missing | Different | What it holds |", "|---|---|---:|---:|---|"]
    lines += [
        f"| {cell(c['name'])} | {c['kind']}{_unit(c)} | {c['missing_share']:.0%} | {c['unique']:,} "
        f"| {cell(_holds(c))} |"
        for c in columns[:MOST_COLUMNS]
    ]
    parts.append("\n".join(lines))
    if len(columns) > MOST_COLUMNS:
        parts.append(f"{len(columns) - MOST_COLUMNS} more columns are not shown.")
    if described["correlations"]:
        pairs = (f"{plain(p['a'])} and {plain(p['b'])} ({p['r']:.2f})" for p in described["correlations"][:5])
        parts.append("Strongest correlations: " + ", ".join(pairs) + ".")
    if described["links"]:
        tied = (f"{plain(p['a'])} and {plain(p['b'])}" for p in described["links"][:5])
        parts.append("What tells most of each other: " + ", ".join(tied) + ".")
    if described["warnings"]:
        parts.append("**Please look at**\n" + "\n".join(f"- {plain(line)}" for line in described["warnings"][:8]))
    return "\n\n".join(parts)


def _repeats(count: int) -> str:
    return (
        f"{count:,} row{'s' * (count != 1)} repeat{'s' * (count == 1)} another one"
        if count
        else "no row repeats another"
    )


def _unit(column: dict[str, Any]) -> str:
    return f", {column['unit']}" if column["unit"] else ""


def _holds(column: dict[str, Any]) -> str:
    if "median" in column:
        return f"{figure(column['min'])} to {figure(column['max'])}, median {figure(column['median'])}"
    if "true_share" in column:
        return f"{column['true_share']:.0%} yes"
    if "from" in column:
        return f"{column['from'][:10]} to {column['to'][:10]}"
    return ", ".join(str(top["value"])[:MOST_CELL] for top in column.get("top", [])[:4])
