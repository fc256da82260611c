"""Blocks with all that they need: the blocks that they apply in turn, and the symbols that they read."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import TYPE_CHECKING, Any

from symcost.algebra.expression import Expr
from symcost.ops.op import Step
from symcost.spec.symbols import Symbol

if TYPE_CHECKING:
    from symcost.spec.models import Block, Spec


Fixed = Mapping[str, object]
"""What stands for symbols."""

_ENDS = ("multiple_of", "min", "max")


def with_applied(spec: Spec, wanted: Mapping[str, str], prefix: str, fixed: Fixed) -> dict[str, Block]:
    """Return blocks of a spec by new names, with all blocks that they apply, whose names get a prefix.

    Args:
        spec: whose blocks they are.
        wanted: name there of each new name.
        prefix: what the names of the others begin with.
        fixed: what to write in place of symbols.
    """
    new = {there: here for here, there in reversed(tuple(wanted.items()))}
    waiting = list(new)
    for there in waiting:
        new.setdefault(there, prefix + there)
        waiting += [name for name in dict.fromkeys(applied(spec.blocks[there].body)) if name not in waiting]
    names = {**{here: there for there, here in new.items()}, **wanted}
    return {here: _rewritten_block(spec.blocks[there], new, fixed) for here, there in names.items()}


def _rewritten_block(block: Block, names: Mapping[str, str], fixed: Fixed) -> Block:
    inside = _without(fixed, block.args)
    args: dict[str, Any] = {}
    for name, default in block.args.items():
        args[name] = _rewritten(default, names, _without(fixed, args))
    return block.model_copy(update={"args": args, "body": _rewritten(block.body, names, inside)})


def _without(fixed: Fixed, hidden: Iterable[object]) -> Fixed:
    return {name: value for name, value in fixed.items() if name not in hidden}


def _rewritten(part: Any, names: Mapping[str, str], fixed: Fixed) -> Any:
    """Return a part with the blocks that it applies called otherwise, and values put in for symbols."""
    if isinstance(part, Expr):
        return part.with_values(fixed)
    if isinstance(part, tuple):
        return tuple(_rewritten(inner, names, fixed) for inner in part)
    if isinstance(part, dict):
        return {key: _rewritten(inner, names, fixed) for key, inner in part.items()}
    if not isinstance(part, Step):
        return part
    fields = part.__dict__
    hidden = {"do": _without(fixed, (fields.get("index"),))}
    changed = {key: _rewritten(value, names, hidden.get(key, fixed)) for key, value in fields.items()}
    if "block" in fields:
        changed["block"] = names[fields["block"]]
    return part.model_copy(update=changed)


def applied(part: Any) -> Iterator[str]:
    """Find the blocks that steps apply."""
    for step in _steps(part):
        block = step.__dict__.get("block")
        if block is not None:
            yield block


def _steps(part: Any) -> Iterator[Step]:
    if isinstance(part, tuple):
        for inner in part:
            yield from _steps(inner)
    elif isinstance(part, Step):
        yield part
        yield from _steps(tuple(part.__dict__.values()))


def symbols_read(spec: Spec, blocks: Iterable[Block], fixed: Fixed) -> dict[str, Symbol]:
    """Return the symbols of a spec that blocks read, and those that these are declared by."""
    symbols = {name: _declared(symbol, fixed) for name, symbol in spec.symbols.items()}
    waiting = sorted(frozenset().union(*map(_reads_of_block, blocks)))
    for name in waiting:
        ends = tuple(getattr(symbols[name], end) for end in _ENDS) if name in symbols else ()
        waiting += [inner for inner in sorted(names_read(ends)) if inner not in waiting]
    return {name: symbol for name, symbol in symbols.items() if name in waiting}


def _declared(symbol: Symbol, fixed: Fixed) -> Symbol:
    """Return a symbol with values put in for those that it is declared by."""
    ends = {end: getattr(symbol, end) for end in _ENDS}
    changed = {end: value.with_values(fixed) for end, value in ends.items() if isinstance(value, Expr)}
    return symbol.model_copy(update=changed) if changed else symbol


def _reads_of_block(block: Block) -> frozenset[str]:
    """Return the names that a block does not give a meaning itself; a default sees the arguments before it."""
    args, read = frozenset[str](), frozenset[str]()
    for name, default in block.args.items():
        read |= names_read(default) - args
        args |= {name}
    return read | (names_read(block.body) - args)


def names_given(blocks: Iterable[Block]) -> frozenset[str]:
    """Return the names of arguments and of indices inside blocks."""
    steps = [step for block in blocks for step in _steps(block.body)]
    indices = {str(step.__dict__["index"]) for step in steps if step.__dict__.get("index")}
    return frozenset().union(indices, *(block.args for block in blocks))


def names_read(part: Any) -> frozenset[str]:
    """Return the names in the expressions of a part, without the index of a repetition inside it."""
    if isinstance(part, Expr):
        return part.names
    if isinstance(part, tuple):
        return frozenset().union(*map(names_read, part))
    if isinstance(part, dict):
        return names_read(tuple(part.values()))
    if not isinstance(part, Step):
        return frozenset()
    fields = dict(part.__dict__)
    body = names_read(fields.pop("do", ())) - {fields.get("index")}
    return body | names_read(tuple(fields.values()))
