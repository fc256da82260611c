"""Two of four."""

from fractions import Fraction

from symcost.sparsity.storing import Storage

STORAGE = Storage(
    "2:4",
    "of every four numbers of a row two, each with two bits for its place among them",
    "Mishra et al. 2021, Accelerating Sparse Deep Neural Networks (arXiv:2104.08378), section 3",
    lambda matrix: matrix.nonzeros * (matrix.value + 2),
    density=Fraction(1, 2),
)
