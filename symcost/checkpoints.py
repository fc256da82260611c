"""How many rounds to take from one checkpoint to the next: as a formula, and the best whole number.

With checkpoints every k of L rounds a step holds L/k of them and, while it runs some rounds again, what k rounds keep:
a L/k + b k bytes and some more, least at k = sqrt(a L/b) (Chen et al. 2016, arXiv:1604.06174, section 4). The peak is
the largest of a few formulas; those with both terms have this form, and each bounds the peak from below. The best whole
number is found on the exact peak, with a last group that may be smaller: every number of rounds is tried.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from functools import cached_property
from math import sqrt
from typing import TYPE_CHECKING

from symcost.algebra.atoms import Number
from symcost.algebra.poly import evaluate, symbols_of
from symcost.architecture import Architecture
from symcost.calculus.stationary import Least, least
from symcost.cost import Cost
from symcost.errors import NoAnswer, UsageError
from symcost.graph.segments import outermost
from symcost.memory import options
from symcost.setup import Setup
from symcost.table import Column, Table, Tabled

if TYPE_CHECKING:
    import sympy

METRIC = "step_peak_bytes"
EVERY = "checkpoint_every"
MOST_TRIED = 256


@dataclass(frozen=True)
class Interval(Tabled):
    """The best number of rounds from one checkpoint to the next.

    Attributes:
        name: of the network.
        at: the value of every size.
        every: the number of rounds; the least of those with the least peak.
        tried: the peak in bytes for every number of rounds.
        form: the formula that bounds the peak from below and is the largest where each is least.
    """

    name: str
    at: Mapping[str, Number]
    every: int
    tried: Mapping[int, Number]
    form: Least = field(repr=False)

    @property
    def value(self) -> Number:
        """The peak in bytes."""
        return self.tried[self.every]

    @cached_property
    def formula(self) -> sympy.Expr:
        """The number of rounds at which the form is least, in the sizes."""
        return self.form.where

    def __str__(self) -> str:
        return (
            f"a checkpoint every {self.every} rounds: {self.value:,} bytes at most besides weights and state, of "
            f"{len(self.tried)} numbers of rounds tried; what grows and falls with them is least at "
            f"{EVERY} = {self.formula}"
        )

    def table(self) -> Table:
        """Return a row for each number of rounds."""
        columns = (Column("rounds from one to the next"), Column("peak in bytes"))
        return Table(columns, tuple(self.tried.items()), str(self))


def checkpoint_interval(network: Architecture, at: Mapping[str, Number | str] | None = None) -> Interval:
    """Return after how many rounds to set a checkpoint so that a step has the least peak.

    Args:
        network: under a setup that says its precision and batch, where these are not as usual.
        at: values of sizes, exact; defaults fill the rest.

    Raises:
        SpecError: a value is refused.
        UsageError: the setup says otherwise what is checkpointed.
        NoAnswer: no rounds are repeated, or the peak has no form.
    """
    if network.setup.checkpointing.checkpoint not in ("none", "every"):
        raise UsageError("the setup sets other checkpoints: leave checkpoint out")
    cost = network.cost()
    env = cost.bindings(at)
    counts = [repeat.loop.count for repeat in outermost(cost.graph)]
    if not counts:
        raise NoAnswer(f"{network.name} has no repetition, between whose rounds checkpoints could stand")
    rounds = max(int(evaluate(count, env)) for count in counts)
    if rounds > MOST_TRIED:
        raise NoAnswer(f"{rounds} rounds are more than the {MOST_TRIED} that are tried one by one")
    depths = {name: env[name] for count in counts for name in symbols_of(count)}
    form = _form(network, depths, env)
    tried = {k: _peak(network, k, depths, env) for k in range(1, rounds + 1)}
    return Interval(network.name, env, min(tried, key=lambda k: (tried[k], k)), tried, form)


def _every(network: Architecture, every: int | str, fixed: Mapping[str, Number]) -> Cost:
    setup = Setup(**{**network.setup.given(), "checkpoint": "every", EVERY: every})
    return network.fix(**fixed).under(setup).cost()


def _peak(network: Architecture, every: int, depths: Mapping[str, Number], env: Mapping[str, Number]) -> Number:
    cost = _every(network, every, depths)
    return evaluate(cost.poly(METRIC), {name: env[name] for name in cost.symbols})


def _form(network: Architecture, depths: Mapping[str, Number], env: Mapping[str, Number]) -> Least:
    """Return the formula of the peak in the number of rounds that is the largest where each is least.

    It is in the number of rounds too, unless there may be none of them.

    Raises:
        NoAnswer: none grows with it and falls with it.
    """
    for fixed in ({}, depths):
        found: list[tuple[float, int, Least]] = []
        for place, option in enumerate(options(_every(network, EVERY, fixed).poly(METRIC))):
            try:
                form = least(option, EVERY)
            except UsageError:
                continue
            if form.rising[1] == form.falling[1] == 1:
                found.append((_least_value(form, env), -place, form))
        if found:
            return max(found, key=lambda one: one[:2])[2]
    raise NoAnswer(f"no part of {METRIC} grows with the number of rounds from one checkpoint to the next")


def _least_value(form: Least, env: Mapping[str, Number]) -> float:
    """Return about how much the form comes to where it is least; it only ranks formulas."""
    (a, _), (b, _) = form.rising, form.falling
    return 2 * sqrt(evaluate(a * b, env)) + float(evaluate(form.rest, env))
