"""Approach 3 of Hoffmann et al.: a parametric loss, with constants as the text prints them."""

from symcost.scaling.law import Law
from symcost.scaling.optimum import fitted

LAW = Law(
    "hoffmann3",
    "E + A/N**alpha + B/D**beta fitted to all runs, exponents rounded to two digits",
    "Hoffmann et al. 2022 (arXiv:2203.15556), equation 10; its Table A3 needs more digits: see hoffmann3_exact",
    "all parameters",
    *fitted(E="1.69", A="406.4", B="410.7", alpha="0.34", beta="0.28"),
)
