"""All numbers, zeros too."""

from symcost.sparsity.storing import Storage

STORAGE = Storage("dense", "every number", "as arrays are", lambda matrix: matrix.numbers * matrix.value)
