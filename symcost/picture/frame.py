"""The frame of a picture: its axes, and what is done to all alike once something is drawn."""

from __future__ import annotations

from typing import TYPE_CHECKING

from symcost.picture.colours import FAINT

if TYPE_CHECKING:
    from matplotlib.axes import Axes

SIZE = (7.2, 4.6)
"""Width and height of a picture of its own, in inches."""
SMALL = 8.5
"""Points of the smallest words."""


def axes(ax: Axes | None, size: tuple[float, float] = SIZE) -> Axes:
    """Return the axes given, or those of a new figure of a size in inches."""
    if ax is not None:
        return ax
    import matplotlib.pyplot as plt

    return plt.subplots(figsize=size, layout="constrained")[1]


def finish(ax: Axes, title: str, grid: str = "both") -> None:
    """Put a title on the left and a faint grid behind; ``grid`` is ``x``, ``y``, ``both``, or empty for none."""
    ax.set_title(title, loc="left", fontsize="medium", wrap=True)
    if grid:
        ax.grid(visible=True, which="major", axis=grid, color=FAINT, linewidth=0.6)  # type: ignore[arg-type]
    ax.set_axisbelow(True)
    ax.spines[["top", "right"]].set_visible(False)


def laid_out(ax: Axes) -> None:
    """Let axes take their place in the figure, so that words can be measured against them."""
    figure = ax.get_figure(root=True)
    if figure is not None:
        figure.draw_without_rendering()
