"""All settings of a setup: what each takes, and what is usual."""

from __future__ import annotations

from collections.abc import Iterator, Sequence
from typing import Any, Literal, get_args, get_origin

from pydantic.fields import FieldInfo

from symcost.section import Quantity, Section
from symcost.setup import SECTIONS
from symcost.table import Column, Table
from symcost.views.answer import Answer, described


def settings(words: Sequence[str] = ()) -> Answer:
    """Return the settings of a setup with what they take and what is usual, those that words describe or all.

    Raises:
        NoAnswer: none is described by all the words.
    """
    found = described(_all(), lambda one: [one["name"], one["section"], one["about"]], words, "setting --settings")
    columns = (Column("setting", kind="text"), Column("usual", kind="text"), Column("takes", kind="formula"))
    rows = tuple((one["name"], one["usual"], f"{one['takes']}: {one['about']}") for one in found)
    return Answer((Table(columns, rows),), found)


def _all() -> Iterator[dict[str, Any]]:
    for section in SECTIONS.values():
        quantities = section.quantities()
        for name, field in section.model_fields.items():
            takes = _range(quantities[name]) if name in quantities else _choices(name, field, section)
            yield {
                "name": name,
                "section": section.title,
                "usual": _usual(field.default),
                "takes": takes,
                "about": field.description or "",
            }


def _usual(default: object) -> str:
    """Return a default in words; empty where there is none."""
    if isinstance(default, bool):
        return str(default).lower()
    return "" if default is None else str(default)


def _range(quantity: Quantity) -> str:
    noun = "whole number" if quantity.kind == "dimension" else "number"
    most = "" if quantity.most is None else f" to {quantity.most}"
    return f"a {noun} from {quantity.least}{most}"


def _choices(name: str, field: FieldInfo, section: type[Section]) -> str:
    """Return the values that a setting can have, in words."""
    if said := section.takes().get(name):
        return said
    if field.annotation is bool:
        return "true or false"
    if get_origin(field.annotation) is Literal:
        return " | ".join(str(value) for value in get_args(field.annotation))
    return "a name"
