"""Random formulas in C and H with floors, rounding rules and gcds."""

from __future__ import annotations

from fractions import Fraction
from random import Random

from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.poly import Num, symbol
from symcost.algebra.rounding import gcd, make_divisible

C, H = symbol("C"), symbol("H")


def random_atom(r: Random, *, gcds: bool = True) -> Num:
    linear = r.randint(1, 4) * C + r.randint(-3, 9)
    kinds: list[Num] = [C, C, H, floor_div(linear, r.randint(2, 9)), ceil_div(linear, r.randint(2, 9))]
    kinds += [make_divisible(C * Fraction(r.randint(1, 9), 4), r.choice([4, 8]))]
    kinds += [gcd(r.randint(1, 5) * C, r.choice([2, 4, 6, 8]))] if gcds else []
    return r.choice(kinds)


def random_formula(r: Random, *, gcds: bool = True) -> Num:
    result: Num = r.randint(0, 300)
    for _ in range(r.randint(1, 3)):
        term: Num = r.randint(1, 40)
        for _ in range(r.randint(1, 3)):
            term = term * random_atom(r, gcds=gcds)
        result = result + term
    return result
