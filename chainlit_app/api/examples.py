"""Examples of bodies, put together from those of their fields."""

from __future__ import annotations

from typing import Any

Dict = dict[str, Any]


def example_of(schema: Dict, models: Dict) -> Any:
    """An example of what a schema takes: all that is needed and all that has an example; None where one is lacking."""
    if "$ref" in schema:
        return example_of(models[schema["$ref"].rpartition("/")[2]], models)
    if "examples" in schema or "enum" in schema:
        return (schema.get("examples") or schema["enum"])[0]
    if "const" in schema:
        return schema["const"]
    if schema.get("type") == "array" and schema.get("minItems"):
        one = example_of(schema["items"], models)
        return None if one is None else [one]
    if "properties" not in schema:
        return None
    needed = schema.get("required", ())
    found = {
        name: example_of(field, models)
        for name, field in schema["properties"].items()
        if name in needed or "examples" in field
    }
    return None if None in found.values() else found
