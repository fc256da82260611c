"""A bit for every number."""

from symcost.sparsity.storing import Storage

STORAGE = Storage(
    "bitmap",
    "a bit for every number that says whether it is zero, and the nonzeros in order",
    "Zhang et al. 2016, Cambricon-X (MICRO), its direct indexing: a bit for each weight, and the nonzeros",
    lambda matrix: matrix.numbers + matrix.nonzeros * matrix.value,
)
