"""In which of its symbols a formula rises, whatever the others are."""

from __future__ import annotations

from symcost.algebra.atoms import Atom, Box, Number
from symcost.algebra.poly import Monomial, Num, atoms_of, terms_of


def rises(x: Num, name: str, box: Box) -> bool:
    """Tell whether x is proved never to fall as one symbol grows and the others stay as they are.

    It does where every term that the symbol is in rises: its factors do or do not depend on the symbol, and none is
    negative. The proof looks at no more than that: it is for drawing, and the page's search finds its own.
    """
    moved = {atom for atom in atoms_of(x) if name in atom.names}
    if not all(atom.rising() for atom in moved):
        return False
    least = {atom: atom.range(box)[0] for atom in atoms_of(x)}
    return all(_goes_up(m, c, moved, least) for m, c in terms_of(x).items() if any(atom in moved for atom, _ in m))


def _goes_up(monomial: Monomial, c: Number, moved: set[Atom], least: dict[Atom, Number | None]) -> bool:
    """Tell whether a product rises: its factors are not negative, and those that move have the right powers."""
    if not all((low := least[atom]) is not None and low >= 0 for atom, _ in monomial):
        return False
    return all((exponent > 0) == (c > 0) for atom, exponent in monomial if atom in moved)
