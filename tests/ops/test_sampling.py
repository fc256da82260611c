"""What deformable convolutions are compared with is one: without offsets it gives what torch's convolution gives."""

from __future__ import annotations

from typing import Any

import pytest

from tests.ops.apply import make
from tests.ops.torch_windows import deform_conv

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.oracle

SETTINGS: list[dict[str, Any]] = [
    {"out": 6, "kernel": 3, "padding": 1},
    {"out": 6, "kernel": [3, 2], "stride": 2, "padding": 1, "groups": 2, "offset_groups": 2},
    {"out": 4, "kernel": 3, "dilation": 2, "bias": False},
]


@pytest.mark.parametrize("fields", SETTINGS)
def test_without_offsets_it_is_a_convolution(fields: dict[str, Any]) -> None:
    torch.manual_seed(0)
    image, op = torch.rand(2, 4, 9, 11), make("deform_conv2d", fields)
    layer = deform_conv(op, [tuple(image.shape)])
    plain: Any = torch.nn.Conv2d.forward(layer, image)
    taps = layer.kernel_size[0] * layer.kernel_size[1]  # type: ignore[attr-defined]
    still = torch.zeros(2, 2 * fields.get("offset_groups", 1) * taps, *plain.shape[2:])
    assert torch.allclose(layer(image, still), plain, atol=1e-5)
    half = torch.full((2, fields.get("offset_groups", 1) * taps, *plain.shape[2:]), 0.5)
    bias = 0 if layer.bias is None else layer.bias[:, None, None]  # type: ignore[attr-defined]
    assert torch.allclose(layer(image, still, half) - bias, (plain - bias) / 2, atol=1e-5)
