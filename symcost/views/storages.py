"""All ways to store a matrix with zeros: bits as formulas, and below which share of nonzeros each is worth it."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symcost.algebra.division import div
from symcost.algebra.poly import symbol
from symcost.sparsity.storing import Matrix, Storage, break_even
from symcost.sparsity.storing import storages as known
from symcost.table import Column, Table
from symcost.views.answer import Answer, described

R, C, N, V, I = (symbol(letter) for letter in "RCnvi")  # noqa: E741 - i bits of an index
CAPTION = (
    "bits of n nonzeros in R rows of C columns, v a number and i an index; smaller than dense below the share of "
    "nonzeros that is shown, at v = i = 32"
)


def storages(words: Sequence[str] = ()) -> Answer:
    """Return the ways to store a sparse matrix, those that words describe or all.

    Raises:
        NoAnswer: none is described by all the words.
    """
    found = described(known().values(), lambda one: [one.name, one.about], words, "storage --storage")
    rows = tuple((one.name, one.bits(Matrix(R, C, N, V, I)), _share(one), one.about) for one in found)
    columns = (Column("storage", kind="text"), Column("bits", kind="formula"), Column("below", kind="text"),
               Column("what it holds", kind="text"))  # fmt: skip
    return Answer((Table(columns, rows, CAPTION),), [_data(one) for one in found])


def _share(storage: Storage) -> str:
    if storage.density is not None:
        whole = R * C * 32
        taken = div(storage.bits(Matrix(R, C, storage.density * R * C)), whole)
        return f"{taken} of dense, at {storage.density}"
    share = break_even(storage, R, C)
    return "" if share is None else str(share)


def _data(storage: Storage) -> dict[str, Any]:
    share = None if storage.density is not None else break_even(storage, R, C)
    bits = str(storage.bits(Matrix(R, C, N, V, I)))
    return {
        "name": storage.name,
        "about": storage.about,
        "source": storage.source,
        "bits": bits,
        "density": None if storage.density is None else str(storage.density),
        "break_even": None if share is None else str(share),
    }
