"""What update rules are made of, each with its work."""

from symcost.algebra.poly import Num
from symcost.ops.facts import Work


def average(n: Num) -> Work:
    """Return the work of moving an average of n elements on: a <- β a + (1 - β) x."""
    return {"mul": 2 * n, "add": n}


def descent(n: Num) -> Work:
    """Return the work of going down a direction of n elements: θ <- θ - η u."""
    return {"mul": n, "add": n}


def squares(n: Num) -> Work:
    """Return the work of adding up the squares of n elements."""
    return {"mul": n, "add": n - 1}


def norm(n: Num) -> Work:
    """Return the work of finding the length of a vector of n elements."""
    return {**squares(n), "sqrt": 1}


def rms(n: Num) -> Work:
    """Return the work of finding the root of the mean of n squares."""
    return {**norm(n), "div": 1}
