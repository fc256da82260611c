"""Think with costs: derivatives, crossovers, limits, and the size that is cheapest to change."""

from symcost.calculus.crossing import Crossover, crossover
from symcost.calculus.dominating import Dominance, dominance

__all__ = ["Crossover", "Dominance", "crossover", "dominance"]
