"""Compressed columns."""

from symcost.sparsity.storing import Storage

STORAGE = Storage(
    "csc",
    "each nonzero with its row, and where every column begins, and the last ends",
    "Saad 2003, Iterative Methods for Sparse Linear Systems, section 3.4; torch.sparse_csc_tensor",
    lambda matrix: matrix.nonzeros * (matrix.value + matrix.index) + (matrix.columns + 1) * matrix.index,
)
