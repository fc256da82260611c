"""Solve for a constant: what decides the structure has no formula, so every value is drawn and costed."""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from dataclasses import dataclass

from symcost.algebra.atoms import Number
from symcost.algebra.poly import evaluate
from symcost.architecture import Architecture
from symcost.cost import Cost
from symcost.errors import NoAnswer, SpecError, UsageError
from symcost.solver.amounts import amount, formula_of
from symcost.solver.budget import Budget
from symcost.solver.choices import read_choices
from symcost.solver.question import Offered, read_budgets
from symcost.solver.solution import Solution

MOST = 32
"""Values tried of a constant without a greatest."""


@dataclass(frozen=True)
class _Drawn:
    """A network with one value of a constant.

    Attributes:
        at: values of all sizes.
        value: every budget's metric.
    """

    at: Mapping[str, Number]
    value: Mapping[str, Number]


def solve_structure(
    architecture: Architecture,
    name: str,
    budgets: str | Budget | Iterable[str | Budget],
    at: Mapping[str, Number | str] | None,
    offered: Offered,
    *,
    smallest: bool = False,
    convention: str = "symcost",
) -> Solution:
    """Return the greatest value of a constant for which the network meets all budgets, with its certificate.

    Args:
        architecture: the network.
        name: of the constant.
        budgets: as for ``solve``.
        at: values of sizes; defaults fill the rest.
        offered: a set of values to try; where none is given, those from the declared least to the declared greatest
            are tried, or the first ``MOST``.
        smallest: ask for the least value instead.
        convention: by which FLOPs are counted.

    Raises:
        UsageError: the symbol is a flag, or the question has no meaning.
        NoAnswer: no value meets the budgets, or those tried end before the budgets do.
    """
    read = read_budgets(budgets, convention)
    tried, open_end = _values(architecture, name, offered)
    drawn, left_out = _draw_all(architecture, name, tried, read, at or {}, convention)
    order = sorted(drawn, reverse=not smallest)
    best = next((x for x in order if _meets(drawn[x], read)), None)
    if best is None:
        raise _nothing(name, read, drawn, left_out, convention)
    if open_end and not smallest and best == max(tried):
        raise NoAnswer(f"{name} has no declared greatest, and {best} still meets the budgets; give a set of values")
    beyond = next((x for x in reversed(order) if (x < best if smallest else x > best)), None)
    after = {} if beyond is None else drawn[beyond].value
    return Solution(
        unknown=name,
        answer=best,
        value=drawn[best].value,
        next=None if beyond is None else {name: beyond, **after},
        binding=tuple(b.text for b in read if after and not b.meets(after[b.metric])),
        at=drawn[best].at,
        proof=f"proof: the network was drawn for each of {name} = {_listed(tried)}",
        budgets=read,
        smallest=smallest,
        convention=convention,
        allowed=None if offered.allowed is None else len(tried),
        left_out=tuple(left_out.items()),
    )


def _values(architecture: Architecture, name: str, offered: Offered) -> tuple[tuple[Number, ...], bool]:
    """Return the values to try, and whether there would be more."""
    declared = architecture.spec.symbols[name]
    if declared.kind == "flag":
        raise UsageError(
            f"{name} is true or false and is fixed before the network is drawn, so there is no greatest; "
            f"set {name}=true and {name}=false, and compare"
        )
    if offered[:3] != (None, None, None):
        raise UsageError(f"{name} is fixed before the network is drawn: give a set of values, not a step or a range")
    if offered.allowed is not None:
        return read_choices(name, offered.allowed, declared), False
    first = int(declared.least)
    last = first + MOST - 1 if declared.max is None else int(declared.max)
    return tuple(range(first, min(last, first + MOST - 1) + 1)), declared.max is None or last - first >= MOST


def _draw_all(
    architecture: Architecture,
    name: str,
    tried: tuple[Number, ...],
    budgets: tuple[Budget, ...],
    at: Mapping[str, Number | str],
    convention: str,
) -> tuple[dict[Number, _Drawn], dict[Number, str]]:
    """Return the networks that can be drawn, and why the others cannot."""
    drawn: dict[Number, _Drawn] = {}
    left_out: dict[Number, str] = {}
    for x in tried:
        try:
            drawn[x] = _draw(architecture, name, x, budgets, at, convention)
        except SpecError as refused:
            left_out[x] = f"is refused: {str(refused).splitlines()[0]}"
    return drawn, left_out


def _draw(
    architecture: Architecture,
    name: str,
    x: Number,
    budgets: tuple[Budget, ...],
    at: Mapping[str, Number | str],
    convention: str,
) -> _Drawn:
    cost: Cost = architecture.free(name).fix(**{name: x}).cost(convention)
    env = cost.bindings(at)
    return _Drawn(env, {b.metric: evaluate(formula_of(b.metric, cost), env) for b in budgets})


def _meets(drawn: _Drawn, budgets: tuple[Budget, ...]) -> bool:
    return all(b.meets(drawn.value[b.metric]) for b in budgets)


def _nothing(
    name: str,
    budgets: tuple[Budget, ...],
    drawn: Mapping[Number, _Drawn],
    left_out: Mapping[Number, str],
    convention: str,
) -> NoAnswer:
    """Return what comes nearest to the first budget that nothing meets, or why nothing can be drawn."""
    if not drawn:
        x, reason = next(iter(left_out.items()))
        return NoAnswer(f"no {name} can be drawn: {x} {reason}")
    for b in budgets:
        values = {x: found.value[b.metric] for x, found in drawn.items()}
        if not any(b.meets(value) for value in values.values()):
            _, x = min((abs(value - b.limit), x) for x, value in values.items())
            near = f"{amount(b.metric, values[x], convention)}, at {name} = {x}"
            return NoAnswer(f"no {name} of those tried meets {b.text}: the nearest is {near}")
    kept = "; ".join(f"{b.text} takes {name} = {_listed(_those(b, drawn))}" for b in budgets)
    return NoAnswer(f"no {name} of those tried meets all budgets: {kept}")


def _those(budget: Budget, drawn: Mapping[Number, _Drawn]) -> Iterator[Number]:
    return (x for x, found in drawn.items() if budget.meets(found.value[budget.metric]))


def _listed(values: Iterable[Number]) -> str:
    """Return whole numbers in words, those in a row by their ends."""
    numbers = sorted(values)
    if len(numbers) > 2 and numbers[-1] - numbers[0] == len(numbers) - 1:
        return f"{numbers[0]} to {numbers[-1]}"
    return ", ".join(map(str, numbers))
