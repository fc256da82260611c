"""Short names for sizes on the way: ``H_32`` for ceil(H/32), and letters as indices for what is no plain quotient."""

from __future__ import annotations

from collections.abc import Collection, Iterator
from itertools import count
from string import ascii_lowercase

from symcost.algebra.atoms import Atom, Part, Symbol, lift
from symcost.algebra.extent import Extent
from symcost.algebra.maximum import Max
from symcost.algebra.poly import Num, atoms_of
from symcost.algebra.power import Power
from symcost.algebra.printing import natural
from symcost.algebra.within import inside
from symcost.notation.naming import Name


def named_sizes(x: Num, taken: Collection[str]) -> list[Name]:
    """Return names for all floors, rounding rules and divisors of x and of the options of a largest, inner ones first.

    Args:
        x: the formula.
        taken: names that stand for something else.
    """
    names: list[Name] = []
    while found := [atom for atom in _shown(x) if not isinstance(atom, (Symbol, Part, Power, Max))]:
        atom = min(found, key=_order)
        known = {*taken, *(name.name for name in names)}
        names.append(Name(next(name for name in _tries(atom) if name not in known), lift(atom)))
        x = names[-1].put_into(x)
    return names


def _shown(x: Num) -> Iterator[Atom]:
    for atom in atoms_of(x):
        yield atom
        if isinstance(atom, Max):
            for option in atom.options:
                yield from _shown(option)


def _order(atom: Atom) -> tuple[object, ...]:
    """Return the key of an order in which what a size is made of comes first, and quotients by their divisors."""
    divisor = _divisor(atom)
    return _depth(atom), _stem(atom), not divisor, divisor, natural(atom)


def _tries(atom: Atom) -> Iterator[str]:
    """Give names for an atom: H_32 and then H_32a for a quotient, and H_a, H_b for anything else."""
    stem = f"{_stem(atom)}_"
    divisor = _divisor(atom)
    if divisor:
        stem = f"{stem}{divisor}"
        yield stem
    yield from (f"{stem}{letters}" for letters in _letters())


def _letters() -> Iterator[str]:
    yield from ascii_lowercase
    yield from (f"{letter}{i}" for i in count(1) for letter in ascii_lowercase)


def _divisor(atom: Atom) -> int:
    """Return by what a symbol is divided and rounded, perhaps after adding a number; 0 for anything else."""
    if not isinstance(atom, Extent) or atom.up or atom.divisor == 1:
        return 0
    return atom.divisor if any(atom.base == lift(size) for size in atoms_of(atom.base)) else 0


def _stem(atom: Atom) -> str:
    return min(atom.names).partition("_")[0] or "n"


def _depth(atom: Atom) -> int:
    return 1 + max((_depth(inner) for inner in inside(atom)), default=0)
