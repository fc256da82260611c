"""Think with costs: derivatives, crossovers, limits, and the size that is cheapest to change."""

from symcost.calculus.asymptotic import Asymptotics, asymptotics
from symcost.calculus.crossing import Crossover, crossover
from symcost.calculus.dominating import Dominance, dominance
from symcost.calculus.gradient import derivative, elasticity
from symcost.calculus.growth import Limit, limit
from symcost.calculus.response import Sensitivity, sensitivity
from symcost.calculus.trade import Knobs, knobs

__all__ = [
    "Asymptotics",
    "Crossover",
    "Dominance",
    "Knobs",
    "Limit",
    "Sensitivity",
    "asymptotics",
    "crossover",
    "derivative",
    "dominance",
    "elasticity",
    "knobs",
    "limit",
    "sensitivity",
]
