"""Formulas as C functions on 64-bit integers, or on 128-bit ones by a macro."""

from __future__ import annotations

from functools import reduce

from symcost.notation.code import Dialect, draft
from symcost.notation.function import Function
from symcost.notation.identifiers import comments

_WORDS = """auto break case char const continue default do double else enum extern float for goto if inline int long
main register restrict return short signed sizeof static struct switch typedef union unsigned void volatile while bool
true false nullptr alignas alignof constexpr thread_local typeof errno INTEGER floor_div gcd int_pow make_divisible
max"""
_LITERAL = 10**18


def _integer(n: int) -> str:
    if n < _LITERAL:
        return str(n)
    high, low = divmod(n, _LITERAL)
    return f"((INTEGER){_integer(high)}*{_LITERAL} + {low})"


C = Dialect(
    integer=_integer,
    power=lambda base, exponent: "*".join([base] * exponent),
    raised=lambda base, exponent: f"int_pow({base}, {exponent})",
    largest=lambda names: reduce(lambda a, b: f"max({a}, {b})", names),
    truncates=True,
    reserved=frozenset(_WORDS.split()),
)
HEADER = """\
// Exact while every product and sum stays below 2**63; with GCC or Clang, -DINTEGER=__int128 gives 2**127.
#include <stdint.h>
#ifndef INTEGER
#define INTEGER int64_t
#endif
"""
PARTS = {
    "floor_div": """
static INTEGER floor_div(INTEGER a, INTEGER b) { return a/b - (a % b < 0); }
""",
    "gcd": """
static INTEGER gcd(INTEGER a, INTEGER b) {
    while (b) { const INTEGER rest = a % b; a = b; b = rest; }
    return a < 0 ? -a : a;
}
""",
    "int_pow": """
static INTEGER int_pow(INTEGER base, INTEGER exponent) {
    INTEGER power = 1;
    while (exponent-- > 0) power *= base;
    return power;
}
""",
    "max": """
static INTEGER max(INTEGER a, INTEGER b) { return a > b ? a : b; }
""",
    "make_divisible": """
// Round n/d to a multiple of divisor, at least least and 9/10 of n/d.
static INTEGER make_divisible(INTEGER n, INTEGER d, INTEGER divisor, INTEGER least) {
    INTEGER rounded = (2*n + d*divisor)/(2*d*divisor)*divisor;
    if (rounded < least) rounded = least;
    return 10*rounded*d < 9*n ? rounded + divisor : rounded;
}
""",
}


def c(function: Function) -> str:
    """Return the source of a C99 file with one function; a ratio is passed as numerator and denominator."""
    whole = function.without_ratios()
    made = draft(C, whole)
    arguments = ", ".join(f"INTEGER {made.arguments[name]}" for name in whole.arguments) or "void"
    start, end = made.around
    body = [
        *(f"    const INTEGER {step} = {value};" for step, value in made.steps),
        f"    return {start}",
        *(f"        {line}" for line in made.sum),
        f"    {end};",
        "}",
    ]
    notes = comments(function.notes, "//")
    parts = "".join(text for part, text in PARTS.items() if part in made.calls)
    return f"{notes}{HEADER}{parts}\nINTEGER {made.name}({arguments}) {{\n" + "\n".join(body) + "\n"
