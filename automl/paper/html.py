"""The report as one HTML file: pictures inside, light and dark, readable on paper and on a phone."""

from __future__ import annotations

import base64
from html import escape
from pathlib import Path

from automl.paper.blocks import Block, spans

STYLE = """
:root{color-scheme:light dark;--ink:#1e293b;--card:#fff;--back:#f8fafc;--line:#e2e8f0;--faint:#64748b}
@media(prefers-color-scheme:dark){:root{--ink:#e2e8f0;--card:#1e293b;--back:#0f172a;--line:#334155;--faint:#94a3b8}}
body{margin:0;background:var(--back);color:var(--ink);font:16px/1.6 system-ui,sans-serif}
main{max-width:52rem;margin:2rem auto;padding:1.5rem 2rem;background:var(--card);border-radius:12px}
h1{font-size:1.7rem;margin:.2em 0 .6em}h2{font-size:1.2rem;margin:1.8em 0 .4em}
table{border-collapse:collapse;width:100%;font-size:.92rem}
th,td{text-align:left;padding:.35em .6em;border-bottom:1px solid var(--line)}
td:not(:first-child),th:not(:first-child){text-align:right}
figure{margin:1.2em 0}img{max-width:100%;border-radius:8px;background:#fff}
figcaption{color:var(--faint);font-size:.9rem}
@media print{body{background:#fff}main{margin:0;padding:0}}
"""


def write(blocks: list[Block], path: Path) -> Path:
    """Write the blocks; the first heading is the title."""
    title = escape(blocks[0].text)
    body = "\n".join(_element(block, "h1" if place == 0 else "h2") for place, block in enumerate(blocks))
    path.write_text(
        f'<!doctype html>\n<html lang="en"><head><meta charset="utf-8"><title>{title}</title>\n'
        f'<meta name="viewport" content="width=device-width,initial-scale=1">\n<style>{STYLE}</style></head>\n'
        f"<body><main>\n{body}\n</main></body></html>\n",
        encoding="utf-8",
    )
    return path


def _element(block: Block, heading: str) -> str:
    if block.kind == "heading":
        return f"<{heading}>{escape(block.text)}</{heading}>"
    if block.kind == "text":
        return f"<p>{_inline(block.text)}</p>"
    if block.kind == "list":
        return f"<ul>{''.join(f'<li>{_inline(line)}</li>' for line in block.lines)}</ul>"
    if block.kind == "table":
        head, *rows = block.rows
        cells = "".join(f"<th>{_inline(cell)}</th>" for cell in head)
        body = "".join(f"<tr>{''.join(f'<td>{_inline(cell)}</td>' for cell in row)}</tr>" for row in rows)
        return f"<table><thead><tr>{cells}</tr></thead><tbody>{body}</tbody></table>"
    assert block.picture is not None
    data = base64.b64encode(block.picture.read_bytes()).decode()
    text = escape(block.text)
    return f'<figure><img alt="{text}" src="data:image/png;base64,{data}"><figcaption>{text}</figcaption></figure>'


def _inline(text: str) -> str:
    kept = ((escape(part, quote=False), strong) for part, strong in spans(text))
    return "".join(f"<b>{part}</b>" if strong else part for part, strong in kept)
