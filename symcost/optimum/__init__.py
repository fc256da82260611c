"""The best design over several unknowns within budgets, exact, and families of designs."""

from symcost.optimum.best import optimize
from symcost.optimum.level import Iso, iso
from symcost.optimum.result import Optimum
from symcost.optimum.scaling import Scaling, compound_scaling

__all__ = ["Iso", "Optimum", "Scaling", "compound_scaling", "iso", "optimize"]
