"""The page of the dashboard: a frame of HTML that shows something before any script runs."""

from __future__ import annotations

import json
from collections.abc import Mapping
from html import escape
from importlib.metadata import version
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from chainlit_app.framework import FACE

POLICY = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self' 'unsafe-inline'",  # the charts set styles on what they draw
        "img-src 'self' data: blob:",
        "font-src 'self'",
        "connect-src 'self'",
        "frame-ancestors 'self'",
        "base-uri 'none'",
        "form-action 'none'",
    )
)
"""Stricter than the chat's: only its own files, and only its own chat may frame it."""


def charts_folder() -> Path:
    """Where the library of charts lies, as a file for browsers."""
    found = find_spec("plotly")
    if found is None or found.origin is None:
        raise ModuleNotFoundError("Plotly is not installed: run make start.")
    return Path(found.origin).parent / "package_data"


HERE = ' aria-current="page"'
LIGHT = {
    "--c1": "#0e6b63", "--c2": "#c2622d", "--c3": "#4a6fb5", "--c4": "#9a5a9e", "--c5": "#7a7a1f", "--c6": "#b0455c",
    "--c7": "#3f7f3f", "--c8": "#6b6b78", "--good": "#14857b", "--warn": "#c9822f", "--bad": "#b8203c",
    "--good-ink": "#0d6b63", "--warn-ink": "#8f5510", "--band": "rgb(14 107 99 / 0.14)", "--on-bar": "#ffffff",
}  # fmt: skip
DARK = {
    "--c1": "#5fcfbf", "--c2": "#f0a06a", "--c3": "#8fb0ee", "--c4": "#d49ad8", "--c5": "#cfcf6d", "--c6": "#f08aa0",
    "--c7": "#8fce8f", "--c8": "#b3b3c2", "--good": "#4fc4b3", "--warn": "#e6ab5c", "--bad": "#f2768c",
    "--good-ink": "#6fd6c6", "--warn-ink": "#ecb86f", "--band": "rgb(95 207 191 / 0.16)", "--on-bar": "#0a1a1c",
}  # fmt: skip
"""What charts are painted with: series told apart also by those who see few colours, 3:1 against a card at least."""


def theme() -> str:
    """The chat's colours as a style sheet, with those of the charts."""
    chosen = json.loads((FACE / "public" / "theme.json").read_text("utf-8"))["variables"]
    parts = ((":root", chosen["light"], LIGHT), (':root[data-theme="dark"]', chosen["dark"], DARK))
    return "\n".join(
        f"{where}{{{''.join(f'{name}:{_colour(value)};' for name, value in (of | own).items())}}}"
        for where, of, own in parts
    )


def _colour(value: str) -> str:
    return f"hsl({value})" if value.count("%") == 2 and value[0].isdigit() else value


def page(views: Mapping[str, str], name: str, first: dict[str, Any] | None) -> str:
    """The page, opened at a view; `first` is that view where it is known."""
    tabs = "".join(
        f'<a href="/dashboard?show={one}" data-view="{one}"{HERE if one == name else ""}>{escape(title)}</a>'
        for one, title in views.items()
    )
    charts = f"/assets/charts/plotly.min.js?{version('plotly')}"
    data = json.dumps({"view": name, "first": first}, ensure_ascii=False).replace("<", "\\u003c")
    sentence = escape(first["empty"] or first["sentence"]) if first else "One moment…"
    return f"""<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>{escape(views[name])} · FreelanceX</title>
<meta name="viewport" content="width=device-width, initial-scale=1">
<link rel="icon" href="/public/favicon.svg"><link rel="modulepreload" href="/public/dashboard/drawn.js">
<link rel="stylesheet" href="/dashboard/theme.css"><link rel="stylesheet" href="/public/dashboard/dashboard.css">
<script src="/public/dashboard/theme.js"></script>
<script type="module" src="/public/dashboard/dashboard.js" data-charts="{charts}"></script></head>
<body><a class="skip" href="#main">To the figures</a>
<header><a class="home" href="/" title="To the chat">
<img src="/public/favicon.svg" alt="" width="24" height="24"><b>FreelanceX</b></a>
<nav aria-label="Views">{tabs}</nav><a class="chat" href="/">Chat</a></header>
<main id="main" tabindex="-1"><h1>{escape(views[name])}</h1><p class="sentence">{sentence}</p></main>
<p id="told" class="unseen" role="status"></p>
<script type="application/json" id="first">{data}</script></body></html>"""
