"""Distances between nonzeros."""

from symcost.sparsity.storing import Storage

STORAGE = Storage(
    "relative",
    "each nonzero with its distance from the one before; a distance too long for its bits costs a zero that is stored, "
    "which is not counted",
    "Han, Mao and Dally 2016, Deep Compression (arXiv:1510.00149), section 2 and Figure 2",
    lambda matrix: matrix.nonzeros * (matrix.value + matrix.index),
)
