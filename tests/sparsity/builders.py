"""Matrices with zeros as plain lists, stored in every way there is; bits are those of what the lists hold."""

from __future__ import annotations

import random
from collections.abc import Callable

Rows = list[list[int]]


def random_matrix(rows: int, columns: int, nonzeros: int, seed: int) -> Rows:
    """Return a matrix with so many nonzeros at random places."""
    dice = random.Random(seed)  # noqa: S311 - the same ones in every run
    numbers = [1 + dice.randrange(9)] * nonzeros + [0] * (rows * columns - nonzeros)
    dice.shuffle(numbers)
    return [numbers[row * columns : (row + 1) * columns] for row in range(rows)]


def two_of_four(rows: int, columns: int, seed: int) -> Rows:
    """Return a matrix of which every four numbers of a row hold two zeros."""
    dice = random.Random(seed)  # noqa: S311
    quads = [dice.sample([1, 2, 0, 0], 4) for _ in range(rows * columns // 4)]
    numbers = [number for quad in quads for number in quad]
    return [numbers[row * columns : (row + 1) * columns] for row in range(rows)]


def dense(matrix: Rows, value: int, index: int) -> int:
    return sum(value for row in matrix for _ in row)


def csr(matrix: Rows, value: int, index: int) -> int:
    values, columns, begins = list[int](), list[int](), [0]
    for row in matrix:
        for place, number in enumerate(row):
            if number:
                values.append(number)
                columns.append(place)
        begins.append(len(values))
    assert all(matrix[r][columns[i]] == values[i] for r in range(len(matrix)) for i in range(*begins[r : r + 2]))
    return value * len(values) + index * (len(columns) + len(begins))


def csc(matrix: Rows, value: int, index: int) -> int:
    return csr([list(column) for column in zip(*matrix, strict=True)], value, index)


def coo(matrix: Rows, value: int, index: int) -> int:
    triples = [(r, c, number) for r, row in enumerate(matrix) for c, number in enumerate(row) if number]
    return sum(2 * index + value for _ in triples)


def bitmap(matrix: Rows, value: int, index: int) -> int:
    bits = [number != 0 for row in matrix for number in row]
    return len(bits) + value * sum(bits)


def two_four(matrix: Rows, value: int, index: int) -> int:
    values, places = list[int](), list[int]()
    for row in matrix:
        for start in range(0, len(row), 4):
            kept = [place for place in range(4) if row[start + place]]
            assert len(kept) == 2
            values += [row[start + place] for place in kept]
            places += kept
    assert max(places) < 4
    return value * len(values) + 2 * len(places)


def relative(matrix: Rows, value: int, index: int) -> tuple[int, int]:
    """Return the bits, and how many zeros had to be stored: a distance has to fit into its bits."""
    entries, fillers, gap = 0, 0, 0
    for number in (number for row in matrix for number in row):
        gap += 1
        if number or gap == 2**index:
            entries += 1
            fillers += not number
            gap = 0
    return entries * (value + index), fillers


BUILDERS: dict[str, Callable[[Rows, int, int], int]] = {
    "dense": dense,
    "csr": csr,
    "csc": csc,
    "coo": coo,
    "bitmap": bitmap,
    "2:4": two_four,
}


def multiply(matrix: Rows, vector: list[int]) -> tuple[list[int], int]:
    """Return a product with compressed rows, and the multiply-adds that it took."""
    product, done = list[int](), 0
    for row in matrix:
        compressed = [(place, number) for place, number in enumerate(row) if number]
        done += len(compressed)
        product.append(sum(number * vector[place] for place, number in compressed))
    return product, done
