"""One cell as people read it and as programs do."""

from __future__ import annotations

from fractions import Fraction
from math import ceil

from symcost.algebra.poly import Num, Poly
from symcost.errors import printable
from symcost.notation.lines import formula_terms
from symcost.table.model import Cell, Folded, Rate, Share

BAR = 6
PERCENT = 7
"""How wide a bar is, and a percentage beside it."""
LONGEST = 12
"""Signs of a fraction, beyond which it is shown as a decimal."""
SMALLEST = -5
"""The power of ten below which a number is shown with an exponent."""


def shown(cell: Cell) -> str:
    """Return a cell as people read it: thousands separated, a share as a bar."""
    match cell:
        case None:
            return ""
        case bool():
            return "true" if cell else "false"
        case int():
            return f"{cell:,}"
        case Fraction():
            return fraction(cell)
        case Share():
            return f"{bar(cell.value)} {percent(cell.value):>{PERCENT}}"
        case Folded():
            return f"{printable(cell.name)} x {factor(cell.times)}"
        case Rate():
            return change(cell.value) if cell.percent else decimal(cell.value)
    return " ".join(formula_terms(cell)) if isinstance(cell, Poly) else printable(str(cell))


def factor(x: Num) -> str:
    """Return a number or formula to stand in a product, a sum of terms in brackets."""
    text = " ".join(formula_terms(x))
    return f"({text})" if isinstance(x, Poly) and len(x.terms) > 1 else text


def exact(cell: Cell) -> str:
    """Return a cell as a program reads it: every digit, no separators."""
    if isinstance(cell, (Share, Rate)):
        return str(cell.value)
    if isinstance(cell, Folded):
        return cell.name
    return shown(cell) if cell is None or isinstance(cell, bool) else str(cell)


def percent(share: Fraction) -> str:
    """Return a share in percent, rounded to a tenth; a rest that would round to nothing is told apart from none."""
    tenths = round(share * 1000)
    return "< 0.1 %" if tenths == 0 and share > 0 else f"{tenths // 10}.{tenths % 10} %"


def change(part: Fraction) -> str:
    """Return a change in percent with its sign, to three digits: ``+3.15 %``."""
    near = decimal(abs(part) * 100, 3)
    return f"{near} %" if near.startswith("~") else f"{'-' if part < 0 else '+'}{near} %"


def decimal(x: Fraction, digits: int = 4) -> str:
    """Return a number to some digits, or as it is where it is whole: ``1.956``, ``2``; ``~ 0`` would be shown as 0."""
    if x.denominator == 1:
        return f"{x.numerator:,}"
    places = max(0, digits - len(str(abs(int(x)))))
    whole, part = divmod(round(abs(x) * 10**places), 10**places)
    near = f"{whole:,}.{part:0{places}}" if places else f"{whole:,}"
    return f"{'-' if x < 0 else ''}{near}" if whole or part else "~ 0"


def fraction(x: Fraction) -> str:
    """Return a fraction as people read it: ``3/4``, or where that is long about how much, as in ``~ 0.001240``."""
    written = f"{x.numerator:,}/{x.denominator:,}"
    return written if len(written) <= LONGEST else f"~ {significant(x)}"


def significant(x: Fraction, digits: int = 4) -> str:
    """Return a number rounded to significant digits: ``0.001240``, ``1.240e-9``, ``12,340,000``."""
    if not x:
        return "0"
    power = _power(abs(x))
    head = round(abs(x) / Fraction(10) ** (power - digits + 1))
    if head == 10**digits:
        head, power = head // 10, power + 1
    return ("-" if x < 0 else "") + _written(head, power, power - digits + 1)


def _power(x: Fraction) -> int:
    """Return the power of ten of the first digit that is not 0."""
    return len(str(int(x))) - 1 if x >= 1 else -len(str(ceil(1 / x) - 1))


def _written(head: int, power: int, scale: int) -> str:
    """Return digits at a power of ten, with an exponent where they are far behind the point."""
    if power < SMALLEST:
        return f"{str(head)[0]}.{str(head)[1:]}e{power}"
    if scale >= 0:
        return f"{head * 10**scale:,}"
    whole, part = divmod(head, 10**-scale)
    return f"{whole:,}.{part:0{-scale}}"


def bar(share: Fraction) -> str:
    """Return a bar of six cells, drawn in eighths."""
    eighths = round(share * BAR * 8)
    full, rest = divmod(eighths, 8)
    return ("█" * full + " ▏▎▍▌▋▊▉"[rest].strip()).ljust(BAR)


def rounded(x: Num) -> str:
    """Return a number to four digits with a prefix, such as ``4.089 G``; empty where it is short as it is."""
    if isinstance(x, Poly) or -10_000 < x < 10_000:
        return ""
    size = abs(Fraction(x))
    shift = len(str(int(size))) - 4
    near = round(size / 10**shift) * 10**shift
    power = min((len(str(near)) - 1) // 3, len(_PREFIXES) - 1)
    whole, part = divmod(near, 1000**power)
    digits = max(0, 4 - len(str(whole)))
    decimals = f".{part // 10 ** (3 * power - digits):0{digits}}" if digits else ""
    return f"{'-' if x < 0 else ''}{whole:,}{decimals} {_PREFIXES[power]}"


_PREFIXES = ("", "k", "M", "G", "T", "P", "E", "Z", "Y", "R", "Q")
