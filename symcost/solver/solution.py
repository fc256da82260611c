"""An answer that carries its own proof: the value at the unknown, and the value one step beyond it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num
from symcost.metrics.metric import metric
from symcost.solver.budget import Budget
from symcost.table import Cell, Column, Table

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True)
class Solution:
    """The greatest or least value of one unknown within budgets.

    Attributes:
        unknown: name of the unknown.
        answer: its value.
        value: every budget's metric at the answer, exact.
        next: the next allowed value of the unknown, by its name, and every budget's metric there; None where the
            range ends.
        binding: the budgets that ``next`` breaks, as written.
        at: the values of all other sizes.
        proof: why no better value exists, in one sentence.
        budgets: what was asked.
        step: distance of neighbouring values of the unknown.
        smallest: whether the least value was asked for.
        convention: name of the convention of FLOPs.
        formula: the first binding metric, exact in all sizes.
    """

    unknown: str
    answer: Number
    value: Mapping[str, Number]
    next: Mapping[str, Number] | None
    binding: tuple[str, ...]
    at: Mapping[str, Number]
    proof: str
    budgets: tuple[Budget, ...]
    step: Number = 1
    smallest: bool = False
    convention: str = ""
    formula: Num = field(default=0, repr=False, compare=False)

    @cached_property
    def closed_form(self) -> sympy.Expr | None:
        """The positive root of ``formula = budget`` in the other sizes, as SymPy; None above degree 2 in the unknown.

        It is for reading: the answer comes from the exact values and not from this root. None, too, where floors or
        rounding rules depend on the unknown.
        """
        from symcost.solver.closed_form import positive_root

        return positive_root(self.formula, self.unknown)

    def to_json(self) -> dict[str, Any]:
        """Return the answer as JSON takes it, metrics as strings."""
        beyond = None
        if self.next is not None:
            metrics = {name: value for name, value in self.next.items() if name != self.unknown}
            beyond = {self.unknown: _plain(self.next[self.unknown]), **_strings(metrics)}
        return {
            "answer": {self.unknown: _plain(self.answer)},
            "value": _strings(self.value),
            "next": beyond,
            "binding": list(self.binding),
        }

    def __str__(self) -> str:
        kept = (f"{amount(b.metric, self.value[b.metric])} {b.relation} {digits(b.limit)}" for b in self.budgets)
        met = " and ".join(kept)
        return f"{self.unknown} = {self.answer}{self._steps()}: {met}; {self._beyond()}\n{self._conditions()}"

    def table(self) -> Table:
        """Return the answer and the value beyond it, with the amounts of every metric that has a budget."""
        columns = (Column(self.unknown), *(Column(m, metric(m).unit) for m in self.value), Column("is", kind="text"))
        rows: list[tuple[Cell, ...]] = [(self.answer, *self.value.values(), "the answer")]
        if self.next is not None:
            after = f"beyond {' and '.join(self.binding)}" if self.binding else "the next that is allowed"
            rows.append((self.next[self.unknown], *(self.next[m] for m in self.value), after))
        return Table(columns, tuple(rows), self._conditions())

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {**self.table().bundle(), "text/plain": str(self)}

    def _steps(self) -> str:
        if self.step == 1:
            return ""
        return f" (a multiple of {self.step})" if isinstance(self.step, int) else f" (in steps of {self.step})"

    def _beyond(self) -> str:
        if self.next is None:
            return f"no {'smaller' if self.smallest else 'greater'} {self.unknown} is allowed"
        broken = dict.fromkeys(b.metric for b in self.budgets if b.text in self.binding)
        several = len({b.metric for b in self.budgets}) > 1
        gives = " and ".join(amount(m, self.next[m]) if several else digits(self.next[m]) for m in broken)
        return f"{self.unknown} = {self.next[self.unknown]} gives {gives}"

    def _conditions(self) -> str:
        given = [f"{name} = {value}" for name, value in self.at.items()]
        priced = any(metric(b.metric).priced for b in self.budgets)
        counted = [f"FLOPs as '{self.convention}' counts them"] if priced and self.convention else []
        return "; ".join(([f"at {', '.join(given)}"] if given else []) + counted + [self.proof])


def amount(name: str, value: Number) -> str:
    """Return a metric's value in words, such as ``1,958,573,056 MACs``."""
    return f"{digits(value)} {metric(name).unit}"


def digits(value: Number) -> str:
    """Return an exact number with its thousands set apart."""
    whole = f"{value.numerator:,}"
    return whole if value.denominator == 1 else f"{whole}/{value.denominator:,}"


def _plain(x: Number) -> int | str:
    return str(x) if isinstance(x, Fraction) else x


def _strings(values: Mapping[str, Number]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}
