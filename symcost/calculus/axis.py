"""One size let loose, all others given: the values it may take, and formulas in it alone."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace

from symcost.algebra.atoms import Number, Symbol, exact
from symcost.algebra.cycles import letters
from symcost.algebra.needs import Need, put
from symcost.algebra.poly import Num, substitute, symbol, symbols_of
from symcost.bindings import bind
from symcost.cost import Cost
from symcost.errors import UsageError, did_you_mean
from symcost.solver.domain import Domain, Range, ratio_step, read_exact, whole_step
from symcost.solver.lattice import Lattice
from symcost.solver.search import Search
from symcost.solver.track import K, Track
from symcost.spec.symbols import Symbol as Declared


@dataclass(frozen=True)
class Axis:
    """A size whose values are looked at.

    Attributes:
        name: of the size.
        at: values of all other sizes.
        domain: the values step * k that the size may take.
        needs: conditions on the size, in k.
    """

    name: str
    at: Mapping[str, Number]
    domain: Domain
    needs: tuple[Need, ...]

    @classmethod
    def of_cost(cls, cost: Cost, name: str, at: Mapping[str, Number | str], between: Range | None) -> Axis:
        """Return a size of a network, within what its spec and its conditions allow.

        Raises:
            UsageError: the network has no such size, or the range is none.
            SpecError: a value of another size is refused, or missing.
        """
        declared = declared_of(cost, (), name)
        others = {key: symbol for key, symbol in cost.symbols.items() if key != name}
        needs = {need: node for need, node in cost.needs if name not in need.symbols}
        given = bind(replace(cost.graph, symbols=others, needs=needs), {k: v for k, v in at.items() if k != name})
        return cls._of(name, declared, given, [need for need, _ in cost.needs if name in need.symbols], between)

    @classmethod
    def of_formulas(
        cls, formulas: tuple[Num, ...], name: str, at: Mapping[str, Number | str], between: Range | None
    ) -> Axis:
        """Return a size of formulas of which nothing more is known.

        Raises:
            UsageError: a size of the formulas has no value, or the range is none.
        """
        missing = sorted(frozenset().union(*map(symbols_of, formulas)) - at.keys() - {name})
        if missing:
            raise UsageError(f"no value for {', '.join(missing)}; give it in at")
        given = {key: read_exact(key, value) for key, value in at.items() if key != name}
        return cls._of(name, declared_of(None, formulas, name), given, [], between)

    @classmethod
    def _of(
        cls, name: str, declared: Declared, at: Mapping[str, Number], needs: list[Need], between: Range | None
    ) -> Axis:
        if declared.kind == "ratio":
            step = ratio_step(declared, None, [put(need, {**at, name: symbol(K, "ratio")}) for need in needs])
        else:
            step = whole_step(name, declared, None)
        in_k = {**at, name: symbol(K, "index") * step}
        domain = Domain.of(name, declared, step, between)
        return cls(name, at, domain, tuple(put(need, in_k) for need in needs))

    def after(self, value: Number) -> Number | None:
        """Return the next greater value that the size may take, or None where there is none.

        Raises:
            GaveUp: it is not found with the work allowed.
        """
        k = int(value // self.domain.step)
        lattice = Lattice.of(self.needs, [])
        found = (_least(lattice, track, k + 1, self.domain.high) for track in lattice.tracks)
        least = min((j for j in found if j is not None), default=None)
        return None if least is None else exact(self.domain.step * least)

    def along(self, x: Num) -> Num:
        """Return a formula in k."""
        return substitute(x, {**self.at, self.name: symbol(K, "index") * self.domain.step})


def _least(lattice: Lattice, track: Track, low: int, high: int | None) -> int | None:
    """Return the least allowed number of a class from low to high."""
    places = track.places(low, high)
    j = places and Search().least(lattice.conditions(track), *places)
    return None if j is None else track.k(j)


def declared_of(cost: Cost | None, formulas: tuple[Num, ...], name: str) -> Declared:
    """Return what is declared of a size in a spec; without one, whether it is a ratio, as its atom says.

    Raises:
        UsageError: the spec has no such size.
    """
    if cost is not None:
        if name not in cost.symbols:
            free = ", ".join(cost.symbols) or "none"
            raise UsageError(f"there is no free symbol '{name}'{did_you_mean(name, cost.symbols)}; free are {free}")
        return cost.symbols[name]
    found = (letter for x in formulas for letter in letters(x) if name in letter.names)
    ratio = any(isinstance(atom, Symbol) and atom.kind == "ratio" for atom in found)
    return Declared(kind="ratio" if ratio else "dimension")
