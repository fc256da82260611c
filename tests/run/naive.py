"""Every preparation as plain loops over numbers that count their arithmetic."""

from __future__ import annotations

import itertools
from collections.abc import Callable

from tests.run.counted import Counted, Tally, total

Table = list[list[Counted]]
K = 3
"""Values that a column takes, for one_hot."""


def _columns(table: Table) -> Table:
    return [list(column) for column in zip(*table, strict=True)]


def _normalize(table: Table, tally: Tally) -> None:
    mean, deviation = 0.5, 0.25
    for row in table:
        for x in row:
            (x - mean) / deviation


def _standardize(table: Table, _: Tally) -> None:
    for column in _columns(table):
        mean = total(column) / len(column)
        centred = [x - mean for x in column]
        variance = total([x * x for x in centred]) / len(column)
        deviation = variance.sqrt()
        for x in centred:
            x / deviation


def _min_max(table: Table, _: Tally) -> None:
    for column in _columns(table):
        least = greatest = column[0]
        for x in column[1:]:
            least = min(least, x)
        for x in column[1:]:
            greatest = max(greatest, x)
        span = greatest - least
        for x in column:
            (x - least) / span


def _fill_missing(table: Table, tally: Tally) -> None:
    for row in table:
        for place, x in enumerate(row):
            if x < -1.0:  # what stands for a missing number
                row[place] = tally.number(0.0)


def _feature_selection(table: Table, tally: Tally) -> None:
    columns = []
    for column in _columns(table):
        mean = total(column) / len(column)
        centred = [x - mean for x in column]
        length = tally.dot(centred, centred).sqrt()
        columns.append([x / length for x in centred])
    for left, right in itertools.combinations(columns, 2):
        correlation = tally.dot(left, right)
        assert isinstance(correlation < 0.9, bool)


def _flip(table: Table, tally: Tally) -> None:
    for row in table:
        if tally.draw() < 0.5:
            row.reverse()
            tally.write(len(row))


def _crop(table: Table, tally: Tally) -> None:
    for row in table:
        tally.pick(4)
        tally.pick(4)
        tally.write(len(row))


def _resize(table: Table, tally: Tally) -> None:
    for row in table:
        for x in row:
            along = [x * 0.3 + x * 0.7 for _ in range(2)]  # two rows of two pixels
            along[0] * 0.4 + along[1] * 0.6
            tally.write(1)


def _color_jitter(table: Table, tally: Tally) -> None:
    for row in table:
        pixels = [row[i : i + 3] for i in range(0, len(row), 3)]
        for other in (_black, _mean_of_grey, _grey):
            ratio = tally.draw()
            left = 1.0 - ratio
            images = other(pixels, left, tally)
            for pixel, shares in zip(pixels, images, strict=True):
                pixel[:] = [(x * ratio + share).clamp() for x, share in zip(pixel, shares, strict=True)]


def _black(pixels: Table, left: Counted, tally: Tally) -> Table:
    return [[tally.number(0.0) * left for _ in pixel] for pixel in pixels]


def _greys(pixels: Table) -> list[Counted]:
    return [r * 0.2989 + g * 0.587 + b * 0.114 for r, g, b in pixels]


def _mean_of_grey(pixels: Table, left: Counted, tally: Tally) -> Table:
    share = total(_greys(pixels)) / len(pixels) * left
    return [[share] * 3 for _ in pixels]


def _grey(pixels: Table, left: Counted, tally: Tally) -> Table:
    return [[share] * 3 for share in (grey * left for grey in _greys(pixels))]


def merge_sort(keys: list[Counted]) -> list[Counted]:
    if len(keys) < 2:
        return keys
    middle = len(keys) // 2
    left, right, out = merge_sort(keys[:middle]), merge_sort(keys[middle:]), []
    i = j = 0
    while i < len(left) and j < len(right):
        if left[i] < right[j]:
            out.append(left[i])
            i += 1
        else:
            out.append(right[j])
            j += 1
    return out + left[i:] + right[j:]


def _sort(table: Table, tally: Tally) -> None:
    merge_sort([row[0] for row in table])
    tally.write(sum(map(len, table)))


def merge(word: list[str], ranks: dict[tuple[str, str], int], tally: Tally) -> list[str]:
    """Merge the best pair of a word again and again; a pair looked at is a comparison."""
    while len(word) > 1:
        best = len(ranks)
        for pair in itertools.pairwise(word):
            tally.work["compare"] += 1
            best = min(best, ranks.get(pair, best))
        if best == len(ranks):
            break
        chosen, out, i = list(ranks)[best], list[str](), 0
        while i < len(word):
            two = tuple(word[i : i + 2]) == chosen
            out.append("".join(word[i : i + 2]) if two else word[i])
            i += 2 if two else 1
        word = out
    return word


def _tokenize(table: Table, tally: Tally) -> None:
    """Tokenize words whose letters all differ, by rules that merge one pair after the other: the most there is."""
    for row in table:
        letters = [chr(97 + place) for place in range(len(row))]
        ranks = {("".join(letters[:end]), letters[end]): end - 1 for end in range(1, len(letters))}
        merge(letters, ranks, tally)


def _one_hot(table: Table, tally: Tally) -> None:
    for row in table:
        for _ in row:
            tally.write(K)


def _shuffle(table: Table, tally: Tally) -> None:
    order = list(range(len(table)))
    for last in range(len(order) - 1, 0, -1):
        other = tally.pick(last + 1)
        order[last], order[other] = order[other], order[last]
    tally.write(sum(len(table[place]) for place in order))


def _split(table: Table, tally: Tally) -> None:
    parts: tuple[Table, Table] = ([], [])
    for row in table:
        parts[tally.draw() < 0.8].append(row)
        tally.write(len(row))


NAIVE: dict[str, Callable[[Table, Tally], None]] = {
    "normalize": _normalize,
    "standardize": _standardize,
    "min_max": _min_max,
    "fill_missing": _fill_missing,
    "feature_selection": _feature_selection,
    "flip": _flip,
    "crop": _crop,
    "resize": _resize,
    "color_jitter": _color_jitter,
    "sort": _sort,
    "tokenize": _tokenize,
    "one_hot": _one_hot,
    "shuffle": _shuffle,
    "split": _split,
}
