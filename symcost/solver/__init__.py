"""Invert costs: what size meets a budget."""

from symcost.solver.budget import Budget
from symcost.solver.inverse import solve, solve_among
from symcost.solver.question import Offered
from symcost.solver.solution import Solution

__all__ = ["Budget", "Offered", "Solution", "solve", "solve_among"]
