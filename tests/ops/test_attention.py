"""Attention spelled out on numbers that count, products included, against the work that the op states."""

from __future__ import annotations

import math
from collections import Counter
from collections.abc import Callable
from dataclasses import replace

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcost.ops.facts import Kept
from symcost.ops.op import Refused
from tests.ops.counting import Array, at, check_gradient, counted, each, exp, log, plain, product, tanh, uncounted

RNG = np.random.default_rng(11)
HEADS, SERVED, QUERIES, KEYS, WIDE, DEEP = 4, 2, 3, 5, 2, 7
"""Query heads, heads of keys and values; then T, S, q, v."""
Q, K, V = ((HEADS, QUERIES, WIDE), (SERVED, KEYS, WIDE), (SERVED, KEYS, DEEP))
OUT = (HEADS, QUERIES, DEEP)
SPLIT = ((HEADS, QUERIES, WIDE), (HEADS, KEYS, WIDE), (HEADS, KEYS, DEEP))
"""Keys and values for each head of queries."""
SCALE = 1 / math.sqrt(WIDE)


def valued(x: Array) -> Array:
    return np.asarray(np.vectorize(plain, otypes=[float])(x))


def turned(x: Array) -> Array:
    return np.swapaxes(x, -1, -2)


def served(x: Array) -> Array:
    """Return keys or values once for each query head."""
    return np.repeat(x, HEADS // len(x), axis=0)


def gathered(gradients: Array, heads: int) -> Array:
    """Return the sums over the query heads that shared a head."""
    return np.asarray(gradients.reshape(heads, HEADS // heads, *gradients.shape[1:]).sum(axis=1))


def scores(q: Array, k: Array) -> Array:
    return np.asarray(product(q, turned(k)) * SCALE)


def softmax(x: Array) -> tuple[Array, Array]:
    """Return the shares and the logarithm of the sum of exponentials of each row."""
    largest = x.max(axis=-1, keepdims=True)
    e = each(exp, x - largest)
    whole = e.sum(axis=-1, keepdims=True)
    return np.asarray(e / whole), whole


def plainly(q: Array, k: Array, v: Array) -> Array:
    return product(softmax(scores(q, served(k)))[0], served(v))


def fused(q: Array, k: Array, v: Array) -> tuple[Array, Array]:
    x = scores(q, served(k))
    shares, whole = softmax(x)
    largest = valued(x).max(axis=-1, keepdims=True)
    return product(shares, served(v)), np.asarray(each(log, whole) + largest)


def back(shares: Array, sums: Array, g: Array, q: Array, k: Array, v: Array) -> tuple[Array, Array, Array]:
    """Return the gradients by q, k and v from the shares and the row sums of shares times their gradients."""
    scored = shares * (product(g, turned(served(v))) - sums) * SCALE
    return (
        product(scored, served(k)),
        gathered(product(turned(scored), q), len(k)),
        gathered(product(turned(shares), g), len(v)),
    )


def back_plainly(g: Array, q: Array, k: Array, v: Array, shares: Array) -> tuple[Array, Array, Array]:
    mixed = valued(g) @ turned(served(valued(v)))  # the same product again that ``back`` makes and counts
    return back(shares, (shares * mixed).sum(axis=-1, keepdims=True), g, q, k, v)


def back_fused(g: Array, q: Array, k: Array, v: Array, out: Array, log_sum: Array) -> tuple[Array, Array, Array]:
    shares = each(exp, scores(q, served(k)) - log_sum)
    return back(shares, (g * out).sum(axis=-1, keepdims=True), g, q, k, v)


def sample(*shape: int) -> Array:
    return np.asarray(RNG.normal(size=shape))


def tally(formula: Callable[..., object], *values: Array) -> Counter[str]:
    found: Counter[str] = Counter()
    formula(*(counted(v, found) for v in values))
    return found


def test_plainly() -> None:
    q, k, v, g = sample(*Q), sample(*K), sample(*V), sample(*OUT)
    facts = at("scaled_dot_product_attention", Q, K, V, enable_gqa=True, fused=False)
    assert tally(plainly, q, k, v) == facts.work
    shares = uncounted(softmax(scores(counted(q, Counter()), served(k)))[0])
    assert tally(back_plainly, g, q, k, v, shares) == facts.grad_input
    assert [kept.what for kept in facts.keeps] == ["input"] * 3 + ["shares"]


def test_fused() -> None:
    q, k, v, g = sample(*Q), sample(*K), sample(*V), sample(*OUT)
    facts = at("scaled_dot_product_attention", Q, K, V, enable_gqa=True)
    assert tally(fused, q, k, v) == facts.work
    out, log_sum = map(uncounted, fused(*(counted(x, Counter()) for x in (q, k, v))))
    assert tally(back_fused, g, q, k, v, out, log_sum) == Counter(facts.grad_input) + Counter(facts.again)
    shares_again = tally(lambda q, k: each(exp, scores(q, served(k)) - log_sum), q, k)
    assert shares_again == facts.again
    assert [kept.what for kept in facts.keeps] == ["input"] * 3 + ["output", "logsumexp"]


@pytest.mark.parametrize("place", range(3))
def test_gradients_are_derivatives(place: int) -> None:
    """So what is counted is the gradient: both ways, by queries, keys and values."""
    given = [sample(*Q), sample(*K), sample(*V)]

    def put(x: Array) -> list[Array]:
        values = [counted(value, Counter()) for value in given]
        values[place] = x
        return values

    def forward(x: Array) -> Array:
        return plainly(*put(x))

    def by_shares(g: Array, x: Array) -> Array:
        q, k, v = put(x)
        return back_plainly(g, q, k, v, softmax(scores(q, served(k)))[0])[place]

    def by_logarithms(g: Array, x: Array) -> Array:
        (q, k, v), (out, log_sum) = put(x), fused(*put(x))
        return back_fused(g, q, k, v, out, log_sum)[place]

    check_gradient(forward, by_shares, given[place])
    check_gradient(forward, by_logarithms, given[place])


def test_products_are_those_of_torch() -> None:
    """torch.utils.flop_counter: 2 products forward; back 5 of the fused kernel, 4 otherwise."""
    width = (2, 4, 6, 8)
    facts = at("scaled_dot_product_attention", width, width, width)
    plain_facts = at("scaled_dot_product_attention", width, width, width, fused=False)
    assert 2 * (facts.grad_input["mac"] + facts.again["mac"]) == 5 * facts.work["mac"]
    assert facts.grad_input["mac"] == plain_facts.grad_input["mac"] == 2 * facts.work["mac"]
    assert not plain_facts.again


@pytest.mark.parametrize(
    ("ins", "message"),
    [
        ((Q, K, V), "has 4 heads of queries and 2 of keys and values; say enable_gqa: true if queries share them"),
        (((3, 2), (5, 2)), "takes 3 inputs, got 2"),
    ],
)
def test_refusals(ins: tuple[tuple[int, ...], ...], message: str) -> None:
    with pytest.raises(Refused) as error:
        at("scaled_dot_product_attention", *ins)
    assert message == str(error.value)


def test_a_window_looks_back() -> None:
    with pytest.raises(Refused) as error:
        at("scaled_dot_product_attention", (5, 2), (5, 2), (5, 2), window=3)
    assert str(error.value) == "has a window, which looks back; say is_causal: true"
    with pytest.raises(Refused, match="asks for"):  # queries without keys of their own
        at("scaled_dot_product_attention", (5, 2), (3, 2), (3, 2), is_causal=True)


@given(past=st.integers(0, 9), new=st.integers(1, 9), window=st.integers(0, 12))
def test_pairs_that_masks_discard(past: int, new: int, window: int) -> None:
    """Pair by pair: a query sees itself and what came before, of which a window takes the last."""
    seen = [
        [key for key in range(past + new) if key <= query and (not window or query - key < window)]
        for query in range(past, past + new)
    ]
    keys = past + new
    ins = ((2, 4, new, 8), (2, 4, keys, 8), (2, 4, keys, 5))
    facts = at("scaled_dot_product_attention", *ins, is_causal=True, window=window)
    pairs, each_pair = new * keys, 2 * 4 * (8 + 5)
    assert facts.work["mac"] == pairs * each_pair
    assert facts.masked == (pairs - sum(map(len, seen))) * each_pair
    assert at("scaled_dot_product_attention", *ins).masked == 0


CAP = 3.0


def capped(x: Array) -> tuple[Array, Array]:
    t = each(tanh, x * (1 / CAP))
    return np.asarray(t * CAP), t


def through_cap(g: Array, t: Array) -> Array:
    return np.asarray(g * (1 - t * t))


def test_distances_are_one_addition_to_each_score() -> None:
    wide = ((HEADS, QUERIES, WIDE), (HEADS, KEYS, WIDE), (HEADS, KEYS, DEEP))
    for fused in (True, False):
        bare = at("scaled_dot_product_attention", *wide, fused=fused)
        facts = at("scaled_dot_product_attention", *wide, fused=fused, alibi=True)
        once = tally(lambda x: x + sample(HEADS, QUERIES, KEYS), sample(HEADS, QUERIES, KEYS))
        assert Counter(facts.work) - Counter(bare.work) == once
        assert Counter(facts.again) - Counter(bare.again) == (once if fused else Counter())
        assert facts.grad_input == bare.grad_input


def test_sinks_are_one_more_score_in_each_row() -> None:
    """Its share is made and left out; the gradient of a sink is less its share times the row sum, over all rows."""
    wide = ((HEADS, QUERIES, WIDE), (HEADS, KEYS, WIDE), (HEADS, KEYS, DEEP))
    rows = HEADS * QUERIES
    for fused in (True, False):
        bare = at("scaled_dot_product_attention", *wide, fused=fused)
        facts = at("scaled_dot_product_attention", *wide, fused=fused, sinks=True)
        assert facts.weights == {"sinks": (HEADS,)}
        once = tally(with_sink, sample(QUERIES, KEYS + 1)) - tally(without_sink, sample(QUERIES, KEYS))
        assert Counter(facts.work) - Counter(bare.work) == Counter({kind: HEADS * n for kind, n in once.items()})
        assert facts.grad_input == bare.grad_input
        made_again = {"exp": rows, "add": 2 * rows - HEADS} if fused else {"add": rows - HEADS}
        assert facts.grad_weight == {"mul": rows, **made_again}
    with pytest.raises(Refused, match="takes"):
        at("scaled_dot_product_attention", (3, 2), (5, 2), (5, 7), sinks=True)


def with_sink(x: Array) -> Array:
    """Return the shares of all scores of a row but the last, which is the sink's."""
    e = each(exp, x - x.max(axis=-1, keepdims=True))
    return np.asarray(e[:, :-1] / e.sum(axis=-1, keepdims=True))


def without_sink(x: Array) -> Array:
    return softmax(x)[0]


def test_softcap_is_work_on_the_scores() -> None:
    """What a cap adds is the work of capping all scores, and on the way back of the derivative of that."""
    x, g = sample(HEADS, QUERIES, KEYS), sample(HEADS, QUERIES, KEYS)
    wide = ((HEADS, QUERIES, WIDE), (HEADS, KEYS, WIDE), (HEADS, KEYS, DEEP))
    for fused in (True, False):
        bare = at("scaled_dot_product_attention", *wide, fused=fused)
        facts = at("scaled_dot_product_attention", *wide, fused=fused, softcap=3)
        forward = tally(capped, x)
        back = tally(through_cap, g, np.tanh(x / CAP))
        assert Counter(facts.work) - Counter(bare.work) == forward
        again = forward if fused else Counter()
        assert Counter(facts.grad_input) - Counter(bare.grad_input) == back
        assert Counter(facts.again) - Counter(bare.again) == again
        assert {kept.what for kept in facts.keeps} - {kept.what for kept in bare.keeps} == (
            set() if fused else {"tanh"}
        )
    check_gradient(lambda v: capped(v)[0], lambda d, v: through_cap(d, capped(v)[1]), x)


def test_dropped_shares_are_those_of_dropout_between_softmax_and_product() -> None:
    pairs = (HEADS, QUERIES, KEYS)
    drop = at("dropout", pairs, p=0.1)
    bare = at("scaled_dot_product_attention", *SPLIT, fused=False)
    facts = at("scaled_dot_product_attention", *SPLIT, fused=False, dropout_p=0.1)
    assert Counter(facts.grad_input) - Counter(bare.grad_input) == drop.grad_input
    made = [replace(kept, to=()) for kept in facts.keeps]
    assert made == [replace(kept, to=()) for kept in (*bare.keeps, *drop.keeps, Kept("dropped", shape=pairs))]
    told = {kept.what: kept.to for kept in facts.keeps}
    assert (told["mask"], told["dropped"]) == ((0, 1), (2,))  # queries and keys, and values
    assert facts.work == bare.work  # in evaluation nothing is dropped


def test_a_fused_kernel_draws_its_mask_again() -> None:
    bare, facts = at("scaled_dot_product_attention", *SPLIT), at("scaled_dot_product_attention", *SPLIT, dropout_p=0.1)
    assert facts.keeps == (*bare.keeps, Kept("seed", shape=(2,), dtype="index"))
    assert at("scaled_dot_product_attention", *SPLIT, dropout_p=0) == bare
    with pytest.raises(Refused, match="p is a probability, got 2; give 0 to 1"):
        at("scaled_dot_product_attention", *SPLIT, dropout_p=2)


def test_a_layer_of_attention_drops_as_attention_does() -> None:
    layer = {"num_heads": 2, "batch_first": True}
    bare, facts = (
        at("multihead_attention", (3, 5, 8), **layer),
        at("multihead_attention", (3, 5, 8), **layer, dropout=0.1),
    )
    more = {kept.what: kept.shape for kept in set(facts.keeps) - set(bare.keeps)}
    assert more == {"mask": (3, 2, 5, 5), "dropped": (3, 2, 5, 5)}
    assert Counter(facts.shared) - Counter(bare.shared) == {"mul": 150}


def test_heads_must_be_there_and_shared_evenly() -> None:
    with pytest.raises(Refused, match=r"takes \(\.\.\., h, T, q\), .*, got \(3, 2\), \(5, 2\), \(5, 7\)"):
        at("scaled_dot_product_attention", (3, 2), (5, 2), (5, 7), enable_gqa=True)
    with pytest.raises(Refused, match="3 divides 4"):
        at("scaled_dot_product_attention", (4, 3, 2), (3, 5, 2), (3, 5, 7), enable_gqa=True)
