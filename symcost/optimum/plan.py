"""Turn a question into a problem of places: tables of functions of one unknown, limits, tests."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from symcost.algebra.atoms import Number
from symcost.algebra.maximum import Max
from symcost.algebra.needs import AtLeast, Divides, Equal, Need
from symcost.algebra.poly import Num, evaluate, terms_of
from symcost.errors import NoAnswer, UsageError
from symcost.optimum.factor import SCANNED
from symcost.optimum.form import Form
from symcost.optimum.goal import Goal
from symcost.optimum.limit import Limit, Test
from symcost.optimum.question import Question
from symcost.optimum.search import Problem
from symcost.optimum.terms import Axes
from symcost.solver.budget import Budget


class Plan:
    """A question in places of values.

    Attributes:
        question: what is asked.
        axes: the unknowns with the values that conditions on one of them leave.
        asked: the limits of each budget.
        needed: the limits that the network's conditions come to.
        tests: conditions that are no limits.
    """

    def __init__(self, question: Question, values: Mapping[str, Sequence[Number]]) -> None:
        self.question = question
        kept = {name: _allowed(name, v, question.needs) for name, v in values.items()}
        self.axes = Axes(list(kept), list(kept.values()))
        self.forms = {metric: Form(formula, self.axes) for metric, formula in question.formulas.items()}
        self.asked = [(b, self._limits(b)) for b in question.budgets]
        self.needed: list[Limit] = []
        self.tests: list[Test] = []
        for need in question.needs:
            self._require(need)

    def goal(self) -> Goal:
        """Return what is to be greatest.

        Raises:
            UsageError: it is a quotient whose denominator can be zero.
        """
        q = self.question
        below = None if q.below == 1 else Form(q.below, self.axes)
        if below is not None and below.low(*self.corners()) <= 0:
            raise UsageError(f"objective '{q.objective.text}': what it divides by may be 0 within these ranges")
        return Goal(Form(q.above * (1 if q.objective.maximize else -1), self.axes), below)

    def problem(self, goal: Goal, without: Sequence[Budget] = ()) -> Problem:
        """Return the problem of a goal under all budgets but some."""
        limits = [limit for budget, own in self.asked if budget not in without for limit in own]
        return Problem(goal, [*limits, *self.needed], self.tests, [len(v) for v in self.axes.values])

    def corners(self) -> tuple[list[int], list[int]]:
        """Return the first and the last place of every unknown."""
        return [0] * len(self.axes.values), [len(v) - 1 for v in self.axes.values]

    def design(self, places: Sequence[int]) -> dict[str, Number]:
        """Return the values at places, by name."""
        return {n: v[p] for n, v, p in zip(self.axes.names, self.axes.values, places, strict=True)}

    def value(self, formula: Num, places: Sequence[int]) -> Number:
        """Return the exact value of a formula at a design."""
        return evaluate(formula, self.design(places))

    def _limits(self, budget: Budget) -> list[Limit]:
        """Return what a budget comes to: the largest of formulas is below a limit iff all of them are."""
        forms = [self.forms[budget.metric]]
        formula = self.question.formulas[budget.metric]
        match list(terms_of(formula)):
            case [((Max() as largest, 1),)] if terms_of(formula)[(largest, 1),] == 1:
                parts = [Form(option, self.axes) for option in largest.options]
            case _:
                parts = forms
        return [
            limit
            for relation, end in budget.ends
            for form in (parts if relation in ("<=", "<") else forms)
            for limit in Limit.of(form, relation, end)
        ]

    def _require(self, need: Need) -> None:
        match need:
            case AtLeast():
                self.needed += Limit.of(Form(need.a, self.axes), ">=", need.least)
            case Equal():
                self.needed += Limit.of(Form(need.a - need.b, self.axes), "==", 0)
            case Divides():
                axes = tuple(i for i, name in enumerate(self.axes.names) if name in need.symbols)
                if len(axes) > 1 or len(self.axes.values[axes[0]]) > SCANNED:
                    self.tests.append(Test(axes, lambda places: need.holds(self.design(places))))


def _allowed(name: str, values: Sequence[Number], needs: Sequence[Need]) -> Sequence[Number]:
    """Return the values that the conditions on one unknown alone allow.

    Raises:
        NoAnswer: there is none.
    """
    own = [need for need in needs if need.symbols == {name}]
    if not own or len(values) > SCANNED:
        return values
    kept = tuple(v for v in values if all(need.holds({name: v}) for need in own))
    if not kept:
        asked = " and ".join(need.phrase({}) for need in own)
        raise NoAnswer(f"no {name} from {values[0]} to {values[-1]} is allowed: it needs {asked}")
    return kept
