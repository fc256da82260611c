"""What contractions and poolings refuse, word for word."""

from __future__ import annotations

from typing import Any

import pytest

from symcost.algebra.poly import symbol
from symcost.ops.op import Refused
from tests.ops.apply import apply, make, shape

NAMES = {name: symbol(name) for name in ("B", "C", "H", "W", "s", "k", "n")}

REFUSED: list[tuple[str, dict[str, Any], tuple[str, ...], str]] = [
    ("conv2d", {"out": 8, "kernel": 3}, ("B C H",), "takes (B, C, H, W), got (B, C, H)"),
    (
        "conv2d",
        {"out": 8, "kernel": [3, 3, 3]},
        ("B C H W",),
        "kernel_size has 3 values for 2 spatial axes; give 1 or 2",
    ),
    (
        "conv2d",
        {"out": 8, "kernel": 3, "stride": "s"},
        ("B C H W",),
        "stride is s, which depends on a symbol; make the symbol a constant",
    ),
    (
        "conv1d",
        {"out": 8, "kernel": 5, "dilation": 3, "padding": 1},
        ("1 4 7",),
        "the window reaches over 13, the padded input is 9; the input must be at least 11",
    ),
    ("conv1d", {"out": 8, "kernel": 1, "groups": 3}, ("1 4 7",), "groups = 3 does not divide the channels in, 4"),
    (
        "conv_transpose2d",
        {"out": 8, "kernel": 3, "stride": 2, "output_padding": 2},
        ("1 4 7 7",),
        "output_padding 2 is not smaller than stride or dilation; at most 1",
    ),
    (
        "conv_transpose1d",
        {"out": 4, "kernel": 1, "padding": 2},
        ("1 4 4",),
        "the output would have size 0; less padding leaves more of it",
    ),
    (
        "max_pool2d",
        {"kernel": 3, "padding": 2},
        ("B C H W",),
        "padding 2 is more than half of kernel_size 3; write a pad before it",
    ),
    (
        "max_pool1d",
        {"kernel": 5, "padding": 1, "dilation": 2},
        ("1 8 5",),
        "the window reaches over 9, the padded input is 7; the input must be at least 7",
    ),
    (
        "max_pool2d",
        {"kernel": "k", "stride": 2, "ceil_mode": True},
        ("B C H W",),
        "ceil_mode with kernel_size k depends on a symbol; make the symbol a constant",
    ),
    (
        "lp_pool2d",
        {"norm_type": 0, "kernel": 2},
        ("B C H W",),
        "norm_type is 0, and there is no root of degree 0; 2 is the Euclidean norm",
    ),
    (
        "adaptive_avg_pool2d",
        {"output_size": "n"},
        ("B C H W",),
        "how far n windows on H cells overlap depends on both; make one of them a number",
    ),
    ("global_avg_pool", {}, ("B C",), "takes (B, C, ..., W), got (B, C)"),
    ("bilinear", {"out": 8}, ("B C",), "takes 2 inputs, got 1"),
    (
        "bilinear",
        {"out": 8},
        ("B H C", "B C"),
        "takes two inputs with the same leading axes, got (B, H) and (B)",
    ),
    (
        "dispatch",
        {"experts": 8, "capacity": -1},
        ("B n C", "B n k"),
        "capacity is -1, which has room for nothing; give a factor above 0",
    ),
    (
        "dispatch",
        {"experts": "n+1", "capacity": 2},
        ("B C", "B k"),
        "shares B*k rows out among n + 1 experts; make the number of experts a symbol or a number",
    ),
    ("chunk", {"chunks": 10**9}, ("B C",), "chunks is 1,000,000,000, the most are 10,000"),
    ("irfft", {"dim": []}, ("B 4 2",), "dim names no axis; leave it out for the last"),
    (
        "lstm",
        {"hidden_size": 8, "num_layers": 10**9},
        ("B n C",),
        "num_layers is 1,000,000,000, the most are 1,000; repeat one layer with `repeat`",
    ),
]


@pytest.mark.parametrize(("tag", "fields", "ins", "message"), REFUSED)
def test_refused(tag: str, fields: dict[str, Any], ins: tuple[str, ...], message: str) -> None:
    with pytest.raises(Refused) as caught:
        apply(make(tag, fields), tuple(shape(text, NAMES) for text in ins), NAMES)
    assert str(caught.value) == message
