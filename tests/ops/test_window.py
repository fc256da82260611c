"""Sizes of convolution and pooling against loops that really slide windows."""

from __future__ import annotations

from itertools import count, takewhile

from hypothesis import assume, given, settings
from hypothesis import strategies as st

from symcost.algebra.poly import evaluate, symbol
from symcost.ops.adaptive_pool import cells_read
from symcost.ops.conv_transpose import ConvTranspose1d
from symcost.ops.op import Refused
from symcost.ops.window import fits, same, slide, slide_up
from tests.ops.apply import apply, make

sizes, kernels, strides = st.integers(1, 60), st.integers(1, 9), st.integers(1, 7)
dilations, paddings = st.integers(1, 4), st.integers(0, 8)
H = symbol("H")


def span(kernel: int, dilation: int) -> int:
    return (kernel - 1) * dilation + 1


def places(size: int, kernel: int, stride: int, pads: tuple[int, int], dilation: int) -> int:
    """Count the starts at which every tap of the window is on the padded input."""
    end = size + sum(pads)
    return sum(start + span(kernel, dilation) <= end for start in range(0, end, stride))


def places_up(size: int, kernel: int, stride: int, pads: tuple[int, int], dilation: int) -> int:
    """Slide on until a window reaches the end of the padded input, but start none in the padding after the input."""
    end, width = size + sum(pads), span(kernel, dilation)
    starts = takewhile(lambda start: start == 0 or start - stride + width < end, count(0, stride))
    return sum(start < size + pads[0] for start in starts)


@given(sizes, kernels, strides, st.tuples(paddings, paddings), dilations)
def test_slide(size: int, kernel: int, stride: int, pads: tuple[int, int], dilation: int) -> None:
    assume(span(kernel, dilation) <= size + sum(pads))
    expected = places(size, kernel, stride, pads, dilation)
    assert slide(size, kernel, stride, pads, dilation) == expected
    assert evaluate(slide(H, kernel, stride, pads, dilation), {"H": size}) == expected


@given(sizes, kernels, strides, st.tuples(paddings, paddings), dilations)
def test_slide_up(size: int, kernel: int, stride: int, pads: tuple[int, int], dilation: int) -> None:
    assume(pads[1] <= span(kernel, dilation) < size + sum(pads) + stride)
    expected = places_up(size, kernel, stride, pads, dilation)
    assert slide_up(size, kernel, stride, pads, dilation) == expected
    assert evaluate(slide_up(H, kernel, stride, pads, dilation), {"H": size}) == expected


@given(sizes, kernels, strides, paddings, dilations)
def test_ceil_mode_is_torch_s_rule(size: int, kernel: int, stride: int, pad: int, dilation: int) -> None:
    """The rule of torch's pooling_output_shape, written as torch writes it."""
    assume(2 * pad <= kernel)
    out = (size + 2 * pad - dilation * (kernel - 1) - 1 + stride - 1) // stride + 1
    if (out - 1) * stride >= size + pad:
        out -= 1
    assert slide_up(size, kernel, stride, (pad, pad), dilation) == out


@given(sizes, kernels, strides, paddings, dilations, st.booleans())
def test_pooling_is_refused_where_torch_refuses(
    size: int, kernel: int, stride: int, pad: int, dilation: int, ceil_mode: bool
) -> None:
    fields = {"kernel": kernel, "stride": stride, "padding": pad, "dilation": dilation, "ceil_mode": ceil_mode}
    rule = slide_up if ceil_mode else slide
    wanted = rule(size, kernel, stride, (pad, pad), dilation)
    try:
        facts = apply(make("max_pool1d", fields), ((1, 1, size),))
    except Refused:
        assert kernel < 2 * pad or evaluate(wanted, {}) < 1
    else:
        assert kernel >= 2 * pad
        assert facts.outs == ((1, 1, wanted),)
        assert evaluate(wanted, {}) >= 1
        assert facts.taps == wanted * kernel


@given(sizes, kernels, dilations, st.tuples(paddings, paddings), paddings)
def test_fits_says_when_a_window_has_a_place(
    size: int, kernel: int, dilation: int, pads: tuple[int, int], over: int
) -> None:
    has_place = size + sum(pads) + over >= span(kernel, dilation)
    assert fits(H, kernel, pads, dilation, over).holds({"H": size}) == has_place


@given(sizes, strides)
def test_same_covers_the_input(size: int, stride: int) -> None:
    assert same(size, stride) == len(range(0, size, stride))


@given(sizes, kernels, strides, paddings, dilations, st.data())
def test_transposed_convolution_turns_the_size_back(
    size: int, kernel: int, stride: int, pad: int, dilation: int, data: st.DataObject
) -> None:
    """A convolution of the output has the input's size, for every output padding below the stride."""
    extra = data.draw(st.integers(0, stride - 1))
    fields = {"kernel_size": kernel, "stride": stride, "padding": pad, "dilation": dilation, "output_padding": extra}
    op = ConvTranspose1d.model_validate({"out_channels": 1, **fields})
    try:
        out = apply(op, ((1, 1, size),)).outs[0][2]
    except Refused:
        return
    assert slide(out, kernel, stride, (pad, pad), dilation) == size


@given(st.integers(1, 200), st.integers(1, 40))
@settings(max_examples=300)
def test_cells_that_adaptive_windows_read(size: int, out: int) -> None:
    windows = [range(i * size // out, -(-(i + 1) * size // out)) for i in range(out)]
    assert cells_read(size, out) == sum(map(len, windows))
    assert evaluate(cells_read(H, out), {"H": size}) == sum(map(len, windows))
    assert {cell for window in windows for cell in window} == set(range(size))


@given(sizes, st.integers(1, 30))
def test_adaptive_windows_of_sizes_that_divide(out: int, factor: int) -> None:
    at = {"H": out}
    assert evaluate(cells_read(factor * H, H), at) == cells_read(factor * out, out)
    assert evaluate(cells_read(H, factor * H), at) == cells_read(out, factor * out)
