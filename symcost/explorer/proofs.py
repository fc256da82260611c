"""In which of its symbols a formula rises, whatever the others are."""

from __future__ import annotations

from collections.abc import Mapping

from symcost.algebra.atoms import Atom, Box, Number
from symcost.algebra.poly import Monomial, Num, Poly, atoms_of, terms_of
from symcost.algebra.ranges import EXPANDED_TERMS, expanded_terms, shift_to_least


def rises(x: Num, name: str, box: Box) -> bool:
    """Tell whether x is proved never to fall as one symbol grows and the others stay as they are.

    It does where every term that the symbol is in rises: its factors do or do not depend on the symbol, and none is
    negative. The same is tried with every atom measured from its least value.
    """
    if _every_term(x, name, box):
        return True
    if expanded_terms(x) > EXPANDED_TERMS:
        return False
    shifted = shift_to_least(x, box)
    return shifted is not None and _shifted(shifted, name)


def _every_term(x: Num, name: str, box: Box) -> bool:
    moved = {atom for atom in atoms_of(x) if name in atom.names}
    if not all(atom.rising() for atom in moved):
        return False
    least = {atom: atom.range(box)[0] for atom in atoms_of(x)}
    return all(_goes_up(m, c > 0, moved, least) for m, c in terms_of(x).items() if any(a in moved for a, _ in m))


def _goes_up(monomial: Monomial, plus: bool, moved: set[Atom], least: Mapping[Atom, Number | None]) -> bool:
    """Tell whether a product rises: its factors are not negative, and those that move have the right powers."""
    if not all((low := least[atom]) is not None and low >= 0 for atom, _ in monomial):
        return False
    return all((exponent > 0) == plus for atom, exponent in monomial if atom in moved)


def _shifted(x: Poly, name: str) -> bool:
    """Tell whether a formula in atoms that start at 0 rises along a symbol."""
    moved = {atom for atom in atoms_of(x) if name in atom.names}
    return all(atom.rising() for atom in moved) and all(
        c > 0 for monomial, c in x.terms.items() if any(atom in moved for atom, _ in monomial)
    )
