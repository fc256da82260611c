"""What a field takes, in words, from its JSON Schema."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Any

SAID = {
    "boolean": "true or false",
    "integer": "a whole number",
    "null": "nothing",
    "number": "a number",
    "object": "names with values",
    "string": "a name",
}


def takes(schema: Mapping[str, Any], parts: Mapping[str, Any]) -> str:
    """Return in words what a schema allows; ``parts`` are those that it refers to."""
    said = list(dict.fromkeys(_kinds(schema, parts)))
    return " or ".join(
        [*(one for one in said if one != "an expression"), *(["an expression"] * ("an expression" in said))]
    )


def _kinds(schema: Mapping[str, Any], parts: Mapping[str, Any]) -> Iterator[str]:
    if "$ref" in schema:
        yield from _kinds(parts[schema["$ref"].rpartition("/")[2]], parts)
    elif "anyOf" in schema:
        for part in schema["anyOf"]:
            yield from _kinds(part, parts)
    elif choices := schema.get("enum", [schema["const"]] if "const" in schema else []):
        yield " or ".join(f"``{choice}``" for choice in choices)
    elif schema.get("type") == "array":
        yield "a list" if _nested(schema) else "a list of such"
    else:
        yield schema.get("description") or _said(schema)


def _nested(schema: Mapping[str, Any]) -> bool:
    """Tell whether the items of a list are not of the kinds that stand beside it: lists themselves, or unknown."""
    items = schema.get("items", {})
    return not items or items.get("type") in {"array", "string", "object"}


def _said(schema: Mapping[str, Any]) -> str:
    least = f" from {schema['minimum']}" if "minimum" in schema else ""
    return SAID.get(schema.get("type", ""), "a value") + least
