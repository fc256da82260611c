"""Approach 3 of Hoffmann et al., with the digits that its source holds."""

from symcost.scaling.law import Law
from symcost.scaling.optimum import fitted

LAW = Law(
    "hoffmann3_exact",
    "the same fit with four digits of its exponents, which come within 8 % of Table A3",
    "Hoffmann et al. 2022 (arXiv:2203.15556), TeX source, as read by Besiroglu et al. 2024 (arXiv:2404.10102), Table 1",
    "all parameters",
    *fitted(E="1.6934", A="406.4", B="410.7", alpha="0.3392", beta="0.2849"),
)
