"""The first stage of a pipeline, beside networks of fewer layers."""

from __future__ import annotations

import pytest

import symcost
from symcost.algebra.division import div
from symcost.algebra.poly import Num, substitute, symbol, total
from symcost.errors import SpecError
from symcost.graph.model import Graph
from symcost.graph.stages import first_stage, layers
from symcost.ops.facts import numel

L, p = symbol("L"), symbol("p")


def weights(graph: Graph) -> Num:
    return total((numel(shape), node.count) for node in graph.nodes for shape in node.facts.weights.values())


def test_the_first_stage_is_the_network_up_to_a_part_of_its_layers() -> None:
    graph = symcost.load("gpt2").graph()
    stage = first_stage(graph, p)
    assert [node.name for node in stage.nodes] == [node.name for node in graph.nodes[: layers(graph).stop]]
    inside = [node for node in stage.nodes if node.loops]
    assert {node.count for node in inside} == {div(L, p)}
    after = total((numel(s), 1) for node in graph.nodes[layers(graph).stop :] for s in node.facts.weights.values())
    assert weights(stage) == substitute(weights(graph), {"L": div(L, p)}) - after


def test_one_stage_is_the_network() -> None:
    graph = symcost.load("gpt2").graph()
    assert first_stage(graph, 1) is graph


def test_what_a_stage_keeps_and_needs_is_known() -> None:
    """All that is asked of a network can be asked of a stage: here what it keeps, of 12/4 layers as of 3."""
    quarter, small = first_stage(symcost.load("gpt2").graph(), 4), symcost.load("gpt2").graph(L=3)
    names = {node.name for node in quarter.nodes}
    kept = total((storage.total, 1) for storage in quarter.kept)
    of_three = total((storage.total, 1) for storage in small.kept if storage.row.name in names)
    handed_on = symbol("B") * symbol("T") * symbol("E")
    assert substitute(kept, {"L": 12}) == of_three - handed_on, "what the last layer makes is kept by the next stage"


@pytest.mark.parametrize(("name", "has"), [("alexnet", "has none"), ("resnet50", "has 4"), ("deepseek", "has 2")])
def test_networks_without_one_repetition_of_layers(name: str, has: str) -> None:
    graph = symcost.load(name).graph()
    with pytest.raises(SpecError) as error:
        layers(graph)
    said = "a pipeline shares out one repetition of layers, and this network"
    assert str(error.value) == f"{graph.name}: {said} {has}"
