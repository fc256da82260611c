"""A part of a formula, which never passes for the whole."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from typing import Any

from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num, symbols_of, terms_of
from symcost.notation.leading import Excerpt
from symcost.table.cells import percent
from symcost.view import View
from symcost.views.plain import sizes
from symcost.views.sizes import listed


@dataclass(frozen=True)
class Part:
    """Some terms of a metric's formula.

    Attributes:
        metric: name of the metric.
        kept: the terms.
        left_out: how many others there are.
        symbol: of which they are the terms of highest degree; empty where they are the largest at some sizes.
        at: these sizes.
        share: what part of the value there the others are; None where the value is 0, or there are no sizes.
    """

    metric: str
    kept: Num
    left_out: int
    symbol: str = ""
    at: Mapping[str, Number] = field(default_factory=dict)
    share: Fraction | None = None

    @classmethod
    def of(cls, view: View, found: Excerpt, *, symbol: str = "", at: Mapping[str, Number] | None = None) -> Part | None:
        """Return some terms of a formula, or None where they are all of them."""
        if not found.left_out:
            return None
        share = found.share(at) if at and found.whole(at) else None
        own = {name: value for name, value in (at or {}).items() if name in symbols_of(view.value)}
        return cls(view.metric, found.kept, found.left_out, symbol, own, share)

    def note(self) -> str:
        """Return what the part is, in words."""
        n = len(terms_of(self.kept))
        whole = f"a part of {self.metric}, {n} of {n + self.left_out} terms: "
        if self.symbol:
            return f"{whole}those of the highest degree in {self.symbol}"
        covered = "" if self.share is None else f", {_signed(1 - self.share)} of the value"
        return f"{whole}the largest at {listed(self.at)}{covered}"

    def rest(self) -> str:
        """Return what is left out, in words."""
        terms = f"{self.left_out} {'term' if self.left_out == 1 else 'terms'}"
        if self.symbol:
            return f"{terms} of lower degree in {self.symbol}"
        return terms if self.share is None else f"{terms}, {_signed(self.share)}"

    def to_json(self) -> dict[str, Any]:
        """Return the part as JSON takes it."""
        counts = {"terms": len(terms_of(self.kept)), "left_out": self.left_out}
        if self.symbol:
            return {**counts, "highest_degree_in": self.symbol}
        return {
            **counts,
            "largest_at": sizes(self.at),
            "share_left_out": None if self.share is None else str(self.share),
        }


def _signed(share: Fraction) -> str:
    return f"-{percent(-share)}" if share < 0 else percent(share)
