"""A JSON schema as a grammar of llama.cpp. What cannot be expressed is an error, never an answer without a grammar."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any


class SchemaError(Exception):
    """The schema cannot be made a grammar. The message says why."""


def grammar_of(schema: Mapping[str, Any]) -> str:
    """Return the grammar, in GBNF, of the JSON texts that obey a schema.

    `response_format` of llama-cpp-python is not used: for "json_schema" it applies nothing at all, and for a schema
    that it cannot convert it falls back to any JSON, both without a word. No reference may leave the schema.
    """
    from llama_cpp import LlamaGrammar

    if refers_outside(schema):
        raise SchemaError("it refers to another document")
    try:
        return str(LlamaGrammar.from_json_schema(json.dumps(schema), verbose=False)._grammar)
    except Exception as error:  # the converter raises AssertionError, KeyError, ValueError, RecursionError, …
        raise SchemaError(f"{type(error).__name__}: {error}"[:300]) from error


def refers_outside(schema: object) -> bool:
    """Whether a schema names another document, which a converter might fetch."""
    if isinstance(schema, Mapping):
        reference = schema.get("$ref", "#")
        outside = isinstance(reference, str) and not reference.startswith("#")
        return outside or any(refers_outside(part) for part in schema.values())
    return isinstance(schema, list) and any(refers_outside(part) for part in schema)
