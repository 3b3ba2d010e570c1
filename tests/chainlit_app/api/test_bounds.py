"""Everything a program can send has an end, and says so in the OpenAPI."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

from chainlit_app.identity.walk import within
from tests.chainlit_app.api.api_app import api_app

ENDS = {
    "string": ("maxLength", "enum", "const"),
    "integer": ("maximum",),
    "number": ("maximum",),
    "array": ("maxItems",),
}
FORMATS = ("date", "date-time")
"""Texts that are one day or one time."""
COUNTED = "contentMediaType"
"""An uploaded file: its bytes are counted while they come."""
OPEN = ("task", "arguments")
"""Objects whose fields an agent says; they hold so many at most, in a body of so many bytes."""


def test_every_text_list_and_number_has_an_end(tmp_path: Path) -> None:
    schema = within(api_app(tmp_path)).openapi()
    models = schema["components"]["schemas"]
    endless = []
    for path, operations in schema["paths"].items():
        for method, operation in operations.items():
            for one in operation.get("parameters", ()):
                endless += [f"{method} {path} {one['name']}" for _ in endless_in(one["schema"], models, one["name"])]
            for content in operation.get("requestBody", {}).get("content", {}).values():
                endless += [f"{method} {path} {name}" for name in endless_in(content["schema"], models, "")]
    assert not endless


def endless_in(schema: dict[str, Any], models: dict[str, Any], name: str) -> Iterator[str]:
    """Names of what has no end within what a schema takes."""
    if "$ref" in schema:
        schema = models[schema["$ref"].rpartition("/")[2]]
    for one in (*schema.get("anyOf", ()), *schema.get("oneOf", ())):
        yield from endless_in(one, models, name)
    kind = schema.get("type", "")
    ends = ENDS.get(kind, ())
    if ends and not any(end in schema for end in ends) and not bounded_text(schema):
        yield name
    if kind == "array":
        yield from endless_in(schema["items"], models, name)
    if kind == "object" and "properties" not in schema and not (name in OPEN and "maxProperties" in schema):
        yield name
    for field, one in schema.get("properties", {}).items():
        yield from endless_in(one, models, field)


def bounded_text(schema: dict[str, Any]) -> bool:
    pattern = str(schema.get("pattern", ""))
    whole = pattern.startswith("^") and pattern.endswith("$") and not set("*+") & set(pattern)
    return whole or schema.get("format") in FORMATS or COUNTED in schema
