"""Invert costs: what size meets a budget."""

from symcost.solver.budget import Budget
from symcost.solver.inverse import solve
from symcost.solver.solution import Solution

__all__ = ["Budget", "Solution", "solve"]
