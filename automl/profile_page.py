"""A profile as one HTML page that needs nothing else: light and dark, on paper and on a phone."""

from __future__ import annotations

from collections.abc import Iterable
from html import escape
from pathlib import Path
from typing import Any

from automl.profile import FIGURES

MOST_CARDS = 200
NAMED = {"std": "standard deviation"}
STYLE = """
:root{color-scheme:light dark;--ink:#1e293b;--card:#fff;--back:#f1f5f9;--line:#e2e8f0;--faint:#64748b;--bar:#3b82f6;
--rest:#dbeafe;--warn:#b45309;--wash:#fffbeb}
@media(prefers-color-scheme:dark){:root{--ink:#e2e8f0;--card:#1e293b;--back:#0f172a;--line:#334155;--faint:#94a3b8;
--bar:#60a5fa;--rest:#33415588;--warn:#fbbf24;--wash:#2a2413}}
*{box-sizing:border-box}
body{margin:0;background:var(--back);color:var(--ink);font:16px/1.55 system-ui,sans-serif}
main{max-width:72rem;margin:0 auto;padding:2rem 1.25rem 4rem}
h1{font-size:1.75rem;line-height:1.25;margin:0 0 .25rem;overflow-wrap:anywhere}
h2{font-size:1.15rem;margin:2.5rem 0 .8rem}h3{font-size:1rem;margin:0;overflow-wrap:anywhere}
p{margin:.2rem 0}.faint{color:var(--faint);font-size:.9rem}
.tiles,.cards{display:grid;gap:1rem}.cards{align-items:start}
.tiles{grid-template-columns:repeat(auto-fit,minmax(9.5rem,1fr));margin-top:1.5rem}
.cards{grid-template-columns:repeat(auto-fill,minmax(17rem,1fr))}
.wide{grid-template-columns:repeat(auto-fill,minmax(min(26rem,100%),1fr))}
.card{background:var(--card);border:1px solid var(--line);border-radius:12px;padding:1rem 1.1rem;break-inside:avoid}
.tile b{display:block;font-size:1.6rem;line-height:1.2;font-variant-numeric:tabular-nums}
.head{display:flex;gap:.6rem;justify-content:space-between;align-items:baseline;margin-bottom:.5rem}
.kind{font-size:.78rem;color:var(--faint);border:1px solid var(--line);border-radius:99px;padding:.05rem .55rem;
white-space:nowrap}
svg{display:block;width:100%;height:64px;margin:.8rem 0 .2rem;fill:var(--bar)}
.ends{display:flex;justify-content:space-between;font-size:.78rem;color:var(--faint);font-variant-numeric:tabular-nums}
dl{display:grid;grid-template-columns:auto 1fr;gap:.1rem .8rem;margin:.7rem 0 0;font-size:.88rem}
dt{color:var(--faint)}dd{margin:0;text-align:right;font-variant-numeric:tabular-nums;overflow-wrap:anywhere}
.row{display:grid;grid-template-columns:minmax(6rem,2fr) 3fr auto;gap:.8rem;align-items:center;padding:.3rem 0;
font-size:.9rem}.row span:first-child{overflow-wrap:anywhere}.row span:last-child{font-variant-numeric:tabular-nums}
.track{height:.55rem;border-radius:99px;background:var(--rest);overflow:hidden}
.track i{display:block;height:100%;border-radius:99px;background:var(--bar)}
.card .row{grid-template-columns:minmax(4rem,3fr) 2fr 3.2rem;padding:.1rem 0;font-size:.85rem}
.row span:last-child{text-align:right}article .row span:first-child{overflow:hidden;text-overflow:ellipsis;
white-space:nowrap}
ul{margin:0;padding-left:1.2rem}li{margin:.25rem 0;overflow-wrap:anywhere}
.warn{background:var(--wash);border-color:var(--warn)}
@media(max-width:30rem){main{padding:1.25rem .9rem 3rem}h1{font-size:1.4rem}.tiles{grid-template-columns:1fr 1fr}
.tiles>:last-child:nth-child(odd){grid-column:1/-1}.tile b{font-size:1.35rem}}
@media print{body{background:#fff}main{max-width:none;padding:0}}
"""


def write(described: dict[str, Any], name: str, path: Path) -> Path:
    """Write the page of a profile (see `automl.profile.profile`); `name` is what the user calls the table."""
    columns = described["columns"]
    missing = sum(column["missing"] for column in columns)
    cells = max(1, described["rows"] * len(columns))
    quality = described["quality"]
    tiles = [
        (f"{described['rows']:,}", "rows"),
        (f"{len(columns):,}", "columns"),
        (f"{quality['score']:.0f} of 100", "data quality"),
        (f"{missing / cells:.1%}", "of the values missing"),
        (f"{described['duplicates']:,}", "rows that repeat another"),
    ]
    parts = [
        f"<h1>{escape(name)}</h1><p class='faint'>What the table holds, column by column.</p>",
        _tiles(tiles),
        _section("Please look at", _listed(described["warnings"], "card warn")) if described["warnings"] else "",
        _section("Columns", f"<div class='cards'>{''.join(map(_card, columns[:MOST_CARDS]))}</div>"),
        _more(len(columns) - MOST_CARDS),
        _relations(described),
        _section("How good the data are", _quality(quality)),
        _section("What was changed", _listed(map(_change, described["changes"]), "card")),
    ]
    path.write_text(
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{escape(name)}</title>\n'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">\n<style>{STYLE}</style></head>\n'
        f"<body><main>\n{''.join(parts)}\n</main></body></html>\n",
        encoding="utf-8",
    )
    return path


def _tiles(tiles: list[tuple[str, str]]) -> str:
    cards = (f"<div class='card tile'><b>{value}</b><span class='faint'>{what}</span></div>" for value, what in tiles)
    return f"<div class='tiles'>{''.join(cards)}</div>"


def _section(title: str, body: str) -> str:
    return f"<section><h2>{title}</h2>{body}</section>"


def _listed(lines: Iterable[str], style: str) -> str:
    items = "".join(f"<li>{escape(line)}</li>" for line in lines)
    return f"<div class='{style}'>{f'<ul>{items}</ul>' if items else 'Nothing had to be changed.'}</div>"


def _change(change: dict[str, Any]) -> str:
    return f"{change['count']:,} × {change['what']}" + (f" in “{change['column']}”" if change["column"] else "")


def _more(count: int) -> str:
    return f"<p class='faint'>{count:,} more columns are not shown.</p>" if count > 0 else ""


def _card(column: dict[str, Any]) -> str:
    unit = f", {escape(column['unit'])}" if column["unit"] else ""
    head = f"<div class='head'><h3>{escape(column['name'])}</h3><span class='kind'>{column['kind']}{unit}</span></div>"
    facts = {"different": f"{column['unique']:,}"}
    body = ""
    if "median" in column:
        body = _shape(column["shape"], _figure(column["min"]), _figure(column["max"]))
        facts |= {NAMED.get(key, key): _figure(column[key]) for key in FIGURES if key in ("median", "mean", "std")}
    elif "from" in column:
        body = _shape(column["shape"], column["from"][:10], column["to"][:10])
    elif "true_share" in column:
        body = _bar("yes", column["true_share"], f"{column['true_share']:.0%}")
    elif (top := column.get("top")) and top[0]["rows"] > 1:
        body = "".join(_bar(_short(one["value"]), one["rows"] / top[0]["rows"], f"{one['rows']:,}") for one in top)
    if column["missing"]:
        facts["missing"] = f"{column['missing']:,} ({column['missing_share']:.1%})"
    if column["outliers"]:
        facts["far out"] = f"{column['outliers']:,}"
    listed = "".join(f"<dt>{what}</dt><dd>{value}</dd>" for what, value in facts.items())
    return f"<article class='card'>{head}{body}<dl>{listed}</dl></article>"


def _shape(counts: list[int], low: str, high: str) -> str:
    if not counts:
        return ""
    wide, tall = 100 / len(counts), max(counts)
    bars = "".join(
        f"<rect x='{place * wide:.2f}' y='{64 - 62 * count / tall:.1f}' width='{wide * 0.86:.2f}' "
        f"height='{62 * count / tall:.1f}'/>"
        for place, count in enumerate(counts)
        if count
    )
    told = f"Distribution from {escape(low)} to {escape(high)}"
    return (
        f"<svg viewBox='0 0 100 64' preserveAspectRatio='none' role='img' aria-label='{told}'>{bars}</svg>"
        f"<div class='ends'><span>{escape(low)}</span><span>{escape(high)}</span></div>"
    )


def _bar(label: str, share: float, value: str) -> str:
    return (
        f"<div class='row'><span title='{escape(label)}'>{escape(label)}</span>"
        f"<div class='track'><i style='width:{100 * min(1, share):.1f}%'></i></div><span>{value}</span></div>"
    )


def _relations(described: dict[str, Any]) -> str:
    pairs, known = described["links"], described["correlations"]
    linear = [_bar(_pair(one), abs(one["r"]), f"{one['r']:+.2f}") for one in known]
    levels = [_bar(_pair(one), one["v"], f"{one['v']:.2f}") for one in pairs if one["v"]]
    shared = [_bar(_pair(one), one["shared"], f"{one['shared']:.0%}") for one in pairs]
    groups = {
        "Numbers that rise or fall together (Pearson’s r)": linear,
        "Categories that go together (Cramér’s V)": levels,
        "Columns that tell of each other (shared information)": shared,
    }
    cards = (f"<div class='card'><h3>{title}</h3>{''.join(bars[:10])}</div>" for title, bars in groups.items() if bars)
    body = "".join(cards) or "<div class='card'>No two columns go together strongly.</div>"
    return _section("What goes together", f"<div class='cards wide'>{body}</div>")


def _pair(one: dict[str, Any]) -> str:
    return f"{one['a']} and {one['b']}"


def _quality(quality: dict[str, float]) -> str:
    parts = {
        "complete rows": "complete_rows",
        "values present": "values_present",
        "rows that repeat no other": "unique_rows",
        "values that read as their column’s kind": "valid_values",
    }
    bars = "".join(_bar(label, quality[key], f"{quality[key]:.1%}") for label, key in parts.items())
    how = "The score is 0.4 × the complete rows + 0.6 × the values present; the other two stand beside it."
    return f"<div class='card'>{bars}<p class='faint'>{how}</p></div>"


def _figure(value: float) -> str:
    return f"{value:,.0f}" if abs(value) >= 1000 or float(value).is_integer() else f"{value:,.4g}"


def _short(text: str) -> str:
    return text if len(text) <= 40 else f"{text[:39]}…"
