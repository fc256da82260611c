"""Mean and variance over groups of elements: the arithmetic that all normalisations share.

A group of n elements x with gradient g of its normalised values y::

    m = sum(x) / n                      n - 1 add, 1 div
    c = x - m                           n add
    v = sum(c * c) / n                  n mul, n - 1 add, 1 div
    r = 1 / sqrt(v + eps)               1 add, 1 sqrt, 1 div
    y = c * r                           n mul

    y = (x - m) * r                     n add, n mul        recomputed from the input and the kept m and r
    s = sum(g) / n                      n - 1 add, 1 div
    t = sum(g * y) / n                  n mul, n - 1 add, 1 div
    dx = (g - s - y * t) * r            2n add, 2n mul
"""

from symcost.algebra.poly import Num
from symcost.ops.facts import Work
from symcost.ops.work import times


def standardise(groups: Num, n: Num) -> Work:
    """Return the work of bringing groups of n elements to mean 0 and variance 1."""
    return times(groups, {"add": 3 * n - 1, "mul": 2 * n, "div": 3, "sqrt": 1})


def standardise_back(groups: Num, n: Num) -> Work:
    """Return the work of the gradient with respect to what was normalised."""
    return times(groups, {"add": 5 * n - 2, "mul": 4 * n, "div": 2})


def normal_again(groups: Num, n: Num) -> Work:
    """Return the part of that work that makes the normalised values again, which a weight's gradient reads too."""
    return {"add": groups * n, "mul": groups * n}


def sums_back(groups: Num, n: Num) -> Work:
    """Return the part of it that sums up g and g y, which are gradients where a group has one bias and one weight."""
    return times(groups, {"add": 2 * n - 2, "mul": n})


def affine(elements: Num) -> Work:
    """Return the work of scaling and shifting every element."""
    return {"mul": elements, "add": elements}
