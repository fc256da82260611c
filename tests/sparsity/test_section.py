"""The sparsity section of a setup: what is read, and what is refused."""

from __future__ import annotations

from fractions import Fraction
from typing import Any

import pytest

import symcost
from symcost.errors import NoAnswer, SpecError, UsageError
from symcost.sparsity.section import Sparsity
from symcost.sparsity.storing import storages


def test_densities_are_by_op_by_part_and_by_name() -> None:
    section = Sparsity(density="1/10", densities="/blocks.0*=1, linear[logits]=3/4, conv2d[groups=1, stride=2]=0.5")
    assert [(one.pattern, one.density) for one in section.chosen] == [
        ("/blocks.0*", 1),
        ("linear[logits]", Fraction(3, 4)),
        ("conv2d[groups=1, stride=2]", Fraction(1, 2)),
    ]


def test_the_first_pattern_that_speaks_of_a_node_counts() -> None:
    graph = symcost.load("lenet5").graph()
    section = Sparsity(density="1/2", densities="/conv1=1, conv2d=1/4")
    by_name = {node.name: section.of(graph, node) for node in graph.nodes if "mac" in node.facts.work}
    first, *others = (density for name, density in by_name.items() if "conv" in name)
    linear = [density for name, density in by_name.items() if "conv" not in name]
    assert set(others) <= {Fraction(1, 4), 1} and set(linear) == {Fraction(1, 2)}
    assert first in (1, Fraction(1, 4))


@pytest.mark.parametrize(
    ("given", "message"),
    [
        ({"density": "3/2"}, "density: 3/2 is above the greatest value, 1"),
        ({"density": "-0.1"}, "density: -1/10 is below the least value, 0"),
        ({"input_density": 2}, "input_density: 2 is above the greatest value, 1"),
        ({"densities": "conv2d=2"}, "densities: 2 is above the greatest value, 1"),
        ({"densities": "conv2d"}, "densities: 'conv2d' is not of the form PATTERN=SHARE, such as conv2d=1/2"),
        ({"densities": "conv2d=r"}, "densities: 'conv2d=r': the density of a pattern is a number"),
        ({"densities": "conv2d[=1/2"}, "densities: 'conv2d[' is not of the form TAG[FIELD=VALUE, ROLE]"),
        ({"pruning": "2:4", "density": "1/4"}, "2:4 leaves half of the weights: leave density out, or say 1/2"),
        (
            {"pruning": "structured", "density": "1/4"},
            "structured pruning takes density and the widths that become smaller, as in widths=C",
        ),
        ({"widths": "C"}, "widths are of pruning=structured"),
        ({"storage": "2:4"}, "storage 2:4 is of pruning=2:4"),
        (
            {"storage": "crs"},
            "storage: there is no storage 'crs'; did you mean 'csr'?; there are " + ", ".join(storages()),
        ),
        (
            {"pruning": "1:4"},
            "pruning is one of 'unstructured', 'structured' or '2:4'; got '1:4'",
        ),
    ],
)
def test_what_makes_no_sense_is_refused(given: dict[str, Any], message: str) -> None:
    with pytest.raises(SpecError) as error:
        symcost.Setup(**given)
    assert str(error.value) == message


def test_widths_are_sizes_of_the_network() -> None:
    cost = symcost.load("resnet18").under(pruning="structured", density="1/2", widths="D").cost()
    with pytest.raises(UsageError) as error:
        cost.poly("sparse_macs")
    assert str(error.value) == "widths: there is no free symbol 'D'; there are B, H, W, C, K"


def test_attention_with_its_projections_in_one_op_stays_dense() -> None:
    detr = symcost.load("detr").under(density="1/2").cost()
    with pytest.raises(NoAnswer) as error:
        detr.poly("sparse_macs")
    assert "is not told apart from its projections; leave it dense with densities=multihead_attention=1" in str(
        error.value
    )
    assert symcost.load("detr").under(density="1/2", densities="multihead_attention=1").cost().poly("sparse_macs") != 0


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "no weight zero"),
        ({"density": "1/2", "storage": "csr"}, "density 1/2, stored as csr"),
        ({"pruning": "2:4"}, "2 of 4 weights left"),
        ({"pruning": "structured", "density": "1/2", "widths": "C, F"}, "1/2 of the channels C, F left"),
        ({"densities": "conv2d=1/4", "codebook_bits": 5}, "density 1; conv2d=1/4, 2**5 shared values a tensor"),
        ({"input_density": "1/100"}, "no weight zero, inputs of density 1/100"),
    ],
)
def test_what_it_says(given: dict[str, Any], said: str) -> None:
    assert Sparsity(**given).said() == said
