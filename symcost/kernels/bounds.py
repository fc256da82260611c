"""What bounds each kernel of a forward pass on a device, computing or moving, and for which sizes.

A kernel that does F operations and moves Q bytes, at R operations and W bytes a second, is bound by computing where
F/R >= Q/W: an inequality in the sizes, which is decided exactly on all values that a size may take.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any

from symcost.algebra.atoms import Number
from symcost.algebra.poly import NotExact, Num, evaluate, total
from symcost.algebra.printing import text
from symcost.architecture import Architecture, cost_of
from symcost.calculus.crossing import Crossover, crossover
from symcost.cost import Cost
from symcost.errors import NoAnswer
from symcost.graph.model import over_loops
from symcost.hardware.roof import Roof
from symcost.metrics.time import Clock, clock
from symcost.solver.domain import Range
from symcost.table import Column, Rate, Table, Tabled, Told, share_of

if TYPE_CHECKING:
    from matplotlib.axes import Axes

COMPUTING, MOVING = "computing", "moving"


@dataclass(frozen=True)
class Kernel:
    """Nodes that run as one, over all rounds.

    Attributes:
        name: of the first node.
        nodes: names of all.
        work: FLOPs, as a formula.
        moved: bytes, as a formula.
        seconds: the greater of computing and moving, as a formula.
    """

    name: str
    nodes: tuple[str, ...]
    work: Num
    moved: Num
    seconds: Num


@dataclass(frozen=True)
class Region(Told):
    """Kernels that are bound alike, and for which values of a size.

    Attributes:
        kernels: their names.
        met: how the seconds of computing compare with those of moving, along the size.
    """

    kernels: tuple[str, ...]
    met: Crossover

    @property
    def computing(self) -> tuple[tuple[Number, Number | None], ...]:
        """The ranges of the size in which computing takes at least as long, None for no end."""
        return tuple((span.first, span.last) for span in self.met.spans or () if span.relation != "<")

    def __str__(self) -> str:
        size = self.met.size
        ranges = [f"{size} >= {a}" if b is None else f"{a} <= {size} <= {b}" for a, b in joined(self.computing)]
        name = self.kernels[0] + (f" and {len(self.kernels) - 1} more" if len(self.kernels) > 1 else "")
        return f"{name}: " + (f"bound by computing for {', '.join(ranges)}" if ranges else "never bound by computing")


@dataclass(frozen=True)
class Roofline(Tabled):
    """A forward pass at given sizes, kernel by kernel.

    Attributes:
        name: of the network.
        device: what it runs on, and what of it is reached, in words.
        roof: operations and bytes a second.
        kernels: in the order in which they run, without those that take no time.
        at: the value of every size.
    """

    name: str
    device: str
    roof: Roof
    kernels: tuple[Kernel, ...]
    at: Mapping[str, Number]
    cost: Cost = field(repr=False, compare=False)

    @property
    def ridge(self) -> Fraction:
        """Operations for each byte at which computing takes as long as moving."""
        return Fraction(evaluate(self.roof.flops, self.at)) / Fraction(evaluate(self.roof.bandwidth, self.at))

    @property
    def seconds(self) -> Fraction:
        """Seconds of the whole pass."""
        return sum((Fraction(evaluate(kernel.seconds, self.at)) for kernel in self.kernels), Fraction(0))

    @property
    def intensity(self) -> Fraction:
        """FLOPs for each byte of the whole pass."""
        work, moved = (total((amount, 1) for amount in amounts) for amounts in zip(*self._amounts(), strict=True))
        return Fraction(evaluate(work, self.at)) / Fraction(evaluate(moved, self.at))

    def bound(self, kernel: Kernel) -> str:
        """Return what bounds a kernel at these sizes: ``computing``, or ``moving``."""
        work, moved = (Fraction(evaluate(x, self.at)) for x in (kernel.work, kernel.moved))
        return COMPUTING if work >= self.ridge * moved else MOVING

    def regions(self, size: str, between: Range | None = None) -> tuple[Region, ...]:
        """Return for which values of a size each kernel is bound by computing, all others as they are here.

        Kernels whose formulas are the same are one region, in the order of the first.

        Raises:
            UsageError: there is no such size, or the range is none.
            NoAnswer: it is not decided; a range may help.
        """
        alike: dict[tuple[Num, Num], list[str]] = {}
        for kernel in self.kernels:
            alike.setdefault((kernel.work, kernel.moved), []).append(kernel.name)
        others = {name: value for name, value in self.at.items() if name != size}
        return tuple(
            Region(tuple(names), self._crossover(work, moved, size, others, between))
            for (work, moved), names in alike.items()
        )

    def table(self) -> Table:
        """Return a row for each kernel."""
        columns = (
            Column("kernel", kind="text"), Column("work", "FLOPs"), Column("traffic", "bytes"),
            Column("intensity", "FLOPs/byte"), Column("bound by", kind="text"), Column("time", "seconds"),
            Column("share", kind="share"),
        )  # fmt: skip
        rows = tuple(self._row(kernel) for kernel in self.kernels)
        caption = f"{self.name} on {self.device}; ridge at {float(self.ridge):.4g} FLOPs/byte"
        return Table(columns, rows, caption)

    def draw(self, ax: Axes | None = None) -> Axes:
        """Draw the roof and the kernels under it, and return the axes drawn on; needs matplotlib."""
        from symcost.kernels.picture import draw

        return draw(self, ax)

    def to_json(self) -> dict[str, Any]:
        """Return the roofline as JSON takes it."""
        kernels = [
            {"nodes": list(k.nodes), "work": text(k.work), "bytes": text(k.moved), "bound": self.bound(k),
             "seconds": str(evaluate(k.seconds, self.at))}
            for k in self.kernels
        ]  # fmt: skip
        at = {name: str(value) for name, value in self.at.items()}
        return {"device": self.device, "ridge": str(self.ridge), "at": at, "kernels": kernels}

    def _amounts(self) -> Iterator[tuple[Num, Num]]:
        yield from ((kernel.work, kernel.moved) for kernel in self.kernels)

    def _crossover(
        self, work: Num, moved: Num, size: str, others: Mapping[str, Number], between: Range | None
    ) -> Crossover:
        both = self.roof.computing(work), self.roof.moving(moved)
        return crossover(*both, size, of=self.cost, at=others, between=between, names=(COMPUTING, MOVING))

    def _row(self, kernel: Kernel) -> tuple[Any, ...]:
        work, moved, seconds = (evaluate(x, self.at) for x in (kernel.work, kernel.moved, kernel.seconds))
        intensity = Rate(Fraction(work) / Fraction(moved)) if moved else None
        return (
            kernel.name,
            work,
            moved,
            intensity,
            self.bound(kernel),
            seconds,
            share_of(Fraction(seconds) / self.seconds),
        )


def joined(ranges: tuple[tuple[Number, Number | None], ...]) -> list[tuple[Number, Number | None]]:
    """Return ranges of whole numbers with those that follow one another put together."""
    found: list[tuple[Number, Number | None]] = []
    for first, last in ranges:
        before = found[-1][1] if found else None
        if before is not None and first == before + 1:
            found[-1] = (found[-1][0], last)
        else:
            found.append((first, last))
    return found


def roofline(cost: Cost | Architecture, at: Mapping[str, Number | str] | None = None) -> Roofline:
    """Return what bounds each kernel of a forward pass, of one worker's part where the setup has several.

    Args:
        cost: of a network under a setup with a device, or the network itself.
        at: values of sizes, exact; defaults fill the rest.

    Raises:
        SpecError: a value is refused.
        UsageError: the setup names no device.
        NoAnswer: a kernel has no formula.
    """
    cost = cost_of(cost).worker
    times = clock(cost.graph, cost.basis)
    return Roofline(
        name=cost.name or cost.graph.name,
        device=cost.setup.hardware.said(),
        roof=times.roof,
        kernels=tuple(_kernels(cost, times)),
        at=cost.bindings(at),
        cost=cost,
    )


def _kernels(cost: Cost, times: Clock) -> Iterator[Kernel]:
    for node in cost.graph.nodes:
        members = tuple(times.members(node)) if node.evaluated else ()
        work, moved = times.amounts(members)
        if work != 0 or moved != 0:
            once = (work, moved, times.seconds(work, moved, node))
            try:
                amounts = [over_loops(x, node.loops) for x in once]
            except NotExact:
                reason = "what is longer changes from round to round; fix the number of rounds in the network"
                raise NoAnswer(f"{cost.name}: the time of '{node.name}' has no closed sum: {reason}") from None
            yield Kernel(node.name, tuple(member.name for member in members), *amounts)
