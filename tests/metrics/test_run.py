"""Metrics of a whole run, on shipped networks and on the guide's dense one."""

from __future__ import annotations

import csv
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

import symcost
from symcost.algebra.poly import evaluate, substitute, symbol
from symcost.errors import NoAnswer, SpecError, UsageError
from tests.graph.nets import op, spec
from tests.metrics.asked import at, poly

PUBLISHED = Path(__file__).parents[1] / "data/published.csv"
ROWS = {row["id"]: row for row in csv.DictReader(PUBLISHED.read_text().splitlines())}
IMAGENET = 1_281_167


def test_resnet_on_imagenet() -> None:
    """90 epochs in batches of 256: 450 k steps (He et al. 2015, section 3.4, say up to 60 x 10**4 iterations)."""
    assert str(poly("resnet50", "steps", examples=IMAGENET, epochs=90)) == "90*ceil(1281167/B)"
    assert at("resnet50", "steps", {"B": 256}, examples=IMAGENET, epochs=90) == 450_450
    assert at("resnet50", "steps", {"B": 32}, examples=IMAGENET, epochs=90, micro_batches=8) == 450_450
    assert at("resnet50", "steps", {"B": 256}, examples=IMAGENET, epochs=90, drop_last=True) == 450_360
    assert poly("resnet50", "run_examples", examples=IMAGENET, epochs=90) == 90 * IMAGENET
    assert at("resnet50", "run_examples", {"B": 256}, examples=IMAGENET, drop_last=True) == 5004 * 256


def test_data_parallel_workers_see_batches_of_their_own() -> None:
    alone, among = (
        at("resnet50", "steps", {"B": 32}, examples=IMAGENET, epochs=90, micro_batches=m, data_parallel=n)
        for m, n in ((8, 1), (2, 4))
    )
    assert alone == among


def test_workers_that_do_not_wait_update_each_for_itself() -> None:
    """Of 1000 examples in batches of 32 on 4 workers there are 8 rounds, and 32 pushes to the servers."""
    given: dict[str, Any] = {"examples": 1000, "data_parallel": 4, "optimizer": "sgd"}
    alone: dict[str, Any] = {"all_reduce": "parameter_server", "asynchronous": True}
    update = at("resnet18", "optimizer_flops", {}, optimizer="sgd")
    assert at("resnet18", "steps", {"B": 32}, **given) == 8
    assert at("resnet18", "run_flops.updates", {"B": 32}, **given) == 8 * update
    assert at("resnet18", "run_flops.updates", {"B": 32}, **given, **alone) == 32 * update
    passes = [at("resnet18", "run_flops.passes", {"B": 32}, **given, **more) for more in ({}, alone)]
    assert passes[0] == passes[1]


@pytest.mark.parametrize("drop_last", [False, True])
@pytest.mark.parametrize(("examples", "B", "m"), [(1000, 32, 1), (1000, 32, 3), (7, 64, 2), (96, 32, 3), (97, 1, 1)])
def test_work_is_that_of_every_micro_batch(examples: int, B: int, m: int, drop_last: bool) -> None:
    """Batch norm's parameters and sums over the batch make the work of a step affine: a short batch is less."""
    steps = symcost.load("resnet18").cost()
    full, rest = divmod(examples, B * m)
    sizes = [B] * m * full + ([] if drop_last else [B] * (rest // B) + [rest % B] * (rest % B > 0))
    expected = sum(_training(steps, size) for size in sizes)
    given: dict[str, Any] = {"examples": examples, "micro_batches": m, "epochs": 3, "drop_last": drop_last}
    assert at("resnet18", "run_flops.passes", {"B": B}, **given) == 3 * expected
    update = evaluate(steps.poly("optimizer_flops"), steps.bindings({}))
    count = full + (0 if drop_last or rest == 0 else 1)
    assert at("resnet18", "run_flops", {"B": B}, **given) == 3 * (expected + count * update)


def _training(cost: symcost.Cost, B: int) -> int:
    env = cost.bindings({"B": B})
    return int(evaluate(cost.poly("train_flops"), env) + evaluate(cost.poly("recompute_flops"), env))


def test_all_at_once_one_by_one_and_in_between() -> None:
    """Batch gradient descent, stochastic gradient descent and mini-batches are values of B."""
    B = symbol("B")
    assert poly("dense_network", "steps", examples="B", epochs="I") == symbol("I")
    steps = poly("dense_network", "steps", examples="N", epochs="I")
    assert str(steps) == "I*ceil(N/B)"
    assert substitute(steps, {"B": 1}) == symbol("N") * symbol("I")
    assert poly("dense_network", "run_examples", examples=B) == B


def test_the_guides_form_is_a_special_case() -> None:
    """N samples x L layers x M neurons x iterations: what it counts, and what it leaves out.

    With full batches every iteration evaluates each of L M neurons for each of N samples. A neuron of a dense net has M
    inputs, so that is N L M**2 MACs and not N L M; the first layer has D inputs, and there are K outputs.
    """
    B, L, M, D, K, iterations = (symbol(name) for name in ("B", "L", "M", "D", "K", "I"))
    dense = symcost.load("dense_network")
    N = B  # one batch holds all samples
    neurons = dense.under(iterations="I").cost().poly("contraction_outputs")
    assert neurons == N * (L * M + K)
    assert neurons * iterations == N * L * M * iterations + N * K * iterations
    macs = dense.cost().poly("macs")
    assert macs == N * (D * M + (L - 1) * M**2 + M * K)
    assert evaluate(macs, {"B": 7, "L": 5, "M": 11, "D": 11, "K": 0}) == 7 * (5 * 11**2)
    forward = 2 * (N * (D * M + (L - 1) * M**2 + M * K))
    backward = 2 * forward - 2 * N * D * M  # the first layer makes no gradient for its input
    passes = (forward + backward) * iterations
    assert poly("dense_network", "run_flops.passes", "torch", examples="B", epochs="I") == passes
    assert poly("dense_network", "run_flops.passes", "torch", iterations="I") == passes
    params = dense.cost().poly("params")
    descent: dict[str, Any] = {"optimizer": "gradient_descent", "examples": "B", "epochs": "I"}
    assert poly("dense_network", "run_flops", "torch", **descent) == passes + 2 * params * iterations


def test_iterations_in_place_of_epochs() -> None:
    given: dict[str, Any] = {"iterations": 600_000, "micro_batches": 2}
    assert poly("resnet18", "steps", **given) == 600_000
    assert poly("resnet18", "run_examples", **given) == 1_200_000 * symbol("B")
    once = poly("resnet18", "train_flops") + poly("resnet18", "recompute_flops")
    assert poly("resnet18", "run_flops.passes", **given) == 1_200_000 * once
    passes = poly("resnet18", "optimizer_passes", optimizer="newton")
    assert passes != 1
    assert poly("resnet18", "run_flops.passes", optimizer="newton", **given) == 1_200_000 * once * passes
    updates = 600_000 * poly("resnet18", "optimizer_flops", optimizer="sgd")
    assert poly("resnet18", "run_flops", optimizer="sgd", **given) == 1_200_000 * once + updates


def test_checkpoints_make_passes_longer() -> None:
    """What runs again is of every step; with a full checkpoint it is at most one more forward pass."""
    given: dict[str, Any] = {"examples": "B", "epochs": 3}
    plain, again = (poly("gpt2", "run_flops.passes", checkpoint=how, **given) for how in ("none", "full"))
    assert again - plain == 3 * (poly("gpt2", "recompute_flops", checkpoint="full") - poly("gpt2", "recompute_flops"))
    sizes = symcost.load("gpt2").cost().bindings({})
    assert 0 < evaluate(again - plain, sizes) <= 3 * evaluate(poly("gpt2", "flops"), sizes)


def test_text_is_cut_into_sequences() -> None:
    T, B = symbol("T"), symbol("B")
    assert str(poly("llama3_8b", "steps", tokens="D")) == "ceil(floor(D/T)/B)"
    assert poly("llama3_8b", "run_tokens", tokens=T * 1000) == 1000 * T
    sizes = {"T": 8192, "B": 4}
    given: dict[str, Any] = {"tokens": 15 * 10**12, "micro_batches": 8}
    assert at("llama3_8b", "steps", sizes, **given) == -(-(15 * 10**12 // 8192) // 32)
    assert at("llama3_8b", "run_tokens", sizes, **given) == 15 * 10**12 // 8192 * 8192
    assert poly("llama3_8b", "run_tokens", iterations=10) == 10 * B * T


def test_evaluation_is_a_forward_pass_every_so_often() -> None:
    once = symcost.load("resnet18").cost()
    sizes = [256] * (50_000 // 256) + [50_000 % 256]
    expected = sum(evaluate(once.poly("flops"), once.bindings({"B": size})) for size in sizes)
    given: dict[str, Any] = {"examples": 1000, "epochs": 90, "eval_examples": 50_000, "eval_every": 7}
    assert at("resnet18", "run_flops.evaluation", {"B": 256}, **given) == 12 * expected
    plain = at("resnet18", "run_flops", {"B": 256}, examples=1000, epochs=90)
    assert at("resnet18", "run_flops", {"B": 256}, **given) == plain + 12 * expected
    assert poly("resnet18", "run_flops.evaluation", examples=1000) == 0
    share = poly("resnet18", "run_flops.evaluation", examples=1005, eval_share="1/10")
    assert share == poly("resnet18", "run_flops.evaluation", examples=1, eval_examples=100)


def test_openais_estimate_of_vgg() -> None:
    """1.2 M images, 74 epochs, 16 GMAC, x 2 x 3: VGG16 has 15.47, and its first layer needs no gradient of images."""
    row = ROWS["oa_vgg"]
    assert row["unit"] == "PF"
    ours = at("vgg16", "run_flops.passes", {"B": 256}, "torch", examples=1_200_000, epochs=74)
    first = 2 * at("vgg16", "macs", {"B": 1}) * 3 * 1_200_000 * 74 - ours
    assert first == 2 * 27 * 64 * 224**2 * 1_200_000 * 74
    rounded = Fraction(ours + first, 10**15) * Fraction(16 * 10**9, at("vgg16", "macs", {"B": 1}))
    assert float(rounded) == pytest.approx(float(row["value"]), rel=0.0005)
    assert ours / 1e15 == pytest.approx(float(row["value"]), rel=0.04)


def test_six_n_d_of_llama() -> None:
    """Llama 3 405B, 6 N D on 15.6 T tokens: 3.8e25; attention and the gradient that no input needs come on top."""
    row = ROWS["l3_flops"]
    sizes = {"T": 8192, "B": 1}
    ours = at("llama3_1_405b", "run_flops.passes", sizes, "torch:causal=half", tokens=15_600 * 10**9)
    assert ours == pytest.approx(float(row["value"]), rel=0.05)


def test_preparation_of_imagenet() -> None:
    """Normalizing subtracts and divides, once for the data set; a flip draws and compares in every epoch."""
    H, W = symbol("H"), symbol("W")
    given: dict[str, Any] = {"examples": IMAGENET, "epochs": 90, "preparation": "normalize+flip"}
    assert poly("resnet50", "preparation_flops", **given) == 2 * IMAGENET * 3 * H * W + 90 * 2 * IMAGENET
    assert poly("resnet50", "preparation_moves", **given) == 90 * IMAGENET * 3 * H * W
    assert poly("resnet50", "preparation_flops", "torch", **given) == 0, "torch counts contractions only"
    N, D = symbol("N"), symbol("D")
    selected: dict[str, Any] = {"examples": "N", "preparation": "feature_selection", "columns": "D"}
    assert poly("dense_network", "preparation_flops", "torch", **selected) == N * D**2 + N * D
    assert poly("dense_network", "preparation_flops", examples="N") == 0
    ids: dict[str, Any] = {"examples": 10, "preparation": "one_hot", "categories": "K"}
    assert poly("llama3_8b", "preparation_moves", **ids) == 10 * symbol("T") * symbol("K")


def test_what_one_budget_buys() -> None:
    cost = symcost.load("vgg16").under(epochs=10, examples="examples").cost()
    found = symcost.solve(cost, "examples", "run_flops.passes <= 1e18", {"B": 32})
    within, beyond = (
        at("vgg16", "run_flops.passes", {"B": 32}, examples=int(found.answer) + more, epochs=10) for more in (0, 1)
    )
    assert within <= 10**18 < beyond
    with_updates = symcost.solve(cost, "examples", "run_flops <= 1e18", {"B": 32})
    assert with_updates.answer < found.answer
    least = symcost.solve(symcost.load("resnet50").under(examples=IMAGENET, epochs=90).cost(), "B", "steps <= 450_450",
                          smallest=True)  # fmt: skip
    assert least.answer == 256 and least.next is not None and least.next["B"] == 255


@pytest.mark.parametrize(
    ("metric", "given", "error", "message"),
    [
        ("steps", {}, UsageError, "a run is of a data set: say examples=N, or tokens=D of text"),
        ("steps", {"tokens": 10}, NoAnswer, "resnet18 has no free T: a run is told in sequences of T tokens"),
        ("run_tokens", {"examples": 10}, NoAnswer, "resnet18 has no free T: a run is told in sequences of T tokens"),
        (
            "preparation_flops",
            {"examples": 10, "iterations": 5, "preparation": "flip"},
            UsageError,
            "random preparation is done in every epoch: say epochs=K in place of iterations",
        ),
        (
            "preparation_flops",
            {"examples": "N", "preparation": "sort"},
            NoAnswer,
            "preparation 'sort': N log N of N rows has no formula; give the rows as a number, or as 2**m",
        ),
    ],
)
def test_what_a_run_needs_is_told(metric: str, given: dict[str, Any], error: type[Exception], message: str) -> None:
    with pytest.raises(error) as found:
        poly("resnet18", metric, **given)
    assert str(found.value) == message


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"epochs": 2, "iterations": 5}, "give epochs or iterations, and not both"),
        ({"examples": 2, "tokens": 5}, "give examples or tokens, and not both"),
        ({"eval_examples": 2, "eval_share": "1/2"}, "give eval_examples or eval_share, and not both"),
        ({"eval_share": "3/2"}, "eval_share: 3/2 is above the greatest value, 1"),
        ({"examples": 0}, "examples: 0 is below the least value, 1"),
    ],
)
def test_runs_that_make_no_sense(given: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError) as found:
        symcost.Setup(**given)
    assert str(found.value) == message


def test_a_network_without_a_batch_is_refused() -> None:
    bare = symcost.Architecture("bare", spec(op("relu"), symbols={"C": 4}, inputs={"x": ["C"]}))
    with pytest.raises(NoAnswer) as found:
        bare.under(examples=3).cost().poly("steps")
    assert str(found.value) == "bare has no free B: a run is told in batches of B examples"


def test_questions_are_asked_of_a_run_as_a_whole() -> None:
    """It has no parts: a break-down is refused, other questions go without."""
    small, large = (symcost.load(name).under(examples=1000).cost() for name in ("resnet18", "resnet34"))
    with pytest.raises(UsageError, match="run_flops is of the network as a whole: it has no break-down"):
        small.by_node(["run_flops"])
    found = symcost.sensitivity(small, "run_flops")
    assert found.parts == () and found.value == at("resnet18", "run_flops", {}, examples=1000)
    share = found.total.elasticity_at("C")
    assert share is not None and float(share) == pytest.approx(1.95, abs=0.01)
    both = symcost.compare(small, large, "run_flops")
    assert both.difference == large.poly("run_flops") - small.poly("run_flops")
