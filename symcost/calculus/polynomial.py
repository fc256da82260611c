"""The polynomial that calculus works on: the smooth form of a formula, in nothing but sizes."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from functools import lru_cache

from symcost.algebra.atoms import Atom, Env, Part, Symbol, lift
from symcost.algebra.division import div
from symcost.algebra.maximum import Max
from symcost.algebra.poly import Monomial, NotExact, Num, Poly, atoms_of, substitute, symbol, terms_of, total
from symcost.algebra.rounding import Gcd
from symcost.algebra.smooth import smooth
from symcost.errors import UsageError, quoted


def polynomial(x: Num, only: frozenset[str] | None = None) -> Poly:
    """Return the smooth form of a formula as a polynomial in its sizes, parts such as H/16 written in H.

    Args:
        x: the formula.
        only: names of sizes; floors and rounding rules of none of them stay as they are, and so do all gcds and maxima.

    Raises:
        UsageError: a floor stands in a denominator, where its smooth form is no product.
    """
    try:
        smoothed = total((_product(monomial, only), c) for monomial, c in terms_of(x).items())
    except NotExact as error:
        raise UsageError(f"the formula has no smooth form that is a sum of products: {error}") from None
    return _poly(smoothed)


def _product(monomial: Monomial, only: frozenset[str] | None) -> Num:
    result: Num = 1
    for atom, exponent in monomial:
        image = (
            _smooth(atom) if only is None or (atom.names & only and not isinstance(atom, (Gcd, Max))) else lift(atom)
        )
        result = result * image**exponent if exponent > 0 or isinstance(image, Poly) else div(result, image**-exponent)
    return result


@lru_cache(maxsize=1 << 14)
def _smooth(atom: Atom) -> Num:
    """Return the smooth form of an atom in sizes, parts of sizes written out."""
    if isinstance(atom, Part):
        return symbol(atom.name) * Fraction(1, atom.divisor)
    image = smooth(lift(atom))
    return substitute(image, {name: symbol(name) for name in atom.names}) if _has_parts(image) else image


def _has_parts(x: Num) -> bool:
    return any(isinstance(atom, Part) for atom in atoms_of(x))


def branch(x: Poly, env: Env) -> Poly:
    """Return a polynomial with each maximum replaced by what is the largest at some sizes.

    Raises:
        UsageError: several are the largest there, so there is a kink.
    """
    images: dict[Atom, Num] = {}
    for atom in atoms_of(x):
        if isinstance(atom, Max):
            images[atom], *more = atom.active(env)
            if more:
                raise UsageError(f"{quoted(repr(atom))} has a kink here: {len(more) + 1} of these are as large")
    return _poly(replaced(x, images)) if images else x


def replaced(x: Num, images: Mapping[Atom, Num]) -> Num:
    """Return a formula with some atoms replaced by others' formulas; none of them has a negative power."""
    return total((_image(monomial, images), c) for monomial, c in terms_of(x).items())


def _poly(x: Num) -> Poly:
    return x if isinstance(x, Poly) else Poly({(): x} if x else {})


def _image(monomial: Monomial, images: Mapping[Atom, Num]) -> Num:
    result: Num = 1
    for atom, exponent in monomial:
        result = result * images.get(atom, lift(atom)) ** exponent
    return result


def size_in(x: Poly, name: str) -> Poly:
    """Return a size as the polynomial has it: a ratio or a whole number."""
    atoms = (atom for atom in atoms_of(x) if isinstance(atom, Symbol) and atom.name == name)
    return symbol(name, next((atom.kind for atom in atoms), "dimension"))


def power_of(monomial: Monomial, name: str) -> int:
    """Return the power of a size in a product.

    Raises:
        UsageError: the size stands inside an atom that has no power of it, such as an exponent or a maximum.
    """
    power = 0
    for atom, exponent in monomial:
        if name not in atom.names:
            continue
        if not isinstance(atom, Symbol):
            raise UsageError(f"the formula is no polynomial in {name}, which stands in {quoted(repr(atom))}")
        power = exponent
    return power


def by_powers(x: Poly, name: str) -> dict[int, Poly]:
    """Return the coefficients of a polynomial by power of one size.

    Raises:
        UsageError: the size stands inside an atom that has no power of it.
    """
    found: dict[int, dict[Monomial, int | Fraction]] = {}
    for monomial, c in x.terms.items():
        power = power_of(monomial, name)
        rest = tuple((atom, exponent) for atom, exponent in monomial if name not in atom.names)
        found.setdefault(power, {})[rest] = c
    return {power: Poly(terms) for power, terms in found.items()}


def common_product(monomials: Iterable[Monomial]) -> Monomial:
    """Return the greatest product of atoms that divides all of some products: over it none has a negative power."""
    powers = [dict(monomial) for monomial in monomials]
    atoms = sorted(frozenset().union(*powers))
    lowest = ((atom, min(power.get(atom, 0) for power in powers)) for atom in atoms)
    return tuple((atom, exponent) for atom, exponent in lowest if exponent)
