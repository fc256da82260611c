"""Whether one formula is at least another for all sizes of a box: proved, refuted by a place, or open.

A box is settled where bounds say so, refuted where a corner does, and otherwise cut in two, up to a limit of work.
At first one size after another is made large, too, all others at their least.
"""

from __future__ import annotations

from collections import deque
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from itertools import chain, islice, product
from operator import itemgetter
from typing import Any

from symcost.algebra.atoms import Number, exact
from symcost.algebra.maximum import Max
from symcost.algebra.needs import AtLeast, Need, put
from symcost.algebra.poly import Num, atoms_of, constant, evaluate, substitute, symbols_of
from symcost.algebra.ranges import expanded_terms, lower_bound
from symcost.calculus.axis import declared_of
from symcost.calculus.crossing import Formula, as_num
from symcost.cost import Cost
from symcost.errors import UsageError, quoted
from symcost.solver.amounts import digits
from symcost.solver.domain import Range, ends_of, read_exact
from symcost.solver.tail import lower_tail
from symcost.spec.symbols import Symbol
from symcost.table import Told

MOST_BOXES = 2_000
MOST_CORNERS = 64
_FAR = tuple(10**power for power in range(1, 7))
Sides = dict[str, tuple[Number, Number | None]]


@dataclass(frozen=True)
class Dominance(Told):
    """Whether the first formula is at least the second everywhere.

    Attributes:
        verdict: True proved, False refuted, None open.
        box: least and greatest value of each size, None for no end.
        witness: sizes at which the first is less; None unless refuted.
        values: both formulas there.
        boxes: how many boxes were looked at.
        names: what the two are called.
    """

    verdict: bool | None
    box: Mapping[str, tuple[Number, Number | None]]
    witness: Mapping[str, Number] | None
    values: tuple[Number, Number] | None
    boxes: int
    names: tuple[str, str]

    def __bool__(self) -> bool:
        return self.verdict is True

    def __str__(self) -> str:
        first, second = self.names
        if self.verdict is True:
            return f"{first} >= {second} for all {self._where()}: proved, in {self._steps()}"
        if self.witness is None or self.values is None:
            return f"open whether {first} >= {second} for all {self._where()}: gave up after {self._steps()}"
        place = ", ".join(f"{name} = {value}" for name, value in self.witness.items())
        one, other = map(digits, self.values)
        return f"not {first} >= {second}: at {place} {first} is {one} and {second} is {other}"

    def to_json(self) -> dict[str, Any]:
        """Return the verdict as JSON takes it."""
        place = None if self.witness is None else {name: str(value) for name, value in self.witness.items()}
        values = None if self.values is None else [str(value) for value in self.values]
        box = {name: [str(low), None if high is None else str(high)] for name, (low, high) in self.box.items()}
        return {"verdict": self.verdict, "box": box, "witness": place, "values": values, "boxes": self.boxes}

    def _steps(self) -> str:
        return f"{self.boxes:,} step{'s' * (self.boxes != 1)}"

    def _where(self) -> str:
        return ", ".join(_side(name, low, high) for name, (low, high) in self.box.items()) or "sizes"


def dominance(
    f: Formula,
    g: Formula,
    *,
    of: Cost | None = None,
    at: Mapping[str, Number | str] | None = None,
    between: Mapping[str, Range] | None = None,
    names: tuple[str, str] = ("f", "g"),
    work: int | None = None,
) -> Dominance:
    """Decide whether f >= g for all sizes of a box, on the exact functions.

    Args:
        f: SymPy, or what ``Cost.poly`` and the rows of break-downs hold.
        g: the other.
        of: the cost they are from: a place must be one that its spec allows.
        at: sizes that have a value.
        between: least and greatest value of sizes; what the spec allows where not given.
        names: what to call the two.
        work: how many terms to go through, boxes times the terms of a box, before it is left open; without it
            ``MOST_BOXES`` boxes, however long that takes. 20,000 are done in less than a second.

    Raises:
        UsageError: a range is none, or a size is neither in the formulas nor in the spec.
    """
    given = {name: read_exact(name, value) for name, value in (at or {}).items()}
    pair = substitute(as_num(f), given), substitute(as_num(g), given)
    gap = pair[0] - pair[1]
    declared = {name: declared_of(of, pair, name) for name in sorted(symbols_of(gap))}
    strange = next((name for name in between or {} if name not in declared), None)
    if strange is not None:
        raise UsageError(f"the difference does not depend on {quoted(strange)}; give no range for it")
    needs = [put(need, given) for need, _ in of.needs] if of else []
    sides = {name: ends_of(name, symbol, (between or {}).get(name)) for name, symbol in declared.items()}
    most = MOST_BOXES if work is None else max(1, min(work // (_terms(gap) or 1), MOST_BOXES))
    search = _Search(gap, declared, needs, _raised(sides, needs), most)
    verdict, witness = search.run()
    place = None if witness is None else {**given, **witness}
    values = None if witness is None else _both(pair, witness, of)
    return Dominance(verdict, search.sides, place, values, search.boxes, names)


def _terms(x: Num) -> int:
    """Return how many terms a bound of a formula goes through; all options of a largest are compared."""
    largest = (atom.options for atom in atoms_of(x) if isinstance(atom, Max))
    return expanded_terms(x) + sum(len(options) * sum(map(_terms, options)) for options in largest)


def _both(pair: tuple[Num, Num], witness: Mapping[str, Number], of: Cost | None) -> tuple[Number, Number]:
    """Return both formulas at a place; sizes that fall out of the difference are taken at their default."""
    out = (symbols_of(pair[0]) | symbols_of(pair[1])) - witness.keys()
    declared = {name: declared_of(of, pair, name) for name in out}
    env = {**{name: s.default or s.least or 1 for name, s in declared.items()}, **witness}
    return evaluate(pair[0], env), evaluate(pair[1], env)


@dataclass
class _Search:
    gap: Num
    declared: Mapping[str, Symbol]
    needs: list[Need]
    sides: Sides
    most: int
    boxes: int = field(default=0)

    def run(self) -> tuple[bool | None, dict[str, Number] | None]:
        """Return the verdict and, if it is no, a place."""
        queue = deque([self.sides])
        while queue:
            box = queue.popleft()
            self.boxes += 1
            if self._settled(box):
                continue
            witness = self._first_below(
                self._corners(box) if self.boxes > 1 else chain(self._corners(box), self._rays())
            )
            if witness is not None:
                return False, witness
            queue += self._halves(box)
            if queue and self.boxes >= self.most:
                return None, None
        return True, None

    def _first_below(self, places: Iterator[dict[str, Number]]) -> dict[str, Number] | None:
        """Return the first of some places that the spec allows and where the gap is negative."""
        return next((p for p in places if evaluate(self.gap, p) < 0 and self._allowed(p)), None)

    def _rays(self) -> Iterator[dict[str, Number]]:
        """Yield places where one size without end is large, all others at their least."""
        ends = {name: self._ends(name, *side) for name, side in self.sides.items()}
        if all(ends.values()):
            least = {name: values[0] for name, values in ends.items()}
            for name, (_, high) in self.sides.items():
                yield from ({**least, name: exact(least[name] * far)} for far in _FAR if high is None)

    def _settled(self, box: Sides) -> bool:
        """Tell whether the gap is proved not to be negative where the spec allows it."""
        lows = {name: low for name, (low, _) in box.items()}
        if all(low == high for low, high in box.values()):
            return evaluate(self.gap, lows) >= 0 or not self._allowed(lows)
        endless = any(high is None for _, high in box.values())
        bounds = (lower_bound(self.gap, box), lower_tail(self.gap, lows) if endless else None)
        return any(low is not None and low >= 0 for low in bounds)

    def _corners(self, box: Sides) -> Iterator[dict[str, Number]]:
        choices = [self._ends(name, *side) for name, side in box.items()]
        return (dict(zip(box, corner, strict=True)) for corner in islice(product(*choices), MOST_CORNERS))

    def _ends(self, name: str, low: Number, high: Number | None) -> list[Number]:
        step = 1 if self.declared[name].kind == "ratio" else self.declared[name].step
        if self.declared[name].kind == "ratio":
            return [low or Fraction(1, 1000), 4 * low + 1 if high is None else high]
        first = -(-low // step) * step
        last = (4 * first + 1000 if high is None else high) // step * step
        return [first, last] if first <= last else []

    def _allowed(self, place: dict[str, Number]) -> bool:
        alone = all(self.declared[name].refusal(value) is None for name, value in place.items())
        return alone and all(need.holds(place) for need in self.needs if need.symbols <= place.keys())

    def _halves(self, box: Sides) -> list[Sides]:
        """Cut the side that is longest, relative to its least value; none is left where the box is one place."""
        lengths = {name: _length(low, high, self.declared[name]) for name, (low, high) in box.items()}
        name, length = max(lengths.items(), key=itemgetter(1))
        if not length:
            return []
        low, high = box[name]
        whole = self.declared[name].kind != "ratio"
        middle = 2 * low + 8 if high is None else (low + high) // 2 if whole else Fraction(low + high) / 2
        after = middle + 1 if whole else middle
        return [{**box, name: (low, exact(middle))}, {**box, name: (exact(after), high)}]


def _length(low: Number, high: Number | None, declared: Symbol) -> Fraction:
    if high is None:
        return Fraction(10**6)
    if declared.kind != "ratio" and high - low < 1:
        return Fraction(0)
    return Fraction(high - low) / (1 + Fraction(low))


def _raised(sides: Sides, needs: list[Need]) -> Sides:
    """Return the box without what conditions such as H >= 63 leave out below."""
    box: Sides = dict(sides)
    for need in needs:
        simple = need.simplified(box) if isinstance(need, AtLeast) else None
        if simple is None or len(simple.symbols) != 1:
            continue
        (name,) = simple.symbols
        if name in box and constant(substitute(simple.a, {name: 1})) == 1 and str(simple.a) == name:
            low, high = box[name]
            box[name] = (max(low, simple.least), high)
    return box


def _side(name: str, low: Number, high: Number | None) -> str:
    return f"{name} >= {low}" if high is None else f"{low} <= {name} <= {high}"


__all__ = ["Dominance", "dominance"]
