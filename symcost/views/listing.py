"""All shipped networks, and all ops."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import cleandoc
from typing import Any

from symcost.architecture import Architecture, variant_of
from symcost.catalog import files, shipped
from symcost.errors import NoAnswer
from symcost.ops.op import Op
from symcost.spec.read import short_fields
from symcost.table import Column, Table
from symcost.views.answer import Answer, spoken_of
from symcost.views.plain import size, sizes, symbols

_FEW = 5


def listing(words: Sequence[str] = ()) -> Answer:
    """Return the shipped families and variants, by file: all, or those whose names or titles hold all the words.

    Raises:
        NoAnswer: none does.
    """
    rows, data = [], []
    for path in files():
        if not spoken_of([path.stem, path.read_text(encoding="utf-8")], words):
            continue  # all that is looked for stands in the file, which takes long to read in full
        spec = shipped(path)
        for variant in (None, *spec.variants):
            member = variant_of(spec, variant)
            if not spoken_of([variant or path.stem, path.stem, spec.name, *member.same_as], words):
                continue
            about = spec.variants[variant].about if variant else spec.about
            shown = f"  {variant}" if variant else path.stem
            rows.append((shown, ", ".join(member.same_as), " ".join(member.symbols)))
            data.append(_data(member, variant or path.stem, path.stem, about))
    if not rows:
        raise NoAnswer(f"no network is called {' '.join(words)}; `symcost list` shows them all")
    names = (Column("network", kind="text"), Column("same as", kind="text"))
    return Answer((Table((*names, Column("free symbols", kind="formula")), tuple(rows)),), data)


def _data(member: Architecture, name: str, family: str, about: str) -> dict[str, Any]:
    return {
        "name": name,
        "family": family,
        "same_as": list(member.same_as),
        "symbols": symbols(member.symbols),
        "fixed": sizes(member.fixed),
        "source": member.source,
        "about": about,
    }


def ops(words: Sequence[str] = ()) -> Answer:
    """Return the ops that a spec may use, with their fields by their short names, and what they do.

    Raises:
        NoAnswer: none has a name or a law's first line that holds all the words.
    """
    short = short_fields()
    laws = {tag: cleandoc(op.__doc__ or "") for tag, op in sorted(Op.known.items())}
    spoken = [tag for tag, law in laws.items() if spoken_of([tag, law.splitlines()[0]], words)]
    found = {tag: _fields(Op.known[tag], short.get(tag, {})) for tag in spoken}
    if not found:
        raise NoAnswer(f"no op is called {' '.join(words)}; `symcost list --ops` shows them all")
    rows = tuple((tag, _listed(fields), laws[tag].splitlines()[0]) for tag, fields in found.items())
    columns = (Column("op", kind="text"), Column("fields", kind="formula"), Column("what it does", kind="formula"))
    data = [{"name": tag, "fields": fields, "law": laws[tag]} for tag, fields in found.items()]
    return Answer((Table(columns, rows),), data)


def _fields(op: type[Op], short: Mapping[str, str]) -> list[dict[str, Any]]:
    """Return the fields of an op: a bare value stands for the first; those without default must be given."""
    shorter = {full: name for name, full in short.items()}
    fields = {name: field for name, field in op.model_fields.items() if name in op.written and name != "op"}
    return [
        {"name": shorter.get(name, name), "needed": field.is_required()}
        | ({} if field.is_required() else {"default": size(field.default)})
        for name, field in fields.items()
    ]


def _listed(fields: list[dict[str, Any]]) -> str:
    """Return the fields in words; an activation has its own few of the many that its law knows, mostly none."""
    unset = sum(not field["needed"] and field["default"] is None for field in fields)
    shown = [field for field in fields if unset <= _FEW or field["needed"] or field["default"] is not None]
    return ", ".join(map(_field, shown))


def _field(field: Mapping[str, Any]) -> str:
    if field["needed"]:
        return str(field["name"])
    default = field["default"]
    return f"{field['name']} = {str(default).lower() if default is None or isinstance(default, bool) else default}"
