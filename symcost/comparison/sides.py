"""Two costs brought to the same sizes, so that their formulas can be subtracted.

A symbol that both have, of one kind and with one default, is one size. Where the defaults differ, as the width
multiplier of two variants does, each side has its own, which is put in; a value given for both makes it one size again.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import lcm

from symcost.algebra.atoms import Number
from symcost.algebra.needs import Need, put
from symcost.algebra.poly import Num, substitute
from symcost.cost import Cost
from symcost.errors import UsageError, did_you_mean, quoted
from symcost.graph.model import Graph
from symcost.spec.symbols import Symbol


@dataclass(frozen=True)
class Sides:
    """Two costs over the same sizes.

    Attributes:
        costs: the two.
        names: what they are called, always different.
        shared: sizes that both have.
        own: the sizes that only one has, of each.
        differing: sizes that both have with another value, which are put in.
        joint: no network, but all the sizes and conditions of both.
        at: a value for every size of ``joint``.
    """

    costs: tuple[Cost, Cost]
    names: tuple[str, str]
    shared: tuple[str, ...]
    own: tuple[tuple[str, ...], tuple[str, ...]]
    differing: Mapping[str, tuple[Number, Number]]
    joint: Cost
    at: Mapping[str, Number]

    @classmethod
    def of(cls, a: Cost, b: Cost, at: Mapping[str, Number | str], names: tuple[str, str] | None = None) -> Sides:
        """Return two costs over the same sizes.

        Raises:
            UsageError: a value is given for a symbol that neither has, or the conventions differ.
            SpecError: a value is refused, or missing.
        """
        if a.convention.name != b.convention.name:
            raise UsageError(f"one side counts by '{a.convention.name}', the other by '{b.convention.name}'")
        _refuse_strange(at, (*a.symbols, *b.symbols))
        both = [name for name in a.symbols if name in b.symbols]
        differing = {name: _defaults(a, b, name) for name in both if name not in at and not _same(a, b, name)}
        shared = tuple(name for name in both if name not in differing)
        joint = _joint(a, b, differing)
        own = tuple(tuple(name for name in cost.symbols if name not in both) for cost in (a, b))
        named = names or _names(a, b)
        return cls((a, b), named, shared, (own[0], own[1]), differing, joint, joint.bindings(at))

    def put(self, side: int, formula: Num) -> Num:
        """Return a formula of one side with its own values of the differing sizes put in."""
        return _put(formula, self.differing, side)

    def total(self, side: int, metric: str) -> Num:
        """Return a metric of one side."""
        return self.put(side, self.costs[side].poly(metric))


def _refuse_strange(given: Iterable[str], names: tuple[str, ...]) -> None:
    strange = next((name for name in given if name not in names), None)
    if strange is not None:
        raise UsageError(f"neither network has a free symbol {quoted(strange)}{did_you_mean(strange, names)}")


def _same(a: Cost, b: Cost, name: str) -> bool:
    left, right = a.symbols[name], b.symbols[name]
    return left.kind == right.kind and left.default == right.default


def _defaults(a: Cost, b: Cost, name: str) -> tuple[Number, Number]:
    found = [cost.bindings({})[name] for cost in (a, b)]
    return found[0], found[1]


def _put(formula: Num, differing: Mapping[str, tuple[Number, Number]], side: int) -> Num:
    return substitute(formula, {name: values[side] for name, values in differing.items()})


def _joint(a: Cost, b: Cost, differing: Mapping[str, tuple[Number, Number]]) -> Cost:
    """Return a cost of no nodes with the sizes and conditions of both."""
    symbols: dict[str, Symbol] = {}
    needs: dict[Need, str] = {}
    for side, cost in enumerate((a, b)):
        for name, declared in cost.symbols.items():
            if name not in differing:
                symbols[name] = _narrower(symbols[name], declared) if name in symbols else declared
        mapping: dict[str, Num] = {name: values[side] for name, values in differing.items()}
        found = ((put(need, mapping), node) for need, node in cost.needs)
        needs |= {need: node for need, node in found if need.symbols}
    name = a.name if a.name == b.name else f"{a.name} and {b.name}"
    return Cost(Graph(name, {}, (), (), symbols, needs), a.convention, name)


def _narrower(left: Symbol, right: Symbol) -> Symbol:
    """Return a symbol that takes what both take."""
    least = [end for end in (left.min, right.min) if end is not None]
    most = [end for end in (left.max, right.max) if end is not None]
    ends = {"min": max(least, default=None), "max": min(most, default=None)}
    return left.model_copy(update={**ends, "multiple_of": lcm(left.step, right.step)})


def _names(a: Cost, b: Cost) -> tuple[str, str]:
    """Return the names of two costs; where they are the same, with what is fixed differently."""
    if a.name != b.name:
        return a.name, b.name
    told = _settings(a, b), _settings(b, a)
    return (f"{a.name} (a)", f"{b.name} (b)") if told[0] == told[1] else (a.name + told[0], b.name + told[1])


def _settings(cost: Cost, other: Cost) -> str:
    """Return what is fixed in one and not, or otherwise, in the other."""
    own = {name: v for name, v in cost.graph.settings.items() if other.graph.settings.get(name) != v}
    return f" ({', '.join(f'{name}={str(v).lower()}' for name, v in own.items())})" if own else ""
