"""Who is asked for optima: symcost, every design in numpy, and general optimizers where they are installed.

The others are given the same tables of every function of one unknown, so that none pays for reading a network.
"""

from __future__ import annotations

from collections.abc import Callable
from math import prod
from typing import TYPE_CHECKING, Any, NamedTuple

if TYPE_CHECKING:
    from benchmarks.optima import Problem

SECONDS = 30
_DESIGNS = 200_000_000
_CHUNK = 4_000_000


class Found(NamedTuple):
    """What an optimizer says: a value, what it is, and how many designs there are."""

    value: str | None
    note: str
    designs: int


def symcost(problem: Problem) -> Callable[[], Found]:
    """Branch and bound, with a certificate."""
    import symcost

    cost = _cost(problem)
    for name in ("macs", "params"):
        cost.poly(name)
    asked = {"maximize": problem.maximize, "budgets": problem.budgets, "at": _at(problem), "time_limit": SECONDS}

    def job() -> Found:
        found = symcost.optimize(cost, problem.over, **asked)
        state = f"proven, {found.nodes:,} boxes" if found.complete else f"none is above {found.bound}"
        ties = f", {found.tie_count:,} designs" if found.tie_count > 1 else ""
        return Found(str(found.value), state + ties, found.designs)

    return job


class Tables:
    """A problem as sums of products of tables, one for each function of one unknown."""

    def __init__(self, problem: Problem) -> None:
        from symcost.optimum.form import Form
        from symcost.optimum.plan import Plan
        from symcost.optimum.question import ask

        question = ask(_cost(problem), problem.over, problem.maximize, None, problem.budgets, _at(problem))
        plan = Plan(question, question.values)
        self.counts = [len(values) for values in plan.axes.values]
        self.values = plan.axes.values
        self.names = plan.axes.names
        self.goal = Form(question.above, plan.axes)
        self.limits = [(limit.form, int(limit.bound)) for _, limits in plan.asked for limit in limits]
        self.columns = [[f.table[i] for i in range(self.counts[f.axis])] for f in self.goal.factors]
        self.axes = [f.axis for f in self.goal.factors]
        self.designs = prod(self.counts)

    def found(self, places: Any, note: str) -> Found:
        """Return what a design comes to, exactly; nothing where it breaks a budget."""
        from fractions import Fraction

        design = [int(place) for place in places]
        if any(form.at(design) > bound for form, bound in self.limits):
            return Found(None, f"{note}, and it breaks a budget", self.designs)
        return Found(str(Fraction(self.goal.at(design)) / self.goal.scale), note, self.designs)

    def over(self, form: Any, places: Any) -> Any:
        """Return a form at arrays of places, as numpy has it."""
        import numpy as np

        result = int(form.constant)
        for c, singles, _ in form.terms:
            term = int(c)
            for f in singles:
                term = term * np.asarray(self.columns[f], dtype=np.int64)[places[self.axes[f]]]
            result = result + term
        return result


def numpy_brute_force(problem: Problem) -> Callable[[], Found]:
    """Every design, in chunks of int64."""
    import numpy as np

    tables = Tables(problem)

    def job() -> Found:
        if tables.designs > _DESIGNS:
            return Found(None, f"not tried above {_DESIGNS:,} designs", tables.designs)
        best = None
        for start in range(0, tables.designs, _CHUNK):
            places = np.unravel_index(np.arange(start, min(start + _CHUNK, tables.designs)), tables.counts)
            kept = np.ones(len(places[0]), dtype=bool)
            for form, bound in tables.limits:
                kept &= tables.over(form, places) <= bound
            values = tables.over(tables.goal, places)[kept]
            if values.size and (best is None or values.max() > best[0]):
                best = values.max(), [axis[kept][values.argmax()] for axis in places]
        assert best is not None
        return tables.found(best[1], "every design tried")

    return job


def differential_evolution(problem: Problem) -> Callable[[], Found]:
    """Differential evolution of scipy on whole numbers, as it comes, what breaks a budget being worth nothing."""
    import numpy as np
    from scipy.optimize import differential_evolution as evolve

    tables = Tables(problem)

    def loss(x: Any) -> Any:
        places = [np.rint(row).astype(int) for row in x]
        over = sum(np.maximum(0, tables.over(form, places) / bound - 1) for form, bound in tables.limits)
        return np.where(over > 0, 1e30 * over, -tables.over(tables.goal, places).astype(float))

    def job() -> Found:
        bounds = [(0, n - 1) for n in tables.counts]
        found = evolve(loss, bounds, integrality=True, seed=0, vectorized=True, updating="deferred", maxiter=1000)
        return tables.found(np.rint(found.x), "no proof")

    return job


def cp_sat(problem: Problem) -> Callable[[], Found]:
    """OR-Tools' CP-SAT: tables by element constraints, products by multiplication."""
    from ortools.sat.python import cp_model

    tables = Tables(problem)
    model = cp_model.CpModel()
    places = [model.new_int_var(0, n - 1, "") for n in tables.counts]
    columns: dict[int, Any] = {}

    def column(f: int) -> Any:
        if f not in columns:
            own = [int(v) for v in tables.columns[f]]
            columns[f] = model.new_int_var(min(own), max(own), "")
            model.add_element(places[tables.axes[f]], own, columns[f])
        return columns[f]

    def total(form: Any) -> Any:
        terms = [int(form.constant)]
        for c, singles, _ in form.terms:
            product, high = column(singles[0]), max(tables.columns[singles[0]])
            for f in singles[1:]:
                high *= max(tables.columns[f])
                result = model.new_int_var(0, int(high), "")
                model.add_multiplication_equality(result, [product, column(f)])
                product = result
            terms.append(int(c) * product)
        return sum(terms)

    def job() -> Found:
        for form, bound in tables.limits:
            model.add(total(form) <= bound)
        model.maximize(total(tables.goal))
        solver = cp_model.CpSolver()
        solver.parameters.max_time_in_seconds = SECONDS
        status = solver.solve(model)
        if status not in (cp_model.OPTIMAL, cp_model.FEASIBLE):
            return Found(None, f"no design after {SECONDS} s: {solver.status_name(status)}", tables.designs)
        proof = "proven" if status == cp_model.OPTIMAL else f"none is above {solver.best_objective_bound:,.0f}"
        return tables.found([solver.value(place) for place in places], proof)

    return job


def geometric_program(problem: Problem) -> Callable[[], Found]:
    """The geometric program without floors, by cvxpy, its design rounded down."""
    import cvxpy as cp
    import numpy as np

    tables = Tables(problem)

    def job() -> Found:
        signed = any(c < 0 for form, _ in tables.limits for c, *_ in form.terms)
        if len(tables.goal.terms) > 1 or signed or min(map(min, tables.columns)) <= 0:
            return Found(None, "not a geometric program", tables.designs)
        values = [np.array([float(v) for v in own]) for own in tables.values]
        columns = [np.array([float(v) for v in own]) for own in tables.columns]
        fits = [np.polyfit(np.log(values[a]), np.log(c), 1) for a, c in zip(tables.axes, columns, strict=True)]
        ends = [(own[0], own[-1]) for own in values]
        x = cp.Variable(len(ends), pos=True)

        def posynomial(form: Any) -> Any:
            return sum(
                float(c) * cp.prod(cp.hstack([float(np.exp(fits[f][1])) * x[tables.axes[f]] ** fits[f][0] for f in s]))
                for c, s, _ in form.terms
            )

        rows = [posynomial(form) <= float(bound - form.constant) for form, bound in tables.limits]
        rows += [row for i, (low, high) in enumerate(ends) for row in (x[i] >= low, x[i] <= high)]
        cp.Problem(cp.Maximize(posynomial(tables.goal)), rows).solve(gp=True)
        places = [np.searchsorted(values[i], x.value[i] * (1 + 1e-9), "right") - 1 for i in range(len(values))]
        return tables.found(places, "rounded down, no proof")

    return job


def _at(problem: Problem) -> dict[str, str]:
    return {name: value for name, value in problem.at.items() if name not in problem.free}


def _cost(problem: Problem) -> Any:
    import symcost as package

    network = package.load(problem.network).free(*problem.free)
    fixed = {name: problem.at[name] for name in problem.free if name in problem.at}
    return network.fix(**fixed).cost()


OPTIMIZERS: dict[str, tuple[Callable[[Any], Callable[[], Found]], str]] = {
    "symcost": (symcost, ""),
    "numpy": (numpy_brute_force, "numpy"),
    "scipy DE": (differential_evolution, "scipy"),
    "CP-SAT": (cp_sat, "ortools"),
    "cvxpy GP": (geometric_program, "cvxpy"),
}
