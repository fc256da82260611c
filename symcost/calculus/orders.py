"""The terms of costs by how fast they grow as sizes do without end.

Sizes grow together, each as a power of one t: x = c t**a. A term then grows as rate**t * t**degree (rate above 1 where
a size stands in an exponent, as in 2**n), and those that grow fastest are the leading ones.

Floors and rounding rules of sizes that grow are read as what they round. A floor of y/s differs from y/s by less than 1
and a rounding rule from v by at most its divisor, so the quotient of the two tends to 1, and limits are those of the
exact functions; where leading terms cancel this says nothing, and it is refused. Floors of sizes that stay are left as
they are. A gcd of a size that grows goes up and down between two bounds; in leading terms it is refused. Of a maximum
the options stay that are not outgrown, or proved to be below another from some t on.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from fractions import Fraction
from math import inf
from typing import NamedTuple, TypeAlias

from symcost.algebra.atoms import Atom, Box, Number, Symbol, lift
from symcost.algebra.maximum import Max, maximum
from symcost.algebra.poly import Monomial, Num, Poly, atoms_of, simplest, symbols_of, terms_of
from symcost.algebra.power import Power
from symcost.algebra.ranges import lower_bound
from symcost.algebra.rounding import Gcd
from symcost.calculus.polynomial import common_product, polynomial, replaced
from symcost.errors import UsageError, quoted
from symcost.solver.period import gcds

Scaling: TypeAlias = Mapping[str, Number]
"""The power of t as which each size grows."""


class Order(NamedTuple):
    """How fast something grows: as rate**t * t**degree; the greater order outgrows the other."""

    rate: Fraction
    degree: Fraction

    def __str__(self) -> str:
        grows = [f"({self.rate})**t"] if self.rate != 1 else []
        grows += [f"t**{self.degree}" if self.degree != 1 else "t"] if self.degree else []
        return "*".join(grows) or "1"


_PLAIN = (Symbol, Power, Gcd, Max)
CONSTANT = Order(Fraction(1), Fraction(0))


def scaling_of(to: str | Iterable[str] | Scaling) -> Scaling:
    """Return as which power of t each size grows.

    Raises:
        UsageError: no size grows, or one shrinks.
    """
    given = to if isinstance(to, Mapping) else dict.fromkeys([to] if isinstance(to, str) else to, 1)
    scaling = {str(name): 1 if power == inf else power for name, power in given.items()}
    if not scaling or any(power <= 0 for power in scaling.values()):
        raise UsageError("give the size that grows, or several with the power above 0 as which each grows")
    return scaling


def refuse_strange(scaling: Scaling, *formulas: Num) -> None:
    """Refuse sizes that none of some formulas has.

    Raises:
        UsageError: there is one.
    """
    known = frozenset().union(*map(symbols_of, formulas))
    strange = next((name for name in scaling if name not in known), None)
    if strange is not None:
        raise UsageError(
            f"nothing depends on {quoted(strange)} here; there are {', '.join(sorted(known)) or 'no sizes'}"
        )


def growing(x: Num, scaling: Scaling) -> Poly:
    """Return a formula with floors and rounding rules of the sizes that grow read as what they round.

    Raises:
        UsageError: there is a gcd of them in a floor, a floor of them in a denominator, or leading terms with floors
            cancel.
    """
    x = _last_options(x, scaling)
    rounded = [atom for atom in atoms_of(x) if atom.names & scaling.keys() and not isinstance(atom, _PLAIN)]
    for atom in rounded:
        if next(gcds(lift(atom)), None) is not None:
            raise UsageError(f"{quoted(repr(atom))} has no limit as {', '.join(scaling)} grows")
    result = _poly(_last_options(polynomial(x, only=frozenset(scaling)), scaling))  # maxima were in floors too
    terms = (polynomial(Poly({m: c}), only=frozenset(scaling)) for m, c in terms_of(x).items())
    orders = [max(by_order(term, scaling)) for term in terms] if rounded else []
    if orders and (not result or max(by_order(result, scaling)) < max(orders)):
        raise UsageError("leading terms cancel, and what is left depends on how floors come out")
    return result


def _last_options(x: Num, scaling: Scaling) -> Num:
    """Return a formula with every maximum that changes written by the options that can be the largest in the end."""
    largest: dict[Atom, Num] = {
        atom: _in_the_end([growing(option, scaling) for option in atom.options], scaling)
        for atom in atoms_of(x)
        if isinstance(atom, Max) and atom.names & scaling.keys()
    }
    return replaced(x, largest) if largest else x


def _in_the_end(options: list[Poly], scaling: Scaling) -> Num:
    kept: list[Poly] = []
    for option in options:
        if any(_outgrows(other, option, scaling) for other in kept):
            continue
        kept = [*(other for other in kept if not _outgrows(option, other, scaling)), option]
    return _largest(kept)


def _largest(options: list[Poly]) -> Num:
    """Return the largest of some formulas, products of sizes that divide all of them taken out."""
    common = Poly({common_product(monomial for option in options for monomial in option.terms): 1})
    return maximum((simplest(option * common**-1) for option in options), None) * common


def _outgrows(a: Poly, b: Poly, scaling: Scaling) -> bool:
    """Tell whether one formula is proved to be at least another from some t on."""
    gap = a - b
    return not gap or sign_of(leading(gap, scaling)[1], {}) == 1


def leading(x: Poly, scaling: Scaling) -> tuple[Order, Poly]:
    """Return how fast a polynomial that is not zero grows, and the terms that grow so.

    Raises:
        UsageError: a size stands in a place where this has no meaning, or the terms have no limit.
    """
    order, terms = max(by_order(x, scaling).items())
    restless = next((a for a in atoms_of(terms) if isinstance(a, Gcd) and a.names & scaling.keys()), None)
    if restless is not None:
        raise UsageError(f"{quoted(repr(restless))} has no limit as {', '.join(scaling)} grows")
    return order, _without_lower(terms, scaling)


def _without_lower(terms: Poly, scaling: Scaling) -> Poly:
    """Return terms of one order with every maximum that changes written by the leading terms of its options."""
    images: dict[Atom, Num] = {
        atom: _largest([leading(_poly(option), scaling)[1] for option in atom.options])
        for atom in atoms_of(terms)
        if isinstance(atom, Max) and atom.names & scaling.keys()
    }
    return _poly(replaced(terms, images)) if images else terms


def _poly(x: Num) -> Poly:
    return x if isinstance(x, Poly) else Poly({(): x} if x else {})


def by_order(x: Poly, scaling: Scaling) -> dict[Order, Poly]:
    """Return the terms of a polynomial by how fast they grow.

    Raises:
        UsageError: a size stands in a place where this has no meaning.
    """
    found: dict[Order, dict[Monomial, Number]] = {}
    for monomial, c in x.terms.items():
        found.setdefault(_order(monomial, scaling), {})[monomial] = c
    return {order: Poly(terms) for order, terms in found.items()}


def _order(monomial: Monomial, scaling: Scaling) -> Order:
    rate, degree = Fraction(1), Fraction(0)
    for atom, exponent in monomial:
        moving = atom.names & scaling.keys()
        if not moving or isinstance(atom, Gcd):
            continue
        if isinstance(atom, Symbol):
            degree += Fraction(scaling[atom.name]) * exponent
        elif isinstance(atom, Max):
            most = max(max(by_order(_poly(option), scaling)) for option in atom.options)
            rate, degree = rate * most.rate**exponent, degree + most.degree * exponent
        elif isinstance(atom, Power) and _is_size(atom.exponent, scaling):
            rate *= Fraction(atom.base) ** exponent
        else:
            raise UsageError(f"no limit along {', '.join(sorted(moving))}, which stands in {quoted(repr(atom))}")
    return Order(rate, degree)


def _is_size(exponent: Poly, scaling: Scaling) -> bool:
    """Tell whether an exponent is a size that grows as t itself."""
    return any(power == 1 and any(exponent == lift(atom) for atom in _atoms(exponent, name))
               for name, power in scaling.items())  # fmt: skip


def _atoms(x: Poly, name: str) -> list[Symbol]:
    return [atom for monomial in x.terms for atom, _ in monomial if isinstance(atom, Symbol) and atom.name == name]


def sign_of(x: Num, box: Box) -> int | None:
    """Return the sign that a formula has at all sizes of a box: 1 or -1, by its form or by bounds; None for neither.

    A sum of products without a minus is taken for positive: floors of sizes that a network allows are.
    """
    for sign in (1, -1):
        low = lower_bound(x * sign, box)
        if all(c * sign > 0 for c in terms_of(x).values()) or (low is not None and low > 0):
            return sign
    return None
