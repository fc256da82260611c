"""The best design over several unknowns within budgets, exact."""

from symcost.optimum.best import optimize
from symcost.optimum.result import Optimum

__all__ = ["Optimum", "optimize"]
