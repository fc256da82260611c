"""The JSON Schema of spec files as people write them, sugar included: for editors, and for checking files elsewhere."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from pydantic import AliasChoices

from symcost.ops.op import MODIFIERS, Op
from symcost.spec.models import Block, Branches, Experts, Repeat, Residual, Spec, Variant, When
from symcost.spec.symbols import Symbol
from symcost.spec.use import Use

Schema = dict[str, Any]

EXPRESSION: Schema = {"type": ["string", "integer", "number", "boolean"], "description": "a value or an expression"}
STEPS: Schema = {"type": "array", "items": {"$ref": "#/$defs/step"}}
MODIFIER_SCHEMAS: dict[str, Schema] = {
    "name": {"type": "string", "description": "what later steps call the result"},
    "from": {
        "type": ["string", "array"],
        "items": {"type": "string"},
        "description": "the step or steps to read instead of the one before",
    },
    "only": {
        "enum": ["training", "evaluation", "never"],
        "description": "what runs it; the other skips it: parameters count, work does not",
    },
    "frozen": {"type": "boolean", "description": "its weights are not trained: they count as buffers"},
    "weights": {"type": "string", "description": "steps of the same weights share them; they count once"},
}


def json_schema() -> Schema:
    """Return the schema of a spec file, JSON Schema draft 2020-12."""
    top = {name: _described(Spec, name) for name in Spec.model_fields}
    return {
        "$schema": "https://json-schema.org/draft/2020-12/schema",
        "title": "symcost spec",
        "description": "An architecture, declared",
        "type": "object",
        "required": ["symcost", "name", "inputs", "model"],
        "additionalProperties": False,
        "properties": top | {"symcost": {"const": 1, "description": "version of the language"}} | _parts(),
        "$defs": {
            "step": _step(),
            "block": _object(
                Block, {"body": STEPS, "args": _map({**EXPRESSION, "type": [*EXPRESSION["type"], "null"]})}
            ),
            "symbol": {"anyOf": [{"type": ["integer", "null"]}, _object(Symbol, {})]},
            **_SIZES,
            **dict(sorted(_ops())),
            "variant": _object(Variant, {"set": _VALUES, "default": _VALUES}),
        },
    }


def _parts() -> dict[str, Schema]:
    return {
        "use": {**_map({"anyOf": [_TAKEN[0], _object(Use, _TAKE)]}), **_USE},
        "symbols": {**_map({"$ref": "#/$defs/symbol"}), "description": "named sizes and their defaults"},
        "inputs": {**_map({"type": "array", "items": EXPRESSION}), "minProperties": 1, "description": "name -> shape"},
        "blocks": {**_map({"$ref": "#/$defs/block"}), "description": "bodies with arguments"},
        "model": {**STEPS, "minItems": 1, "description": "the steps of the network"},
        "variants": {**_map({"$ref": "#/$defs/variant"}), "description": "members of the family"},
    }


def _step() -> Schema:
    heads = dict(_heads())
    return {
        "anyOf": [
            {"type": "string", "description": "an op or a block without arguments"},
            {
                "type": "object",
                "minProperties": 1,
                "properties": {**heads, **MODIFIER_SCHEMAS, **_control()},
                "additionalProperties": {"description": "arguments of a block"},
            },
        ]
    }


def _heads() -> Iterator[tuple[str, Schema]]:
    for tag, op in sorted(Op.known.items()):
        yield tag, {"$ref": f"#/$defs/{op.__name__}"}


def _ops() -> Iterator[tuple[str, Schema]]:
    for op in dict.fromkeys(Op.known.values()):
        schema = op.model_json_schema()
        names = [name for name in op.model_fields if name not in (*MODIFIERS, "op")]
        properties = _shared(schema["properties"])
        own = {spelling: properties[_shown(op, name)] for name in names for spelling in _spellings(op, name)}
        fields = {"type": "object", "additionalProperties": False, "properties": own}
        bare = [own[_shown(op, names[0])]] if names else []
        yield op.__name__, {"description": op.__doc__ or "", "anyOf": [*bare, fields, {"type": "null"}]}


def _shared(schema: Any) -> Any:
    """Return a schema with the types of sizes referred to, not repeated, and without pydantic's titles."""
    if isinstance(schema, list):
        return [_shared(part) for part in schema]
    if not isinstance(schema, dict):
        return schema
    plain = {key: _shared(part) for key, part in schema.items() if not (key == "title" and isinstance(part, str))}
    found = next((name for name, known in _SIZES.items() if plain.get("anyOf") == known["anyOf"]), None)
    if found is None:
        return plain
    return {"$ref": f"#/$defs/{found}", **{key: part for key, part in plain.items() if key == "default"}}


def _spellings(op: type[Op], name: str) -> tuple[str, ...]:
    alias = op.model_fields[name].validation_alias
    return tuple(map(str, alias.choices)) if isinstance(alias, AliasChoices) else (name,)


def _shown(op: type[Op], name: str) -> str:
    return _spellings(op, name)[0]


def _control() -> dict[str, Schema]:
    body = {"anyOf": [STEPS, _object(Residual, {"main": STEPS, "shortcut": STEPS})]}
    return {
        "repeat": {**EXPRESSION, "description": Repeat.__doc__},
        "index": {"type": "string"},
        "do": STEPS,
        "residual": {**body, "description": Residual.__doc__},
        "when": {**EXPRESSION, "description": When.__doc__},
        "else": STEPS,
        "branches": {"type": "array", "items": STEPS, "minItems": 1, "description": Branches.__doc__},
        "join": {"enum": ["concat", "add", "mul", "none"]},
        "dim": EXPRESSION,
        "experts": {**EXPRESSION, "description": Experts.__doc__},
        **{key: {**EXPRESSION, "description": f"of experts: {about}"} for key, about in _EXPERTS.items()},
        **{key: {**STEPS, "description": f"of experts: {about}"} for key, about in _ROUTED.items()},
    }


def _object(model: Any, replaced: dict[str, Schema]) -> Schema:
    names = [name for name in model.model_fields if name not in (*MODIFIERS, "op")]
    return {
        "type": "object",
        "additionalProperties": False,
        "properties": {name: replaced.get(name, _described(model, name)) for name in names},
    }


def _described(model: Any, name: str) -> Schema:
    schema = _PLAIN.get((model.__name__, name)) or _PLAIN.get(("", name)) or {"type": "string"}
    return dict(schema)


def _map(values: Schema) -> Schema:
    return {"type": "object", "additionalProperties": values}


_SIZES: dict[str, Schema] = {
    "size": {"anyOf": [{"type": "integer", "minimum": 1}, {"type": "string", "description": "an expression"}]},
    "amount": {"anyOf": [{"type": "integer", "minimum": 0}, {"type": "string", "description": "an expression"}]},
    "whole": {"anyOf": [{"type": "integer"}, {"type": "string", "description": "an expression"}]},
    "flag": {"anyOf": [{"type": "boolean"}, {"type": "string", "description": "an expression"}]},
}
_EXPERTS = {"top_k": "how many see a token", "capacity": "room for tokens, over a fair share of them"}
_ROUTED = {"router": "scores of all", "gating": "weights from the scores of the chosen"}
_VALUES = _map({"type": ["integer", "number", "string", "boolean"]})
_NAMES: Schema = {"type": "array", "items": {"type": "string"}}
_TAKEN: list[Schema] = [{**_NAMES, "minItems": 1}, {**_map({"type": "string"}), "minProperties": 1}]
_TAKE: dict[str, Schema] = {
    "blocks": {"anyOf": _TAKEN, "description": "names of blocks, or names to give them here, each with its name there"},
    "set": {
        **_map(EXPRESSION),
        "description": "what its symbols are here, in numbers or in symbols of this spec",
    },
}
_USE: Schema = {
    "description": (
        "blocks of other specs, by shipped name or path relative to this file. What the blocks need comes along: the "
        "blocks that they apply, and the symbols that they read and that are neither set nor declared here. What a "
        "variant sets is put in as numbers; symbols have its defaults"
    ),
    "examples": [{"resnet50": ["features"], "./decoder.yaml": {"blocks": {"raise": "up"}, "set": {"C": "2*D"}}}],
}
_NUMBER: Schema = {"type": ["integer", "number", "string"]}
_PLAIN: dict[tuple[str, str], Schema] = {
    ("", "same_as"): {**_NAMES, "description": "the same network in other libraries, as library/model"},
    ("", "outputs"): {**_NAMES, "description": "names of the steps given back; the last value where left out"},
    ("", "inputs"): _NAMES,
    ("Block", "inline"): {"type": "boolean", "description": "name nodes as if the steps stood where it is applied"},
    ("Symbol", "kind"): {"enum": ["dimension", "ratio", "flag", "constant"]},
    ("Symbol", "default"): {"type": ["integer", "number", "string", "boolean"]},
    ("Symbol", "min"): _NUMBER,
    ("Symbol", "max"): _NUMBER,
    ("Symbol", "multiple_of"): {"type": ["integer", "string"], "minimum": 1},
}
