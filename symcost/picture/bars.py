"""Shares of several amounts as bars: each bar is a whole, and its pieces are the parts, in the same order."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, NamedTuple

from symcost.picture.colours import EDGE, GREY, Sign, sign
from symcost.picture.frame import SIZE, SMALL, axes, finish, laid_out
from symcost.picture.numbers import amount, share
from symcost.picture.words import fits

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Rectangle

MOST = 9
"""Parts that are told apart; the least ones beyond are drawn as one."""
LONG = 40
"""Signs that the legend has room for, of a part's name."""
HIGH = 0.62
"""Of a bar, where the next one is 1 above."""


class Part(NamedTuple):
    """A part of several wholes: its name, and how much of each."""

    name: str
    amounts: Mapping[str, Fraction]


def bars(parts: Sequence[Part], units: Mapping[str, str], title: str, by: str, ax: Axes | None = None) -> Axes:
    """Draw a bar for each amount, divided by the parts' shares of it, and return the axes drawn on.

    Args:
        parts: in order, no amount below 0.
        units: of the amounts, by name, from the top.
        title: above.
        by: what a part is, as the legend says.
        ax: what to draw on, new axes by default.
    """
    shown = _few(parts, units)
    ax = axes(ax, (SIZE[0], max(2.6, 1.3 + 0.62 * len(units), 1.6 + 0.19 * len(shown))))
    whole = {name: sum((part.amounts[name] for part in parts), Fraction(0)) for name in units}
    pieces = [_pieces(ax, part, place, shown, whole) for place, part in enumerate(shown)]
    ax.set_xlim(0, 1)
    ax.set_ylim(len(units) - 0.5, -0.5)
    ax.set_yticks(range(len(units)), [_named(name, units[name], whole[name]) for name in units])
    ax.tick_params(axis="y", length=0)
    ax.xaxis.set_major_formatter(lambda x, _: f"{x:.0%}".replace("%", " %"))
    ax.set_xlabel("share of the total")
    if shown:
        ax.legend(
            title=by, loc="upper left", bbox_to_anchor=(1.0, 1.02), frameon=False, fontsize=SMALL, title_fontsize=SMALL,
        )  # fmt: skip
    finish(ax, title, grid="x")
    ax.spines["left"].set_visible(False)
    _percents(ax, [piece for row in pieces for piece in row])
    return ax


class _Piece(NamedTuple):
    """A piece of a bar: its rectangle, how it is drawn, and its share."""

    patch: Rectangle
    look: Sign
    share: Fraction


def _few(parts: Sequence[Part], units: Mapping[str, str]) -> list[Part]:
    """Return the parts that are greatest in some amount, in their order, and the others as one."""
    whole = {name: sum(part.amounts[name] for part in parts) or 1 for name in units}
    seen = [part for part in parts if any(part.amounts.values())]
    if len(seen) <= MOST:
        return seen
    order = sorted(seen, key=lambda part: -max(part.amounts[name] / whole[name] for name in units))
    kept, rest = order[: MOST - 1], order[MOST - 1 :]
    others = {name: sum((part.amounts[name] for part in rest), Fraction(0)) for name in units}
    return [*(part for part in seen if part in kept), Part(f"{len(rest)} others", others)]


def _pieces(ax: Axes, part: Part, place: int, shown: Sequence[Part], whole: Mapping[str, Fraction]) -> list[_Piece]:
    """Draw the pieces of one part, a piece in each bar."""
    others = place == MOST - 1
    look = sign(place)._replace(colour=GREY, hatch="") if others else sign(place)
    shares = [part.amounts[name] / total if total else Fraction(0) for name, total in whole.items()]
    before = [
        sum((one.amounts[name] for one in shown[:place]), Fraction(0)) / total if total else Fraction(0)
        for name, total in whole.items()
    ]
    drawn = ax.barh(
        range(len(whole)), [float(x) for x in shares], left=[float(x) for x in before], height=HIGH,
        label=_shortened(part.name), color=look.colour, hatch=look.hatch, edgecolor=EDGE, linewidth=1,
    )  # fmt: skip
    return [_Piece(patch, look, x) for patch, x in zip(drawn, shares, strict=True)]


def _shortened(name: str) -> str:
    """Return a name for the legend: of a long one its end, which tells more, so that the bars keep their room."""
    return name if len(name) <= LONG else f"\u2026{name[1 - LONG :]}"


def _named(name: str, unit: str, whole: Fraction) -> str:
    """Return the words beside a bar: what is counted, and how much of it there is."""
    return f"{name}\n{amount(whole, unit)}"


def _percents(ax: Axes, pieces: Sequence[_Piece]) -> None:
    """Write the share into each piece that has room for it."""
    laid_out(ax)
    for patch, look, part in pieces:
        if not part:
            continue
        x, y = patch.get_x() + patch.get_width() / 2, patch.get_y() + patch.get_height() / 2
        word = ax.text(
            x, y, share(part), ha="center", va="center", fontsize=SMALL, color=look.words, zorder=4,
            bbox={"facecolor": look.colour, "edgecolor": "none", "pad": 1} if look.hatch else None,
        )  # fmt: skip
        if not fits(word, patch.get_window_extent()):
            word.remove()
