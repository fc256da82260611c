"""Approach 1 of Hoffmann et al.: minima over training curves."""

from symcost.scaling.law import Law
from symcost.scaling.optimum import frontier

LAW = Law(
    "hoffmann1",
    "least loss over training curves of models of fixed sizes: N grows as C**0.50",
    "Hoffmann et al. 2022 (arXiv:2203.15556), section 3.1: exponent of Table 2, through Gopher's budget in Table 3",
    "all parameters",
    *frontier("67e9", "5.76e23", "0.50"),
)
