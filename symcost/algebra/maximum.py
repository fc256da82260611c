"""The largest of several formulas as an atom: a peak is one of a few candidates, and which one depends on the sizes.

Most candidates never matter. An option q falls when another option p is proved never to be below it, which
``never_negative`` says of p - q: the largest of what is left is the same at all sizes allowed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping
from typing import Any

from symcost.algebra.atoms import Atom, Box, Env, Number, Range, exact, interned, lift
from symcost.algebra.extent import integral
from symcost.algebra.poly import Num, Poly, evaluate, simplest, substitute, symbols_of, terms_of
from symcost.algebra.printing import text
from symcost.algebra.ranges import bounds, lower_bound, rises
from symcost.algebra.remainders import never_negative


class Max(Atom):
    """The atom max(a, b, ...) of two or more options, none of which is known to be the largest everywhere.

    Attributes:
        options: in the order of their texts, no two the same.
    """

    __slots__ = ("options",)
    rank = 6
    options: tuple[Num, ...]

    @classmethod
    def of(cls, options: tuple[Num, ...]) -> Max:
        """Return the atom of options that ``maximum`` has brought to canonical form."""
        return interned(cls, options, lambda: cls._make(options))

    @classmethod
    def _make(cls, options: tuple[Num, ...]) -> Max:
        atom = cls()
        atom.options = options
        atom.names = frozenset().union(*map(symbols_of, options))
        atom.integral = all(map(integral, options))
        atom.key = (cls.rank, f"max({', '.join(map(text, options))})")
        return atom

    def __reduce__(self) -> tuple[Any, ...]:
        return Max.of, (self.options,)

    @property
    def opposites(self) -> tuple[Num, ...]:
        """The options of min(1, L - 1) for -max(-1, -L + 1), where every option begins with a minus; none elsewhere."""
        below = all(text(option).startswith("-") for option in self.options)
        return tuple(-option for option in self.options) if below else ()

    def opposite(self) -> str:
        """Return the text of minus this atom as the least of its opposites, where it has some."""
        return f"min({', '.join(map(text, self.opposites))})" if self.opposites else ""

    def value(self, env: Env) -> Number:
        """Return the largest of the options' values."""
        return max(evaluate(option, env) for option in self.options)

    def active(self, env: Env) -> tuple[Num, ...]:
        """Return the options that are the largest at these values: several where they meet."""
        top = self.value(env)
        return tuple(option for option in self.options if evaluate(option, env) == top)

    def substitute(self, mapping: Mapping[str, Num]) -> Num:
        """Return the largest of what the options become."""
        return maximum((substitute(option, mapping) for option in self.options), None)

    def range(self, box: Box) -> Range:
        """Return the largest of the options' least and of their greatest values."""
        lows = [low for option in self.options if (low := lower_bound(option, box)) is not None]
        highs = [bounds(option, box)[1] for option in self.options]
        known = [high for high in highs if high is not None]
        return max(lows, default=None), max(known) if len(known) == len(highs) else None

    def rising(self) -> bool:
        """Tell whether every option is proved never to fall."""
        return all(rises(option) for option in self.options)


def maximum(options: Iterable[Num], box: Box | None) -> Num:
    """Return the largest of some formulas, without those that another is never below.

    Args:
        options: one or more; a largest of others counts as these.
        box: ranges of the symbols; None where all that is known is that no symbol is negative.

    Returns:
        The one that is left, or an atom of those that are.
    """
    flat = list(dict.fromkeys(part for option in options for part in _parts(simplest(option))))
    known = dict.fromkeys(frozenset().union(*map(symbols_of, flat)), (0, None)) if box is None else box
    kept: list[Num] = []
    for option in flat:
        if any(_never_below(other, option, known) for other in kept):
            continue
        kept = [*(other for other in kept if not _never_below(option, other, known)), option]
    if len(kept) == 1:
        return kept[0]
    return lift(Max.of(tuple(sorted(kept, key=text))))


def _never_below(a: Num, b: Num, box: Box) -> bool:
    """Tell whether a is proved never to be below b, which it is where less than a is."""
    return any(never_negative(gap, box) for gap in (a - b, *_less(a - b)))


def _less(x: Num) -> Iterator[Num]:
    """Yield what x is at least: a largest of several is not less than any one of them."""
    for monomial, c in terms_of(x).items():
        match monomial:
            case ((Max() as atom, 1),) if c > 0:
                yield from (x + (option - lift(atom)) * c for option in atom.options)


def minimum(options: Iterable[Num], box: Box | None) -> Num:
    """Return the least of some formulas, which is minus the largest of their opposites."""
    return -maximum((-option for option in options), box)


def _parts(x: Num) -> tuple[Num, ...]:
    """Return the options of an atom that stands for itself, or x alone."""
    match list(terms_of(x).items()):
        case [(((Max() as atom, 1),), 1)]:
            return atom.options
    return (exact(x) if not isinstance(x, Poly) else x,)
