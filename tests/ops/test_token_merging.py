"""Merging of tokens spelled out on numbers that count, and against published figures."""

from __future__ import annotations

from collections import Counter

import numpy as np
import pytest

import symcost
from symcost.ops.op import Refused
from tests.ops.counting import Array, at, check, check_gradient, counted, each, product, sqrt, uncounted

RNG = np.random.default_rng(5)
TOKENS, WIDE, LOOKED = 7, 3, 5
X, SIZES, METRIC = RNG.normal(size=(TOKENS, WIDE)), np.ones((TOKENS, 1)), RNG.normal(size=(TOKENS, LOOKED))


def lengths(metric: Array) -> Array:
    return np.asarray([[each(sqrt, np.asarray([sum(row[1:] * row[1:], row[0] * row[0])]))[0]] for row in metric])


def best(row: Array) -> int:
    """Return the place of the largest number, each later one compared with the largest so far."""
    place = 0
    for i in range(1, len(row)):
        place = i if row[i] > row[place] else place
    return place


def matches(metric: Array, r: int) -> list[tuple[int, int]]:
    """Return r pairs: tokens of the first half with the most alike of the second, the best matches first."""
    normed = metric / lengths(metric)
    scores = product(normed[::2], normed[1::2].T)
    chosen = [best(row) for row in scores]
    found = np.asarray([row[place] for row, place in zip(scores, chosen, strict=True)], dtype=object)
    left, pairs = list(range(len(chosen))), []
    for _ in range(r):
        pick = left.pop(best(found[left]))
        pairs.append((2 * pick, 2 * chosen[pick] + 1))
    return pairs


def merged(x: Array, sizes: Array, pairs: list[tuple[int, int]]) -> Array:
    """Return the weighted averages of the tokens that are left."""
    weighted, counts = x * sizes, np.array(sizes, dtype=object)
    for source, target in pairs:
        weighted[target] = weighted[target] + weighted[source]
        counts[target] = counts[target] + counts[source]
    kept = [i for i in range(len(x)) if i not in {source for source, _ in pairs}]
    return np.asarray([weighted[i] / counts[i] for i in kept])


def test_work_is_that_of_matching_and_of_averages() -> None:
    facts = at("token_merging", (1, TOKENS, WIDE), (1, TOKENS, 1), (1, TOKENS, LOOKED), r=2)
    found: Counter[str] = Counter()
    pairs = matches(counted(METRIC, found), 2)
    out = merged(counted(X, found), counted(SIZES, found), pairs)
    assert out.shape == (TOKENS - 2, WIDE)
    assert Counter(facts.work) == found


def test_the_gradient_is_that_of_the_averages() -> None:
    pairs = [(2, 1), (4, 3)]
    targets = dict(pairs)
    kept = [i for i in range(TOKENS) if i not in targets]
    totals = np.ones((TOKENS, 1))
    for target in targets.values():
        totals[target] += 1

    def back(g: Array, _: Array) -> Array:
        shared = g / totals[kept]
        return np.asarray([shared[kept.index(targets.get(i, i))] * SIZES[i] for i in range(TOKENS)])

    check_gradient(lambda x: merged(x, SIZES, pairs), back, X)
    facts = at("token_merging", (1, TOKENS, WIDE), (1, TOKENS, 1), (1, TOKENS, LOOKED), r=2)
    check(facts.grad_input, lambda g: back(g, g), RNG.normal(size=(TOKENS - 2, WIDE)))


def test_averages_of_merged_tokens_are_those_of_all_they_stand_for() -> None:
    x = counted(X, Counter())
    once = merged(x, SIZES, [(2, 1)])
    assert np.allclose(uncounted(once)[1], (X[1] + X[2]) / 2)


@pytest.mark.parametrize(
    ("ins", "r", "reason"),
    [
        (
            ((1, 7, 3), (1, 7, 1), (1, 7, 5)),
            4,
            "merges 4 pairs, which are more than half of 7 tokens",
        ),
        (((1, 7, 3), (1, 7, 2), (1, 7, 5)), 2, "takes sizes (B, T, 1) as its second input, got (B, T, 2)"),
    ],
)
def test_refusals(ins: tuple[tuple[int, ...], ...], r: int, reason: str) -> None:
    with pytest.raises(Refused) as caught:
        at("token_merging", *ins, r=r)
    assert reason in str(caught.value)


@pytest.mark.parametrize(
    ("name", "r", "printed"),
    [("tome_deit_small", 8, "3.4"), ("tome_deit_small", 13, "2.7"), ("tome_deit_tiny", 8, "0.9"),
     ("tome_deit_tiny", 12, "0.8")],
)  # fmt: skip
def test_printed_figures(name: str, r: int, printed: str) -> None:
    """Billions of MACs of DeiT with merging, as the paper's authors report them (Bolya et al. 2022)."""
    assert f"{symcost.load(name).cost().at(r=r).macs / 1e9:.1f}" == printed
