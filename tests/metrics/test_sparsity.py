"""Metrics of sparse networks, beside products that skip zeros and lists that are stored."""

from __future__ import annotations

import itertools
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

import symcost
from symcost.algebra.extent import ceil
from symcost.algebra.poly import evaluate, substitute, symbol
from tests.graph.nets import conv, op, spec
from tests.metrics.asked import at, poly
from tests.sparsity.builders import BUILDERS, multiply, random_matrix, two_of_four

B, C, D, K, L, M = (symbol(name) for name in "BCDKLM")
r = symbol("r", "ratio")


def dense_layers(D: int, L: int, M: int, K: int) -> list[tuple[int, int]]:
    """Return outputs and inputs of every layer of the dense network."""
    return [(M, D), *((M, M) for _ in range(L - 1)), (K, M)]


@pytest.mark.parametrize("density", [Fraction(1, 2), Fraction(1, 3), Fraction(9, 10), Fraction(0), Fraction(1)])
@pytest.mark.parametrize("storage", ["csr", "csc", "coo", "bitmap", "dense"])
def test_dense_network_beside_lists(density: Fraction, storage: str) -> None:
    """Every matrix is drawn with as many nonzeros as are left, multiplied with skipping, and stored."""
    sizes = {"B": 3, "D": 7, "L": 3, "M": 5, "K": 4}
    macs = size = nonzeros = 0
    for seed, (rows, columns) in enumerate(dense_layers(7, 3, 5, 4)):
        count = -(-rows * columns * density.numerator // density.denominator)
        matrix = random_matrix(rows, columns, count, seed)
        for sample in range(3):
            macs += multiply(matrix, [sample + 1] * columns)[1]
        bits = BUILDERS[storage if density != 1 else "dense"](matrix, 32, 32)
        size += -(-bits // 8) + 4 * rows  # whole bytes a matrix; biases are dense
        nonzeros += count + rows
    given: dict[str, Any] = {"density": density, "storage": storage}
    assert at("dense_network", "sparse_macs", sizes, **given) == macs
    assert at("dense_network", "nonzero_params", sizes, **given) == nonzeros
    assert at("dense_network", "stored_bytes", sizes, **given) == size


def test_two_of_four_beside_lists() -> None:
    sizes = {"B": 1, "D": 8, "L": 3, "M": 16, "K": 5}
    matrices = [two_of_four(rows, columns, seed) for seed, (rows, columns) in enumerate(dense_layers(8, 3, 16, 5))]
    macs = sum(multiply(matrix, [1] * len(matrix[0]))[1] for matrix in matrices)
    stored = sum(-(-BUILDERS["2:4"](matrix, 16, 32) // 8) + 2 * len(matrix) for matrix in matrices)
    given: dict[str, Any] = {"pruning": "2:4", "storage": "2:4", "precision": "bf16"}
    assert at("dense_network", "sparse_macs", sizes, **given) == macs
    assert 2 * macs == at("dense_network", "macs", sizes)
    assert at("dense_network", "stored_bytes", sizes, **given) == stored
    cost = symcost.load("dense_network").under(**given).cost()
    assert cost.graph.conditions == ("4 divides D", "4 divides M")


@pytest.mark.parametrize("density", [Fraction(1), Fraction(1, 2)])
def test_quantised_matrices_keep_their_scales(density: Fraction) -> None:
    """Groups of 128 numbers of a row share 20 bits; of the pruned matrices, too, whose nonzeros have 4 bits."""
    sizes = {"B": 1, "D": 784, "L": 3, "M": 512, "K": 10}
    expected = Fraction(0)
    for seed, (rows, columns) in enumerate(dense_layers(784, 3, 512, 10)):
        matrix = random_matrix(rows, columns, int(density * rows * columns), seed)
        stored = BUILDERS["bitmap" if density != 1 else "dense"](matrix, 4, 32)
        expected += Fraction(stored + 20 * rows * -(-columns // 128), 8) + 2 * rows
    given: dict[str, Any] = {"precision": "int4", "density": density, "storage": "bitmap"}
    assert at("dense_network", "stored_bytes", sizes, **given) == expected


def test_two_of_four_leaves_what_does_not_fit_dense() -> None:
    """The first convolution of ResNet has three input channels."""
    given: dict[str, Any] = {"pruning": "2:4"}
    sizes = {"B": 1, "H": 32, "W": 32}
    stem = 147 * 64 * 16 * 16
    dense = at("resnet18", "macs", sizes)
    assert at("resnet18", "sparse_macs", sizes, **given) == stem + (dense - stem) // 2
    kept = at("resnet18", "sparse_macs", sizes, densities="linear=1", **given)
    assert kept == stem + (dense - stem - 512_000) // 2 + 512_000


def test_a_convolution_beside_loops() -> None:
    """Each weight of a kernel is used once at every output, padding included; so is each one that is left."""
    net = symcost.Architecture("net", spec(conv(3, 3, stride=2), symbols={"B": 2, "H": 5, "W": 6, "C": 2}))
    count = -(-3 * 2 * 9 * 2 // 5)
    kernel = random_matrix(3, 18, count, seed=5)
    done = sum(multiply(kernel, [1] * 18)[1] for _ in itertools.product(range(2), range(3), range(3)))
    cost = net.under(density="2/5").cost()
    assert evaluate(cost.poly("sparse_macs"), cost.bindings({})) == done
    assert evaluate(cost.poly("nonzero_params"), cost.bindings({})) == count


def test_share_of_the_dense_work() -> None:
    """A share r of the weights takes a share r of the MACs, but for rounding up in every tensor."""
    cost = symcost.load("dense_network").under(density="r").cost()
    assert cost.poly("sparse_macs") == (B * ceil(r * D * M) + B * (L - 1) * ceil(r * M**2) + B * ceil(r * M * K))
    sizes = {"B": 1, "D": 784, "M": 512, "L": 3, "K": 10}
    for share in (Fraction(1, 7), Fraction(1, 2), Fraction(99, 100)):
        dense = evaluate(symcost.load("dense_network").cost().poly("macs"), sizes)
        sparse = evaluate(cost.poly("sparse_macs"), {**sizes, "r": share})
        assert 0 <= sparse - share * dense < 4


def test_flops_save_what_macs_save() -> None:
    saved = poly("resnet18", "macs") - poly("resnet18", "sparse_macs", density="1/4")
    less = poly("resnet18", "flops") - poly("resnet18", "sparse_flops", density="1/4")
    assert less == 2 * saved
    torch = poly("resnet18", "sparse_flops", "torch", density="1/4")
    assert torch == 2 * poly("resnet18", "sparse_macs", density="1/4")


def test_nothing_is_saved_where_nothing_is_zero() -> None:
    for name in ("resnet18", "llama3_8b", "gpt_oss_20b", "word_lm"):
        assert poly(name, "sparse_macs") == poly(name, "macs")
        assert poly(name, "sparse_flops") == poly(name, "flops")
        assert poly(name, "nonzero_params") == poly(name, "params")
        assert poly(name, "stored_bytes") == poly(name, "weight_bytes")
        given = {"precision": "mixed_bf16"}
        assert poly(name, "stored_bytes", **given) == poly(name, "weight_bytes", **given)


def test_channels_that_are_removed_make_a_narrower_network() -> None:
    """Both sides of a layer become smaller, so inner layers take a share r**2; so does the plain narrower network."""
    for metric, dense in (("sparse_macs", "macs"), ("nonzero_params", "params"), ("sparse_flops", "flops")):
        found = poly("resnet18", metric, pruning="structured", density="1/3", widths="C")
        assert found == substitute(poly("resnet18", dense), {"C": ceil(Fraction(1, 3) * C)})
    sizes = {"B": 1, "D": 100, "L": 50, "M": 1000, "K": 10}
    given: dict[str, Any] = {"pruning": "structured", "density": "1/2", "widths": "M"}
    inner = at("dense_network", "sparse_macs", sizes, **given)
    assert inner == 100 * 500 + 49 * 500**2 + 500 * 10
    unstructured = at("dense_network", "sparse_macs", sizes, density="1/2")
    assert inner * 2 == pytest.approx(unstructured, rel=0.01)


def test_widths_keep_their_divisor() -> None:
    net = symcost.Architecture(
        "net", spec(conv("C"), symbols={"B": 1, "H": 4, "W": 4, "C": {"default": 64, "multiple_of": 8}})
    )
    cost = net.under(pruning="structured", density="1/3", widths="C").cost()
    assert evaluate(cost.poly("nonzero_params"), {"C": 64}) == 24 * 24


def test_shared_weights_are_stored_once_and_work_every_time() -> None:
    """A recurrence of T steps with one matrix: parameters do not depend on T, work does."""
    body = {"op": "repeat", "count": "T", "weights": "cell", "do": [op("linear", out="E", bias=False)]}
    net = symcost.Architecture("net", spec(body, symbols={"B": 1, "E": 8, "T": 5}, inputs={"x": ["B", "E"]}))
    T, E = symbol("T"), symbol("E")
    cost = net.under(density="1/4", storage="csr").cost()
    assert cost.poly("sparse_macs") == B * T * ceil(Fraction(1, 4) * E**2)
    assert cost.poly("nonzero_params") == ceil(Fraction(1, 4) * E**2)
    assert cost.poly("stored_bytes") == 8 * ceil(Fraction(1, 4) * E**2) + 4 * (E + 1)
    assert net.cost().poly("params_untied") == T * E**2


def test_a_tied_head_is_pruned_with_its_table() -> None:
    """GPT-2's head is its table of tokens: parameters once, at the table, which is not pruned; the head's work is."""
    dense, sparse = poly("gpt2", "macs"), poly("gpt2", "sparse_macs", density="1/2", densities="linear[logits]=1")
    assert evaluate(sparse, SMALL) < evaluate(dense, SMALL)
    assert poly("gpt2", "stored_bytes", densities="linear[logits]=1/2") == poly("gpt2", "weight_bytes")


SMALL = {"B": 1, "T": 128, "E": 768, "h": 12, "L": 12, "V": 50257, "P": 1024}


def test_values_that_weights_share() -> None:
    """Han et al. 2016, section 3: n weights as k values take n log2 k + k b bits, of n b."""
    n = 512 * 784 + 2 * 512**2 + 512 * 10
    biases = 3 * 512 + 10
    sizes = {"B": 1, "D": 784, "L": 3, "M": 512, "K": 10}
    stored = at("dense_network", "stored_bytes", sizes, codebook_bits=4)
    assert stored == n // 2 + 4 * (16 * 4) + 4 * biases
    free = poly("dense_network", "stored_bytes", codebook_bits="b")
    assert evaluate(free, {**sizes, "b": 4}) == stored
    # the example of Figure 3: 16 weights of 32 bits, 4 values: 16*32/(4*32 + 2*16) = 3.2
    figure = symcost.Architecture(
        "figure", spec(op("linear", out=4, bias=False), symbols={"B": 1}, inputs={"x": ["B", 4]})
    )
    assert Fraction(16 * 4) / evaluate(figure.under(codebook_bits=2).cost().poly("stored_bytes"), {}) == Fraction(
        32, 10
    )


def test_sparse_inputs_make_the_first_layer_cheaper() -> None:
    """A bag of words of density d: only nonzeros of the input are multiplied; later layers do not change."""
    saved = poly("dense_network", "macs") - poly("dense_network", "sparse_macs", input_density="1/100")
    assert saved == Fraction(99, 100) * B * D * M
    rows = random_matrix(4, 50, 20, seed=2)
    first = sum(number != 0 for row in rows for number in row) * 6
    sizes = {"B": 4, "D": 50, "L": 1, "M": 6, "K": 3}
    assert at("dense_network", "sparse_macs", sizes, input_density="1/10") == first + 4 * 6 * 3
    both = at("dense_network", "sparse_macs", sizes, input_density="1/10", density="1/2")
    assert both == first // 2 + 4 * 9
    flattened = symcost.Architecture("net", spec(op("flatten"), op("linear", out=7)))
    assert flattened.under(input_density="1/4").cost().poly("sparse_macs") * 4 == flattened.cost().poly("macs")


def test_experts_are_pruned_as_tensors() -> None:
    """Every expert's half of its weights: products of activations alone stay, all else is halved."""
    whole, half = poly("mixtral_8x7b", "macs"), poly("mixtral_8x7b", "sparse_macs", density="1/2")
    rows = symcost.load("mixtral_8x7b").cost().by_op(["macs"])
    (pairs,) = (row.values["macs"] for row in rows if row.op == "scaled_dot_product_attention")
    env = symcost.load("mixtral_8x7b").cost().bindings({"T": 16})
    assert evaluate(2 * half - pairs, env) == evaluate(whole, env)


def test_solvers_work_on_densities() -> None:
    """The densest network whose weights fit, with its certificate."""
    cost = symcost.load("vgg16").under(density="density", storage="csr").cost()
    found = symcost.solve(cost, "density", "stored_bytes <= 100e6", step="1/1000")
    assert found.next is not None
    assert found.value["stored_bytes"] <= 100e6 < found.next["stored_bytes"]
    assert found.answer == pytest.approx(100e6 / 8 / 138e6, abs=0.002)


def test_alexnet_as_deep_compression_prunes_it() -> None:
    """Han et al. 2016, section 6.1: of 60 million weights 6.7 million are left; Table 4 says of which layers.

    The network is torchvision's, whose convolutions are not grouped and have other widths, so it has 0.2 % more.
    """
    shares = {"conv2d": 84, "conv.conv2d": 38, "conv_2.conv2d": 35, "conv_3.conv2d": 37, "conv_4.conv2d": 37,
              "dense.linear": 9, "dense_2.linear": 9, "linear": 25}  # fmt: skip
    densities = ", ".join(f"/{name}={Fraction(percent, 100)}" for name, percent in shares.items())
    left = at("alexnet", "nonzero_params", {}, densities=densities)
    assert left / 1e6 == pytest.approx(6.7, rel=0.03)
    assert at("alexnet", "params", {}) / left == pytest.approx(9, rel=0.02)


def test_a_recurrent_layer_beside_loops() -> None:
    """Both matrices of an LSTM are used once for every sequence and step."""
    cell = op("lstm", hidden_size=3)
    net = symcost.Architecture("net", spec(cell, symbols={"B": 2, "T": 4, "E": 5}, inputs={"x": ["B", "T", "E"]}))
    into, back = (random_matrix(12, width, -(-12 * width // 3), seed=width) for width in (5, 3))
    done = 0
    for _ in itertools.product(range(2), range(4)):
        done += multiply(into, [1] * 5)[1] + multiply(back, [1] * 3)[1]
    cost = net.under(density="1/3").cost()
    assert evaluate(cost.poly("sparse_macs"), cost.bindings({})) == done


def test_a_transposed_convolution_beside_loops() -> None:
    """Each weight that is left meets every input pixel once."""
    up = op("conv_transpose2d", out=3, kernel=2, stride=2, bias=False)
    net = symcost.Architecture("net", spec(up, symbols={"B": 2, "H": 3, "W": 4, "C": 5}))
    count = -(-5 * 3 * 4 // 4)
    kernel = random_matrix(5, 12, count, seed=1)
    done = 0
    for _, row in itertools.product(itertools.product(range(2), range(3), range(4)), kernel):
        done += sum(weight != 0 for weight in row)
    cost = net.under(density="1/4").cost()
    assert evaluate(cost.poly("sparse_macs"), cost.bindings({})) == done


@settings(max_examples=25, deadline=None)
@given(low=st.fractions(0, 1, max_denominator=50), high=st.fractions(0, 1, max_denominator=50))
def test_more_weights_are_never_less_work(low: Fraction, high: Fraction) -> None:
    low, high = sorted((low, high))
    for metric in ("sparse_macs", "nonzero_params", "stored_bytes"):
        formula = FREE.poly(metric)
        few, many = (evaluate(formula, {**FREE.bindings({"r": 1}), "r": share}) for share in (low, high))
        assert few <= many
    assert evaluate(FREE.poly("sparse_macs"), {**FREE.bindings({"r": 1}), "r": 1}) == at("resnet18", "macs", {})


FREE = symcost.load("resnet18").under(density="r", storage="csr").cost()
