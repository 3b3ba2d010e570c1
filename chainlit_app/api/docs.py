"""The API's documentation as one page of plain HTML: FastAPI's own pages load their scripts from another host."""

from __future__ import annotations

import json
from html import escape
from typing import Any

STYLE = """
:root { color-scheme: light dark; font: 16px/1.6 system-ui, sans-serif; }
body { max-width: 52rem; margin: 3rem auto; padding: 0 1.25rem; }
article { border: 1px solid color-mix(in srgb, currentColor 18%, transparent); border-radius: .75rem;
  padding: 1rem 1.25rem; margin: 1rem 0; }
h2 { font-size: 1.05rem; margin: 0; } h2 b { color: #0f766e; } p { margin: .4rem 0; }
pre { overflow: auto; font-size: .85rem; background: color-mix(in srgb, currentColor 6%, transparent);
  padding: .75rem; border-radius: .5rem; } code { font-family: ui-monospace, monospace; }
"""


def page(schema: dict[str, Any]) -> str:
    """The documentation of an OpenAPI schema."""
    info = schema["info"]
    parts = [
        "<!doctype html><html lang='en'><meta charset='utf-8'>",
        "<meta name='viewport' content='width=device-width, initial-scale=1'>",
        f"<title>{escape(info['title'])} API</title><style>{STYLE}</style><body>",
        f"<h1>{escape(info['title'])} API</h1><p>{escape(info.get('description', ''))}</p>",
        "<p>The schema for programs: <a href='/api/openapi.json'>/api/openapi.json</a></p>",
    ]
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            parts.append(_operation(method, path, operation))
    models = schema.get("components", {}).get("schemas", {})
    parts.append("<h1>Bodies</h1>")
    parts.extend(_model(name, model) for name, model in models.items())
    return "".join(parts) + "</body></html>"


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    body = operation.get("requestBody", {}).get("content", {})
    sends = ", ".join(f"{mime} ({_name(content.get('schema', {}))})" for mime, content in body.items())
    gives = ", ".join(
        f"{status} ({', '.join(answer.get('content', {'no body': None}))})"
        for status, answer in operation.get("responses", {}).items()
    )
    taken = ", ".join(one["name"] for one in operation.get("parameters", ()))
    lines = [("Takes", taken), ("Sends", sends), ("Answers", gives)]
    told = "".join(f"<p>{word}: <code>{escape(text)}</code></p>" for word, text in lines if text)
    head = f"<h2><b>{method.upper()}</b> <code>{escape(path)}</code></h2>"
    return f"<article>{head}<p>{escape(operation.get('description', ''))}</p>{told}</article>"


def _model(name: str, model: dict[str, Any]) -> str:
    fields = json.dumps(model.get("properties", {}), indent=2, ensure_ascii=False)
    head = f"<h2><code>{escape(name)}</code></h2><p>{escape(model.get('description', ''))}</p>"
    return f"<article>{head}<pre>{escape(fields)}</pre></article>"


def _name(schema: dict[str, Any]) -> str:
    return str(schema.get("$ref", schema.get("type", "object"))).rpartition("/")[2]
