"""How far an unknown without a greatest value can go before a budget is broken for good."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from sys import maxsize
from typing import NamedTuple

from symcost.algebra.atoms import Box, Number
from symcost.algebra.poly import Num, evaluate
from symcost.algebra.ranges import lower_bound
from symcost.errors import UsageError
from symcost.optimum.question import Question
from symcost.optimum.values import Lattice

_DOUBLINGS = 200


class _Cap(NamedTuple):
    """``formula <= limit``."""

    formula: Num
    limit: Number


def ended(question: Question, *, feasible: bool = True) -> dict[str, Sequence[Number]]:
    """Return the values of every unknown, each with an end: what lies beyond breaks a budget, whatever the others are.

    Where no budget ends an unknown, a design that meets everything may: one that is worse than it is not the best.
    That is so for the objective alone, and not where ``feasible`` is false.

    Raises:
        UsageError: an unknown has no end.
    """
    values = _ended_by(_caps(question), question.values)
    if feasible and any(_open(v) for v in values.values()) and (cap := _cap_of_found(question, values)) is not None:
        values = _ended_by([cap], values)
    without = [name for name, v in values.items() if _open(v)]
    if without:
        texts = [b.text for b in question.budgets]
        why = f"{' and '.join(texts)} {'do' if len(texts) > 1 else 'does'} not end it" if texts else "no budget ends it"
        raise UsageError(
            f"{without[0]} is an unknown without bounds: {why}; give a range, as in over '{without[0]}=LOW:HIGH'"
        )
    for name, v in values.items():
        if isinstance(v, Lattice) and (v.size or 0) > maxsize:
            raise UsageError(f"{name} may have {v.size:,} values, too many to search; give a range or a larger step")
    return values


def _open(values: Sequence[Number]) -> bool:
    return isinstance(values, Lattice) and values.size is None


def _caps(question: Question) -> list[_Cap]:
    caps = []
    for budget in question.budgets:
        formula = question.formulas[budget.metric]
        for relation, limit in budget.ends:
            if relation in ("<=", "<", "=="):
                caps.append(_Cap(formula, limit))
            if relation in (">=", ">", "=="):
                caps.append(_Cap(formula * -1, -limit))
    return caps


def _ended_by(caps: Sequence[_Cap], values: Mapping[str, Sequence[Number]]) -> dict[str, Sequence[Number]]:
    """End one unknown after the other; an end of one may show that of another."""
    values = dict(values)
    progress = True
    while progress:
        progress = False
        for name, own in values.items():
            if isinstance(own, Lattice) and own.size is None:
                counts = [count for cap in caps if (count := _count(cap, name, own, _box(values))) is not None]
                if counts:
                    values[name] = Lattice(own.low, own.step, max(1, min(counts)))
                    progress = True
    return values


def _box(values: Mapping[str, Sequence[Number]]) -> dict[str, tuple[Number, Number | None]]:
    return {name: (v[0], None if _open(v) else v[-1]) for name, v in values.items()}


def _count(cap: _Cap, name: str, values: Lattice, box: Box) -> int | None:
    """Return how many values there are before all break a cap, None where that is not proved of any."""

    def breaks(place: int) -> bool:
        low = lower_bound(cap.formula, {**box, name: (values[place], None)})
        return low is not None and low > cap.limit

    far = next((1 << k for k in range(_DOUBLINGS) if breaks(1 << k)), None)
    if far is None:
        return None
    near = 0
    while far - near > 1:
        middle = (near + far) // 2
        near, far = (near, middle) if breaks(middle) else (middle, far)
    return far


def _cap_of_found(question: Question, values: Mapping[str, Sequence[Number]]) -> _Cap | None:
    """Return what the objective must keep to, from a design that meets everything; None where none is found."""
    if question.below != 1:
        return None
    for power in range(64):
        env = {name: _at(v, power) for name, v in values.items()}
        met = all(b.meets(evaluate(question.formulas[b.metric], env)) for b in question.budgets)
        if met and all(need.holds(env) for need in question.needs):
            cost = question.above * (-1 if question.objective.maximize else 1)
            return _Cap(cost, evaluate(cost, env))
    return None


def _at(values: Sequence[Number], power: int) -> Number:
    """Return the value to try: far out where there is no end, and the last one where there is."""
    return values[1 << power] if _open(values) else values[-1]
