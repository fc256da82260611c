"""Which nodes run backward, on nets small enough to say by hand."""

from __future__ import annotations

from symcost.graph.flows import Flows
from symcost.graph.tape import tape
from tests.graph.nets import Step, graph, op

LINEAR = op("linear", out="C", bias=False)


def backward(*steps: Step) -> list[str]:
    found = tape(graph(*steps, symbols={"B": 2, "C": 4}, inputs={"x": ["B", "C"]}))
    flows = Flows(found)
    return [call.node.name for call in found.calls if flows.runs_backward(call)]


def test_a_head_for_training_has_gradients_though_nothing_reads_it() -> None:
    head = {**LINEAR, "name": "head", "only": "training"}
    assert backward(LINEAR, head, {**LINEAR, "name": "last"}) == ["linear", "head", "last"]


def test_what_only_goes_where_gradients_stop_has_none() -> None:
    assert backward(LINEAR, op("detach"), {**LINEAR, "name": "last"}) == ["last"]
