"""A comparison in lines for people."""

from __future__ import annotations

import textwrap
from collections.abc import Iterator
from fractions import Fraction
from typing import TYPE_CHECKING

from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num, terms_of, total
from symcost.calculus import Crossover
from symcost.comparison.causes import Cause
from symcost.notation.lines import formula_lines
from symcost.solver.amounts import digits
from symcost.table.cells import change, decimal

if TYPE_CHECKING:
    from symcost.comparison.difference import Comparison

WIDTH = 94
MOST_CAUSES = 8
MOST_LINES = 4
MOST_TERMS = 12


def difference(found: Comparison) -> Iterator[str]:
    """Yield the difference, with its formula where that is not long."""
    first, second = found.names
    if found.difference == 0:
        yield f"{second} - {first} = 0 {found.unit}, for all sizes"
        return
    value, whole = found.value(found.difference), found.value(found.totals[0])
    relative = f" ({change(Fraction(value) / Fraction(whole))} of {first})" if whole else ""
    yield f"{second} - {first}: {_signed(value)} {found.unit}{relative}"
    if len(terms_of(found.difference)) <= MOST_TERMS:
        yield from _formula(found.difference, MOST_TERMS)


def explained(found: Comparison) -> Iterator[str]:
    """Yield what explains the difference, the largest part first, each with its formula."""
    for cause in found.causes[:MOST_CAUSES]:
        yield from _cause(found, cause)
    rest = found.causes[MOST_CAUSES:]
    if rest:
        left = total((cause.difference, 1) for cause in rest)
        yield f"{_signed(found.value(left))} {found.unit}{_share(found, left)} from {len(rest)} more"


def overtaking(found: Comparison) -> Iterator[str]:
    """Yield where one of the two overtakes the other, or which of them is above the other for all sizes."""
    if found.difference == 0:
        return
    for size, crossing in found.overtakes.items():
        yield f"along {size}: {_told(crossing, size)}"
    if found.dominance is None or not found.dominance:
        yield from _undecided(found)
    if found.dominance is not None:
        yield str(found.dominance)


def _undecided(found: Comparison) -> Iterator[str]:
    """Yield that no size makes one overtake the other, as far as that is known."""
    if found.undecided:
        yield f"gave up on whether one overtakes the other along {', '.join(found.undecided)}; a range may help"
    if not found.overtakes:
        other = "other " if found.undecided else ""
        yield f"no {other}size alone, the others as they are here, makes one overtake the other"


def lines(found: Comparison) -> list[str]:
    """Return all of it."""
    return [*difference(found), *explained(found), *overtaking(found)]


def _cause(found: Comparison, cause: Cause) -> Iterator[str]:
    where = "" if cause.only is None else f", only in {found.names[cause.only]}"
    amount = f"{_signed(found.value(cause.difference))} {found.unit}{_share(found, cause.difference)}"
    yield f"{amount} from {cause.name}{where}"
    if len(found.causes) > 1 or len(terms_of(found.difference)) > MOST_TERMS:
        yield from _formula(cause.difference, MOST_LINES)


def _share(found: Comparison, part: Num) -> str:
    share = found.share(part)
    return "" if share is None else f" ({decimal(share * 100, 3)} %)"


def _formula(x: Num, most: int) -> Iterator[str]:
    """Yield a formula in lines, no more than a few."""
    written = formula_lines(x, WIDTH)
    shown = written if len(written) <= most + 1 else written[:most]
    for i, line in enumerate(shown):  # the options of a largest do not fit
        head, *more = textwrap.wrap(line, WIDTH, break_long_words=False, break_on_hyphens=False)
        yield f"  {' ' if i else '='} {head}"
        yield from (f"      {rest}" for rest in more)
    if len(shown) < len(written):
        yield f"    and {len(written) - len(shown)} more terms"


def _told(crossing: Crossover, size: str) -> str:
    first, second = crossing.names
    spans = crossing.spans or ()
    told = [f"{first} {span.relation} {second} for {span.where(size)}" for span in spans[:MOST_LINES]]
    more = len(spans) - MOST_LINES
    return "; ".join(told + ([f"and {more} more range{'s' * (more > 1)}"] if more > 0 else []))


def _signed(value: Number) -> str:
    return f"+{digits(value)}" if value > 0 else digits(value)
