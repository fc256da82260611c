"""What holds of every picture: axes and figures, nothing global changed, words that are read, colours for all eyes."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from itertools import combinations

from matplotlib import rcParams
from matplotlib.axes import Axes
from matplotlib.colors import to_hex
from matplotlib.figure import Figure
from matplotlib.text import Text
from matplotlib.transforms import Bbox

from symcost.picture.colours import BLACK, COMPUTING, FAINT, GREY, INK, MOVING, SAFE
from symcost.picture.frame import figure_of

ALLOWED = {x.lower() for x in (*SAFE, INK, GREY, FAINT, BLACK, MOVING, COMPUTING, "#ffffff")}
LEAST_POINTS = 8
CLOSE = 0.5


def drawn(draw: Callable[[Axes], Axes], size: tuple[float, float] = (7.2, 4.6)) -> Axes:
    """Draw on axes that are given, without a display, and look at what comes out."""
    import matplotlib.pyplot as plt

    before, open_ = dict(rcParams), plt.get_fignums()
    ax = Figure(figsize=size, layout="constrained").subplots()
    assert draw(ax) is ax
    assert (dict(rcParams), plt.get_fignums()) == (before, open_)
    look_at(ax)
    return ax


def own(draw: Callable[[], Axes]) -> Axes:
    """Draw on axes of the picture's own, once, and close them."""
    import matplotlib.pyplot as plt

    open_ = plt.get_fignums()
    ax = draw()
    (new,) = set(plt.get_fignums()) - set(open_)
    figure = plt.figure(new)
    assert ax.figure is figure and figure.get_constrained_layout()
    look_at(ax)
    plt.close(figure)
    return ax


def look_at(ax: Axes) -> None:
    """Check words and colours of what is drawn."""
    figure = figure_of(ax)
    figure.draw_without_rendering()
    words = [text for text in texts(figure) if text.get_text().strip() and text.get_visible()]
    assert ax.get_title(loc="left")
    page = figure.bbox
    boxes = [(text.get_text(), box(text)) for text in words]
    for text, at in boxes:
        assert page.x0 - 1 <= at.x0 and at.x1 <= page.x1 + 1, f"{text!r} is not within the picture"
        assert page.y0 - 1 <= at.y0 and at.y1 <= page.y1 + 1, f"{text!r} is not within the picture"
    for (one, here), (other, there) in combinations(boxes, 2):
        over = min(here.x1, there.x1) - max(here.x0, there.x0), min(here.y1, there.y1) - max(here.y0, there.y0)
        assert min(over) <= CLOSE, f"{one!r} is on {other!r}"
    assert min(float(text.get_fontsize()) for text in words) >= LEAST_POINTS
    assert set(colours(ax)) <= ALLOWED


def texts(figure: Figure) -> Iterator[Text]:
    """Yield the words of a figure that are drawn: of ticks only those within the axis."""
    for ax in figure.axes:
        yield from ax.texts
        yield from (ax.title, ax._left_title, ax.xaxis.label, ax.yaxis.label)  # type: ignore[attr-defined]
        for ticks, ends in ((ax.xaxis, ax.get_xlim()), (ax.yaxis, ax.get_ylim())):
            shown = [t for t in ticks.get_major_ticks() if min(ends) <= t.get_loc() <= max(ends)]
            yield from (label for tick in shown for label in (tick.label1, tick.label2) if label.get_visible())
        legend = ax.get_legend()
        yield from ((*legend.get_texts(), legend.get_title()) if legend else ())


def box(text: Text) -> Bbox:
    """Return the place that words take, without the line that an annotation has to its point."""
    text.get_window_extent()
    return Text.get_window_extent(text)


def colours(ax: Axes) -> Iterator[str]:
    """Yield the colours of what is drawn on axes."""
    yield from (to_hex(line.get_color()) for line in ax.lines if line.get_linestyle() != "None")
    yield from (to_hex(patch.get_facecolor()) for patch in ax.patches if patch.get_fill())
    yield from (to_hex(text.get_color()) for text in ax.texts)
    for group in ax.collections:
        if group.get_array() is None:
            yield from map(to_hex, group.get_facecolor())  # type: ignore[arg-type]


def words_of(ax: Axes) -> list[str]:
    """Return the words written into the axes."""
    return [text.get_text() for text in ax.texts]


def legend_words(ax: Axes) -> list[str]:
    """Return the words of the legend."""
    legend = ax.get_legend()
    return [text.get_text() for text in legend.get_texts()] if legend else []
