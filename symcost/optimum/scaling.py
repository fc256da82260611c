"""Compound scaling: depth, width and resolution grow together, a power of three numbers per step.

Tan and Le 2019 (arXiv:1905.11946), section 3.3: depth alpha**phi, width beta**phi, resolution gamma**phi, where alpha
beta**2 gamma**2 is about 2, so that FLOPs are about 2**phi times those of the base. They are not quite, since channels
and depths are rounded; here every step is counted exactly, and the resolution is given that 2**phi does allow.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import ceil, floor

from symcost.algebra.atoms import Number, exact
from symcost.algebra.poly import evaluate
from symcost.algebra.rounding import round_channels
from symcost.architecture import Architecture
from symcost.cost import Cost
from symcost.errors import NoAnswer, UsageError, did_you_mean
from symcost.metrics.metric import unit_of
from symcost.optimum.best import optimize
from symcost.solver.amounts import digits
from symcost.solver.budget import Budget
from symcost.solver.domain import read_exact
from symcost.table import Cell, Column, Table, Tabled

Names = str | Sequence[str]


@dataclass(frozen=True)
class Step:
    """One network of a scaled family.

    Attributes:
        phi: how many times the base was scaled.
        sizes: depths, widths and resolutions, rounded.
        value: of the metric, exact.
        target: 2**phi times the base's value.
        fits: the greatest resolution with a value of at most the target, the other sizes kept; None if there is none.
    """

    phi: int
    sizes: Mapping[str, Number]
    value: Number
    target: Number
    fits: Number | None


@dataclass(frozen=True)
class Scaling(Tabled):
    """A family of networks scaled from a base, printed as a table.

    Attributes:
        metric: what is counted.
        coefficients: alpha, beta and gamma.
        steps: the networks.
        resolution: name of the size that ``fits`` is of.
        convention: name of the convention of FLOPs.
    """

    metric: str
    coefficients: tuple[Number, Number, Number]
    steps: tuple[Step, ...]
    resolution: str
    convention: str

    @property
    def growth(self) -> Number:
        """By what FLOPs would grow in a step if nothing were rounded: alpha beta**2 gamma**2."""
        alpha, beta, gamma = self.coefficients
        return exact(Fraction(alpha) * Fraction(beta) ** 2 * Fraction(gamma) ** 2)

    def table(self) -> Table:
        """Return a row for each step."""
        names = list(self.steps[0].sizes)
        columns = [Column("phi"), *map(Column, names), Column(self.metric, unit_of(self.metric, self.convention))]
        columns += [Column("times base", kind="text"), Column("2**phi"), Column(f"{self.resolution} that fits")]
        rows = tuple(
            tuple[Cell, ...]((s.phi, *s.sizes.values(), s.value, self._times(s), 2**s.phi, s.fits)) for s in self.steps
        )
        alpha, beta, gamma = map(digits, self.coefficients)
        caption = f"alpha = {alpha}, beta = {beta}, gamma = {gamma}; alpha beta**2 gamma**2 = {digits(self.growth)}"
        return Table(tuple(columns), rows, caption)

    def _times(self, step: Step) -> str:
        return f"{float(Fraction(step.value) / self.steps[0].target * 2 ** self.steps[0].phi):.3f}"


def compound_scaling(  # noqa: PLR0913 - three sizes, three coefficients, and what is counted
    cost: Cost | Architecture,
    *,
    depth: Names,
    width: Names,
    resolution: Names,
    alpha: Number | str = "1.2",
    beta: Number | str = "1.1",
    gamma: Number | str = "1.15",
    steps: int | Iterable[int] = 8,
    metric: str = "macs",
    divisor: int = 8,
    at: Mapping[str, Number | str] | None = None,
) -> Scaling:
    """Return a network scaled as EfficientNet is, each step counted exactly and set against 2**phi.

    A ratio is multiplied as it is. Of whole numbers, depths are rounded up, widths by the channel rule to a multiple
    of ``divisor``, and resolutions to the nearest that is allowed.

    Args:
        cost: of the base, or the base itself under the default convention.
        depth: the symbols that alpha scales, such as ``"d"`` or ``"L1,L2,L3,L4"``.
        width: the symbols that beta scales.
        resolution: the symbols that gamma scales, such as ``"H,W"``; they are kept equal to the first.
        alpha: of depth; EfficientNet's are 1.2, 1.1 and 1.15.
        beta: of width.
        gamma: of resolution.
        steps: how many there are, or which phi.
        metric: what is to grow by 2**phi.
        divisor: what divides widths that are whole numbers.
        at: values of the base's sizes, defaults filling the rest.

    Raises:
        UsageError: there is no such symbol, metric, or coefficient.
        SpecError: a value is refused.
    """
    groups = [_names(group) for group in (depth, width, resolution)]
    given = dict(at or {})
    if isinstance(cost, Architecture):
        free = [name for group in groups for name in group if name in cost.fixed]
        given = {**{name: str(cost.fixed[name]) for name in free}, **given}
        cost = cost.free(*free).cost()
    for what, group in zip(("depth", "width", "resolution"), groups, strict=True):
        if not group:
            raise UsageError(f"{what} names no symbol")
    for name in (name for group in groups for name in group):
        if name not in cost.symbols:
            raise UsageError(f"there is no free symbol '{name}'{did_you_mean(name, cost.symbols)}")
    coefficients = [read_exact(n, x) for n, x in (("alpha", alpha), ("beta", beta), ("gamma", gamma))]
    if min(coefficients) <= 0:
        raise UsageError(f"alpha, beta and gamma are above 0, got {', '.join(map(str, coefficients))}")
    base = cost.bindings(given)
    scaler = _Scaler(cost, base, groups, coefficients, metric, divisor)
    found = tuple(scaler.step(phi) for phi in (range(steps) if isinstance(steps, int) else steps))
    if not found:
        raise UsageError("steps names no phi")
    alpha_beta_gamma = (coefficients[0], coefficients[1], coefficients[2])
    return Scaling(metric, alpha_beta_gamma, found, groups[2][0], cost.convention.name)


def _names(names: Names) -> list[str]:
    found = names.split(",") if isinstance(names, str) else list(names)
    return [name.strip() for name in found if name.strip()]


@dataclass(frozen=True)
class _Scaler:
    """A base and how it is scaled."""

    cost: Cost
    base: Mapping[str, Number]
    groups: Sequence[Sequence[str]]
    coefficients: Sequence[Number]
    metric: str
    divisor: int

    def step(self, phi: int) -> Step:
        sizes = {
            name: self._scaled(kind, name, Fraction(x) ** phi)
            for kind, (group, x) in enumerate(zip(self.groups, self.coefficients, strict=True))
            for name in group
        }
        env = self.cost.bindings({**self.base, **sizes})
        target = exact(evaluate(self.cost.poly(self.metric), self.base) * Fraction(2) ** phi)
        return Step(phi, sizes, evaluate(self.cost.poly(self.metric), env), target, self._fits(env, target))

    def _scaled(self, kind: int, name: str, factor: Fraction) -> Number:
        declared, value = self.cost.symbols[name], self.base[name] * factor
        if declared.kind == "ratio":
            return exact(value)
        if kind == 1:
            return round_channels(value, self.divisor, self.divisor)
        step = declared.step
        return ceil(value / step) * step if kind == 0 else max(1, floor(value / step + Fraction(1, 2))) * step

    def _fits(self, env: Mapping[str, Number], target: Number) -> Number | None:
        first, *others = self.groups[2]
        at: dict[str, Number | str] = {n: x for n, x in env.items() if n != first} | dict.fromkeys(others, first)
        try:
            found = optimize(self.cost, first, maximize=first, budgets=Budget(self.metric, "<=", target), at=at)
        except NoAnswer:
            return None
        return found.design[first]
