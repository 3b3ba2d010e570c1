"""The API's documentation as one page of plain HTML: FastAPI's own pages load their scripts from another host.

Operations stand under what they are about; each opens to what it takes, sends and answers.
"""

from __future__ import annotations

import json
import re
from collections.abc import Iterator
from html import escape
from typing import Any

Dict = dict[str, Any]

STYLE = """
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; --line: color-mix(in srgb, currentColor 16%,
  transparent); --soft: color-mix(in srgb, currentColor 5%, transparent); --accent: light-dark(#0f766e, #5eead4); }
body { max-width: 64rem; margin: 2.5rem auto; padding: 0 1.25rem; }
nav { display: flex; flex-wrap: wrap; gap: .25rem .9rem; margin: 1.25rem 0 2rem; }
a { color: var(--accent); text-decoration: none; } a:hover { text-decoration: underline; }
h2 { margin: 2.75rem 0 .25rem; text-transform: capitalize; } h2 + p { margin: 0 0 .75rem; opacity: .75; }
details { border: 1px solid var(--line); border-radius: .6rem; margin: .4rem 0; overflow: hidden; }
summary { cursor: pointer; padding: .5rem .9rem; display: grid; grid-template-columns: 4.2rem 1fr; gap: 0 .5rem; }
summary:hover, summary:focus-visible { background: var(--soft); } summary b { color: var(--accent); }
summary code { overflow-wrap: anywhere; } summary span { grid-column: 2; opacity: .75; font-size: .92rem; }
dl { display: grid; grid-template-columns: 6rem 1fr; gap: .35rem .75rem; margin: 0; padding: .75rem .9rem; }
dt { opacity: .7; } dd { margin: 0; overflow-wrap: anywhere; }
pre { overflow: auto; font-size: .85rem; background: var(--soft); padding: .75rem; border-radius: .5rem; margin: 0; }
code { font-family: ui-monospace, monospace; font-size: .92em; }
@media (max-width: 40rem) { dl { grid-template-columns: 1fr; } dt { margin-top: .4rem; } }
"""


def page(schema: Dict) -> str:
    """The documentation of an OpenAPI schema."""
    info, groups = schema["info"], _grouped(schema)
    told = {one["name"]: one["description"] for one in schema.get("tags", ())}
    parts = [
        "<!doctype html><html lang='en'><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width, initial-scale=1'>",
        f"<title>{escape(info['title'])} API</title><style>{STYLE}</style><body>",
        f"<h1>{escape(info['title'])} API</h1><p>{escape(info.get('description', ''))}</p>",
        "<p>The schema for programs: <a href='/api/openapi.json'>/api/openapi.json</a></p>",
        "<nav>" + "".join(f"<a href='#{name}'>{name}</a>" for name in groups) + "<a href='#bodies'>bodies</a></nav>",
    ]
    for name, operations in groups.items():
        parts.append(f"<h2 id='{name}'>{name}</h2><p>{escape(told.get(name, ''))}</p>")
        parts.extend(_operation(method, path, operation) for method, path, operation in operations)
    parts.append("<h2 id='bodies'>bodies</h2><p>What is sent and answered, field by field.</p>")
    parts.extend(_model(name, model) for name, model in schema.get("components", {}).get("schemas", {}).items())
    return "".join(parts) + "</body></html>"


def _grouped(schema: Dict) -> dict[str, list[tuple[str, str, Dict]]]:
    groups: dict[str, list[tuple[str, str, Dict]]] = {one["name"]: [] for one in schema.get("tags", ())}
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            groups.setdefault(operation.get("tags", ["more"])[0], []).append((method, path, operation))
    return {name: operations for name, operations in groups.items() if operations}


def _operation(method: str, path: str, operation: Dict) -> str:
    body = operation.get("requestBody", {}).get("content", {})
    rows = [
        ("Takes", ", ".join(f"<code>{escape(one['name'])}</code>" for one in operation.get("parameters", ()))),
        ("Sends", ", ".join(f"{_link(content.get('schema', {}))} {escape(mime)}" for mime, content in body.items())),
        ("Answers", ", ".join(_answers(operation))),
    ]
    rows += [("Example", _example(content)) for content in body.values()]
    listed = "".join(f"<dt>{word}</dt><dd>{text}</dd>" for word, text in rows if text)
    about = _said(operation.get("description") or operation.get("summary", ""))
    head = f"<summary><b>{method.upper()}</b><code>{escape(path)}</code><span>{about}</span></summary>"
    return f'<details id="{escape(operation["operationId"])}">{head}<dl>{listed}</dl></details>'


def _answers(operation: Dict) -> Iterator[str]:
    for status, answer in operation.get("responses", {}).items():
        links = [_link(content.get("schema", {})) for content in answer.get("content", {}).values()]
        yield " ".join([f"<code>{status}</code>", *dict.fromkeys(links)])


def _example(content: Dict) -> str:
    example = content.get("example")
    return f"<pre>{escape(json.dumps(example, indent=2, ensure_ascii=False))}</pre>" if example else ""


def _model(name: str, model: Dict) -> str:
    fields = json.dumps(model.get("properties", {}), indent=2, ensure_ascii=False)
    about = _said(model.get("description", ""))
    head = f"<summary><b>{'{ }'}</b><code>{escape(name)}</code><span>{about}</span></summary>"
    listed = f"<dl><dt>Fields</dt><dd><pre>{escape(fields)}</pre></dd></dl>"
    return f"<details id='body-{escape(name)}'>{head}{listed}</details>"


def _said(text: str) -> str:
    return re.sub(r"`([^`]+)`", r"<code>\1</code>", escape(text))


def _link(schema: Dict) -> str:
    name = str(schema.get("$ref", "")).rpartition("/")[2]
    return f"<a href='#body-{escape(name)}'>{escape(name)}</a>" if name else escape(str(schema.get("type", "")))
