"""No rule of how libraries write ops out is dead: of some network, at some row, it says what a node keeps."""

from __future__ import annotations

from collections.abc import Mapping

import pytest

from tests.specs.saved_rules_sequences import WRITTEN, writings
from tests.specs.test_saved_truth import besides, compared, rows
from tests.specs.test_truth import sizes
from tests.specs.written import Writings, as_written

NETWORKS = compared()
PLAIN = ("timm/vit_tiny", "torchvision/swin_t", "smp/Segformer/resnet34")
"""Some for which the rules are that hold everywhere."""
ENTRIES = [(start, tag) for start, found in WRITTEN.items() for tag in found]


@pytest.mark.parametrize(("start", "tag"), ENTRIES)
def test_a_rule_says_what_some_node_keeps(start: str, tag: str) -> None:
    less = {**WRITTEN, start: {name: writing for name, writing in WRITTEN[start].items() if name != tag}}
    networks = (pair for pair in NETWORKS if pair[1].startswith(start or PLAIN))
    assert any(changes(name, other, less) for name, other in networks)


def changes(name: str, other: str, less: Mapping[str, Writings]) -> bool:
    """Tell whether nodes of a network keep something else by fewer rules."""
    cost, _ = besides(name, other)
    for env in (cost.bindings(sizes(row)) for row in rows(other)):
        all_, some = (as_written(cost.graph, found, env).nodes for found in (writings(other), writings(other, less)))
        if any(one.facts.keeps != two.facts.keeps for one, two in zip(all_, some, strict=True)):
            return True
    return False
