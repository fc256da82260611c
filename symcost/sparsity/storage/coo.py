"""Coordinates."""

from symcost.sparsity.storing import Storage

STORAGE = Storage(
    "coo",
    "each nonzero with its row and its column",
    "Saad 2003, Iterative Methods for Sparse Linear Systems, section 3.4; torch.sparse_coo_tensor",
    lambda matrix: matrix.nonzeros * (matrix.value + 2 * matrix.index),
)
