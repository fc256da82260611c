"""What a generated function computes: a formula, its name, its arguments."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from fractions import Fraction
from typing import NamedTuple

from symcost.algebra.atoms import Number, Symbol
from symcost.algebra.poly import Num, Poly, substitute


class Argument(NamedTuple):
    """An argument: what kind of number it takes (``ratio`` where it need not be whole), and its default."""

    kind: str = "dimension"
    default: Number | None = None


@dataclass(frozen=True)
class Function:
    """A formula with a name.

    Attributes:
        name: of what is computed.
        value: the formula.
        arguments: its symbols, in order.
        notes: lines for people: unit, convention, conditions.
    """

    name: str
    value: Num
    arguments: Mapping[str, Argument]
    notes: tuple[str, ...] = ()

    def without_ratios(self) -> Function:
        """Return the function with every ratio r passed as two integers, r_num and r_den."""
        ratios = {name: _over(name) for name, argument in self.arguments.items() if argument.kind == "ratio"}
        arguments: dict[str, Argument] = {}
        for name, argument in self.arguments.items():
            arguments.update(_whole(name, argument.default) if name in ratios else {name: argument})
        return replace(self, value=substitute(self.value, ratios), arguments=arguments)


def _over(name: str) -> Poly:
    above, below = Symbol.of(f"{name}_num"), Symbol.of(f"{name}_den")
    return Poly({tuple(sorted([(above, 1), (below, -1)])): 1})


def _whole(name: str, default: Number | None) -> dict[str, Argument]:
    ends = (None, None) if default is None else Fraction(default).as_integer_ratio()
    return {f"{name}_{end}": Argument(default=value) for end, value in zip(("num", "den"), ends, strict=True)}
