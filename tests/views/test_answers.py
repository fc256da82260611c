"""Reports, totals, explanations, checks and the list: what they say, and that their parts add up."""

from __future__ import annotations

import json
from typing import Any

import pytest

from symcost import NoAnswer, Spec, UsageError, load
from symcost.architecture import Architecture, variant_of
from symcost.catalog import files, names, shipped
from symcost.cost import Cost
from symcost.graph.listing import telling_depth
from symcost.solver import solve
from symcost.table import Table
from symcost.views.answer import Answer, spoken_of
from symcost.views.check import check
from symcost.views.explanation import explain
from symcost.views.listing import listing, ops
from symcost.views.report import broken_down
from symcost.views.totals import totals

RESNET = load("resnet50")


@pytest.fixture(scope="module")
def cost() -> Cost:
    return RESNET.cost()


@pytest.fixture(scope="module")
def env(cost: Cost) -> dict[str, Any]:
    return cost.bindings()


def lines(answer: Answer) -> list[str]:
    return str(answer).splitlines()


@pytest.mark.parametrize("by", ["block", "node", "op"])
@pytest.mark.parametrize("name", ["resnet50", "unet", "dense_network", "densenet121", "googlenet"])
def test_rows_add_up_to_the_total(name: str, by: str) -> None:
    """Issue 24 of calflops asks for it, issue 39 of torchinfo too: a break-down whose parts sum to the total."""
    network = load(name)
    cost = network.cost()
    data = broken_down(network, cost, cost.bindings(), by=by, names=cost.metrics).data
    assert data["total"] == {metric: str(value) for metric, value in cost.at().as_dict().items()}
    for metric, total in data["total"].items():
        assert sum(int(row[metric]) for row in data["rows"]) == int(total)


def test_a_report_says_what_its_numbers_are(cost: Cost, env: dict[str, Any]) -> None:
    found = lines(broken_down(RESNET, cost, env))
    assert found[0] == "resnet50: ResNet, Wide ResNet and ResNeXt"
    assert "at B = 1, H = 224, W = 224, C = 64, K = 1000" in found
    assert "convention symcost: 2 FLOPs per MAC, 1 per elementwise operation of any kind" in found
    assert any("MACs" in line and "FLOPs" in line for line in found)
    assert found[-1] == "in short: 25.56 M params, 4.089 G MACs, 8.217 G FLOPs, 37.56 M elements (activations)"
    assert max(map(len, found)) <= 100


def test_a_report_tells_its_conditions() -> None:
    network = load("alexnet")
    cost = network.cost()
    assert lines(broken_down(network, cost, cost.bindings()))[-1] == "the formulas hold for H >= 63, W >= 63"


def test_shares_are_of_the_flops_or_of_what_is_asked(cost: Cost, env: dict[str, Any]) -> None:
    def heads(*names: str) -> list[str]:
        (table,) = (p for p in broken_down(RESNET, cost, env, names=names).parts if isinstance(p, Table))
        return [column.name for column in table.columns]

    assert heads()[-1] == "share of FLOPs"
    assert heads("params", "buffers") == ["block", "count", "params", "buffers", "share of params"]


def test_depth_is_chosen_so_that_there_is_something_to_see() -> None:
    assert telling_depth(RESNET.graph()) == 1
    assert telling_depth(load("unet").graph()) == 2


def test_totals(cost: Cost, env: dict[str, Any]) -> None:
    data = json.loads(json.dumps(totals(RESNET, cost, env).data))
    assert data["schema"] == 1
    assert data["convention"] == "symcost"
    assert data["name"] == "resnet50"
    assert data["bindings"] == {"B": 1, "H": 224, "W": 224, "C": 64, "K": 1000}
    assert data["fixed"]["L3"] == 6
    assert data["total"]["params"] == "25557032"
    assert data["total"]["macs"] == "4089184256"
    assert sum(map(int, data["elementwise_by_kind"].values())) == int(data["total"]["elementwise"])
    assert data["units"]["macs"] == "MACs"


def test_totals_of_chosen_metrics(cost: Cost, env: dict[str, Any]) -> None:
    found = totals(RESNET, cost, env, ["elementwise.div", "macs"])
    assert found.data["total"] == {"elementwise.div": "2048", "macs": "4089184256"}
    assert lines(found)[-2:] == [
        "elementwise.div          2,048  div operations",
        "macs             4,089,184,256  MACs            4.089 G",
    ]


def test_an_explanation_holds_law_instance_and_cost(cost: Cost, env: dict[str, Any]) -> None:
    answer = explain(RESNET, cost, env, "stage_2.block.unit.conv2d")
    found = lines(answer)
    assert found[0] == "stage_2.block.unit.conv2d: conv2d"
    assert found[1].startswith("declared at ")
    assert found[1].rpartition("specs/resnet.yaml:")[2].count(":") == 1
    assert "Source:      Dumoulin and Visin 2016, relation 6" in found
    assert "reads    (B, 4*C, ceil(H/4), ceil(W/4)) of 'stage.repeat.block.relu_3'" in found
    assert "writes   (B, 2*C, ceil(H/4), ceil(W/4))" in found
    assert "weight   weight (2*C, 4*C, 1, 1)" in found
    assert "macs         MACs        8*B*C**2*ceil(H/4)*ceil(W/4)   102,760,448" in found
    assert "mac   102,760,448  102,760,448  102,760,448" in found


def test_an_explanation_says_what_is_not_done_or_held(cost: Cost, env: dict[str, Any]) -> None:
    without = "; what it reads wants no gradient, so grad_input is not done"
    first, later = (" ".join(lines(explain(RESNET, cost, env, name))) for name in ("unit.conv2d", "global_avg_pool"))
    assert without in first
    assert without not in later
    network = load("googlenet")
    aux = next(node.name for node in network.graph().nodes if node.only)
    answer = explain(network, network.cost(), network.cost().bindings(), aux)
    assert "runs     in training only" in lines(answer)
    assert answer.data["only"] == "training"
    decoder = load("gpt2").fix(decode="true")
    cache = next(node.name for node in decoder.graph().nodes if node.op.tag == "kv_cache")
    answer = explain(decoder, decoder.cost(), decoder.cost().bindings(), cache)
    assert "holds    (B, h, S + T, E/h) for the next pass" in lines(answer)
    assert answer.data["cached"] == [["B", "h", "S + T", "E/h"]]


def test_an_explanation_as_data(cost: Cost, env: dict[str, Any]) -> None:
    data = json.loads(json.dumps(explain(RESNET, cost, env, "unit.batch_norm").data))
    assert data["op"] == "batch_norm"
    assert data["count"] == "1"
    assert data["inputs"] == [{"from": "unit.conv2d", "shape": ["B", "C", "ceil(H/2)", "ceil(W/2)"]}]
    assert data["weights"] == {"weight": ["C"], "bias": ["C"]}
    assert data["metrics"]["params"] == {"unit": "params", "formula": "2*C", "value": "128"}
    assert data["work"]["forward"]["mul"]["value"] == "802816"
    assert data["keeps"] == ["input", "mean (C)", "rstd (C)"]


def test_an_explanation_of_a_repeated_node_is_of_all_rounds() -> None:
    network = load("dense_network")
    cost = network.cost()
    answer = explain(network, cost, cost.bindings(), "repeat.layer.linear")
    assert answer.data["count"] == "L - 1"
    assert answer.data["metrics"]["params"]["value"] == "525312"
    assert "L - 1 times" in lines(answer)[0]


def test_a_node_that_is_not_there(cost: Cost, env: dict[str, Any]) -> None:
    with pytest.raises(UsageError) as refused:
        explain(RESNET, cost, env, "stage_2.block.unit.conv2")
    assert str(refused.value) == (
        "resnet50: there is no node 'stage_2.block.unit.conv2'; did you mean 'stage_2.block.unit.conv2d'?"
    )


def spec_of(**symbol: Any) -> Architecture:
    steps = [{"op": "max_pool1d", "kernel_size": 8}]
    data = {"name": "n", "symbols": {"H": symbol}, "inputs": {"x": [1, 3, "H"]}, "model": steps}
    return variant_of(Spec.model_validate(data), None)


def test_check_tries_the_defaults() -> None:
    good, ok = check(spec_of(default=9))
    assert ok
    assert good.data[0]["ok"]
    bad, ok = check(spec_of(default=7))
    assert not ok
    assert lines(bad)[-1] == "n: H = 7 is refused at node 'max_pool1d': needs H >= 8"
    missing, ok = check(spec_of())
    assert ok
    assert "none for H" in lines(missing)[2]


def test_check_goes_through_a_family() -> None:
    answer, ok = check(load("squeezenet"))
    assert ok
    assert [one["name"] for one in answer.data] == ["SqueezeNet", "squeezenet1_0", "squeezenet1_1"]


def test_the_list_can_be_loaded_and_joined_on() -> None:
    data = {one["name"]: one for one in json.loads(json.dumps(listing().data))}
    assert data["resnet50"]["same_as"] == ["torchvision/resnet50", "timm/resnet50"]
    assert data["resnet50"]["family"] == "resnet"
    assert data["resnet50"]["symbols"]["H"] == {"kind": "dimension", "default": 224, "about": "image height"}
    assert data["resnet50"]["fixed"]["L3"] == 6
    assert data["resnet50"]["source"].startswith("He et al. 2015")
    assert {"kind": "ratio", "default": "1/8"}.items() <= data["squeezenet"]["symbols"]["sr"].items()
    assert set(data) == set(names())


def test_notebooks_show_costs_graphs_and_totals(cost: Cost) -> None:
    for thing in (cost, cost.at(), cost.graph, cost.table()):
        bundle = thing._repr_mimebundle_()
        assert list(bundle)[:4] == ["text/plain", "text/markdown", "text/html", "text/latex"]
        assert "resnet50" in bundle["text/html"] or "4,089,184,256" in bundle["text/html"]


def test_notebooks_show_solutions(cost: Cost) -> None:
    bundle = solve(cost, for_="C", budgets=["macs <= 2G"])._repr_mimebundle_()
    assert bundle["text/plain"].startswith("C = 44: 1,958,573,056 MACs")
    assert bundle["text/markdown"].splitlines()[-2:] == [
        "| 44 | 1,958,573,056 | the answer |",
        "| 45 | 2,046,692,160 | beyond macs \\<= 2G |",
    ]


def test_data_frames_hold_exact_integers(cost: Cost) -> None:
    frame = cost.to_pandas(by="op", names=["params", "macs"])
    assert frame["params"].sum() == 25_557_032
    assert type(frame.loc["linear", "macs"]) is int


@pytest.mark.parametrize(
    ("words", "found", "absent"),
    [
        (["Llama-3", "8B"], {"llama3_8b"}, {"llama_33b", "llama3_70b"}),
        (["torchvision/resnet50"], {"resnet50"}, {"resnet18"}),
        (["yolo", "v8"], {"yolov8n"}, {"yolov5n"}),
    ],
)
def test_words_choose_networks(words: list[str], found: set[str], absent: set[str]) -> None:
    names = {one["name"] for one in listing(words).data}
    assert found <= names and not absent & names


def test_all_that_words_are_looked_for_in_stands_in_the_file() -> None:
    for path in files():
        text = path.read_text(encoding="utf-8")
        for variant in (None, *shipped(path).variants):
            member = variant_of(shipped(path), variant)
            for said in (shipped(path).name, *member.same_as):
                assert spoken_of([text], [said]), f"{path.stem} is left out where {said} is looked for"


def test_words_that_describe_nothing() -> None:
    with pytest.raises(NoAnswer, match="no network is called foo bar; `symcost list` shows them all"):
        listing(["foo", "bar"])
    with pytest.raises(NoAnswer, match="no op is called foo"):
        ops(["foo"])
    assert [op["name"] for op in ops(["spread", "pixel"]).data] == ["conv_transpose2d"]
