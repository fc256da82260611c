"""Compressed rows."""

from symcost.sparsity.storing import Storage

STORAGE = Storage(
    "csr",
    "each nonzero with its column, and where every row begins, and the last ends",
    "Saad 2003, Iterative Methods for Sparse Linear Systems, section 3.4; torch.sparse_csr_tensor",
    lambda matrix: matrix.nonzeros * (matrix.value + matrix.index) + (matrix.rows + 1) * matrix.index,
)
