"""Formulas as JavaScript functions on BigInt, which is exact and has no limit."""

from __future__ import annotations

from symcost.notation.code import Dialect, draft
from symcost.notation.function import Argument, Function
from symcost.notation.identifiers import comments

_WORDS = """arguments await break case catch class const continue debugger default delete do else enum eval export
extends false finally for function if implements import in instanceof interface let new null package private protected
public return static super switch this throw true try typeof var void while with yield undefined NaN Infinity BigInt
floor_div gcd make_divisible max"""
JAVASCRIPT = Dialect(
    integer=lambda n: f"{n}n",
    power=lambda base, exponent: f"{base}**{exponent}n",
    raised=lambda base, exponent: f"{base}**{exponent}",
    largest=lambda names: f"max({', '.join(names)})",
    truncates=True,
    reserved=frozenset(_WORDS.split()),
)
PARTS = {
    "floor_div": """
const floor_div = (a, b) => a/b - (a % b < 0n ? 1n : 0n);
""",
    "gcd": """
const gcd = (a, b) => b ? gcd(b, a % b) : a < 0n ? -a : a;
""",
    "max": """
const max = (...all) => all.reduce((a, b) => a > b ? a : b);
""",
    "make_divisible": """
// Round n/d to a multiple of divisor, at least least and 9/10 of n/d.
function make_divisible(n, d, divisor, least) {
  let rounded = (2n*n + d*divisor)/(2n*d*divisor)*divisor;
  if (rounded < least) rounded = least;
  return 10n*rounded*d < 9n*n ? rounded + divisor : rounded;
}
""",
}


def js(function: Function) -> str:
    """Return the source of one JavaScript function of named BigInts; a ratio is passed as numerator and denominator."""
    whole = function.without_ratios()
    made = draft(JAVASCRIPT, whole)
    start, end = made.around
    body = [f"  const {step} = {value};" for step, value in made.steps]
    body += [f"  return {start}", *(f"    {line}" for line in made.sum), f"  {end};", "}"]
    notes = comments(function.notes, "//")
    parts = "".join(text for part, text in PARTS.items() if part in made.calls)
    arguments = ", ".join(made.arguments[name] + _default(a) for name, a in whole.arguments.items())
    head = f"function {made.name}({{ {arguments} }} = {{}}) {{" if arguments else f"function {made.name}() {{"
    return f"{notes}{parts}\n{head}\n" + "\n".join(body) + "\n"


def _default(argument: Argument) -> str:
    return "" if argument.default is None else f" = {argument.default}n"
