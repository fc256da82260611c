"""A formula with its floors, as the polynomial it is on sizes that divide, and as that polynomial for all sizes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cached_property
from typing import TYPE_CHECKING, Any

from symcost.algebra.atoms import Number, exact
from symcost.algebra.envelope import Envelope, envelope
from symcost.algebra.extent import Extent
from symcost.algebra.implied import contradiction, essential
from symcost.algebra.maximum import Max
from symcost.algebra.needs import Need
from symcost.algebra.poly import NotExact, Num, atoms_of, evaluate
from symcost.algebra.printing import text
from symcost.algebra.smooth import even_where, smooth
from symcost.bindings import bind
from symcost.errors import NoAnswer, Problem, SpecError, UsageError, did_you_mean, quoted
from symcost.graph.assumptions import Condition, box_of, conditions, narrow_box
from symcost.graph.model import Graph
from symcost.metrics.metric import metric
from symcost.notation.form import plain
from symcost.notation.latex import aligned
from symcost.table.markdown import typeset_bundle
from symcost.view.bound import Bound, Range, bound_of

if TYPE_CHECKING:
    import sympy

VIEWS = ("exact", "divisible", "smooth")


@dataclass(frozen=True, eq=False, repr=False)
class View:
    """A metric's formula, read in one of three ways.

    * ``exact``: with floors and rounding rules, for all sizes.
    * ``divisible``: the polynomial that the exact formula is where all of these come out even, on such sizes only.
    * ``smooth``: the same polynomial for all sizes, to differentiate and to take to a limit; its error is known.

    Attributes:
        name: of the view.
        metric: name of the metric.
        value: the formula in this view.
        exact: the formula with floors.
        graph: whose cost it is.
        unit: of the metric, under the convention that it is counted by.
        even: the conditions under which floors and rounding rules come out even, as few as say it.
    """

    name: str
    metric: str
    value: Num
    exact: Num
    graph: Graph
    unit: str
    even: tuple[Need, ...] = field(default=())

    def __repr__(self) -> str:
        return f"<View of {self.metric} of {self.graph.name}: {self.name}>"

    @property
    def expr(self) -> sympy.Expr:
        """The formula as SymPy, with the symbols of ``Cost.symbol``."""
        from symcost.algebra.to_sympy import to_sympy

        return to_sympy(self.value)

    @cached_property
    def conditions(self) -> tuple[Condition, ...]:
        """What the view assumes, each with the node that asks for it."""
        return tuple(conditions(self.graph, self.even if self.name == "divisible" else ()))

    @property
    def assumptions(self) -> tuple[str, ...]:
        """What the view assumes, in words, such as ``32 divides H``."""
        return tuple(condition.text for condition in self.conditions)

    @cached_property
    def exact_for(self) -> tuple[str, ...]:
        """The sizes on which the view is the exact formula, in words; none where it is for all that are allowed."""
        return tuple(condition.text for condition in conditions(self.graph, self.even))

    def bindings(self, values: Mapping[str, Number | str]) -> dict[str, Number]:
        """Return a value for every free symbol: those given, and defaults for the rest.

        Raises:
            SpecError: a value does not belong, or breaks a bound, a condition or an assumption of this view.
        """
        env = bind(self.graph, values)
        if self.name == "divisible":
            box = box_of(self.graph)
            broken = essential((need for need in self.even if not need.holds(env)), box)
            if broken:
                raise SpecError(*(Problem(self._refusal(need, env)) for need in broken))
        return env

    def at(self, **values: Number | str) -> Number:
        """Return the exact value of the view's formula; defaults fill the symbols not given.

        Raises:
            SpecError: as for ``bindings``.
        """
        return evaluate(self.value, self.bindings(values))

    @cached_property
    def envelope(self) -> Envelope:
        """Two polynomials between which the exact formula lies, and what they ask of sizes beside the graph."""
        return envelope(self.exact, narrow_box(self.graph))

    @property
    def below(self) -> sympy.Expr:
        """A polynomial nowhere above the exact formula, as SymPy, for sizes as ``bounded_for`` says."""
        from symcost.algebra.to_sympy import to_sympy

        return to_sympy(self.envelope.below)

    @property
    def above(self) -> sympy.Expr:
        """A polynomial nowhere below the exact formula, as SymPy, for sizes as ``bounded_for`` says."""
        from symcost.algebra.to_sympy import to_sympy

        return to_sympy(self.envelope.above)

    @cached_property
    def bounded_for(self) -> tuple[str, ...]:
        """The sizes for which the exact formula lies between ``below`` and ``above``, in words."""
        return tuple(condition.text for condition in conditions(self.graph, self.envelope.needs))

    def error(self, **values: Number | str) -> Number:
        """Return the exact relative error at some sizes, (view - exact)/exact; defaults fill the symbols not given.

        Raises:
            NoAnswer: the exact value is 0 and the view's is not.
            SpecError: as for ``bindings``.
        """
        env = self.bindings(values)
        base, gap = evaluate(self.exact, env), evaluate(self.value - self.exact, env)
        if base == 0 != gap:
            raise NoAnswer(f"{self.graph.name}: {self.metric} is 0 at these sizes, so an error has no relative size")
        return exact(Fraction(gap) / base) if gap else 0

    def bound(self, **ranges: Number | str | Range) -> Bound:
        """Return the least and the greatest relative error of the smooth view over all allowed sizes in some ranges.

        Exact, by the proof in ``symcost.algebra.deviation``. Ratios are looked at in steps of 1/100.

        Args:
            **ranges: a pair of ends for each size that varies, None for no end, or one value; defaults for the rest.
                Without any pair all sizes that stand in floors vary, from their defaults or the values given on.

        Raises:
            NoAnswer: no sizes in the ranges are allowed.
            SpecError: a value does not belong.
            UsageError: there is no such symbol, or a range is not one; or this is not the smooth view.
        """
        if self.name != "smooth":
            raise UsageError(f"the {self.name} view is exact where it holds; the smooth view has an error")
        if any(isinstance(value, (tuple, list)) for value in ranges.values()):
            return bound_of(self, ranges)
        return bound_of(self, {**ranges, **self._on_from(ranges)})

    def _on_from(self, given: Mapping[str, Number | str | Range]) -> dict[str, Range]:
        """Return endless ranges of the whole sizes that stand in floors, from the values given or their defaults on."""
        inside = _in_floors(self.exact)
        declared = {name: s for name, s in self.graph.symbols.items() if name in inside and s.kind == "dimension"}
        starts = {name: given.get(name, s.least if s.default is None else s.default) for name, s in declared.items()}
        return {name: (start, None) for name, start in starts.items() if not isinstance(start, tuple)}

    @cached_property
    def usual_bound(self) -> Bound | None:
        """The bound of the smooth view's error for all sizes from the defaults on; it may have room where work is long.

        None where there are no defaults, or no bound was found.
        """
        if self.name != "smooth" or not self.even:
            return None
        try:
            return bound_of(self, self._on_from({}), _FEW_CELLS)
        except (NoAnswer, SpecError):  # a symbol has no default, or the defaults do not go together
            return None

    def __str__(self) -> str:
        m = metric(self.metric)
        lines = [f"{self.graph.name}: {m.name} in {self.unit}, {self.name} view", *self.notes()]
        return "\n".join([*lines, f"{m.name} = {text(self.value)}"])

    def notes(self) -> tuple[str, ...]:
        """Return what must be known of the view to read its formula, in lines."""
        if self.name == "exact":
            return (f"holds for {', '.join(self.assumptions)}",) if self.assumptions else ()
        exact_for = f"for {', '.join(self.exact_for)}" if self.exact_for else "for all sizes"
        if self.name == "divisible":
            return (f"divisible: holds, and is exact, {exact_for}",)
        return (f"smooth: exact {exact_for}{'; near it elsewhere' if self.even else ''}",)

    def to_json(self) -> dict[str, Any]:
        """Return the view as JSON takes it."""
        return {
            "view": self.name,
            "metric": self.metric,
            "unit": self.unit,
            "conditions": [condition._asdict() for condition in self.conditions],
            "exact_for": list(self.exact_for),
            "text": text(self.value),
            **(self._errors() if self.name == "smooth" else {}),
        }

    def _errors(self) -> dict[str, Any]:
        (below, above, _), bound = self.envelope, self.usual_bound
        between = {"below": text(below), "above": text(above), "conditions": list(self.bounded_for)}
        return {"exact_between": between, "error": bound.to_json() if bound else None}

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        lead = f"{self.graph.name}: {self.metric} in {self.unit}, {self.name} view"
        return typeset_bundle(str(self), f"$$\n{aligned(self.metric, plain(self.value))}$$", (lead, *self.notes()))

    def _refusal(self, need: Need, env: Mapping[str, Number]) -> str:
        given = ", ".join(f"{name} = {env[name]}" for name in sorted(need.symbols))
        broken = f"{self.graph.name}: {given} breaks the assumption of the divisible view that"
        return f"{broken} {need.phrase(box_of(self.graph))}{_nearest(need, env)}"


def view_of(graph: Graph, metric_name: str, exact: Num, name: str, unit: str) -> View:
    """Return one view of a metric's exact formula.

    Raises:
        NoAnswer: there is no polynomial: on no sizes do all floors come out even, or one is divided by.
        UsageError: there is no such view.
    """
    if name not in VIEWS:
        raise UsageError(f"there is no view {quoted(name)}{did_you_mean(name, VIEWS, _LIST)}")
    if name == "exact":
        return View(name, metric_name, exact, exact, graph, unit)
    try:
        value, even = smooth(exact), tuple(essential(even_where(exact), box_of(graph)))
    except NotExact as error:
        raise NoAnswer(f"{graph.name}: {metric_name} has no {name} view: {error}") from None
    clash = contradiction([*even, *graph.needs])
    if clash and name == "divisible":
        both = " and ".join(need.phrase({}) for need in clash)
        raise NoAnswer(f"{graph.name}: {metric_name} has no {name} view: no size meets both {both}")
    return View(name, metric_name, value, exact, graph, unit, even)


_FEW_CELLS = 300
"""Cells that the search for the usual bound may look at: enough for nearly all networks."""
_FURTHEST = 2000
"""How far from a value another one is looked for that meets a condition."""
_LIST = f"; there are {', '.join(VIEWS[:-1])} and {VIEWS[-1]}"


def _in_floors(x: Num) -> frozenset[str]:
    """Return the symbols in floors, in those of a largest of several too."""
    found: frozenset[str] = frozenset()
    for atom in atoms_of(x):
        match atom:
            case Extent():
                found |= atom.names
            case Max():
                found = found.union(*map(_in_floors, atom.options))
    return found


def _nearest(need: Need, env: Mapping[str, Number]) -> str:
    """Return the values next to the given one of the one symbol of a condition that meet it."""
    names = tuple(need.symbols)
    if len(names) != 1 or not isinstance(env[names[0]], int):
        return ""
    value = int(env[names[0]])
    sides = (range(value, max(0, value - _FURTHEST), -1), range(value, value + _FURTHEST))
    found = (next((v for v in side if need.holds({names[0]: v})), None) for side in sides)
    near = " and ".join(f"{names[0]} = {v}" for v in found if v is not None)
    return f"; the nearest {'are' if ' and ' in near else 'is'} {near}" if near else ""
