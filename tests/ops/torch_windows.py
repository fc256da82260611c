"""Windows of attention and what belongs to them, as torch says it."""

from __future__ import annotations

import math
from typing import Any

import pytest

from symcost.ops.op import Op
from tests.ops.settings import Run, Sizes, settings, torch_order

torch = pytest.importorskip("torch")
nn, functional = torch.nn, torch.nn.functional


def partition(op: Op, ins: Sizes) -> Run:
    """Return the cut of a map into windows, as Swin's reference code views and permutes it."""
    given, axes = settings(op), len(ins[0]) - 2
    lengths, pads = windows(given, ins[0][1:-1])

    def run(x: Any) -> Any:
        x = functional.pad(x, (0, 0, *torch_order([(0, p) for p in pads])))
        counts = [size // w for size, w in zip(x.shape[1:-1], lengths, strict=True)]
        pairs = [n for pair in zip(counts, lengths, strict=True) for n in pair]
        inner = [1 + 2 * i for i in range(axes)], [2 + 2 * i for i in range(axes)]
        x = x.reshape(x.shape[0], *pairs, x.shape[-1]).permute(0, *inner[0], *inner[1], 2 * axes + 1)
        return x.reshape(-1, math.prod(lengths), x.shape[-1])

    return run


def windows(given: dict[str, Any], sizes: tuple[int, ...]) -> tuple[list[int], list[int]]:
    """Return how long windows are on each axis, and what is padded there."""
    window = given["window"]
    each = window if isinstance(window, tuple) else (window,) * len(sizes)
    lengths = [min(w, size) if given["clip"] else w for w, size in zip(each, sizes, strict=True)]
    return lengths, [-size % w for w, size in zip(lengths, sizes, strict=True)]


def reverse(op: Op, ins: Sizes) -> Run:
    """Return the way back from windows to a map."""
    given = settings(op)
    sizes, axes = given["size"], len(given["size"])
    lengths, pads = windows(given, sizes)

    def run(x: Any) -> Any:
        counts = [(size + p) // w for size, p, w in zip(sizes, pads, lengths, strict=True)]
        x = x.reshape(-1, *counts, *lengths, x.shape[-1])
        x = x.permute(0, *(n for i in range(axes) for n in (1 + i, 1 + axes + i)), 1 + 2 * axes)
        x = x.reshape(x.shape[0], *(size + p for size, p in zip(sizes, pads, strict=True)), x.shape[-1])
        return x[(slice(None), *map(slice, sizes))].contiguous()

    return run


def bias_table(op: Op, ins: Sizes) -> Run:
    """Return Swin's table of biases, one row for each offset."""
    given, (*_, heads, queries, keys) = settings(op), ins[0]
    window = given["window"]
    made: Any = nn.Module()
    made.table = nn.Parameter(torch.zeros(math.prod(w if given["symmetric"] else 2 * w - 1 for w in window), heads))
    made.register_buffer("index", torch.zeros((math.prod(window),) * 2, dtype=torch.long))
    made.forward = lambda x: x + made.table[made.index[:queries, :keys]].permute(2, 0, 1)
    return made  # type: ignore[no-any-return]


def one_hot(op: Op, ins: Sizes) -> Run:
    """Return MaxViT's table of biases, looked up by two products."""
    (w, v), heads = settings(op)["window"], ins[0][-3]
    made: Any = nn.Module()
    made.table = nn.Parameter(torch.zeros(heads, 2 * w - 1, 2 * v - 1))
    made.register_buffer("rows", torch.zeros(w, w, 2 * w - 1))
    made.register_buffer("columns", torch.zeros(v, v, 2 * v - 1))

    def run(x: Any) -> Any:
        found = torch.einsum("nhw,ixh->nixw", made.table, made.rows)
        return x + torch.einsum("nixw,jyw->nijxy", found, made.columns).reshape(heads, w * v, w * v)

    made.forward = run
    return made  # type: ignore[no-any-return]


def star_relu(op: Op, ins: Sizes) -> Run:
    made: Any = nn.Module()
    made.scale, made.bias = (nn.Parameter(torch.ones(1)) for _ in range(2))
    made.forward = lambda x: made.scale * functional.relu(x) ** 2 + made.bias
    return made  # type: ignore[no-any-return]


def logits(op: Op, ins: Sizes) -> Run:
    """Return the scores of offsets, each spread over the keys of its row or column."""
    given, q = settings(op), ins[0][-1]
    (high, wide), (rows, columns) = given["window"], given["queries"]
    made: Any = nn.Module()
    made.height, made.width = nn.Parameter(torch.zeros(2 * high - 1, q)), nn.Parameter(torch.zeros(2 * wide - 1, q))
    far = [torch.zeros(rows, high, dtype=torch.long), torch.zeros(columns, wide, dtype=torch.long)]

    def run(x: Any) -> Any:
        x = x.reshape(-1, rows, columns, q)
        down = (x @ made.height.T).gather(-1, far[0][None, :, None].expand(x.shape[0], -1, columns, -1))
        along = (x @ made.width.T).gather(-1, far[1][None, None].expand(x.shape[0], rows, -1, -1))
        return (down[..., None] + along[..., None, :]).reshape(*ins[0][:-1], high * wide)

    made.forward = run
    return made  # type: ignore[no-any-return]


def grid_sample(op: Op, ins: Sizes) -> Run:
    given = settings(op)
    return lambda image, points: functional.grid_sample(image, points, **given)


def deform_conv(op: Op, ins: Sizes) -> Run:
    """Return a deformable convolution, composed of samples of the image and a product, group by group."""
    given, (_, channels, *sizes) = settings(op), ins[0]
    fields = (given[key] for key in ("kernel_size", "stride", "padding", "dilation"))
    axes = [value if isinstance(value, tuple) else (value, value) for value in fields]
    kernel, stride, padding, dilation = axes
    made: Any = nn.Conv2d(
        channels, given["out_channels"], kernel, stride, padding, dilation, given["groups"], given["bias"]
    )
    taps, parts = kernel[0] * kernel[1], given["offset_groups"]

    def places() -> Any:
        found = []
        for size, k, s, p, d in zip(sizes, kernel, stride, padding, dilation, strict=True):
            starts = torch.arange((size + 2 * p - d * (k - 1) - 1) // s + 1) * s - p
            found.append(torch.arange(k)[:, None] * d + starts)
        rows, columns = found
        shape = (*kernel, rows.shape[1], columns.shape[1])
        return torch.stack([rows[:, None, :, None].expand(shape), columns[None, :, None].expand(shape)]).flatten(1, 2)

    def run(x: Any, offsets: Any, mask: Any = None) -> Any:
        base = places().to(offsets)
        high, wide = base.shape[-2:]
        points = offsets.reshape(-1, parts, taps, 2, high, wide) + base.transpose(0, 1)
        scale = torch.tensor([2 / sizes[0], 2 / sizes[1]]).to(offsets)[:, None, None]
        points = ((points + 0.5) * scale - 1).flip(3).permute(0, 1, 2, 4, 5, 3)
        read = functional.grid_sample(
            x.reshape(-1, channels // parts, *sizes), points.reshape(-1, taps * high, wide, 2), align_corners=False
        ).reshape(x.shape[0], parts, -1, taps, high * wide)
        read = read if mask is None else read * mask.reshape(x.shape[0], parts, 1, taps, high * wide)
        groups = given["groups"]
        weight = made.weight.reshape(groups, made.out_channels // groups, -1)
        out = torch.matmul(weight, read.reshape(x.shape[0], groups, -1, high * wide))
        out = out.reshape(x.shape[0], -1, high, wide)
        return out if made.bias is None else out + made.bias[:, None, None]

    made.forward = run
    return made  # type: ignore[no-any-return]


def plain_layer(op: Op, ins: Sizes) -> Run:
    kind: Run = getattr(nn, op.tag.capitalize())
    return kind(**settings(op))  # type: ignore[no-any-return]


def bias_network(op: Op, ins: Sizes) -> Run:
    """Return the network that gives Swin V2's biases."""
    given, heads = settings(op), ins[0][-3]
    window, far = given["window"], math.prod(2 * w - 1 for w in given["window"])
    last = nn.Linear(given["hidden"], heads, bias=given["bias"])
    made: Any = nn.Module()
    made.network = nn.Sequential(nn.Linear(len(window), given["hidden"]), nn.ReLU(), last)
    made.register_buffer("offsets", torch.zeros(far, len(window)))
    made.register_buffer("index", torch.zeros((math.prod(window),) * 2, dtype=torch.long))

    def run(x: Any) -> Any:
        found = made.network(made.offsets)[made.index].permute(2, 0, 1)
        return x + (16 * torch.sigmoid(found) if given["bounded"] else found)

    made.forward = run
    return made  # type: ignore[no-any-return]


def stochastic_depth(op: Op, ins: Sizes) -> Run:
    """Return one factor for each example, as torchvision.ops.StochasticDepth draws it; torchvision is not needed."""
    kept = 1 - settings(op)["p"]

    class Layer(nn.Module):  # type: ignore[name-defined]
        def forward(self, x: Any) -> Any:
            factors = x.new_empty(x.shape[:1] + (1,) * (x.dim() - 1)).bernoulli_(kept)
            return x * factors.div_(kept) if self.training else x

    return Layer()


BUILD = {
    "normalize": lambda op, ins: lambda x: functional.normalize(x, **settings(op)),
    "scale": lambda op, ins: lambda x: x * 0.5,
    "star_relu": star_relu,
    "grid_sample": grid_sample,
    "deform_conv2d": deform_conv,
    "unfold": plain_layer,
    "fold": plain_layer,
    "relative_position_logits": logits,
    "stochastic_depth": stochastic_depth,
    "window_partition": partition,
    "window_reverse": reverse,
    "relative_position_bias": bias_table,
    "one_hot_position_bias": one_hot,
    "continuous_position_bias": bias_network,
}
"""How torch builds the ops of windows, by tag."""
