"""An answer that carries its own proof: the value at the unknown, and the value one step beyond it."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num
from symcost.solver.admissible import Admissible
from symcost.solver.amounts import unit_of
from symcost.solver.budget import Budget
from symcost.solver.form import Form
from symcost.solver.interval import Interval
from symcost.table import Cell, Column, Table, Tabled

if TYPE_CHECKING:
    import sympy


@dataclass(frozen=True)
class Solution(Tabled):
    """The greatest or least value of one unknown within budgets.

    Attributes:
        unknown: name of the unknown.
        answer: its value.
        value: every budget's metric at the answer, exact.
        next: the next allowed value of the unknown, by its name, and every budget's metric there; None where the
            range ends.
        binding: the budgets that ``next`` breaks, as written.
        at: the values of the other sizes.
        following: sizes that follow the unknown, as formulas in it.
        proof: why no better value exists, in one sentence.
        budgets: what was asked.
        step: distance of neighbouring values of the unknown; None where there is no such step.
        smallest: whether the least value was asked for.
        convention: name of the convention of FLOPs.
        setup: in words, what its amounts stand under besides.
        alike: all values of a ratio that give the same network as the answer; None if it is the only one, or unknown.
        admissible: all values that meet the budgets, where one holds its metric from both sides; otherwise None.
        allowed: how many values were allowed, where a set of them was given.
        left_out: the values of that set which are refused, and why.
        last: where there is no ``next``, the condition of the network that ends the range, if one does.
        forms: the inverse of every budget that bounds the unknown on the side asked for, as a formula.
    """

    unknown: str
    answer: Number
    value: Mapping[str, Number]
    next: Mapping[str, Number] | None
    binding: tuple[str, ...]
    at: Mapping[str, Number]
    proof: str
    budgets: tuple[Budget, ...]
    step: Number | None = 1
    smallest: bool = False
    convention: str = ""
    setup: str = ""
    following: Mapping[str, Num] = field(default_factory=dict)
    alike: Interval | None = None
    admissible: Admissible | None = None
    allowed: int | None = None
    left_out: tuple[tuple[Number, str], ...] = ()
    last: str = ""
    forms: tuple[Form, ...] = field(default=(), repr=False, compare=False)

    @cached_property
    def closed_form(self) -> sympy.Expr | None:
        """The positive root of ``metric = budget`` in the other sizes and ``budget``, as SymPy; None if there is none.

        Above degree 2 it is the root at the values of ``at``, as ``CRootOf``. Of several budgets, which are then
        ``budget_macs`` and so on, it is the least root (the greatest, where the least value is asked for). It is for
        reading: the answer comes from the exact values and not from this root. Where floors or rounding rules depend on
        the unknown, ``forms`` says that they are taken as what they round.
        """
        if not self.forms:
            return None
        import sympy

        by_metric: dict[str, list[sympy.Expr]] = {}
        for form in self.forms:
            by_metric.setdefault(form.metric, []).append(form.expression)
        least = [sympy.Min(*roots) for roots in by_metric.values()]
        return (sympy.Max if self.smallest else sympy.Min)(*least)

    def to_json(self) -> dict[str, Any]:
        """Return the answer as JSON takes it, metrics as strings; what there is nothing to say of is left out."""
        data = {
            "answer": {self.unknown: _plain(self.answer)},
            "value": _strings(self.value),
            "next": self._neighbour(self.next),
            "binding": list(self.binding),
        }
        if self.alike is not None:
            data["same_network"] = self.alike.to_json()
        if self.admissible is not None:
            data |= {
                "previous": self._neighbour(self.admissible.before),
                "next": self._neighbour(self.admissible.after),
            }
            data["admissible"] = self.admissible.to_json()
        if self.following:
            data["following"] = {name: str(size) for name, size in self.following.items()}
        if self.left_out:
            data["left_out"] = {str(x): reason for x, reason in self.left_out}
        return data | ({"closed_form": [form.to_json() for form in self.forms]} if self.forms else {})

    def _neighbour(self, found: Mapping[str, Number] | None) -> dict[str, int | str] | None:
        if found is None:
            return None
        metrics = {name: value for name, value in found.items() if name != self.unknown}
        return {self.unknown: _plain(found[self.unknown]), **_strings(metrics)}

    def __str__(self) -> str:
        from symcost.solver.wording import lines

        return "\n".join(lines(self))

    def table(self) -> Table:
        """Return the answer and the value beyond it, with the amounts of every metric that has a budget."""
        from symcost.solver.wording import circumstances

        columns = (
            Column(self.unknown),
            *(Column(m, unit_of(m, self.convention)) for m in self.value),
            Column("is", kind="text"),
        )
        rows: list[tuple[Cell, ...]] = [(self.answer, *self.value.values(), "the answer")]
        if self.next is not None:
            after = f"beyond {' and '.join(self.binding)}" if self.binding else "the next that is allowed"
            rows.append((self.next[self.unknown], *(self.next[m] for m in self.value), after))
        return Table(columns, tuple(rows), circumstances(self))


def _plain(x: Number) -> int | str:
    return str(x) if isinstance(x, Fraction) else x


def _strings(values: Mapping[str, Number]) -> dict[str, str]:
    return {name: str(value) for name, value in values.items()}
