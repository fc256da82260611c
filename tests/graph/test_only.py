"""Steps that do not always run: what counts of them, and who may read them."""

from __future__ import annotations

from typing import Any

import pytest

from symcost.algebra.poly import symbol
from symcost.cost import Cost
from symcost.errors import SpecError
from symcost.graph.build import build
from symcost.metrics.convention import convention
from tests.graph.nets import Step, branches, op, spec

B, C = map(symbol, "BC")
LINEAR = op("linear", out="C", bias=False)
WORK = B * C * C * 2
"""FLOPs of one such layer forward, and as many for each gradient."""


def found(*steps: Step) -> Any:
    """Return parameters, FLOPs of evaluation and of training."""
    net = spec(*steps, symbols={"B": 2, "C": 4}, inputs={"x": ["B", "C"]})
    cost = Cost(build(net, {}), convention("torch"))
    return tuple(map(cost.poly, ("params", "flops", "train_flops")))


def only(when: str, step: Step = LINEAR, **fields: object) -> Step:
    return {**step, "only": when, **fields}


def test_weights_count_and_work_is_done_where_it_runs() -> None:
    square = C * C
    assert found(LINEAR) == (square, WORK, 2 * WORK)
    assert found(LINEAR, only("evaluation")) == (2 * square, 2 * WORK, 2 * WORK)
    assert found(LINEAR, only("training")) == (2 * square, WORK, 5 * WORK)
    assert found(LINEAR, only("never")) == (2 * square, WORK, 2 * WORK)


def test_what_runs_in_evaluation_goes_on_from_there() -> None:
    wider = only("evaluation", op("linear", out="2*C", bias=False))
    assert found(LINEAR, wider, wider)[1] == WORK + 2 * WORK + 4 * WORK


def test_inside_something_that_runs_elsewhere_it_never_runs() -> None:
    inner = branches([only("evaluation")], join="none")
    assert found(LINEAR, only("training", inner)) == (2 * C * C, WORK, 2 * WORK)
    assert found(LINEAR, only("training", branches([only("training")], join="none"))) == found(LINEAR, only("training"))


@pytest.mark.parametrize(
    ("steps", "said"),
    [
        ((only("evaluation"), LINEAR), "node 'linear' reads 'here', which is there in evaluation only"),
        ((only("never", name="a"), op("relu", reads="a")), "node 'relu' reads 'a', which never runs"),
        ((only("training", name="a"), op("relu", reads="a")), "node 'relu' reads 'a', which is there in training only"),
    ],
)
def test_what_may_not_be_there_is_not_read(steps: tuple[Step, ...], said: str) -> None:
    with pytest.raises(SpecError) as caught:
        found(*steps)
    assert str(caught.value).partition(": ")[2] == said


def test_no_gradient_passes_a_detached_value() -> None:
    """A layer whose output goes nowhere else is not trained: it only runs forward."""
    assert found(LINEAR, op("detach"), LINEAR)[2] == WORK + 2 * WORK
    assert found(LINEAR, op("detach"), LINEAR, LINEAR)[2] == WORK + 2 * WORK + 3 * WORK
    joined = op("add", reads=["a", "b"])
    steps = ({**LINEAR, "name": "a"}, op("detach", name="b"), joined, LINEAR)
    assert found(*steps)[2] == 2 * WORK + 3 * WORK
