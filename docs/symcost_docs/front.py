"""The picture of the front page, once for each ground."""

from __future__ import annotations

import io
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any

import symcost
from symcost.algebra.poly import evaluate
from symcost.picture import finish, mark
from symcost.picture.colours import BLUE, ORANGE, SKY, VERMILION

if TYPE_CHECKING:
    from matplotlib.axes import Axes

BUDGET = 2 * 10**9
SIZE = (9.2, 3.3)
WORDS = ("text.color", "axes.labelcolor", "axes.edgecolor", "xtick.color", "ytick.color")


@dataclass(frozen=True)
class Ground:
    """What a picture stands on: colours of words and of the grid, and two that stand out."""

    words: str
    grid: str
    first: str
    second: str


GROUNDS = {"light": Ground("#333333", "#E5E5E5", BLUE, VERMILION), "dark": Ground("#CFD0D0", "#3A3B3E", SKY, ORANGE)}


def pages() -> dict[str, str]:
    """Return the picture as SVG, for light and for dark pages."""
    return {f"pictures/front-{name}.svg": _picture(ground) for name, ground in GROUNDS.items()}


def _picture(ground: Ground) -> str:
    from matplotlib import rc_context
    from matplotlib.figure import Figure

    drawn: Any = {"svg.hashsalt": "symcost", "axes.facecolor": "none", "font.size": 9.5}
    drawn |= dict.fromkeys(WORDS, ground.words)
    out = io.StringIO()
    with rc_context(drawn):
        figure = Figure(figsize=SIZE, layout="constrained")
        left, right = figure.subplots(1, 2)
        _fits(left, ground)
        _floors(right, ground)
        figure.savefig(out, format="svg", transparent=True, metadata={"Date": None})
    return "\n".join(line.rstrip() for line in out.getvalue().splitlines()) + "\n"


def _fits(ax: Axes, ground: Ground) -> None:
    """Draw MACs over the width, the budget, and the greatest width within."""
    cost = symcost.load("resnet50").cost()
    found = symcost.solve(cost, for_="C", budgets=[f"macs <= {BUDGET}"])
    widths = range(30, 57)
    macs = [int(evaluate(cost.poly("macs"), cost.bindings({"C": c}))) for c in widths]
    ax.plot(widths, macs, "o", color=ground.first, markersize=3.5)
    ax.axhline(BUDGET, color=ground.second, linewidth=1.2, linestyle="--")
    ax.text(30, BUDGET * 1.02, "the budget: 2 GMACs", color=ground.second, va="bottom")
    best, value = int(found.answer), int(found.value["macs"])
    ax.plot([best], [value], "o", color=ground.second, markersize=8)
    ax.annotate(f"C = {best}: {value:,}", (best, value), (best + 1.2, value * 0.86), color=ground.words)
    mark(ax.yaxis, [float(one) for one in macs])
    ax.set_xlabel("base width C of ResNet-50")
    ax.set_ylabel("MACs")
    _finish(ax, "the widest that fits, proved", ground)


def _floors(ax: Axes, ground: Ground) -> None:
    """Draw MACs over the side of the image: as they are, and as the polynomial through all that come out even."""
    cost = symcost.load("resnet50").cost()
    smooth = cost.view("macs", "smooth").value
    sides = range(192, 289)
    at = [cost.bindings({"H": side, "W": side}) for side in sides]
    exact, near = ([float(evaluate(form, env)) for env in at] for form in (cost.poly("macs"), smooth))
    ax.plot(sides, exact, drawstyle="steps-mid", color=ground.first, linewidth=1.6, label="exact, with floors")
    ax.plot(sides, near, color=ground.second, linewidth=1.2, linestyle="--", label="smooth, to differentiate")
    even = [side for side in sides if side % 32 == 0]
    ax.plot(even, [near[side - sides[0]] for side in even], "o", color=ground.second, markersize=4)
    mark(ax.yaxis, exact)
    ax.set_xticks(even)
    ax.set_xlabel("side H = W of the image")
    ax.legend(frameon=False, loc="upper left")
    _finish(ax, "equal where 32 divides H", ground)


def _finish(ax: Axes, title: str, ground: Ground) -> None:
    finish(ax, title)
    ax.grid(visible=True, color=ground.grid, linewidth=0.6)
