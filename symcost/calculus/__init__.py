"""Think with costs: derivatives, crossovers, limits, and the size that is cheapest to change."""

from symcost.calculus.asymptotic import Asymptotics, asymptotics
from symcost.calculus.crossing import Crossover, crossover
from symcost.calculus.dominating import Dominance, dominance
from symcost.calculus.gradient import derivative, elasticity
from symcost.calculus.growth import Limit, limit
from symcost.calculus.response import Sensitivity, sensitivity
from symcost.calculus.stationary import Best, Least, least
from symcost.calculus.trade import Knobs, knobs

__all__ = [
    "Asymptotics",
    "Best",
    "Crossover",
    "Dominance",
    "Knobs",
    "Least",
    "Limit",
    "Sensitivity",
    "asymptotics",
    "crossover",
    "derivative",
    "dominance",
    "elasticity",
    "knobs",
    "least",
    "limit",
    "sensitivity",
]
