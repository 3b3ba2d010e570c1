"""A JSON schema as a grammar of llama.cpp. What cannot be expressed is an error, never an answer without a grammar."""

from __future__ import annotations

import json
from collections.abc import Mapping
from typing import Any

from integrations.models.llama.wire import Failed

LOOSE = r'[^"\\]'
PLAIN = r'[^"\\\x7F\x00-\x1F\uD800-\uDFFF]'
"""Any character that may stand in a JSON string as it is."""


class SchemaError(Failed):
    """The schema cannot be made a grammar. The message says why."""

    kind = "schema"


def grammar_of(schema: Mapping[str, Any]) -> str:
    """Return the grammar, in GBNF, of the JSON texts that obey a schema.

    `response_format` of llama-cpp-python is not used: for "json_schema" it applies nothing at all, and for a schema
    that it cannot convert it falls back to any JSON, both without a word. No reference may leave the schema.
    """
    from llama_cpp import LlamaGrammar

    if refers_outside(schema):
        raise SchemaError("it refers to another document")
    try:
        rules = str(LlamaGrammar.from_json_schema(json.dumps(schema), verbose=False)._grammar).splitlines()
    except Exception as error:  # the converter raises AssertionError, KeyError, ValueError, RecursionError, …
        raise SchemaError(f"{type(error).__name__}: {error}"[:300]) from error
    return "\n".join(_strict(rule) for rule in rules)


def _strict(rule: str) -> str:
    """A rule with characters in strings as JSON wants them; the converter's lets raw control characters through."""
    name, _, rest = rule.partition(" ::= ")
    if name == "char":
        return rule.replace(LOOSE, PLAIN, 1)
    return f"{name} ::= {PLAIN}" if name == "dot" else f"{name} ::= {rest}"


def refers_outside(schema: object) -> bool:
    """Whether a schema names another document, which a converter might fetch."""
    if isinstance(schema, Mapping):
        reference = schema.get("$ref", "#")
        outside = isinstance(reference, str) and not reference.startswith("#")
        return outside or any(refers_outside(part) for part in schema.values())
    return isinstance(schema, list) and any(refers_outside(part) for part in schema)
