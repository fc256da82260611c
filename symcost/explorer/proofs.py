"""Which way a formula goes along one of its symbols, whatever the others are: what lets a page search by halving."""

from __future__ import annotations

from collections.abc import Mapping

from symcost.algebra.atoms import Atom, Box
from symcost.algebra.poly import Monomial, Num, Poly, atoms_of, terms_of
from symcost.algebra.ranges import EXPANDED_TERMS, expanded_terms, shift_to_least


def rises(x: Num, name: str, box: Box) -> bool:
    """Tell whether x is proved never to fall as one symbol grows and the others stay as they are.

    It does where every term that the symbol is in rises: its factors do or do not depend on the symbol, and none is
    negative. The same is tried with every atom measured from its least value.
    """
    if _every_term(x, name, box, up=True):
        return True
    if expanded_terms(x) > EXPANDED_TERMS:
        return False
    shifted = shift_to_least(x, box)
    return shifted is not None and _shifted(shifted, name)


def falls(x: Num, name: str, box: Box) -> bool:
    """Tell whether x is proved never to rise as one symbol grows and the others stay as they are."""
    return _every_term(x, name, box, up=False) or rises(x * -1, name, box)


def _every_term(x: Num, name: str, box: Box, *, up: bool) -> bool:
    moved = {atom for atom in atoms_of(x) if name in atom.names}
    if not all(atom.rising() for atom in moved):
        return False
    least = {atom: atom.range(box)[0] for atom in atoms_of(x)}
    return all(_goes(m, c > 0, moved, least, up=up) for m, c in terms_of(x).items() if any(a in moved for a, _ in m))


def _goes(monomial: Monomial, plus: bool, moved: set[Atom], least: Mapping[Atom, object], *, up: bool) -> bool:
    """Tell whether a product goes one way: its factors are not negative, and those that move have the right powers."""
    if not all((low := least[atom]) is not None and low >= 0 for atom, _ in monomial):  # type: ignore[operator]
        return False
    ways = {(exponent > 0) == plus for atom, exponent in monomial if atom in moved}
    return ways == {up}


def _shifted(x: Poly, name: str) -> bool:
    """Tell whether a formula in atoms that start at 0 rises along a symbol."""
    moved = {atom for atom in atoms_of(x) if name in atom.names}
    return all(atom.rising() for atom in moved) and all(
        c > 0 for monomial, c in x.terms.items() if any(atom in moved for atom, _ in monomial)
    )
