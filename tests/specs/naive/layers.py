"""The laws of the layers, from torch's documentation."""

from __future__ import annotations

import math
import operator
from dataclasses import dataclass, field
from typing import Any

from tests.specs.naive.boxes import Boxes
from tests.specs.naive.channels import Channels
from tests.specs.naive.columns import over, whole
from tests.specs.naive.decoding import Decoding
from tests.specs.naive.heads import Heads
from tests.specs.naive.learned import Learned
from tests.specs.naive.merging import Merging
from tests.specs.naive.routing import Routing
from tests.specs.naive.sequences import Sequences
from tests.specs.naive.terms import Misfit, Shape, Totals, Value
from tests.specs.naive.windows import Windows


def pair(value: Any) -> tuple[Any, Any]:
    high, wide = value if isinstance(value, list) else (value, value)
    return high, wide


def divide(size: Any, parts: Any) -> Any:
    if not whole(parts) or size % parts:
        raise Misfit(f"{parts} parts of {size}")
    return size // parts


def window(size: int, kernel: int, stride: int, padding: int, dilation: int = 1, ceil_mode: bool = False) -> Any:
    """Return how many places a window has; in ceil mode none of them starts in the padding after the input."""
    last = over(size + 2 * padding - dilation * (kernel - 1) - 1, stride)
    places = (math.ceil(last) if ceil_mode else math.floor(last)) + 1
    late: bool = ceil_mode and bool((places - 1) * stride >= size + padding)
    return places - 1 if late else places


def broadcast(sizes: Shape) -> int:
    size, *others = sizes
    for other in others:
        if size == 1:
            size = other
        elif other not in (1, size):
            raise Misfit(f"{sizes} element by element")
    return size


@dataclass
class Layers(Boxes, Channels, Decoding, Heads, Learned, Merging, Routing, Sequences, Windows):
    """The laws of the layers, and what they have added up to."""

    totals: Totals = field(default_factory=Totals)
    training: bool = False

    def conv2d(
        self, ins: Value, out: int, kernel: Any, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: Any = 1,
        bias: bool = True,
    ) -> Value:  # fmt: skip
        ((B, C, *sizes),) = ins
        each = (value if isinstance(value, list) else [value] * len(sizes) for value in (kernel, stride, dilation))
        kernels, steps, apart = each
        if padding == "same":
            places = [math.ceil(over(size, step)) for size, step in zip(sizes, steps, strict=True)]
        else:
            pads = padding if isinstance(padding, list) else [padding] * len(sizes)
            places = list(map(window, sizes, kernels, steps, pads, apart))
        weight = groups * divide(out, groups) * divide(C, groups) * math.prod(kernels)
        return self.contract((B, out, *places), weight + bias * out, B * math.prod(places) * weight)

    def weight_norm_conv1d(self, ins: Value, out: int, kernel: int, dim: int, groups: int = 1, **fields: Any) -> Value:
        """Filters of kernel numbers for each pair of channels, and as many lengths as the axis ``dim`` has places."""
        self.totals.params += (out, ins[0][1] // groups, kernel)[dim]
        return self.conv2d(ins, out, kernel, groups=groups, **fields)

    def conv_transpose2d(
        self, ins: Value, out: int, kernel: int, stride: int = 1, padding: int = 0, bias: bool = True
    ) -> Value:
        ((B, C, H, W),) = ins
        rows, columns = ((size - 1) * stride + kernel - 2 * padding for size in (H, W))
        weight = C * out * kernel * kernel
        return self.contract((B, out, rows, columns), weight + bias * out, B * H * W * weight)

    def linear(self, ins: Value, out: int, bias: bool = True) -> Value:
        ((*rest, E),) = ins
        return self.contract((*rest, out), E * out + bias * out, math.prod(rest) * E * out)

    def embedding(self, ins: Value, num_embeddings: int, embedding_dim: int) -> Value:
        self.totals.params += num_embeddings * embedding_dim
        return ((*ins[0], embedding_dim),)

    def matmul(self, ins: Value) -> Value:
        (*places, rows, inner), (*others, height, columns) = ins
        if height != inner:
            raise Misfit(f"product of {ins}")
        (wide,) = self.add((tuple(places), tuple(others)))
        return self.contract((*wide, rows, columns), 0, math.prod(wide) * rows * inner * columns)

    def bias(self, ins: Value, shared: bool = False) -> Value:
        self.totals.params += 1 if shared else ins[0][-1]
        return ins

    def softmax(self, ins: Value, dim: int = -1) -> Value:
        return ins

    def mean(self, ins: Value, dims: Any, keepdim: bool = False) -> Value:
        gone = [axis % len(ins[0]) for axis in (dims if isinstance(dims, list) else [dims])]
        return (tuple(1 if i in gone else n for i, n in enumerate(ins[0]) if keepdim or i not in gone),)

    def rms_norm(self, ins: Value) -> Value:
        self.totals.params += ins[0][-1]
        return ins

    def layer_norm(self, ins: Value, bias: bool = True) -> Value:
        self.totals.params += (1 + bias) * ins[0][-1]
        return ins

    def batch_norm(self, ins: Value, affine: bool = True, scale: bool = True) -> Value:
        self.totals.params += affine * (1 + scale) * ins[0][1]
        self.totals.buffers += 2 * ins[0][1] + 1
        return ins

    def avg_pool2d(
        self, ins: Value, kernel: int, stride: int | None = None, padding: Any = 0, ceil_mode: bool = False,
        count_include_pad: bool = True,
    ) -> Value:  # fmt: skip
        ((B, C, *sizes),) = ins
        if padding == "same":
            return ((B, C, *(math.ceil(over(n, stride or kernel)) for n in sizes)),)
        return ((B, C, *(window(n, kernel, stride or kernel, padding, ceil_mode=ceil_mode) for n in sizes)),)

    def global_avg_pool(self, ins: Value, keepdim: bool = False) -> Value:
        ((B, C, *sizes),) = ins
        return ((B, C, *(1 for _ in sizes if keepdim)),)

    def adaptive_avg_pool2d(self, ins: Value, size: Any) -> Value:
        return ((*ins[0][:2], *pair(size)),)

    def pad(self, ins: Value, padding: list[int], mode: str = "zeros") -> Value:
        sizes = [size for size in reversed(ins[0]) for _ in range(2)]
        beyond = mode == "reflect" and any(amount >= size for amount, size in zip(padding, sizes, strict=False))
        if beyond or any(amount < 0 for amount in padding):
            raise Misfit(f"padding {padding}")
        ends = [before + after for before, after in zip(padding[::2], padding[1::2], strict=True)]
        grown = [0] * (len(ins[0]) - len(ends)) + ends[::-1]
        return (tuple(map(sum, zip(ins[0], grown, strict=True))),)

    def crop(self, ins: Value, size: Any) -> Value:
        if any(map(operator.gt, pair(size), ins[0][2:])):
            raise Misfit(f"{size} of {ins}")
        return ((*ins[0][:2], *pair(size)),)

    def upsample(self, ins: Value, scale_factor: Any = None, size: Any = None, mode: str = "nearest") -> Value:
        sizes = ins[0][2:]
        return (
            (*ins[0][:2], *(pair(size) if scale_factor is None else (math.floor(n * scale_factor) for n in sizes))),
        )

    def flatten(self, ins: Value, start_dim: int = 1) -> Value:
        return ((*ins[0][:start_dim], math.prod(ins[0][start_dim:])),)

    def reshape(self, ins: Value, shape: list[Any]) -> Value:
        """Read in another shape; a size of -1 is what the others leave."""
        open_ = [isinstance(size, int) and size == -1 for size in shape]
        known = math.prod(size for size, left in zip(shape, open_, strict=True) if not left)
        shape = [divide(math.prod(ins[0]), known) if left else size for size, left in zip(shape, open_, strict=True)]
        if math.prod(shape) != math.prod(ins[0]):
            raise Misfit(f"{ins} as {shape}")
        return (tuple(shape),)

    def transpose(self, ins: Value, dim0: int, dim1: int) -> Value:
        sizes = list(ins[0])
        sizes[dim0], sizes[dim1] = sizes[dim1], sizes[dim0]
        return (tuple(sizes),)

    def permute(self, ins: Value, dims: list[int]) -> Value:
        return (tuple(ins[0][axis] for axis in dims),)

    def split(self, ins: Value, sizes: list[int], dim: int = 1) -> Value:
        dim %= len(ins[0])
        if sum(sizes) != ins[0][dim]:
            raise Misfit(f"parts {sizes} of {ins}")
        return tuple((*ins[0][:dim], size, *ins[0][dim + 1 :]) for size in sizes)

    def chunk(self, ins: Value, chunks: int, dim: int = 1) -> Value:
        return self.split(ins, [divide(ins[0][dim], chunks)] * chunks, dim)

    def select(self, ins: Value, index: int, dim: int = 1) -> Value:
        if not 0 <= index < ins[0][dim]:
            raise Misfit(f"place {index} of {ins}")
        return ((*ins[0][:dim], *ins[0][dim + 1 :]),)

    def narrow(self, ins: Value, length: int, start: int = 0, dim: int = 1) -> Value:
        dim %= len(ins[0])
        if not 0 <= start <= ins[0][dim] - length:
            raise Misfit(f"{length} places from {start} of {ins}")
        return ((*ins[0][:dim], length, *ins[0][dim + 1 :]),)

    def concat(self, ins: Value, dim: int = 1) -> Value:
        dim %= len(ins[0])
        rest, *others = ((*shape[:dim], *shape[dim + 1 :]) for shape in ins)
        if any(other != rest for other in others):
            raise Misfit(f"{ins} beside one another")
        return ((*ins[0][:dim], sum(shape[dim] for shape in ins), *ins[0][dim + 1 :]),)

    def add(self, ins: Value) -> Value:
        rank = max(map(len, ins))
        return (tuple(map(broadcast, zip(*((*[1] * (rank - len(axes)), *axes) for axes in ins), strict=True))),)

    def channel_shuffle(self, ins: Value, groups: int) -> Value:
        divide(ins[0][1], groups)
        return ins

    def relu(self, ins: Value, _setting: object = None) -> Value:
        return ins

    def gelu(self, ins: Value, approximate: str = "none") -> Value:
        return ins

    conv1d = conv3d = conv2d
    sum = mean
    amax, div = mean, add
    max_pool2d, mul, scale = avg_pool2d, add, relu
    dropout = dropout2d = relu
    detach = identity = relu6 = leaky_relu = silu = hardswish = tanh = sigmoid = hardsigmoid = relu
