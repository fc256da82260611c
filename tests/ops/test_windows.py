"""What windows, position biases and sampling refuse, word for word, and what of them does not depend on the batch."""

from __future__ import annotations

import re
from typing import Any

import pytest

from symcost.ops.facts import Facts, Shape
from symcost.ops.op import Refused
from tests.ops.apply import apply, make

Sizes = list[Shape]


def at(tag: str, ins: Sizes, **fields: Any) -> Facts:
    return apply(make(tag, fields), tuple(ins))


REFUSED: list[tuple[str, dict[str, Any], Sizes, str]] = [
    ("window_partition", {"window": 7, "shift": 7}, [(1, 9, 9, 3)], "shift 7 is not below window 7"),
    (
        "window_partition",
        {"window": 7, "pad": False},
        [(1, 9, 14, 3)],
        "window 7 does not divide 9; pad: true fills it up",
    ),
    ("window_partition", {"window": [7, 7, 7]}, [(1, 9, 9, 3)], "window has 3 values for 2 spatial axes; give 1 or 2"),
    ("window_reverse", {"window": 7, "size": [9, 9]}, [(4, 36, 3)], "a window has 49 places, got 36"),
    (
        "relative_position_bias",
        {"window": [7, 7]},
        [(1, 3, 64, 64)],
        "the window has 49 places, got 64 queries and 64 keys",
    ),
    ("one_hot_position_bias", {"window": [7, 7]}, [(1, 3, 36, 36)], "the window has 49 places, got 36"),
    (
        "relative_position_logits",
        {"queries": [8, 8], "window": [14, 14]},
        [(1, 49, 16)],
        "queries fill 64 places, got 49",
    ),
    ("fold", {"kernel_size": 3, "output_size": [9, 9]}, [(1, 27, 64)], "output_size has 49 windows, got 64"),
    ("stochastic_depth", {"p": 2}, [(1, 3)], "p is a probability, got 2; give 0 to 1"),
    (
        "deform_conv2d",
        {"out": 8, "kernel": 3},
        [(1, 4, 9, 9)],
        "takes (B, C, H, W), offsets (B, O, H', W'), got (1, 4, 9, 9)",
    ),
    (
        "deform_conv2d",
        {"out": 8, "kernel": 3},
        [(1, 4, 9, 9), (1, 9, 7, 7)],
        "needs 882 numbers for its points, got (1, 9, 7, 7)",
    ),
]


@pytest.mark.parametrize(("tag", "fields", "ins", "message"), REFUSED)
def test_what_does_not_fit_is_refused(tag: str, fields: dict[str, Any], ins: Sizes, message: str) -> None:
    with pytest.raises(Refused, match=f"^{re.escape(message)}$"):
        at(tag, ins, **fields)


@pytest.mark.parametrize("tag", ["continuous_position_bias", "one_hot_position_bias"])
def test_biases_are_made_once_for_all_windows(tag: str) -> None:
    one, many = (at(tag, [(n, 3, 49, 49)], window=[7, 7]) for n in (1, 64))
    assert one.work["mac"] == many.work["mac"]
    assert one.grad_weight["mac"] == many.grad_weight["mac"]
    assert many.work["add"] - one.work["add"] == 63 * 3 * 49 * 49


@pytest.mark.parametrize("window", [3, [2, 5]])
@pytest.mark.parametrize("clip", [False, True])
def test_reverse_undoes_partition(window: Any, clip: bool) -> None:
    fields = {"window": window, "clip": clip}
    for size in [(1, 1), (4, 7), (6, 10)]:
        (windows,) = at("window_partition", [(2, *size, 5)], **fields).outs
        assert at("window_reverse", [windows], size=list(size), **fields).outs == ((2, *size, 5),)
