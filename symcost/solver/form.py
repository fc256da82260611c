"""The inverse as a formula, for people to read: the root of a polynomial, in radicals where its degree is 1 or 2.

Nothing here finds an answer. Answers come from the exact values; a form says why they are what they are, and how they
grow with the budget.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction
from functools import cached_property
from math import prod
from typing import TYPE_CHECKING

from symcost.algebra.atoms import Atom, Env, Number, Part, Symbol, exact
from symcost.algebra.extent import Extent
from symcost.algebra.maximum import Max
from symcost.algebra.poly import Monomial, NotExact, Num, Poly, atoms_of, evaluate, terms_of, total
from symcost.algebra.rounding import Gcd, Rounded
from symcost.algebra.smooth import smooth
from symcost.metrics.metric import metrics
from symcost.solver.radical import Radical

if TYPE_CHECKING:
    import sympy

    from symcost.solver.question import Question


@dataclass(frozen=True)
class Form:
    """The greatest x with ``polynomial(x) = budget``.

    Attributes:
        unknown: name of x.
        metric: whose budget it is.
        budget: name of the budget in the formula.
        limit: its value.
        powers: coefficients of the polynomial by power of x, in the other sizes.
        at: values of the other sizes.
        view: ``exact``, or ``smooth`` where floors and rounding rules of x are taken as what they round.
        taken: what was taken so, in words; empty for ``exact``.
    """

    unknown: str
    metric: str
    budget: str
    limit: Number
    powers: Mapping[int, Num]
    at: Env
    view: str = "exact"
    taken: str = field(default="", compare=False)

    @property
    def degree(self) -> int:
        """The degree of the polynomial."""
        return max(self.powers)

    @cached_property
    def radical(self) -> Radical:
        """The root with the values of all other sizes put in."""
        return Radical({power: evaluate(c, self.at) for power, c in self.powers.items()})

    @property
    def text(self) -> str:
        """The root in the budget, values of all other sizes put in."""
        return self.radical.text(self.unknown, self.budget)

    @property
    def near(self) -> str:
        """The root in decimals, cut off, such as ``44.46``; empty where the budget is below all values."""
        return self.radical.decimals(self.limit)

    @property
    def approximate(self) -> Fraction:
        """The number that ``near`` shows."""
        return Fraction(self.near.replace(",", ""))

    @property
    def exactly(self) -> bool:
        """Whether ``near`` is the root itself."""
        return self.radical.exactly(self.limit)

    def to_json(self) -> dict[str, str]:
        """Return the form as JSON takes it; ``near`` is an approximation, cut off."""
        data = {"metric": self.metric, "view": self.view, "formula": self.text, self.budget: str(self.limit)}
        return data | {"near": self.near} | ({"taken": self.taken} if self.taken else {})

    @cached_property
    def polynomial(self) -> sympy.Expr:
        """The polynomial minus the budget, which is 0 at the root, in all sizes."""
        from symcost.algebra.to_sympy import sympy_symbol, to_sympy

        x = sympy_symbol(self.unknown, "ratio")
        import sympy

        terms = [to_sympy(c) * x**power for power, c in self.powers.items()]
        return sympy.Add(*terms, -self._budget)

    @cached_property
    def expression(self) -> sympy.Expr:
        """The root in all other sizes and the budget; above degree 2 as ``CRootOf``, at their values."""
        a, b, c = (self._sympy(power) for power in (2, 1, 0))
        if self.degree > 2:
            return self.radical.root(self.limit)
        import sympy

        gap = self._budget - c
        return (sympy.sqrt(b**2 + 4 * a * gap) - b) / (2 * a) if self.degree == 2 else gap / b

    def _sympy(self, power: int) -> sympy.Expr:
        from symcost.algebra.to_sympy import to_sympy

        return to_sympy(self.powers.get(power, 0))

    @property
    def _budget(self) -> sympy.Expr:
        from symcost.algebra.to_sympy import sympy_symbol

        return sympy_symbol(self.budget, "ratio")


def forms(q: Question) -> tuple[Form, ...]:
    """Return the inverse of every budget that bounds the unknown on the side asked for; of a metric the tightest alone.

    A budget that no positive value meets by its form is left out. A largest of several formulas is within a budget
    where each of them is, and reaches it where the first of them does, so its inverse is the least root either way.
    """
    outer = (">=", ">") if q.smallest else ("<=", "<")
    limits: dict[str, list[Number]] = {}
    for b in q.budgets:
        if b.pinned or b.relation in outer:
            limits.setdefault(b.metric, []).append(b.limit)
    found = []
    for place, (metric, numbers) in enumerate(limits.items(), 1):
        name = "budget" if len(limits) == 1 else f"budget_{metric if metric in metrics() else place}"
        limit = max(numbers) if q.smallest else min(numbers)
        whole = q.metric(metric)
        if _choices(whole, q.unknown) > MOST_OPTIONS:
            made = [_in_turn(whole, q.unknown, limit, q.at, metric, name)]
        else:
            made = [form(x, q.unknown, limit, q.at, metric, name) for x in options(whole, q.unknown)]
        found += [one for one in made if one is not None and one.near]
    return tuple(found)


MOST_OPTIONS = 64
"""Formulas of which one is the largest, beyond which not all are looked at: a sum of n largest of two has 2^n."""
MOST_TURNS = 50


def _choices(formula: Num, unknown: str) -> int:
    """Return of how many formulas one that takes largest in the unknown is the largest."""
    return prod(len(atom.options) for atom in atoms_of(formula) if isinstance(atom, Max) and unknown in atom.names)


def _in_turn(formula: Num, unknown: str, limit: Number, at: Env, metric: str, budget: str) -> Form | None:
    """Return the inverse with each largest as it is at the root: that of the largest ones at the root before it.

    The least root over all choices is that of the choice that is the largest there; None where turns do not end.
    """
    seen: dict[Number, Form] = {}
    root: Number = 1
    while len(seen) < MOST_TURNS:
        found = form(_largest_at(formula, {**at, unknown: root}, unknown), unknown, limit, at, metric, budget)
        if found is None or not found.near or not found.approximate:
            return None
        root = exact(found.approximate)
        if root in seen:  # decimals are cut off, so that turns may go to and fro where two options meet
            least = seen[min(root, *list(seen)[-1:])]
            here = "each largest as it is there"
            return replace(least, taken=f"{least.taken}, {here}" if least.taken else here)
        seen[root] = found
    return None


def _largest_at(formula: Num, env: Env, unknown: str) -> Num:
    """Return a formula with each largest in the unknown replaced by what is the largest at some values."""
    for monomial, c in terms_of(formula).items():
        for atom, exponent in monomial:
            if isinstance(atom, Max) and unknown in atom.names and exponent == 1:
                rest = Poly({tuple(pair for pair in monomial if pair[0] is not atom): c})
                others = formula - Poly({monomial: c})
                return _largest_at(rest * atom.active(env)[0] + others, env, unknown)
    return formula


def options(formula: Num, unknown: str) -> list[Num]:
    """Return the formulas of which one that takes a largest in the unknown is the largest: each must meet a budget."""
    for monomial, c in terms_of(formula).items():
        for atom, exponent in monomial:
            if isinstance(atom, Max) and unknown in atom.names and exponent == 1 and c > 0:
                rest = Poly({tuple(pair for pair in monomial if pair[0] is not atom): c})
                others = formula - Poly({monomial: c})
                return [x for option in atom.options for x in options(rest * option + others, unknown)]
    return [formula]


def form(formula: Num, unknown: str, limit: Number, at: Env, metric: str = "", budget: str = "budget") -> Form | None:
    """Return the inverse of a formula; None where it is no polynomial in the unknown, or one that may turn back.

    One that rises from 0 on has one positive root, and a parabola that opens upwards one greatest.

    Args:
        formula: of the metric, in all sizes.
        unknown: the size to solve for.
        limit: what the formula is to come to.
        at: values of all other sizes.
        metric: its name.
        budget: name of the limit in the form.
    """
    even, taken = _even(formula, unknown)
    powers = by_power(even, unknown)
    if powers is None or max(powers, default=0) < 1:
        return None
    found = Form(unknown, metric, budget, limit, powers, at, "smooth" if taken else "exact", taken)
    return found if found.radical.has_one else None


def by_power(formula: Num, unknown: str) -> dict[int, Num] | None:
    """Return the coefficients of a formula by power of one symbol; None where it is not a polynomial in it."""
    found: dict[int, Num] = {}
    for monomial, c in terms_of(formula).items():
        own = _own(monomial, unknown)
        if any(not isinstance(atom, (Symbol, Part)) or exponent < 0 for atom, exponent in own):
            return None
        power = sum(exponent for _, exponent in own)
        rest = tuple(pair for pair in monomial if pair not in own)
        found[power] = found.get(power, 0) + Poly({rest: exact(c / _divisor(own))})
    return {power: c for power, c in found.items() if c}


def _own(monomial: Monomial, unknown: str) -> Monomial:
    return tuple((atom, exponent) for atom, exponent in monomial if unknown in atom.names)


def _divisor(own: Monomial) -> Fraction:
    result = Fraction(1)
    for atom, exponent in own:
        result *= (atom.divisor if isinstance(atom, Part) else 1) ** exponent
    return result


def _even(formula: Num, unknown: str) -> tuple[Num, str]:
    """Return the formula with all that rounds the unknown taken as what it rounds, and what that is, in words."""
    parts: list[tuple[Num, Num]] = []
    kinds: set[str] = set()
    for monomial, c in terms_of(formula).items():
        own = _own(monomial, unknown)
        kinds |= {_kind(atom) for atom, _ in own} - {""}
        rest = tuple(pair for pair in monomial if pair not in own)
        try:
            parts.append((smooth(Poly({own: c})), Poly({rest: 1})))
        except NotExact:
            return formula, ""
    return total(parts), " and ".join(sorted(kinds))


def _kind(atom: Atom) -> str:
    match atom:
        case Extent():
            return "floors taken as ratios"
        case Rounded():
            return "make_divisible taken as what it rounds"
        case Gcd():
            return "gcd taken at its greatest"
    return ""
