"""All values that meet a question which holds a metric from both sides."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from symcost.algebra.atoms import Number
from symcost.solver.interval import Interval

FEW = 8


@dataclass(frozen=True)
class Admissible:
    """All values that meet the budgets.

    Attributes:
        interval: from the least to the greatest of them.
        values: each of them where they can be counted, and are few; otherwise empty.
        count: how many there are; None where all fractions of the interval are, or the number is not known.
        whole: whether everything of the interval that is allowed meets the budgets.
        digits: decimals to which the ends are cut towards the inside; None where they are exact.
        before: the allowed value next below, by the unknown's name, with every budget's metric; None where none is.
        after: the allowed value next above, likewise.
    """

    interval: Interval
    values: tuple[Number, ...] = ()
    count: int | None = None
    whole: bool = True
    digits: int | None = None
    before: Mapping[str, Number] | None = None
    after: Mapping[str, Number] | None = None

    def phrase(self, unknown: str) -> str:
        """Return in words which values these are; empty where there is one alone."""
        if self.interval.single:
            return ""
        if self.values and len(self.values) <= FEW:
            return f"{unknown} = {', '.join(map(str, self.values))} all do"
        if self.digits is not None:
            return f"every {unknown} {self.interval} does (to {self.digits} decimals)"
        if self.count is not None:
            return f"all {self.count:,} values of {unknown} {self.interval} do"
        return f"every {unknown} {self.interval} does" if self.whole else f"some of {unknown} {self.interval} do"

    def to_json(self) -> dict[str, Any]:
        """Return it as JSON takes it."""
        data: dict[str, Any] = self.interval.to_json()
        data |= {} if self.count is None else {"count": self.count}
        data |= {"values": [x if isinstance(x, int) else str(x) for x in self.values]} if self.values else {}
        data |= {} if self.digits is None else {"decimals": self.digits}
        return data if self.whole else {**data, "gaps": True}
