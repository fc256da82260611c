"""The widget of a notebook: the same ES module as the page, with what is set there at hand in Python."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from contextlib import suppress
from dataclasses import replace
from typing import Any

import anywidget
from traitlets import Any as Anything
from traitlets import Bool, Dict, Unicode, validate

from symcost.algebra.atoms import Number
from symcost.architecture import Architecture, Value
from symcost.cost import Cost
from symcost.errors import SymcostError, UsageError, did_you_mean, quoted
from symcost.explorer.model import model_of
from symcost.explorer.module import asset, joined
from symcost.metrics.totals import Totals
from symcost.solver import Solution, solve
from symcost.solver.budget import Budget, as_budgets
from symcost.views.sizes import listed

Budgets = str | Budget | Iterable[str | Budget]
RELATIONS = ("<=", "<", ">=", ">")
_NAME = re.compile(r"[A-Za-z_][\w.]*", re.ASCII)


class Explorer(anywidget.AnyWidget):
    """Sliders over a cost; ``symcost.explore`` makes one.

    What is moved in the notebook is moved here, and what is set here moves there, in all views of the widget.
    ``observe(call, "point")`` calls after every move, as of any widget.

    Attributes:
        cost: what is explored.
        data: the cost as the ES module takes it, see ``symcost.explorer.model``.
        point: where the sliders stand, as exact text by symbol. Set to a mapping of values, defaults fill the rest.
        budgets: as written, such as ``["macs <= 2G"]``.
        solve_for: the size that is solved for.
        tied: a size that takes the same value as it, as a width that follows a height; empty where none does.
        smallest: whether its least value is asked for, not its greatest.
    """

    _esm = joined("widget.js")
    _css = asset("explorer.css")
    data = Dict(read_only=True).tag(sync=True)
    point = Dict().tag(sync=True)
    budgets = Anything().tag(sync=True)
    solve_for = Unicode().tag(sync=True)
    tied = Unicode().tag(sync=True)
    smallest = Bool().tag(sync=True)
    _SHARED = ("point", "budgets", "solve_for", "tied", "smallest", "_drawn")
    _drawn = Dict().tag(sync=True)  # which metric is drawn along which size: not of the question, but of all views

    def __init__(
        self,
        cost: Cost,
        network: Architecture | None = None,
        metrics: tuple[str, ...] = (),
        budgets: Budgets = (),
        solve_for: str = "",
        at: Mapping[str, Value] | None = None,
    ) -> None:
        self.cost = cost
        asked = self._read(budgets)
        data = model_of(cost, network, metrics, at)
        shown = [metric["name"] for metric in data["metrics"]]
        if more := dict.fromkeys(budget.metric for budget in asked if budget.metric not in shown):
            data = model_of(cost, network, (*shown, *more), at)
        self.set_trait("data", data)
        super().__init__(point=data["at"], budgets=asked, solve_for=solve_for or _usual(cost))

    def __repr__(self) -> str:
        return f"<Explorer of {self.data['name']} at {listed(self.at)}>"

    @property
    def at(self) -> dict[str, Number]:
        """Where the sliders stand, exact, as ``cost.at(**w.at)`` takes it."""
        return self.cost.bindings(self.point)

    @property
    def totals(self) -> Totals:
        """Totals of the metrics shown where the sliders stand; others can be asked of it too."""
        found = self.cost.at(**self.at)
        return replace(found, values={name: getattr(found, name) for name in self._units}, units=self._units)

    @property
    def solution(self) -> Solution:
        """The greatest value of ``solve_for`` within the budgets, or the least, other sizes as the sliders stand.

        Raises:
            NoAnswer: there is none.
            UsageError: there is no budget.
        """
        if not self.budgets:
            raise UsageError("there is no budget to solve for; set one, as in w.budgets = 'macs <= 2G'")
        sizes: dict[str, Number | str] = {**self.at}
        if self.tied:
            sizes[self.tied] = self.solve_for
        sizes.pop(self.solve_for, None)
        return solve(self.cost, self.solve_for, self.budgets, sizes, smallest=self.smallest)

    def set(self, **sizes: Number | str) -> None:
        """Move some sliders, the others staying where they are.

        Raises:
            SpecError: a value is refused, or breaks a condition of the network.
        """
        self.point = {**self.point, **sizes}

    def set_state(self, sync_data: dict[str, Any]) -> None:
        """Take what a browser sends; what is refused is put right there, and the cost itself is not its to change."""
        own = {name: value for name, value in sync_data.items() if name != "data"}
        super().set_state({name: self._taken(name, value) for name, value in own.items()})

    def _taken(self, name: str, value: object) -> object:
        checks: dict[str, Callable[[Any], object]] = {
            "point": self._texts,
            "budgets": self._written,
            "solve_for": self._symbol,
            "tied": self._symbol,
        }
        if name not in self._SHARED:
            return value
        with suppress(SymcostError):
            if _alike(value, getattr(self, name)):
                return checks[name](value) if name in checks else value
        self.send_state(name)
        return getattr(self, name)

    @property
    def _units(self) -> dict[str, str]:
        """The metrics shown, each with its unit."""
        return {metric["name"]: metric["unit"] for metric in self.data["metrics"]}

    @validate("point")
    def _valid_point(self, proposal: Any) -> dict[str, str]:
        return self._texts(proposal["value"])

    @validate("budgets")
    def _valid_budgets(self, proposal: Any) -> list[str]:
        return self._written(proposal["value"])

    @validate("solve_for", "tied")
    def _valid_unknown(self, proposal: Any) -> str:
        return self._symbol(proposal["value"])

    def _texts(self, point: Mapping[str, Number | str]) -> dict[str, str]:
        return {name: str(value) for name, value in self.cost.bindings(point).items()}

    def _read(self, budgets: Budgets) -> Sequence[Budget]:
        """Return budgets that the ES module solves too."""
        read = as_budgets(budgets, self.cost.convention)
        for budget in read:
            if budget.relation not in RELATIONS or not _NAME.fullmatch(budget.metric):
                others = "one metric and <=, <, >= or >; symcost.solve takes others"
                raise UsageError(f"budget {quoted(budget.text)}: sliders take {others}")
        return read

    def _written(self, budgets: Budgets) -> list[str]:
        read = self._read(budgets)
        for budget in read:
            if budget.metric not in self._units:
                shown = f"is not shown, only {', '.join(self._units)}"
                raise UsageError(f"budget {quoted(budget.text)}: {budget.metric} {shown}; give it to symcost.explore")
        return [budget.text for budget in read]

    def _symbol(self, name: str) -> str:
        if name and name not in self.cost.symbols:
            raise UsageError(f"there is no free symbol {quoted(name)}{did_you_mean(name, self.cost.symbols)}")
        return name

    def _repr_mimebundle_(self, **options: Any) -> Any:
        """Return the widget, and beside it what is shown where no widgets run."""
        drawn: Any = super()._repr_mimebundle_(**options)
        caption = f"{self.data['name']} at {listed(self.at)}; {self.cost.convention.said}"
        table = replace(self.totals.table(), caption=caption)
        return {**drawn[0], "text/plain": f"{self!r}\n\n{table}", "text/html": table.to_html()}, drawn[1]


def _alike(sent: object, own: object) -> bool:
    """Tell whether what a browser sends is of the kind of what it replaces: a flag, a text, or texts."""
    inner = sent.values() if isinstance(sent, dict) else sent if isinstance(sent, list) else ()
    return type(sent) is type(own) and all(isinstance(one, str) for one in inner)


def _usual(cost: Cost) -> str:
    """Return the size that is usually solved for, as the ES module does: a width, else the first but the batch."""
    others = [name for name in cost.symbols if name != "B"]
    widths = [name for name in ("C", "alpha", "E", "D") if name in cost.symbols]
    return next(iter([*widths, *others, *cost.symbols]), "")
