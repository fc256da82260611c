"""A metric along one size: exact, where it is a polynomial, and the smooth form with its error."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from symcost.algebra.atoms import Box, Number
from symcost.algebra.implied import essential
from symcost.algebra.needs import Need
from symcost.algebra.needs import put as put_in
from symcost.algebra.poly import Num, evaluate, substitute
from symcost.architecture import Architecture, cost_of
from symcost.cost import Cost
from symcost.errors import NoAnswer
from symcost.growing.values import asked
from symcost.metrics.metric import metric as metric_named
from symcost.solver.following import declared_needs, open_needs, sizes_over
from symcost.table import Cell, Column, Rate, Table, Tabled

if TYPE_CHECKING:
    from matplotlib.axes import Axes

ROWS = 16
"""Values of the size that are told of many."""


class Point(NamedTuple):
    """A value of the size, and the metric there.

    Attributes:
        value: of the size.
        exact: the metric, with floors.
        even: whether all floors come out even there, so that the divisible view holds.
        smooth: the polynomial that it is where they do; None where there is none.
    """

    value: Number
    exact: Number
    even: bool
    smooth: Number | None

    @property
    def error(self) -> Fraction | None:
        """The relative error of the smooth form, None where there is none or the exact value is 0."""
        return None if self.smooth is None or not self.exact else Fraction(self.smooth) / self.exact - 1


@dataclass(frozen=True)
class Growth(Tabled):
    """A metric along one size.

    Attributes:
        name: of the network.
        metric: what is counted.
        unit: of it.
        convention: by which it is priced, empty where it is not.
        along: the size.
        default: the usual value of the size, where it has one that is allowed.
        at: the other sizes; formulas where they follow this one.
        points: at all values asked for that are allowed, in order.
        complete: whether these are all there are; of many, some are picked.
        even_where: the conditions on the size under which the divisible view holds, in words.
        unsmooth: why there is no smooth form, empty where there is one.
    """

    name: str
    metric: str
    unit: str
    convention: str
    along: str
    default: Number | None
    at: Mapping[str, Num]
    points: tuple[Point, ...] = field(repr=False)
    complete: bool = True
    even_where: tuple[str, ...] = ()
    unsmooth: str = ""

    @property
    def polynomial(self) -> bool:
        """Whether the metric is a polynomial in the size, so that the three views are one."""
        return not self.unsmooth and not self.even_where

    @property
    def errors(self) -> tuple[Fraction, Fraction] | None:
        """The least and the greatest relative error of the smooth form over the points, None where there is none."""
        found = [point.error for point in self.points if point.error is not None]
        return (min(found), max(found)) if found else None

    def __str__(self) -> str:
        return str(self.told()[0])

    def table(self) -> Table:
        """Return a row for each value of the size."""
        return self._table(self.points)

    def told(self) -> tuple[Table]:
        """Return the table with a few values of many: the ends, the default, the greatest error and some between."""
        return (self._table(self._few()),)

    def to_json(self) -> dict[str, Any]:
        """Return the growth as JSON takes it, exact numbers as strings."""
        errors = self.errors
        return {
            "metric": self.metric,
            "unit": self.unit,
            "along": self.along,
            "complete": self.complete,
            "even_where": list(self.even_where),
            "errors": None if errors is None else {"least": str(errors[0]), "greatest": str(errors[1])},
            "points": [_plain(point) for point in self.points],
        }

    def draw(self, ax: Axes | None = None) -> Axes:
        """Draw the three views, and return the axes drawn on; needs matplotlib.

        Args:
            ax: what to draw on, new axes by default.
        """
        from symcost.growing.picture import draw

        return draw(self, ax)

    def _few(self) -> Sequence[Point]:
        count = len(self.points)
        if count <= ROWS:
            return self.points
        places = {round(i * (count - 1) / (ROWS - 1)) for i in range(ROWS)}
        errors = [abs(point.error or Fraction(0)) for point in self.points]
        worst = errors.index(max(errors))
        return [p for i, p in enumerate(self.points) if i in (*places, worst) or p.value == self.default]

    def _table(self, points: Sequence[Point]) -> Table:
        heads = (Column(self.along), Column(self.metric, self.unit))
        views = (Column("divisible view"), Column("smooth view"), Column("error of it"))
        smooth = not self.unsmooth
        rows = tuple((point.value, point.exact, *(_cells(point) if smooth else ())) for point in points)
        return Table((*heads, *views) if smooth else heads, rows, self._caption())

    def _caption(self) -> str:
        given = ", ".join(f"{name} = {value}" for name, value in self.at.items())
        where = f"; divisible where {' and '.join(self.even_where)}" if self.even_where else ""
        said = f"; convention {self.convention}" if self.convention else ""
        lead = f"{self.name}: {self.metric} along {self.along}{f' at {given}' if given else ''}{said}"
        return f"{lead}; {self.unsmooth}" if self.unsmooth else f"{lead}{where}"


def growth(cost: Cost | Architecture, metric: str, along: str, at: Mapping[str, Number | str] | None = None) -> Growth:
    """Return a metric along one size in the exact, the divisible and the smooth view.

    Args:
        cost: of a network, or the network itself under the default convention.
        metric: what is counted.
        along: the size, perhaps with its values, such as ``"H=32:512"`` or ``"C=16:256:16"``; without, from an eighth
            of its default to eight times that.
        at: values of other sizes; they may follow this one, as in ``{"W": "H"}``; defaults fill the rest.

    Raises:
        UsageError: there is no such metric or size, or the values have no meaning.
        SpecError: a value of another size is refused.
        NoAnswer: no value is allowed.
    """
    cost = cost_of(cost)
    exact = cost.poly(metric)
    wanted = asked(cost, along)
    sizes = sizes_over(cost, [wanted.name], at or {})
    box = {wanted.name: (cost.symbols[wanted.name].least, cost.symbols[wanted.name].max)}
    needs = [put_in(need, sizes) for need in open_needs(cost, [wanted.name], sizes)]
    needs += [put_in(need, sizes) for need in declared_needs(cost, [wanted.name], sizes)]
    values = wanted.allowed(needs)
    if not values:
        phrases = dict.fromkeys(need.phrase(box) for need in needs)
        raise NoAnswer(f"{cost.name}: no value of {along} is allowed; it needs {', '.join(phrases)}")
    smooth, even, why = _smooth(cost, metric, sizes, box)
    here = substitute(exact, sizes)
    declared = cost.symbols[wanted.name]
    return Growth(
        name=cost.name or cost.graph.name,
        metric=metric,
        unit=cost.units(metric),
        convention=cost.convention.name if metric_named(metric).priced else "",
        along=wanted.name,
        default=declared.default if declared.default in values else None,
        at={name: size for name, size in sizes.items() if name != wanted.name},
        points=tuple(_point(wanted.name, value, here, smooth, even) for value in values),
        complete=wanted.complete,
        even_where=tuple(dict.fromkeys(need.phrase(box) for need in even)),
        unsmooth=why,
    )


def _smooth(cost: Cost, metric: str, sizes: Mapping[str, Num], box: Box) -> tuple[Num | None, list[Need], str]:
    """Return the smooth form in the size, where it is exact, and why there is none."""
    try:
        view = cost.view(metric, "smooth")
    except NoAnswer as error:
        return None, [], str(error)
    even = [need for need in (put_in(need, sizes) for need in view.even) if need.decide(box) is not True]
    return substitute(view.value, sizes), list(essential(even, box)), ""


def _point(name: str, value: Number, exact: Num, smooth: Num | None, even: Sequence[Need]) -> Point:
    env = {name: value}
    polynomial = None if smooth is None else evaluate(smooth, env)
    return Point(value, evaluate(exact, env), smooth is not None and all(n.holds(env) for n in even), polynomial)


def _cells(point: Point) -> tuple[Cell, ...]:
    error = None if point.error is None else Rate(point.error, percent=True)
    return (point.smooth if point.even else None, point.smooth, error)


def _plain(point: Point) -> dict[str, Any]:
    smooth = None if point.smooth is None else str(point.smooth)
    return {"value": str(point.value), "exact": str(point.exact), "even": point.even, "smooth": smooth}
