"""A device as its data sheet describes it: peaks, memory, links, power, and where each figure stands."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache

from symcost.algebra.atoms import Number, exact
from symcost.defined import defined_in, named
from symcost.errors import UsageError, quoted

Peaks = Mapping[str, int]
"""Number format -> operations a second: FLOP/s, of whole numbers OP/s; a multiply and an add are two."""


@dataclass(frozen=True)
class Link:
    """What connects a device to others of its kind.

    Attributes:
        bandwidth: bytes a second in one direction, of all ports of one device together.
        latency: seconds; None where none is published.
    """

    bandwidth: int
    latency: Fraction | None = None


@dataclass(frozen=True)
class Price:
    """What an hour of one device cost somewhere.

    Attributes:
        per_hour: US dollars.
        source: who says so, and of when.
    """

    per_hour: Fraction
    source: str


@dataclass(frozen=True)
class Device:
    """A processor with its memory.

    Attributes:
        name: what it is asked for by.
        about: its full name.
        source: the data sheet, and what of it is worked out rather than printed.
        dense: peak of products of dense matrices, by number format.
        sparse: peak where of four weights in a row two are zero; never mixed with ``dense``.
        memory: bytes.
        bandwidth: of the memory, bytes a second.
        power: most power, watts; None where it is not published.
        intra: link inside a node, or a pod that is one network.
        inter: link between these; None where none is part of the device or of its maker's node.
        per_node: how many devices share the inner link; None where that is open.
        price: of an hour, where a source is known.
    """

    name: str
    about: str
    source: str
    dense: Peaks
    memory: int
    bandwidth: int
    sparse: Peaks = field(default_factory=dict)
    power: int | None = None
    intra: Link | None = None
    inter: Link | None = None
    per_node: int | None = None
    price: Price | None = None

    def __str__(self) -> str:
        return self.name

    def peak(self, dtype: str, *, sparse: bool = False) -> int:
        """Return the operations a second of a number format.

        Raises:
            UsageError: the data sheet gives none for it.
        """
        known = self.sparse if sparse else self.dense
        if dtype not in known:
            which = "2:4-sparse" if sparse else "dense"
            there = f"there are {', '.join(known)}" if known else "there are none"
            raise UsageError(f"device '{self.name}' has no {which} peak for {quoted(dtype)}; {there}")
        return known[dtype]

    def ridge(self, dtype: str, *, sparse: bool = False) -> Number:
        """Return the operations for each byte at which computing takes as long as moving, at the peaks.

        Raises:
            UsageError: as for ``peak``.
        """
        return exact(Fraction(self.peak(dtype, sparse=sparse), self.bandwidth))


def tera(**peaks: float) -> dict[str, int]:
    """Return peaks as data sheets print them, in 10^12 operations a second, as exact numbers."""
    return {dtype: _whole(peak, 10**12) for dtype, peak in peaks.items()}


def giga(amount: float) -> int:
    """Return an amount printed in 10^9 as the exact number."""
    return _whole(amount, 10**9)


def _whole(printed: float, unit: int) -> int:
    value = Fraction(repr(printed)) * unit  # 3.35 is meant as it is written, not as the nearest float
    assert value.denominator == 1
    return value.numerator


@cache
def devices() -> dict[str, Device]:
    """Return every device by name: each stands in a file of its maker in ``symcost.devices``."""
    from symcost import devices as package

    return {device.name: device for several in defined_in(package, "DEVICES") for device in several}


def device(name: str) -> Device:
    """Return a device by name.

    Raises:
        UsageError: there is none of this name.
    """
    return named("device", name, devices())
