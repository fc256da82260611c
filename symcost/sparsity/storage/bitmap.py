"""A bit for every number."""

from symcost.sparsity.storing import Storage

STORAGE = Storage(
    "bitmap",
    "a bit for every number that says whether it is zero, and the nonzeros in order",
    "Parashar et al. 2017, SCNN (arXiv:1708.04485), section II names it among the ways",
    lambda matrix: matrix.numbers + matrix.nonzeros * matrix.value,
)
