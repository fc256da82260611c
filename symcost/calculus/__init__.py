"""Think with costs: derivatives, crossovers, limits, and the size that is cheapest to change."""

from symcost.calculus.crossing import Crossover, crossover
from symcost.calculus.dominating import Dominance, dominance
from symcost.calculus.gradient import derivative, elasticity
from symcost.calculus.response import Sensitivity, sensitivity

__all__ = [
    "Crossover",
    "Dominance",
    "Sensitivity",
    "crossover",
    "derivative",
    "dominance",
    "elasticity",
    "sensitivity",
]
