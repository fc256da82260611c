"""What a worker holds and sends, as metrics: against formulas of papers and sums by hand."""

from __future__ import annotations

from fractions import Fraction

import pytest

import symcost
from symcost.algebra.division import div
from symcost.algebra.poly import Num, evaluate, symbol
from symcost.architecture import variant_of
from symcost.errors import SpecError, SymcostError, UsageError
from symcost.spec import read_spec
from tests.specs.drawn import network
from tests.workers.test_zero import Row, every

B, E, F, L, P, T, V, m, n, p, t = map(symbol, "BEFLPTVmnpt")
W = symbol("W", "ratio")
STATES = ("weight_bytes", "gradient_bytes", "master_bytes", "moment_bytes")


def parameters(**settings: object) -> symcost.Cost:
    adam = symcost.Setup(**{"precision": "mixed_fp16", "optimizer": "adam", **settings})
    return network("P parameters").under(adam).cost()


def states(cost: symcost.Cost) -> Num:
    return sum((cost.poly(name) for name in STATES), start=0 * P)


STAGES = {"baseline": 0, "Pos": 1, "Pos+g": 2, "Pos+g+p": 3}


@every("zero_t1_")
def test_table_1_of_zero(row: Row) -> None:
    """As cut off or rounded at the last digit that is printed."""
    _, _, size, workers, stage = row["id"].split("_")
    cost = parameters(zero=STAGES[stage], data_parallel=workers)
    at = {"7.5B": 7_500, "128B": 128_000, "1T": 1_000_000}[size] * 10**6
    found, printed = evaluate(states(cost), {"P": at}) / Fraction(10**9), Fraction(row["value"])
    digit = Fraction(1, 10 ** len(row["value"].partition(".")[2]))
    assert printed <= found < printed + digit or abs(printed - found) <= digit / 2


@every("zero_t2_")
def test_table_2_of_zero(row: Row) -> None:
    """By the inverse: the most parameters whose states fit into 32 GB of one of 64 workers, times what is printed."""
    _, _, degree, stage = row["id"].split("_")
    cost = parameters(zero=STAGES[stage], data_parallel=64)
    found = symcost.solve(cost, for_="P", budgets=[f"{' + '.join(STATES)} <= 32G"])
    alone = int(found.answer)
    assert evaluate(states(cost), {"P": alone}) <= 32 * 10**9 < evaluate(states(cost), {"P": alone + 64})
    assert int(degree) * alone / 10**9 == pytest.approx(float(row["value"]), rel=0.025)


def test_states_of_zero_in_symbols() -> None:
    each = [states(parameters(zero=stage, data_parallel="n")) for stage in range(4)]
    assert each == [16 * P, 4 * P + div(12 * P, n), 2 * P + div(14 * P, n), div(16 * P, n)]


@pytest.mark.parametrize("stage", [0, 1, 2, 3])
def test_bytes_of_data_parallel_workers(stage: int) -> None:
    """ZeRO, section 7: 2 P, of 2 bytes each, and 3 P where parameters are shared out; times (n - 1)/n."""
    cost = parameters(zero=stage, data_parallel="n")
    passes = 3 if stage == 3 else 2
    assert cost.poly("comm_bytes") == cost.poly("comm_bytes.data") == passes * 2 * P * (1 - n**-1)


def test_fsdp_is_stage_3() -> None:
    assert symcost.Setup(zero="fsdp") == symcost.Setup(zero="3") == symcost.Setup(zero=3)


TWO = """
symcost: 1
name: two layers
symbols: {B: 1, P: 100, Q: 7}
inputs: {x: [B, 1]}
model: [{branches: [[linear: {out: P, bias: false}], [linear: {out: Q, bias: false}]], join: concat}]
"""


@pytest.mark.parametrize(("stage", "largest"), [(0, 0), (1, 0), (2, 2), (3, 4)])
def test_the_largest_layer_is_whole_for_a_while(stage: int, largest: int) -> None:
    """As DeepSpeed's estimate has it: 4 bytes for each parameter of the largest layer, in halves."""
    net = variant_of(read_spec(TWO.encode()), None)
    cost = net.under(precision="mixed_fp16", zero=stage, data_parallel=8).cost()
    assert evaluate(cost.poly("gathered_bytes"), {"P": 100, "Q": 7}) == largest * 100
    assert evaluate(cost.poly("gathered_bytes"), {"P": 5, "Q": 7}) == largest * 7
    adding = net.under(precision="mixed_fp16", zero=stage, data_parallel=8, micro_batches=2).cost()
    assert evaluate(adding.poly("gathered_bytes"), {"P": 100, "Q": 7}) == (200 if stage == 3 else 0)


# --- tensors, stages, experts, tokens ------------------------------------------------------------------------


def gpt(**settings: object) -> symcost.Cost:
    return symcost.load("gpt2").under(symcost.Setup(**{"precision": "mixed_bf16", **settings})).cost()


def test_bytes_of_tensor_parallel_workers() -> None:
    """Four all-reduces of B T E for each layer, one for the token table and one for the head's gradient."""
    part = 2 * (1 - t**-1)
    assert gpt(tensor_parallel="t").poly("comm_bytes") == 2 * part * (4 * B * T * E * L + 2 * B * T * E)


def test_layers_that_run_again_send_again() -> None:
    """Full recomputation runs the forward pass of each layer twice: six all-reduces."""
    part = 2 * (1 - t**-1)
    again = gpt(tensor_parallel="t", checkpoint="full").poly("comm_bytes")
    assert again == 2 * part * (6 * B * T * E * L + 2 * B * T * E)


def test_micro_batches_send_each_their_own() -> None:
    one, four = (gpt(tensor_parallel="t", data_parallel="n", micro_batches=each) for each in (1, 4))
    assert four.poly("comm_bytes.tensor") == 4 * one.poly("comm_bytes.tensor")
    assert four.poly("comm_bytes.data") == one.poly("comm_bytes.data")


def test_stages_of_a_pipeline() -> None:
    cost = gpt(pipeline_parallel="p", micro_batches="m", interleave=2)
    assert cost.poly("bubble") == div(p - 1, 2 * m)
    assert cost.poly("comm_bytes") == 2 * 2 * m * 2 * B * T * E
    assert cost.poly("worker_params") == div((12 * E**2 + 13 * E) * L, p) + V * E + symbol("P") * E
    assert cost.poly("workers") == p


def test_the_first_stage_keeps_micro_batches_that_are_on_their_way() -> None:
    """Of one micro-batch each stage keeps a part; the first one of p of them, so that it is as much as without."""
    at = {"B": 2, "T": 64, "E": 32, "h": 4, "L": 12, "V": 100, "P": 64}

    def peak(stages: int, micro_batches: int) -> float:
        cost = gpt(pipeline_parallel=stages, micro_batches=micro_batches)
        return float(evaluate(cost.poly("step_peak_bytes"), at))

    assert peak(4, 2) < peak(4, 8)
    assert peak(4, 8) == pytest.approx(peak(1, 8), rel=0.25)


def test_experts_go_to_all() -> None:
    """Rows of B T m tokens go to their experts and come back, and gradients too: 4 times (e - 1)/e of them."""
    mixtral = symcost.load("mixtral").under(precision="mixed_bf16", expert_parallel=4, data_parallel=8).cost()
    assert mixtral.poly("comm_bytes.expert") == 4 * Fraction(3, 4) * 2 * B * T * m * E * L
    experts = 3 * E * F * L * n
    dense = mixtral.poly("params") - experts
    sent = 2 * 2 * (Fraction(7, 8) * dense + Fraction(1, 2) * experts * Fraction(1, 4))
    assert mixtral.poly("comm_bytes.data") == sent, "each expert is at 8/4 = 2 groups"
    assert mixtral.poly("worker_params") == dense + div(experts, 4)


def test_states_of_experts_by_zero() -> None:
    """With all states shared out, every worker holds an n-th part of everything, experts or not."""
    mixtral = symcost.load("mixtral").under(
        precision="mixed_bf16", optimizer="adam", expert_parallel=4, data_parallel=8, zero=3
    )
    cost = mixtral.cost()
    assert states(cost) == 16 * cost.poly("params") * Fraction(1, 8)


def test_gradients_are_added_up_over_tokens_too() -> None:
    cost = gpt(data_parallel=4, context_parallel=2)
    assert cost.poly("comm_bytes.data") == 2 * 2 * Fraction(7, 8) * cost.poly("params")
    assert cost.poly("comm_bytes.context") == 3 * 2 * Fraction(1, 2) * 2 * B * T * E * L, "keys and values, and back"


def test_workers_of_all_kinds() -> None:
    llama = symcost.load("llama3_8b").under(
        data_parallel="n", tensor_parallel="t", pipeline_parallel="p", context_parallel=2
    )
    assert llama.cost().poly("workers") == 2 * n * t * p


# --- time ----------------------------------------------------------------------------------------------------


def test_seconds_over_a_link() -> None:
    cost = parameters(data_parallel=8, link_bandwidth="W", link_latency="1/1000000")
    assert cost.poly("comm_s") == div(2 * 2 * P * Fraction(7, 8), W) + Fraction(14, 10**6)
    assert cost.symbols["W"].kind == "ratio"


def test_seconds_over_the_links_of_a_device() -> None:
    """Eight of a node share its inner link; sixteen do not."""
    near, far = (parameters(data_parallel=each, device="h100").poly("comm_s") for each in (8, 16))
    assert near == 4 * P * Fraction(7, 8) * Fraction(1, 450 * 10**9)
    assert far == 4 * P * Fraction(15, 16) * Fraction(1, 50 * 10**9)


def test_seconds_by_servers() -> None:
    """All push and pull at one link; without a barrier each pays for its own, or for its share of a full one."""
    given = {"all_reduce": "parameter_server", "data_parallel": 8, "link_bandwidth": 10**9}
    together = parameters(**given).poly("comm_s")
    alone = parameters(**given, asynchronous=True).poly("comm_s")
    assert together == 2 * 8 * 2 * P * Fraction(1, 10**9)
    assert evaluate(alone, {"P": 10**9}) == 16
    assert evaluate(parameters(**given, asynchronous=True, servers=8).poly("comm_s"), {"P": 10**9}) == 4


# --- what is refused -----------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("name", "settings", "sizes", "message"),
    [
        ("gpt2", {"tensor_parallel": 8}, {}, "GPT-2: h = 12 is refused by setting tensor_parallel: needs 8 divides h"),
        ("gpt2", {"pipeline_parallel": 5}, {},
         "GPT-2: L = 12 is refused by setting pipeline_parallel: needs 5 divides L"),
        ("gpt2", {"context_parallel": 3}, {"T": 1000},
         "GPT-2: T = 1000 is refused by setting context_parallel: needs 3 divides T"),
        ("mixtral", {"expert_parallel": 3, "data_parallel": 3}, {},
         "Mixtral: n = 8 is refused by setting expert_parallel: needs 3 divides n"),
    ],
)  # fmt: skip
def test_sizes_that_degrees_do_not_divide(
    name: str, settings: dict[str, object], sizes: dict[str, int], message: str
) -> None:
    cost = symcost.load(name).under(symcost.Setup(**settings)).cost()
    with pytest.raises(SpecError) as error:
        cost.bindings(sizes)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("name", "settings", "message"),
    [
        ("mixtral", {"expert_parallel": 4, "data_parallel": 6}, "Mixtral: expert_parallel = 4 needs 4 divides 6"),
        ("resnet50", {"expert_parallel": 2},
         "resnet50: expert_parallel shares out experts, and this network has none"),
        ("resnet50", {"pipeline_parallel": 2},
         "resnet50: a pipeline shares out one repetition of layers, and this network has 4"),
        ("resnet50", {"context_parallel": 2},
         "resnet50: context_parallel shares out tokens, and no input of this network has any"),
        ("gpt2", {"sequence_parallel": True}, "sequence_parallel goes with tensor_parallel, which is 1"),
        ("gpt2", {"interleave": 2}, "interleave goes with pipeline_parallel, which is 1"),
        ("gpt2", {"interleave": "v"}, "interleave: takes a whole number of at least 1, got 'v'"),
        ("gpt2", {"asynchronous": True}, "asynchronous goes with all_reduce = parameter_server, got ring"),
        ("gpt2", {"all_reduce": "parameter_server", "zero": 2},
         "zero = 2 shares states out over workers, parameter_server has them at servers"),
        ("gpt2", {"zero": 4}, "zero is one of 0, 1, 2 or 3; got '4'"),
        ("gpt2", {"tensor_parallel": 0}, "tensor_parallel: 0 is below the least value, 1"),
    ],
)  # fmt: skip
def test_settings_that_contradict(name: str, settings: dict[str, object], message: str) -> None:
    with pytest.raises(SymcostError) as error:
        symcost.load(name).under(symcost.Setup(**settings)).cost()
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("settings", "message"),
    [
        ({}, "what messages take is told by links: say device=NAME, or link_bandwidth=BYTES a second"),
        ({"device": "h100", "data_parallel": "n"},
         "whether n workers share a node is open; say link_bandwidth=BYTES a second"),
        ({"all_reduce": "tree", "data_parallel": "n", "link_bandwidth": 1},
         "ceil(log2(n)) has no formula; give a number of workers, or one such as 2**k"),
    ],
)  # fmt: skip
def test_times_that_are_open(settings: dict[str, object], message: str) -> None:
    with pytest.raises(UsageError) as error:
        parameters(**{"data_parallel": 8, **settings}).poly("comm_s")
    assert str(error.value) == message


def test_pieces_take_turns_in_groups_of_micro_batches() -> None:
    with pytest.raises(UsageError) as error:
        gpt(pipeline_parallel=4, interleave=3, micro_batches=6).poly("bubble")
    assert str(error.value) == "interleave takes micro_batches that pipeline_parallel = 4 divides, got 6"


def test_answers_say_what_they_stand_under() -> None:
    assert symcost.Setup().workers.said() == "one worker"
    assert symcost.Setup(data_parallel=8, zero=3).workers.said() == "data_parallel = 8, zero = 3"
