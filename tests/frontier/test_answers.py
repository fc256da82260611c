"""Answers on shipped networks, in every form, and refusals word for word."""

from __future__ import annotations

import subprocess
import sys
from fractions import Fraction
from typing import Any

import pytest

import symcost
from symcost.cost import Cost
from symcost.errors import NoAnswer, SpecError, UsageError
from symcost.frontier import Frontier, pareto, stream
from symcost.frontier.answer import frontier
from symcost.frontier.question import ask
from symcost.frontier.survey import Survey
from symcost.solver.objective import Objective

np = pytest.importorskip("numpy")
GOALS = ["macs", "maximize params"]


@pytest.fixture(scope="module")
def resnet() -> Cost:
    return symcost.load("resnet50").cost()


@pytest.fixture(scope="module")
def small(resnet: Cost) -> Frontier:
    return pareto(resnet, GOALS, ["C=16:256:80", "H=224,225,256"], {"W": "H"})


def test_it_says_what_was_compared(small: Frontier) -> None:
    assert str(small) == (
        "resnet50: 4 points on the frontier of least macs and greatest params, over C = 16, 96, ..., 256;\n"
        "  H = 224, 225, 256\n"
        "\n"
        "                                              rate\n"
        "point    C    H            MACs       params  [params per MAC]\n"
        "-----  ---  ---  --------------  -----------  ----------------\n"
        "    1   16  224     278,085,632    1,993,976\n"
        "    2   96  224   9,110,618,112   55,919,176  0.00611\n"
        "    3  176  224  30,346,657,792  183,111,576  0.00599\n"
        "    4  256  224  63,986,204,672  383,571,176  0.00596\n"
        "\n"
        "all 12 designs compared, exactly: 4 on the frontier, 8 dominated; at B = 1, W = H, K = 1000"
    )


def test_its_values_are_those_of_the_cost(small: Frontier, resnet: Cost) -> None:
    for point in small.points:
        (design,) = point.designs
        exact = resnet.at(**design, W=design["H"])
        assert dict(point.values) == {"macs": exact.macs, "params": exact.params}
    first, second = small.points[:2]
    gain = second.values["params"] - first.values["params"]
    assert small.rate(1) == Fraction(gain) / (second.values["macs"] - first.values["macs"])


def test_for_programs(small: Frontier) -> None:
    data = small.to_json()
    assert data["points"][0] == {
        "values": {"macs": "278085632", "params": "1993976"},
        "designs": [{"C": 16, "H": 224}],
        "count": 1,
    }
    assert {k: data[k] for k in ("designs", "compared", "dominated", "left_out")} == {
        "designs": 12, "compared": 12, "dominated": 8, "left_out": {},
    }  # fmt: skip
    assert data["over"]["C"] == {"first": 16, "last": 256, "count": 4}
    assert data["at"] == {"B": 1, "W": "H", "K": 1000}
    assert small.table().to_csv().splitlines()[:2] == ["point,C,H,macs,params", "1,16,224,278085632,1993976"]
    assert small.to_pandas()["macs"].tolist() == [p.values["macs"] for p in small.points]
    assert "278,085,632" in small._repr_mimebundle_()["text/html"]


def test_designs_of_equal_values_are_counted(resnet: Cost) -> None:
    found = pareto(resnet, {"macs": "min", "H": "max"}, "H=193:224, C=64,72")
    best = found.points[0]
    assert (best.values["H"], best.count) == (194, 1)  # ceil(H/2) is the same for 193, so are all later sizes
    tied = pareto(resnet, {"macs": "min", "params": "max"}, {"H": ["223", "224"], "C": [64]}, {"W": 224})
    assert [(p.count, [d["H"] for d in p.designs]) for p in tied.points] == [(2, [223, 224])]
    assert "designs" in str(tied)


def test_a_long_frontier_is_shown_in_part(resnet: Cost) -> None:
    found = pareto(resnet, GOALS, "C=8:800:8, H=224,256")
    assert len(found) == 100
    assert "\n76 points between these are not shown\n" in str(found)
    assert len(found.table()) == 100


def test_expressions_and_conventions(resnet: Cost) -> None:
    found = pareto(resnet, [Objective("macs + 2*params"), Objective("C*H", maximize=True)], "C=16:64:16,H=64:128:32")
    for point in found.points:
        design = point.designs[0]
        exact = resnet.at(**design)
        assert point.values["macs + 2*params"] == exact.macs + 2 * exact.params
    torch = pareto(symcost.load("resnet50"), ["flops", "maximize C"], "C=16:64:16", convention="torch")
    assert "FLOPs as 'torch' counts them" in torch.certificate()
    assert torch.points[-1].values["flops"] == 2 * resnet.at(C=64).macs


def test_quotients(resnet: Cost) -> None:
    over = {"C": range(8, 65, 8), "H": range(32, 97, 16)}
    goals = ["maximize macs/params", "params", "minimize activations/(C*macs)"]
    found = pareto(resnet, goals, over, {"W": "H"})
    totals = {(c, h): resnet.at(C=c, H=h, W=h) for c in over["C"] for h in over["H"]}
    values = {
        (Fraction(t.macs) / t.params, t.params, Fraction(t.activations) / (c * t.macs)) for (c, _), t in totals.items()
    }
    best = {v for v in values if not any(w != v and w[0] >= v[0] and w[1] <= v[1] and w[2] <= v[2] for w in values)}
    assert [tuple(p.values.values()) for p in found.points] == sorted(best, reverse=True)
    survey = Survey(ask(resnet, goals, over, {"W": "H"}, ""), numpy=False)
    for _ in survey.run():
        pass
    assert frontier(survey) == found


def test_structure_is_drawn_anew_for_each_value() -> None:
    net = symcost.load("vgg16")
    found = pareto(net, ["macs", "maximize params"], "bn=true,false, C=32:64:16")
    for point in found.points:
        design = dict(point.designs[0])
        cost = net.cost(bn=design.pop("bn"))
        assert cost.at(**design).macs == point.values["macs"]
    assert found.size == 6


def test_conditions_leave_designs_out() -> None:
    found = pareto(symcost.load("densenet121"), GOALS, "C=1:64, k=8:32:8")
    whole = symcost.load("densenet121").cost()
    allowed = [(c, k) for c in range(1, 65) for k in range(8, 33, 8) if _allowed(whole, c, k)]
    assert found.compared == len(allowed)
    assert found.size == 256
    assert sum(found.left_out.values()) == 256 - len(allowed)
    assert "left out: needs 2 divides C" in found.certificate()


def _allowed(cost: Cost, c: int, k: int) -> bool:
    try:
        cost.at(C=c, k=k)
    except SpecError:
        return False
    return True


def test_the_last_of_a_stream_is_the_answer(resnet: Cost, small: Frontier) -> None:
    seen = list(stream(resnet, GOALS, ["C=16:256:80", "H=224,225,256"], {"W": "H"}))
    assert seen[-1] == small
    survey = Survey(ask(resnet, GOALS, ["C=16:256:80", "H=224,225,256"], {"W": "H"}, ""), points=3)
    parts = [(survey.seen, len(survey.entries())) for _ in survey.run()]
    assert parts == [(3, 1), (6, 2), (9, 3), (12, 4)]


def test_beyond_64_bits(resnet: Cost) -> None:
    found = pareto(
        resnet, ["macs", "maximize B*H*W*C"], {"B": [2**40, 2**41], "C": [4096, 8192]}, {"H": 2048, "W": 2048}
    )
    for point in found.points:
        assert point.values["macs"] == resnet.at(**point.designs[0], H=2048, W=2048).macs > 2**63
    assert found.size == 4


def test_sizes_beyond_64_bits(resnet: Cost) -> None:
    """Conditions are tested on the same sizes, even those that none of them is of."""
    found = pareto(resnet, ["params", "maximize C"], {"C": [8, 10**20]})
    assert [point.values["C"] for point in found.points] == [8, 10**20]


def test_the_same_without_numpy() -> None:
    code = (
        "import sys; sys.modules['numpy'] = None\n"
        "import symcost\n"
        "import symcost.frontier.survey as survey\n"
        "survey.find_spec = lambda name: None\n"
        "print(symcost.pareto(symcost.load('resnet50'), ['macs', 'maximize params'], 'C=16:256:80, H=224', {'W': 'H'}))"
    )
    out = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=True).stdout
    with_numpy = pareto(symcost.load("resnet50"), GOALS, "C=16:256:80, H=224", {"W": "H"})
    assert out == f"{with_numpy}\n"


@pytest.mark.parametrize(
    ("metrics", "over", "at", "line"),
    [
        (["macs"], "C=8:16", {}, "a frontier takes 2 to 6 goals, such as minimize macs and maximize params, got 1"),
        (["macs", "maximize macs"], "C=8:16", {}, "'macs' is given twice as a goal"),
        ({"macs": "min", "params": "up"}, "C=8:16", {}, "params is to be 'min' or 'max', got 'up'"),
        (
            ["mac", "params"],
            "C=8:16",
            {},
            (
                "objective 'mac': there is no metric or free symbol 'mac'; did you mean 'macs'?; "
                "symbols are C, B, H, W, K"
            ),
        ),
        (GOALS, [], {}, "a frontier takes a grid, such as C=16:256:8"),
        (GOALS, "c=8:16", {}, "there is no free symbol 'c'; did you mean 'C'?; free are B, H, W, C, K"),
        (GOALS, "C=16:8", {}, "C: the range 16:8 is empty"),
        (GOALS, "C=8:16", {"C": 8}, "C is an axis of the grid, and is given as 8 too; leave one out"),
        (GOALS, "C=8:16,B=1:4,K=1:9", {}, ""),
        (["params", "C"], "C=8:16,H=8:16", {}, "no goal depends on H; leave it out of the grid"),
        (["macs", "params"], "H=32:64", {}, "params is the same all over the grid; leave it out or choose other axes"),
        (
            GOALS,
            "C=1:1000000,H=1:1000000",
            {},
            "the grid has 1,000,000,000,000 designs; at most 10,000,000,000 are compared",
        ),
    ],
)
def test_refusals(resnet: Cost, metrics: Any, over: Any, at: Any, line: str) -> None:
    if not line:
        assert pareto(resnet, metrics, over, at)
        return
    with pytest.raises(UsageError) as refused:
        pareto(resnet, metrics, over, at)
    assert str(refused.value) == line


def test_more_refusals(resnet: Cost) -> None:
    with pytest.raises(SpecError, match="there is no free symbol 'Q'"):
        pareto(resnet, GOALS, "C=8:16", {"Q": 3})
    with pytest.raises(UsageError, match="at most 2,000,000 are compared; NumPy lifts that"):
        Survey(ask(resnet, GOALS, "C=1:2000,H=1:2000", {}, ""), numpy=False)
    with pytest.raises(NoAnswer, match=r"more than 200,000 points are on the frontier; make the grid coarser"):
        pareto(resnet, ["macs", "maximize C"], "C=1:300000")
    with pytest.raises(UsageError, match="macs/buffers divides by 0, whatever the sizes"):
        pareto(symcost.load("alexnet"), ["macs/buffers", "params"], "F=64:128")
    dense = symcost.load("densenet121")
    with pytest.raises(NoAnswer) as none:
        pareto(dense, GOALS, "C=1:63:2, k=8:32:8")
    assert str(none.value) == "none of the 128 designs is a network: 128 need 2 divides C"
    with pytest.raises(UsageError, match="a picture shows two or three goals, and there are 4"):
        pareto(resnet, [*GOALS, "activations", "elementwise"], "C=8:64:8,H=32:64:32").draw()


@pytest.mark.parametrize("goals", [GOALS, ["maximize params", "macs"], [*GOALS, "maximize H"], ["macs", "activations"]])
def test_a_picture(resnet: Cost, goals: list[str]) -> None:
    pytest.importorskip("matplotlib")
    from tests.picture.looks import drawn as looked_at

    found = pareto(resnet, goals, "C=16:128:16, H=64:256:32")
    ax = looked_at(found.draw)
    texts = [found.goals[0].text, found.goals[1].text]
    label = {"macs": "MACs, less is better", "params": "params, more is better"}[texts[0]]
    assert (ax.get_xlabel(), ax.get_xscale()) == (label, "log")
    priced = any(goal.priced for goal in found.goals)
    assert ax.get_title(loc="left").replace("\n", " ").endswith("convention symcost") is priced
    drawn = np.asarray(ax.lines[0].get_xydata() if len(goals) == 2 else ax.collections[1].get_offsets()).tolist()
    assert drawn == [[float(p.values[text]) for text in texts] for p in found.points]


def test_settings_are_axes_as_sizes_are() -> None:
    network = symcost.load("lenet5").under(zero=1, data_parallel="data_parallel")
    found = pareto(network, ["train_bytes", "maximize B*data_parallel"], "B=1:3, data_parallel=1:4")
    best = symcost.load("lenet5").under(zero=1, data_parallel=4).cost()
    assert [dict(one.designs[0]) for one in found.points] == [{"B": b, "data_parallel": 4} for b in (1, 2, 3)]
    assert [one.values["train_bytes"] for one in found.points] == [best.at(B=b).train_bytes for b in (1, 2, 3)]
