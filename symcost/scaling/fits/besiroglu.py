"""The parametric loss of Hoffmann et al., fitted again by Besiroglu et al."""

from symcost.scaling.law import Law
from symcost.scaling.optimum import fitted

LAW = Law(
    "besiroglu",
    "approach 3 fitted again to the points of the paper's Figure 4: in line with approaches 1 and 2",
    "Besiroglu et al. 2024 (arXiv:2404.10102), equation 3 and Table 1",
    "all parameters",
    *fitted(E="1.8172", A="482.01", B="2085.43", alpha="0.3478", beta="0.3658"),
)
