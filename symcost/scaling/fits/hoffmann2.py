"""Approach 2 of Hoffmann et al.: profiles of equal FLOPs."""

from symcost.scaling.law import Law
from symcost.scaling.optimum import frontier

LAW = Law(
    "hoffmann2",
    "parabolas through losses at equal FLOPs: N grows as C**0.49",
    "Hoffmann et al. 2022 (arXiv:2203.15556), section 3.2: exponent of Table 2, through the row of 1 T in Table A3",
    "all parameters",
    *frontier("1e12", "1.59e26", "0.49"),
)
