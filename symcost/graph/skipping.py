"""Repetitions that may have no rounds: whether one formula says what is in memory with rounds and without."""

from __future__ import annotations

from dataclasses import dataclass, field

from symcost.algebra.poly import Num, constant, simplest, substitute, symbol, symbols_of
from symcost.errors import NoAnswer
from symcost.graph.live import Held, Schedule
from symcost.graph.model import Repeated


@dataclass
class Skipped:
    """A repetition that may have no rounds.

    Attributes:
        repeat: the repetition.
        start: the event that is its first.
        lasts: until when what was made before it is read by then.
        end: the event that is its last.
        handed: what stands before it, each with what it hands on.
        found: the schedule.
    """

    repeat: Repeated
    start: int
    lasts: list[int]
    end: int = 0
    handed: list[tuple[Held | None, Held | None]] = field(default_factory=list)
    found: Schedule = field(default_factory=Schedule)

    def check(self, found: Schedule) -> None:
        """Make sure that it makes no difference to what is in memory outside, once a schedule has been played.

        Raises:
            NoAnswer: something may be held for longer, or not at all, or be of another size.
        """
        self.found = found
        if not (self.passes() and self.reads_late()):
            raise unclosed(self.repeat, "where there are none, something else is held")

    def passes(self) -> bool:
        """Tell whether what stands before a repetition is held as what it hands on, where it has no rounds."""
        stays: list[tuple[Held | None, Held]] = []
        for old, new in self.handed:
            if new is old:
                stays += [] if new is None else [(old, new)]
            elif new is None or (old is not None and self.goes_on(new) and old.last < self.start - 1):
                return False
            elif self.stays(new):
                stays.append((old, new))
                if not self.alike(old, new):
                    return False
        return all((a is c) == (b is d) for a, b in stays for c, d in stays)

    def goes_on(self, held: Held) -> bool:
        """Tell whether a tensor is read, or given back, after a repetition."""
        return bool(held.moved) or held.last > self.end

    def stays(self, held: Held) -> bool:
        """Tell whether nodes run after a repetition while a tensor is there."""
        return bool(held.moved) or (self.goes_on(held) and self.end < len(self.found.events) - 1)

    def reads_late(self) -> bool:
        """Tell whether what is read last in a repetition is there until just before it anyway."""
        passed_on = {old.number for old, new in self.handed if old and new and self.goes_on(new)}
        return all(
            held.last <= last or held.last > self.end or last >= self.start - 1
            for held, last in zip(self.found.tensors, self.lasts, strict=False)
            if held.number not in passed_on
        )

    def alike(self, old: Held | None, new: Held) -> bool:
        """Tell whether a tensor made in it takes as much as what stands before it, where there are no rounds."""
        without = _without_rounds(self.repeat.loop.count)
        same = substitute(0 if old is None else old.size, without) == substitute(new.size, without)
        return same and new.number >= len(self.lasts) and (old is None or old.last <= self.end)


def _without_rounds(count: Num) -> dict[str, Num]:
    """Return the value of a symbol for which a count such as n - 1 is 0; nothing for other counts."""
    gaps = {name: simplest(symbol(name) - count) for name in symbols_of(count)}
    return {name: gap for name, gap in gaps.items() if constant(gap) is not None}


def unclosed(repeat: Repeated, reason: str) -> NoAnswer:
    """Return the refusal of a repetition whose live sets have no common form."""
    way_out = "; fix the count with a number" if constant(repeat.loop.count) is None else ""
    return NoAnswer(f"the peak has no form for {repeat.loop.count} rounds: {reason}{way_out}")
