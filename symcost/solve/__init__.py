"""Invert costs: what size meets a budget."""

from symcost.solve.budget import Budget
from symcost.solve.inverse import solve
from symcost.solve.solution import Solution

__all__ = ["Budget", "Solution", "solve"]
