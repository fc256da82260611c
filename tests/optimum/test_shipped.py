"""The optimum of shipped networks agrees with costing every design one by one."""

from __future__ import annotations

from itertools import product

import pytest

import symcost
from symcost.algebra.atoms import Number
from symcost.algebra.poly import evaluate
from symcost.cost import Cost
from symcost.errors import SpecError
from symcost.optimum import optimize
from symcost.solver import Budget

NETWORKS = {
    "resnet50": "C=8:72:16, H=33:225:48",
    "densenet121": "k=8:40:8, H=29:224:39",
    "efficientnet_b0": "w=1/2:3/2:1/10, H=32:224:16",
    "mobilenet_v1": "alpha=1/4:1:1/8, H=32:224:32",
    "mobilenet_v2": "alpha=1/4:3/2:1/20, H=31:224:31",
    "regnet_x_1_6gf": "C1=24:120:24, C2=24:216:48, C4=48:480:144, H=32:224:64",
    "shufflenet_v2_x1_0": "H=32:224:32, B=1:9:2",
    "unet": "C=8:72:8, H=16:96:16",
    "vgg16": "C=8:72:8, H=32:224:32",
    "yolov3": "C=8:40:8, H=32:320:32",
}


def tried(cost: Cost, names: list[str], values: list[list[Number]], budget: Budget) -> dict[tuple[Number, ...], Number]:
    """Return the value of params + macs/1000 of every design that is allowed and meets a budget."""
    found = {}
    for design in product(*values):
        try:
            env = cost.bindings({**dict(zip(names, design, strict=True)), "W": design[names.index("H")]})
        except SpecError:
            continue
        macs, params = evaluate(cost.poly("macs"), env), evaluate(cost.poly("params"), env)
        if budget.meets(macs):
            found[design] = 1000 * params + macs
    return found


@pytest.mark.parametrize("name", NETWORKS)
def test_a_shipped_network(name: str) -> None:
    cost = symcost.load(name).cost()
    unknowns = [piece.partition("=")[0].strip() for piece in NETWORKS[name].split(",")]
    widest = optimize(cost, NETWORKS[name], maximize="macs", at={"W": "H"})
    budget = Budget("macs", "<=", int(widest.value) // 3)
    found = optimize(cost, NETWORKS[name], maximize="1000*params + macs", budgets=budget, at={"W": "H"}, ties=1000)
    values = [list(read(piece)) for piece in NETWORKS[name].split(",")]
    met = tried(cost, unknowns, values, budget)
    best = max(met.values())
    assert found.complete and found.value == best
    assert sorted(tuple(d.values()) for d in found.ties) == sorted(d for d, value in met.items() if value == best)


def read(piece: str) -> list[Number]:
    from symcost.solver.domain import read_exact

    low, high, step = (read_exact("test", part) for part in piece.partition("=")[2].split(":"))
    return [low + i * step for i in range(int((high - low) // step) + 1)]


def test_nine_unknowns_of_regnet() -> None:
    cost = symcost.load("regnet_x_1_6gf").free("L1", "L2", "L3", "L4").cost()
    over = {"H": [96, 160, 224], **{f"C{i}": [24 * i, 48 * i, 96 * i] for i in range(1, 5)}}
    over |= {f"L{i}": [1, 2 * i] for i in range(1, 5)}
    found = optimize(
        cost,
        over,
        maximize="H*(C1*L1 + C2*L2 + C3*L3 + C4*L4)",
        budgets=["macs <= 700M", "params <= 6M"],
        at={"W": "H"},
        ties=100,
    )
    met = {}
    for design in product(*over.values()):
        env = cost.bindings({**dict(zip(over, design, strict=True)), "W": design[0]})
        if evaluate(cost.poly("macs"), env) <= 7 * 10**8 and evaluate(cost.poly("params"), env) <= 6 * 10**6:
            h, *rest = design
            met[design] = h * sum(c * n for c, n in zip(rest[:4], rest[4:], strict=True))
    best = max(met.values())
    assert found.complete and found.value == best
    assert [tuple(d.values()) for d in found.ties] == [d for d, value in met.items() if value == best]
