"""One amount as areas: a block is a rectangle, and its parts are rectangles within it."""

from __future__ import annotations

from collections.abc import Container, Sequence
from fractions import Fraction
from typing import TYPE_CHECKING, Any, NamedTuple

from symcost.picture.colours import EDGE, INK, Sign, sign
from symcost.picture.frame import SIZE, SMALL, axes, figure_of, finish, laid_out
from symcost.picture.numbers import amount, near, share
from symcost.picture.squarify import Rect, squarify
from symcost.picture.words import box_of, fits

if TYPE_CHECKING:
    from matplotlib.axes import Axes
    from matplotlib.patches import Rectangle
    from matplotlib.transforms import Bbox

WRITTEN = "written"
"""Marks the words within areas."""
ENTRY, LETTER = 52, 5
"""Points that an entry of the legend is wide besides its words, and that a sign of these is, nearly."""
FINE = 1000
"""Greatest denominator of the ratio of the sides of a picture."""


class Leaf(NamedTuple):
    """A part: the block it is in, its own name, empty for all of the block, and how much it is."""

    block: str
    name: str
    amount: Fraction


class Tile(NamedTuple):
    """A leaf and its rectangle."""

    leaf: Leaf
    rect: Rect


Blocks = dict[str, tuple[Rect, list[Tile]]]
"""By name the rectangle of a block, and those of its parts."""


def tiles(leaves: Sequence[Leaf], box: Rect) -> Blocks:
    """Return for each block its rectangle, and those of its leaves within; areas are in proportion to the amounts."""
    blocks: dict[str, list[Leaf]] = {}
    for leaf in leaves:
        if leaf.amount:
            blocks.setdefault(leaf.block, []).append(leaf)
    sums = [sum((leaf.amount for leaf in own), Fraction(0)) for own in blocks.values()]
    found: Blocks = {}
    for (name, own), rect in zip(blocks.items(), squarify(sums, box) if sums else (), strict=True):
        inner = squarify([leaf.amount for leaf in own], rect)
        found[name] = rect, [Tile(leaf, one) for leaf, one in zip(own, inner, strict=True)]
    return found


def treemap(leaves: Sequence[Leaf], unit: str, title: str, ax: Axes | None = None) -> Axes:
    """Draw one amount by blocks and their parts, and return the axes drawn on.

    A block has a colour, and its name with its share where there is room; where not, it is hatched and in a legend.
    Parts have their names where there is room: that which the axes have now, so among others it is drawn last.

    Args:
        leaves: in order, no amount below 0.
        unit: of the amounts.
        title: above, after the total.
        ax: what to draw on, new axes by default.
    """
    ax = axes(ax, SIZE)
    whole = sum((leaf.amount for leaf in leaves), Fraction(0))
    finish(ax, f"{amount(whole, unit)} of {title}", grid="")
    ax.spines[:].set_visible(False)
    ax.set_xticks([])
    ax.set_yticks([])
    laid_out(ax)
    room = ax.get_window_extent()
    box = Rect(Fraction(0), Fraction(0), Fraction(room.width / room.height).limit_denominator(FINE), Fraction(1))
    ax.set_xlim(0, near(box.width))
    ax.set_ylim(0, 1)
    found = tiles(leaves, box)
    looks = {name: sign(place) for place, name in enumerate(found)}
    listed = _label(ax, found, looks, whole)
    for name, (rect, own) in found.items():
        for tile in own:
            _tile(ax, tile.rect, looks[name].colour, looks[name].hatch if name in listed else "")
        _border(ax, rect)
    return ax


def _tile(ax: Axes, rect: Rect, colour: str, hatch: str) -> None:
    patch = _patch(rect, facecolor=colour, edgecolor=EDGE, hatch=hatch, linewidth=1)
    ax.add_patch(patch)


def _border(ax: Axes, rect: Rect) -> None:
    ax.add_patch(_patch(rect, fill=False, edgecolor="white", linewidth=3))


def _patch(rect: Rect, **look: Any) -> Rectangle:
    from matplotlib.patches import Rectangle

    return Rectangle((near(rect.x), near(rect.y)), near(rect.width), near(rect.height), **look)


def _label(ax: Axes, found: Blocks, looks: dict[str, Sign], whole: Fraction) -> set[str]:
    """Write names and shares where they fit, and return the blocks for which none did: a legend names them."""
    listed: set[str] = set()
    while unnamed := _write_all(ax, found, looks, whole, listed):
        listed |= unnamed  # the legend takes room, so that there is less for the other names
        _legend(ax, [name for name in found if name in listed], found, looks, whole)
        laid_out(ax)
        for note in list(ax.texts):
            if note.get_gid() == WRITTEN:
                note.remove()
    return listed


def _write_all(ax: Axes, found: Blocks, looks: dict[str, Sign], whole: Fraction, listed: Container[str]) -> set[str]:
    """Write the names of blocks that are not listed and of all parts, and return the blocks without room for theirs."""
    unnamed: set[str] = set()
    for name, (rect, own) in found.items():
        sum_ = sum((tile.leaf.amount for tile in own), Fraction(0))
        taken: list[Bbox] = []
        part = share(sum_ / whole)
        choices = (f"{name} {part}", f"{name}\n{part}", name)
        if name not in listed and not _write(ax, choices, rect, looks[name], taken, top=True):
            unnamed.add(name)
        for tile in own:
            if tile.leaf.name:
                part = share(tile.leaf.amount / whole)
                words = (f"{tile.leaf.name}\n{part}", f"{tile.leaf.name} {part}", tile.leaf.name)
                _write(ax, words, tile.rect, looks[name], taken, top=False)
    return unnamed


def _write(ax: Axes, choices: Sequence[str], rect: Rect, look: Sign, taken: list[Bbox], *, top: bool) -> bool:
    """Write the first of several texts that fits into a rectangle: at its top on the left, or in its middle."""
    from matplotlib.transforms import Bbox

    left, low = ax.transData.transform((near(rect.x), near(rect.y)))
    right, high = ax.transData.transform((near(rect.x + rect.width), near(rect.y + rect.height)))
    room = Bbox([[left + 2, low + 2], [right - 2, high - 2]])
    for words in choices:
        if top:
            note = ax.annotate(
                words, (near(rect.x), near(rect.y + rect.height)), xytext=(5, -5), textcoords="offset points",
                ha="left", va="top", fontsize=SMALL + 1, fontweight="bold",
            )  # fmt: skip
        else:
            middle = near(rect.x + rect.width / 2), near(rect.y + rect.height / 2)
            note = ax.annotate(words, middle, ha="center", va="center", fontsize=SMALL)
        note.set(color=look.words, zorder=5, gid=WRITTEN)
        if fits(note, room, taken):
            taken.append(box_of(note))
            return True
        note.remove()
    return False


def _legend(ax: Axes, names: Sequence[str], found: Blocks, looks: dict[str, Sign], whole: Fraction) -> None:
    """Name the blocks that have no room for their names below the picture."""
    from matplotlib.patches import Patch

    sums = {name: sum((tile.leaf.amount for tile in found[name][1]), Fraction(0)) for name in names}
    patches = []
    for name in names:
        colour, hatch, *_ = looks[name]
        words = f"{name} {share(sums[name] / whole)}"
        patches.append(Patch(facecolor=colour, edgecolor=EDGE, hatch=hatch, label=words))
    longest = max(len(str(patch.get_label())) for patch in patches)
    columns = max(1, int(ax.get_window_extent().width * 72 / figure_of(ax).dpi / (ENTRY + LETTER * longest)))
    ax.legend(
        handles=patches, loc="upper left", bbox_to_anchor=(0, -0.01), frameon=False, fontsize=SMALL, ncols=columns,
        labelcolor=INK, borderaxespad=0,
    )  # fmt: skip
