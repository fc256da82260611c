"""Pydantic's errors in the words of the language: one line for each place."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import Any

from pydantic import AliasChoices, BaseModel, ValidationError

from symcost.errors import did_you_mean, quoted
from symcost.ops.fields import shorten
from symcost.spec.models import Block, Spec, Variant, model_of
from symcost.spec.origin import Path
from symcost.spec.symbols import Symbol
from symcost.spec.vocabulary import MODIFIERS


def complaints(error: ValidationError, tree: Any) -> Iterator[tuple[Path, str]]:
    """Find a path of the canonical form and a message for each place that is wrong.

    Where a field may be one of several things, pydantic says for each why it is not that; the error that went deepest
    is the one to act on.
    """
    places: dict[Path, list[tuple[Path, dict[str, Any]]]] = {}
    for found in _flat(error.errors(include_url=False)):
        path = _real(found["loc"], tree)
        if found["type"] == "too_short" and found["input"]:
            continue  # its entries are wrong, and have errors of their own
        places.setdefault(_field(path, found), []).append((path, dict(found)))
    chosen = [
        max(found_here, key=lambda item: (item[1]["type"] in _OURS, len(item[0]))) for found_here in places.values()
    ]
    told = {(found["loc"][:-1], _message(found, path)) for path, found in chosen if found["type"] == "extra_forbidden"}
    for path, found in chosen:
        if not (found["type"] == "missing" and any(_is_meant(found["loc"], *other) for other in told)):
            yield path, _message(found, path)


def _is_meant(loc: tuple[str | int, ...], beside: tuple[str | int, ...], told: str) -> bool:
    """Tell whether a key is missing because it is misspelt, as the message about another key beside it says."""
    spellings = next((names for names in _spellings(_owner(loc)) if loc[-1] in names), [])
    return loc[:-1] == beside and any(told.endswith(f"did you mean {quoted(name)}?") for name in spellings)


def _flat(errors: Iterable[Any], above: Path = ()) -> Iterator[dict[str, Any]]:
    """Find the errors, those inside steps too, each with its whole location."""
    for found in errors:
        loc = (*above, *found["loc"])
        if found["type"] == "inside":
            yield from _flat(found["ctx"]["errors"], (*loc, found["ctx"]["tag"]))
        else:
            yield {**found, "loc": loc}


_OURS = ("written", "value_error", "missing", "extra_forbidden")


def _real(loc: tuple[str | int, ...], tree: Any) -> Path:
    """Return a location without the names of alternatives that pydantic puts in."""
    path: list[str | int] = []
    for above, step in zip((None, *loc), loc, strict=False):
        if isinstance(above, int) and isinstance(tree, dict) and step == tree.get("op"):
            continue  # the tag of a step, which may be a key of it too
        if _has(tree, step):
            tree = tree[step]
        elif not (isinstance(tree, dict) and step == loc[-1]):
            continue
        path.append(step)
    return tuple(path)


def _has(tree: Any, step: str | int) -> bool:
    if isinstance(tree, dict):
        return step in tree
    return isinstance(tree, list) and isinstance(step, int) and step < len(tree)


def _field(path: Path, found: dict[str, Any] | Any) -> Path:
    """Return the field that an error is about: elements of a list count as the field."""
    if found["type"] in ("missing", "extra_forbidden"):
        return path
    end = len(path)
    while end and isinstance(path[end - 1], int):
        end -= 1
    return path[:end]


def _message(found: dict[str, Any], path: Path) -> str:
    key, kind = str(path[-1]) if path else "", found["type"]
    match kind:
        case "missing":
            return f"needs the key {quoted(str(found['loc'][-1]))}"
        case "extra_forbidden":
            return f"unknown key {quoted(key)}{_instead(key, _keys(found['loc']))}"
        case "written":
            return f"{_named(path)}: {found['msg']}"
        case "value_error":
            return str(found["ctx"]["error"])
        case "literal_error":
            return f"{_named(path)}: takes {found['ctx']['expected']}, got {shorten(found['input'])}"
    expected = _EXPECTED.get(kind)
    return (
        f"{_named(path)}: takes {expected}, got {shorten(found['input'])}"
        if expected
        else f"{_named(path)}: {found['msg']}"
    )


_READ = ("in_channels", "in_features", "num_features", "num_channels", "normalized_shape")
"""What torch is told of an op's input."""


def _instead(key: str, known: list[str]) -> str:
    """Return what to write in place of an unknown key."""
    if key in _READ:
        return ": the sizes of what an op reads are known; leave it out"
    return did_you_mean(key, known, f"; known: {', '.join(known)}" if known else "")


_EXPECTED = {
    "string_type": "a text",
    "int_type": "a whole number",
    "bool_type": "true or false",
    "tuple_type": "a list",
    "list_type": "a list",
    "dict_type": "a mapping",
    "model_type": "a mapping",
    "model_attributes_type": "a mapping",
    "too_short": "at least one entry",
    "greater_than_equal": "a greater number",
}


def _named(path: Path) -> str:
    names = [step for step in path if isinstance(step, str)]
    return names[-1] if names else "the spec"


def _keys(loc: tuple[str | int, ...]) -> list[str]:
    """Return the keys that are known where an unknown one stands."""
    owner = _owner(loc)
    known = [name for names in _spellings(owner) for name in names]
    return [name for name in known if name not in ("op", *MODIFIERS) or owner is Spec]


def _spellings(owner: type[BaseModel]) -> Iterator[list[str]]:
    """Find for each field of a model the keys that it may be written as."""
    for name, field in owner.model_fields.items():
        alias = field.validation_alias or field.alias
        yield [str(choice) for choice in alias.choices] if isinstance(alias, AliasChoices) else [str(alias or name)]


def _owner(loc: tuple[str | int, ...]) -> type[BaseModel]:
    match loc:
        case ("symbols", _, _):
            return Symbol
        case ("variants", _, _):
            return Variant
        case ("blocks", _, _):
            return Block
        case (*_, str(tag), _):
            return model_of(tag) or Spec
    return Spec
