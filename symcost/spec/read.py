"""Read a spec: text to plain data, to canonical form, to models, with every problem at its place."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace
from functools import cache
from pathlib import Path as FilePath
from typing import Any

from pydantic import AliasChoices, ValidationError

from symcost.algebra.expression import Expr
from symcost.errors import Problem, SpecError, did_you_mean
from symcost.ops.op import MODIFIERS, Op
from symcost.spec.complaints import complaints
from symcost.spec.document import Document
from symcost.spec.models import Spec
from symcost.spec.origin import Origin, Path
from symcost.spec.source import read
from symcost.spec.sugar import Canonical, canonical
from symcost.spec.symbols import Symbol
from symcost.spec.use import Arrivals, Own, arrivals
from symcost.spec.used_spec import reading

MOST_SHOWN = 20


def read_spec(source: str | bytes | FilePath | Mapping[str, Any]) -> Spec:
    """Return the spec of a file (YAML or JSON), of ``-`` for standard input, of the text itself, or of plain data.

        >>> symcost.read_spec({"symcost": 1, "name": "two", "inputs": {"x": [1, 8]}, "model": [{"linear": 4}, "relu"]})

    Raises:
        SpecError: it cannot be read or is not a spec; all problems of the first stage that finds any.
    """
    document = read(source)
    written = Origin(document.file, document.marks.locate)
    used = _used(document, written)
    result = canonical(document.tree, first_fields(), short_fields(), used.first_arguments)
    _stop(written, result.problems)
    result = replace(result, tree=used.joined(result.tree))
    origin = Origin(document.file, lambda path: document.marks.locate(result.source(path)))
    spec = _validated(origin, result)
    _stop(origin, _misfits(spec))
    return spec.placed(origin)


def _used(document: Document, origin: Origin) -> Arrivals:
    """Return what a spec uses of other specs."""
    if "use" not in document.tree:
        return Arrivals()
    folder = document.path.parent if document.path else None
    with reading(document.path):
        used = arrivals(document.tree["use"], Own.of(document.tree, folder))
    _stop(origin, used.problems)
    return used


def _validated(origin: Origin, result: Canonical) -> Spec:
    missing: list[tuple[Path, str]] = []
    if "symcost" not in result.tree:
        missing = [((), "needs the key 'symcost: 1', the version of the language")]
    try:
        spec = Spec.model_validate(result.tree)
    except ValidationError as error:
        _stop(origin, [*missing, *dict.fromkeys(complaints(error, result.tree))])
        raise
    _stop(origin, missing)
    return spec


def _stop(origin: Origin, problems: Sequence[tuple[Path, str]]) -> None:
    """End with all problems, if there are any."""
    if not problems:
        return
    shown = [origin.problem(message, path) for path, message in problems[:MOST_SHOWN]]
    if len(problems) > MOST_SHOWN:
        shown.append(Problem(f"and {len(problems) - MOST_SHOWN} more problems", file=origin.file))
    raise SpecError(*shown)


def _misfits(spec: Spec) -> list[tuple[Path, str]]:
    """Return what the parts of a spec say about each other that is not so."""
    found: list[tuple[Path, str]] = []
    given = [
        (name, key, getattr(variant, key)) for name, variant in spec.variants.items() for key in ("set", "default")
    ]
    for name, key, values in given:
        for symbol, value in values.items():
            path = ("variants", name, key, symbol)
            if symbol not in spec.symbols:
                found.append((path, f"there is no symbol '{symbol}'{did_you_mean(symbol, spec.symbols)}"))
            elif reason := _refusal(spec.symbols[symbol], symbol, value):
                found.append((path, f"{symbol} = {value} {reason}"))
    return found


def _refusal(symbol: Symbol, name: str, value: Any) -> str | None:
    """Return why a variant cannot give a symbol this value; that of an expression is known with flags and constants."""
    if isinstance(value, Expr):
        return f"depends on other symbols, and a {symbol.kind} is plain" if symbol.structural else None
    return symbol.refusal(value, name)


def first_fields() -> dict[str, str | None]:
    """Return the first field of each op, which a bare value gives; None for an op without fields."""
    return {tag: next((name for name in op.written if name != "op"), None) for tag, op in Op.known.items()}


def short_fields() -> dict[str, dict[str, str]]:
    """Return the full name of each short spelling of a field, by op."""
    found = {tag: _short(op) for tag, op in Op.known.items()}
    return {tag: short for tag, short in found.items() if short}


@cache
def _short(op: type[Op]) -> dict[str, str]:
    spellings = {name: f.validation_alias for name, f in op.model_fields.items() if name not in MODIFIERS}
    choices = {name: alias.choices for name, alias in spellings.items() if isinstance(alias, AliasChoices)}
    return {str(other): name for name, alias in choices.items() for other in alias if other != name}
