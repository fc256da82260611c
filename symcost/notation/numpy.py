"""Formulas as NumPy functions on whole arrays, exact: 64-bit integers wrap silently, so their range is looked at first.

A GPT's total of 1.08e21 comes back as -7.0e18 from int64. Where a limit on all numbers on the way is below 2**63 the
arrays are int64, and otherwise Python's own integers (dtype object), which have no limit and are slower.
"""

from __future__ import annotations

from dataclasses import replace
from functools import reduce
from keyword import kwlist

from symcost.notation.code import Dialect, Draft, draft
from symcost.notation.function import Argument, Function
from symcost.notation.identifiers import comments
from symcost.notation.limit import Limits

NUMPY = Dialect(
    integer=str,
    power=lambda base, exponent: f"{base}**{exponent}",
    raised=lambda base, exponent: f"{base}**{exponent}",
    largest=lambda names: reduce(lambda a, b: f"np.maximum({a}, {b})", names),
    truncates=False,
    reserved=frozenset(
        (*kwlist, "np", "index", "fitting", "spread", "shape", "gcd", "make_divisible", "max", "min", "int", "object")
    ),
)
FITTING = '''\
def fitting(limit, *sizes):
    """Return the shape that sizes have together, and each as int64 where limit allows, else as Python's integers."""
    arrays = [np.asarray(size) for size in sizes]
    arrays = [a if a.dtype.kind in "iu" else np.asarray(np.frompyfunc(index, 1, 1)(a), object) for a in arrays]
    most = [max(int(a.max(initial=1)), -int(a.min(initial=1))) for a in arrays]
    kind = np.int64 if limit(*most) < 2**63 else object
    shape = np.broadcast_shapes(*(a.shape for a in arrays))
    return shape, [np.atleast_1d(a).astype(kind, copy=False) for a in arrays]


def spread(value, shape):
    """Return a value as an array of this shape, or as a number where that has no axes."""
    return np.array(np.broadcast_to(value, shape or (1,))).reshape(shape)[()]
'''
PARTS = {
    "gcd": """\
gcd = np.gcd
""",
    "make_divisible": '''\
def make_divisible(n, d, divisor, least):
    """Round n/d to a multiple of divisor, at least least and 9/10 of n/d."""
    rounded = np.maximum(least, (2*n + d*divisor)//(2*d*divisor)*divisor)
    return rounded + divisor*(10*rounded*d < 9*n)
''',
}


def numpy(function: Function) -> str:
    """Return the source of a module with one function of arrays; a ratio is passed as numerator and denominator."""
    whole = function.without_ratios()
    made = draft(replace(NUMPY, reserved=NUMPY.reserved | {f"{function.name}_limit"}), whole)
    names = list(made.arguments.values())
    parts = [FITTING] if names else []
    parts += [text for part, text in PARTS.items() if part in made.calls]
    parts += [_limit(whole, made)] if names else []
    parts += [_function(whole, made)]
    imports = "from operator import index\n\nimport numpy as np\n" if names else ""
    return comments(function.notes, "#") + "\n\n".join([imports, *parts] if imports else parts)


def _function(function: Function, made: Draft) -> str:
    names = list(made.arguments.values())
    given = sorted(function.arguments.items(), key=lambda item: item[1].default is not None)
    head = f"def {made.name}({', '.join(made.arguments[name] + _default(argument) for name, argument in given)}):"
    about = f'    """Return {function.name} of whole numbers, or of arrays of them that broadcast."""'
    listed = ", ".join(names)
    fitted = [f"    shape, [{listed}] = fitting({made.name}_limit, {listed})"] if names else []
    steps = [f"    {step} = {value}" for step, value in made.steps]
    start, end = made.around
    if names:
        start, end = f"spread({start}", f"{end}, shape)"
    body = [f"    return {start}", *(f"        {line}" for line in made.sum), f"    {end}"]
    return "\n".join([head, about, *fitted, *steps, *body]) + "\n"


def _limit(function: Function, made: Draft) -> str:
    limits = Limits(made)
    head = f"def {made.name}_limit({', '.join(made.arguments.values())}):"
    about = (
        f'    """Return what no number on the way to {function.name} is above in amount, for sizes of 1 to these."""'
    )
    steps = [f"    {step} = {value}" for step, value in limits.steps]
    most = ["    return max([", *(f"        {amount}," for amount in ["1", *limits.amounts]), "    ])"]
    return "\n".join([head, about, *steps, *most]) + "\n"


def _default(argument: Argument) -> str:
    return "" if argument.default is None else f"={argument.default}"
