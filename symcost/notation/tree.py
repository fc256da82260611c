"""Formulas as data for JSON: nested terms and factors, every number as exact text."""

from __future__ import annotations

from typing import Any

from symcost.algebra.atoms import Atom, Part, Symbol, lift
from symcost.algebra.extent import Extent
from symcost.algebra.maximum import Max
from symcost.algebra.poly import Num
from symcost.algebra.power import Power
from symcost.algebra.rounding import Gcd, Rounded
from symcost.notation.form import Product, Sum, plain


def tree(x: Num | Sum) -> list[dict[str, Any]]:
    """Return the terms of a formula: a coefficient and factors, powers of symbols, floors, sums and so on."""
    return [_term(product) for product in (x if isinstance(x, Sum) else plain(x)).products]


def _term(product: Product) -> dict[str, Any]:
    factors = [{**_atom(atom), "power": power} for atom, power in product.monomial]
    sums = [{"sum": tree(factor.sum), "power": factor.power} for factor in product.factors]
    return {"coefficient": str(product.coefficient), "factors": [*factors, *sums]}


def _atom(atom: Atom) -> dict[str, Any]:
    match atom:
        case Symbol():
            return {"symbol": atom.name}
        case Part():
            return {"floor": tree(lift(Symbol.of(atom.name))), "over": str(atom.divisor)}
        case Extent():
            kind = "ceil" if atom.up else "floor"
            return {kind: tree(atom.base + atom.offset), "over": str(atom.divisor)}
        case Rounded():
            return {"make_divisible": tree(atom.inner), "by": str(atom.divisor), "least": str(atom.least)}
        case Gcd():
            return {"gcd": tree(atom.inner), "with": str(atom.n)}
        case Power():
            return {"base": str(atom.base), "exponent": tree(atom.exponent)}
        case Max():
            return {"max": [tree(option) for option in atom.options]}
    raise TypeError(f"no data for {atom!r}")
