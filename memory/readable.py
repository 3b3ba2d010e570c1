"""An export for people: one HTML page of every table, conversations as text, and tables as CSV for a spreadsheet."""

from __future__ import annotations

import csv
import io
import json
from collections.abc import Iterator, Mapping, Sequence
from html import escape
from typing import Any

Rows = Sequence[Mapping[str, Any]]
_PAGE = """<!doctype html>
<html lang="en"><head><meta charset="utf-8"><title>Everything FreelanceX keeps about you</title>
<meta http-equiv="Content-Security-Policy" content="default-src 'none'; style-src 'unsafe-inline'">
<style>body{{font:15px/1.5 system-ui,sans-serif;margin:2rem auto;max-width:72rem;padding:0 1rem}}
table{{border-collapse:collapse;margin:.5rem 0 2rem;display:block;overflow-x:auto}}
td,th{{border:1px solid #ccc;padding:.25rem .5rem;text-align:left;vertical-align:top;max-width:40rem}}
td{{white-space:pre-wrap}}</style></head><body>
<h1>Everything FreelanceX keeps about you</h1><p>As of {at}. The same as JSON and CSV lies in the folder
<code>tables</code>, conversations in <code>conversations</code>, your files in <code>files</code>.</p>
<ul>{contents}</ul>{sections}</body></html>
"""


def page(tables: Mapping[str, Rows], words: Mapping[str, str], at: str) -> str:
    """All rows as one HTML page. `words` say what is in a table; everything from rows is escaped."""
    full = [(name, words.get(name, name.replace("_", " ")), rows) for name, rows in tables.items() if rows]
    contents = "".join(f'<li><a href="#{name}">{escape(title)}</a> ({len(rows):,})</li>' for name, title, rows in full)
    sections = "".join(f'<h2 id="{name}">{escape(title.capitalize())}</h2>{_table(rows)}' for name, title, rows in full)
    return _PAGE.format(at=escape(at), contents=contents, sections=sections)


def _table(rows: Rows) -> str:
    columns = [column for column in rows[0] if any(row[column] not in (None, "", [], {}) for row in rows)]
    head = "".join(f"<th>{escape(column.replace('_', ' '))}</th>" for column in columns)
    body = "".join(
        f"<tr>{''.join(f'<td>{escape(_cell(row[column]))}</td>' for column in columns)}</tr>" for row in rows
    )
    return f"<table><tr>{head}</tr>{body}</table>"


def conversations(threads: Rows, steps: Rows) -> Iterator[tuple[str, str]]:
    """Each conversation as a file's name in the ZIP and its text: who said what, and when."""
    said: dict[str, list[Mapping[str, Any]]] = {}
    for step in sorted(steps, key=lambda step: int(step["number"])):
        said.setdefault(step["thread"], []).append(step)
    who = {"user_message": "You", "assistant_message": "FreelanceX"}
    for thread in threads:
        lines = [f"# {thread['name'] or 'A conversation'}", f"Begun {thread['created_at']}"]
        for step in said.get(thread["id"], ()):
            if step["type"] in who:
                lines.append(
                    f"## {who[step['type']]}, {str(step['created_at'])[:16].replace('T', ' ')}\n\n{step['output']}"
                )
        yield f"conversations/{thread['id']}.md", "\n\n".join(lines) + "\n"


def as_csv(rows: Rows) -> str:
    """Rows as CSV. What a spreadsheet would take for a formula gets an apostrophe in front."""
    if not rows:
        return ""
    out = io.StringIO()
    writer = csv.writer(out, lineterminator="\r\n")
    writer.writerow(rows[0])
    writer.writerows([_harmless(_cell(value)) for value in row.values()] for row in rows)
    return out.getvalue()


def _harmless(text: str) -> str:
    return f"'{text}" if text[:1] in ("=", "+", "-", "@", "\t", "\r") else text


def _cell(value: Any) -> str:
    if value is None:
        return ""
    return json.dumps(value, ensure_ascii=False) if isinstance(value, list | dict) else str(value)
