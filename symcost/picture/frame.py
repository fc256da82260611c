"""The frame of a picture: its axes, and what is done to all alike once something is drawn."""

from __future__ import annotations

import textwrap
from typing import TYPE_CHECKING, Any

from symcost.errors import require
from symcost.picture.colours import FAINT

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.figure import Figure

SIZE = (7.2, 4.6)
"""Width and height of a picture of its own, in inches."""
SMALL = 8.5
"""Points of the smallest words."""
SIGN = 5.6
"""Points that a sign of a title is wide, nearly."""
LEAST = 24
"""Signs that a line of a title has room for at least."""


def axes(ax: Axes | None, size: tuple[float, float] = SIZE) -> Axes:
    """Return the axes given, or those of a new figure of a size in inches."""
    if ax is not None:
        return ax
    require("matplotlib", "plot", "a picture needs")
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=size, layout="constrained")[1]


def finish(ax: Axes, title: str, grid: str = "both") -> None:
    """Put a title on the left and a faint grid behind; ``grid`` is ``x``, ``y``, ``both``, or empty for none."""
    laid_out(ax)
    wide = ax.get_window_extent().width * 72 / figure_of(ax).dpi
    lines = textwrap.wrap(title, max(int(wide / SIGN), LEAST), break_on_hyphens=False)
    ax.set_title("\n".join(lines), loc="left", fontsize="medium")
    if grid:
        ax.grid(visible=True, which="major", axis=grid, color=FAINT, linewidth=0.6)  # type: ignore[arg-type]
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)


def laid_out(ax: Axes) -> None:
    """Let axes take their place in the figure, so that words can be measured against them."""
    figure_of(ax).draw_without_rendering()


def figure_of(ax: Axes) -> Figure:
    """Return the whole figure that axes are in, also where they are in a part of it."""
    figure: Any = ax.figure
    return figure.figure  # type: ignore[no-any-return]
