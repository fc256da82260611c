"""Sizes that follow others, such as ``W`` given as ``H``, beside sizes with values."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import replace

from symcost.algebra.atoms import Number
from symcost.algebra.expression import Expr, ExprError
from symcost.algebra.needs import AtLeast, Divides, Need
from symcost.algebra.poly import Num, symbol, symbols_of
from symcost.bindings import bind
from symcost.cost import Cost
from symcost.errors import UsageError, did_you_mean, quoted


def sizes_over(cost: Cost, unknowns: Sequence[str], at: Mapping[str, Number | str]) -> dict[str, Num]:
    """Return every size: the unknowns as symbols, what follows them as formulas, the others as numbers.

    Raises:
        UsageError: a size that follows is none of the network, or is not a number.
        SpecError: a value is refused or missing, or breaks a condition that speaks of no unknown.
    """
    free: dict[str, Num] = {name: symbol(name, cost.symbols[name].kind) for name in unknowns}
    following = {name: _following(cost, name, value, free) for name, value in at.items() if _follows(value, free)}
    settled = {name: value for name, value in at.items() if name not in following}
    open_names = free.keys() | following.keys()
    symbols = {name: declared for name, declared in cost.symbols.items() if name not in open_names}
    needs = {need: node for need, node in cost.needs if not need.symbols & open_names}
    numbers = bind(replace(cost.graph, symbols=symbols, needs=needs), settled)
    return {**free, **{name: following.get(name, numbers.get(name, 0)) for name in cost.symbols if name not in free}}


def open_needs(cost: Cost, unknowns: Sequence[str], sizes: Mapping[str, Num]) -> list[Need]:
    """Return the conditions of the network that speak of unknowns or of sizes that follow them."""
    return [need for need, _ in cost.needs if need.symbols & {*unknowns, *_followers(unknowns, sizes)}]


def declared_needs(cost: Cost, unknowns: Sequence[str], sizes: Mapping[str, Num]) -> list[Need]:
    """Return what is declared of the sizes that follow unknowns, as conditions on these."""
    found: list[Need] = []
    for name in _followers(unknowns, sizes):
        declared, size = cost.symbols[name], sizes[name]
        found.append(AtLeast(size - declared.least, 0))
        found += [AtLeast(declared.max - size, 0)] if declared.max is not None else []
        found += [Divides(declared.step, size)] if declared.kind != "ratio" else []
    return found


def _followers(unknowns: Sequence[str], sizes: Mapping[str, Num]) -> list[str]:
    return sorted(name for name, size in sizes.items() if name not in unknowns and symbols_of(size))


def _follows(value: Number | str, free: Mapping[str, Num]) -> bool:
    try:
        return isinstance(value, str) and bool(Expr.parse(value).names & free.keys())
    except ExprError:
        return False  # what is wrong with it is said where it is read as a number


def _following(cost: Cost, name: str, value: Number | str, free: Mapping[str, Num]) -> Num:
    """Return a size that follows unknowns, such as ``W`` given as ``H``."""
    if name not in cost.symbols:
        raise UsageError(f"there is no free symbol '{name}'{did_you_mean(name, cost.symbols)}")
    try:
        found = Expr.parse(str(value)).evaluate(dict(free))
    except ExprError as error:
        raise UsageError(f"{name} = {quoted(str(value))}: {error}") from None
    if isinstance(found, bool):
        raise UsageError(f"{name} = {quoted(str(value))} is true or false, and not a number")
    return found
