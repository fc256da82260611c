"""Ops that move elements about, against NumPy doing the same."""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Any

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from numpy.typing import NDArray

from symcost.algebra.needs import Divides, Equal
from symcost.algebra.poly import symbol
from symcost.ops.facts import Shape
from symcost.ops.op import Refused
from tests.ops.apply import apply, make, stated

B, C, H, W = map(symbol, "BCHW")
sizes = st.integers(1, 6)
shapes = st.lists(sizes, min_size=1, max_size=5).map(tuple)
images = st.tuples(sizes, sizes, sizes, sizes)


def outs(tag: str, *ins: Shape, **fields: Any) -> tuple[Shape, ...]:
    return apply(make(tag, fields), ins).outs


def array(shape: tuple[int, ...]) -> NDArray[np.int64]:
    return np.arange(np.prod(shape)).reshape(shape)


def agree(tag: str, ins: list[tuple[int, ...]], fields: dict[str, Any], numpy: Callable[[], Any]) -> None:
    """Check that the op gives NumPy's shapes, and refuses what NumPy does."""
    try:
        expected = numpy()
    except ValueError:
        with pytest.raises(Refused):
            outs(tag, *ins, **fields)
        return
    made = expected if isinstance(expected, list) else [expected]
    assert outs(tag, *ins, **fields) == tuple(one.shape for one in made)


@st.composite
def axes_of(draw: st.DrawFn, count: int) -> tuple[tuple[int, ...], list[int]]:
    shape = draw(st.lists(sizes, min_size=count, max_size=5).map(tuple))
    places = st.integers(-len(shape), len(shape) - 1)
    return shape, draw(st.lists(places, min_size=count, max_size=count))


@given(st.lists(sizes, min_size=1, max_size=4), st.lists(sizes, min_size=1, max_size=4), st.data())
def test_reshape(old: list[int], new: list[int], data: st.DataObject) -> None:
    wanted: list[int] = data.draw(st.sampled_from([new, sorted(old), [int(np.prod(old))]]))
    open_at = data.draw(st.none() | st.integers(0, len(wanted) - 1))
    written = [-1 if i == open_at else size for i, size in enumerate(wanted)]
    agree("reshape", [tuple(old)], {"shape": written}, lambda: array(tuple(old)).reshape(written))


@given(axes_of(2))
def test_flatten(drawn: tuple[tuple[int, ...], list[int]]) -> None:
    shape, (a, b) = drawn
    first, last = sorted(place % len(shape) for place in (a, b))
    merged = (*shape[:first], -1, *shape[last + 1 :])
    agree("flatten", [shape], {"start_dim": first, "end_dim": last - len(shape)}, lambda: array(shape).reshape(merged))


@given(axes_of(2))
def test_transpose(drawn: tuple[tuple[int, ...], list[int]]) -> None:
    shape, (a, b) = drawn
    agree("transpose", [shape], {"dim0": a, "dim1": b}, lambda: array(shape).swapaxes(a, b))


@given(shapes, st.data())
def test_permute(shape: tuple[int, ...], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(shape))))
    order = [place - len(shape) * data.draw(st.booleans()) for place in order]
    agree("permute", [shape], {"dims": order}, lambda: array(shape).transpose(order))


@given(st.lists(st.integers(1, 2), min_size=1, max_size=4).map(tuple), st.data())
def test_squeeze_and_unsqueeze(shape: tuple[int, ...], data: st.DataObject) -> None:
    place = data.draw(st.integers(-len(shape), len(shape) - 1))
    agree("squeeze", [shape], {"dim": place}, lambda: array(shape).squeeze(place))
    new = data.draw(st.integers(-len(shape) - 1, len(shape)))
    agree("unsqueeze", [shape], {"dim": new}, lambda: np.expand_dims(array(shape), new))


@given(axes_of(1), st.lists(sizes, max_size=3), st.booleans(), st.data())
def test_concat(drawn: tuple[tuple[int, ...], list[int]], more: list[int], spoil: bool, data: st.DataObject) -> None:
    shape, (dim,) = drawn
    ins = [shape, *(tuple(size if i == dim % len(shape) else s for i, s in enumerate(shape)) for size in more)]
    if spoil:
        ins.append(data.draw(shapes))
    agree("concat", ins, {"dim": dim}, lambda: np.concatenate([array(one) for one in ins], axis=dim))


@given(axes_of(1), st.data())
def test_split(drawn: tuple[tuple[int, ...], list[int]], data: st.DataObject) -> None:
    shape, (dim,) = drawn
    cuts = sorted(data.draw(st.sets(st.integers(1, max(1, shape[dim] - 1)))) - {shape[dim]})
    parts = np.diff([0, *cuts, shape[dim]]).tolist()
    agree("split", [shape], {"sizes": parts, "dim": dim}, lambda: np.split(array(shape), cuts, axis=dim))
    with pytest.raises(Refused, match=f"sizes add up to {shape[dim] + 1}, axis .* has {shape[dim]}"):
        outs("split", shape, sizes=[*parts, 1], dim=dim)


@given(axes_of(1), st.integers(1, 7))
def test_chunk(drawn: tuple[tuple[int, ...], list[int]], chunks: int) -> None:
    """Parts of the size that ceil gives, cut off until nothing is left."""
    shape, (dim,) = drawn
    part = -(-shape[dim] // chunks)
    cuts = list(range(part, shape[dim], part))
    agree("chunk", [shape], {"chunks": chunks, "dim": dim}, lambda: np.split(array(shape), cuts, axis=dim))


@given(axes_of(1), st.data())
def test_select(drawn: tuple[tuple[int, ...], list[int]], data: st.DataObject) -> None:
    shape, (dim,) = drawn
    index = data.draw(st.integers(0, shape[dim] - 1))
    agree("select", [shape], {"index": index, "dim": dim}, lambda: array(shape).take(index, axis=dim))
    with pytest.raises(Refused, match=f"index is {shape[dim]}, axis .* has {shape[dim]}; give 0 to {shape[dim] - 1}"):
        outs("select", shape, index=shape[dim], dim=dim)


@given(axes_of(1), st.data())
def test_narrow(drawn: tuple[tuple[int, ...], list[int]], data: st.DataObject) -> None:
    shape, (dim,) = drawn
    start = data.draw(st.integers(0, shape[dim] - 1))
    length = data.draw(st.integers(1, shape[dim] - start))
    places = range(start, start + length)
    fields = {"length": length, "start": start, "dim": dim}
    agree("narrow", [shape], fields, lambda: array(shape).take(places, axis=dim))
    more = shape[dim] - start + 1
    with pytest.raises(Refused, match=f"takes places {start} to {shape[dim]}, axis .* has {shape[dim]}"):
        outs("narrow", shape, length=more, start=start, dim=dim)


MODES = {"zeros": "constant", "reflect": "reflect", "replicate": "edge", "circular": "wrap"}


@given(shapes, st.sampled_from(list(MODES)), st.data())
def test_pad(shape: tuple[int, ...], mode: str, data: st.DataObject) -> None:
    """As NumPy, which repeats itself where torch refuses: reflecting leaves the edge out, a ring goes round once."""
    pairs = data.draw(st.lists(st.tuples(st.integers(0, 5), st.integers(0, 5)), min_size=0, max_size=len(shape)))
    written = [amount for pair in reversed(pairs) for amount in pair]
    widths = [(0, 0)] * (len(shape) - len(pairs)) + pairs
    most = {"reflect": [size - 1 for size in shape], "circular": list(shape)}.get(mode, [99] * len(shape))
    if any(max(width) > limit for width, limit in zip(widths, most, strict=True)):
        with pytest.raises(Refused, match=f"is too wide for {mode} on an axis of"):
            outs("pad", shape, padding=written, mode=mode)
        return
    agree("pad", [shape], {"padding": written, "mode": mode}, lambda: np.pad(array(shape), widths, MODES[mode]))  # type: ignore[call-overload]


@given(st.lists(st.lists(st.integers(1, 3), max_size=4).map(tuple), min_size=2, max_size=4))
def test_broadcast(ins: list[tuple[int, ...]]) -> None:
    agree("add", ins, {}, lambda: np.empty(np.broadcast_shapes(*ins)))


@given(shapes, st.data(), st.booleans())
def test_reductions(shape: tuple[int, ...], data: st.DataObject, keepdim: bool) -> None:
    places = data.draw(st.lists(st.integers(0, len(shape) - 1), min_size=1, unique=True))
    written = [place - len(shape) * data.draw(st.booleans()) for place in places]
    for tag, numpy in (("mean", np.mean), ("sum", np.sum), ("amax", np.max), ("amin", np.min)):
        got = outs(tag, shape, dims=written, keepdim=keepdim)
        assert got == (np.asarray(numpy(array(shape), axis=tuple(places), keepdims=keepdim)).shape,)


@given(images, st.integers(1, 3))
def test_pixel_shuffle(image: tuple[int, int, int, int], r: int) -> None:
    b, c, h, w = image
    square = array((b, c, r, r, h, w)).transpose(0, 1, 4, 2, 5, 3).reshape(b, c, h * r, w * r)
    assert outs("pixel_shuffle", (b, c * r * r, h, w), upscale_factor=r) == (square.shape,)
    assert outs("pixel_unshuffle", square.shape, downscale_factor=r) == ((b, c * r * r, h, w),)


def test_conditions_on_symbols() -> None:
    """What is not proved is asked for, in the symbols."""
    parts = stated(make("chunk", {"chunks": 2}), ((B, C),))
    assert parts[1] == (Divides(2, C),)
    assert [need.decide({}) for need in stated(make("chunk", {"chunks": 2}), ((B, 2 * C),))[1]] == [True]
    assert stated(make("add", {}), ((B, C, H), (B, C, W)))[1] == (Equal(H, W),)
    assert stated(make("add", {}), ((B, C, H), (C, 1)))[1] == ()
    assert stated(make("concat", {}), ((B, C, H), (B, 3, W)))[1] == (Equal(H, W),)
    assert stated(make("squeeze", {"dim": 1}), ((B, H),))[1] == (Equal(H, 1),)
    assert stated(make("split", {"sizes": [3, 4]}), ((B, C),))[1] == (Equal(7, C),)
    assert stated(make("reshape", {"shape": [-1, 4]}), ((B, C),))[1] == (Divides(4, B * C),)
    assert stated(make("reshape", {"shape": ["B", "C/2", 2]}), ((B, C),), {"B": B, "C": C})[0].outs == (
        (B, C * Fraction(1, 2), 2),
    )


REFUSED: list[tuple[str, dict[str, Any], tuple[Shape, ...], str]] = [
    ("add", {}, ((B, 2, H), (B, 4, H)), "(B, 2, H) and (B, 4, H) do not broadcast: 2 and 4 differ and neither is 1"),
    ("add", {}, ((H,), (H + 1,)), "(H) and (H + 1) do not broadcast: H and H + 1 differ and neither is 1"),
    ("mul", {}, ((B, C),), "takes 2 or more inputs, got 1; name them with from: [a, b]"),
    ("concat", {}, ((B, C), (B, C, H)), "takes inputs with as many axes, got (B, C) and (B, C, H)"),
    ("concat", {}, ((B, C, 5), (B, C, 6)), "(B, C, 5) and (B, C, 6) differ in other axes than dim, which is 1"),
    ("concat", {"dim": 4}, ((B, C, H, W),), "dim is 4, got (B, C, H, W); give -4 to 3"),
    ("split", {"sizes": [1, 2]}, ((B, 4),), "sizes add up to 3, axis 1 has 4; the parts must fill it"),
    ("narrow", {"length": 3, "start": 2}, ((B, 4),), "takes places 2 to 4, axis 1 has 4"),
    ("reshape", {"shape": [-1, -1]}, ((B, C),), "shape (-1, -1) leaves 2 sizes open; at most one can be -1"),
    ("reshape", {"shape": [4, 4]}, ((3, 5),), "(3, 5) has 15 elements, (4, 4) has 16"),
    ("reshape", {"shape": [-1, 4]}, ((3, 5),), "(3, 5) has 15 elements, which 4 does not divide"),
    ("reshape", {"shape": [0, 4]}, ((3, 5),), "shape holds 0; sizes are positive, and -1 stands for one to be found"),
    ("flatten", {"start_dim": 2, "end_dim": 1}, ((B, C, H),), "start_dim 2 comes after end_dim 1 in (B, C, H)"),
    ("permute", {"dims": [0, 2, 1]}, ((B, C),), "dims has 3 axes, got (B, C); name all 2 axes"),
    ("permute", {"dims": [0, -2]}, ((B, C),), "dims names axis 0 twice; name each axis once"),
    ("squeeze", {"dim": 1}, ((B, 3),), "axis 1 of (B, 3) is 3; only a size of 1 can be dropped"),
    ("pad", {"padding": [1]}, ((B, C),), "padding has 1 values, got (B, C); give two for each axis to pad"),
    ("crop", {"size": 9}, ((B, C, 8),), "size 9 is larger than the input's 8"),
    (
        "upsample",
        {"scale_factor": 2, "mode": "bilinear"},
        ((B, C, W),),
        "mode bilinear takes 2 axes after the channels, got 1",
    ),
    ("upsample", {"scale_factor": 0.25}, ((B, C, 3),), "scale_factor 1/4 leaves nothing of 3"),
    ("layer_norm", {"dims": 3}, ((B, C),), "dims is 3, got (B, C); give 1 to 2"),
    ("dropout", {"p": 1.5}, ((B, C),), "p is a probability, got 3/2; give 0 to 1"),
]


@pytest.mark.parametrize(
    ("tag", "fields", "ins", "message"), REFUSED, ids=[f"{row[0]}-{i}" for i, row in enumerate(REFUSED)]
)
def test_refused(tag: str, fields: dict[str, Any], ins: tuple[Shape, ...], message: str) -> None:
    with pytest.raises(Refused) as caught:
        outs(tag, *ins, **fields)
    assert str(caught.value) == message


def test_upsample_takes_scale_or_size() -> None:
    for fields in ({}, {"size": 4, "scale_factor": 2}):
        with pytest.raises(ValueError, match="give scale_factor or size, and not both"):
            make("upsample", fields)
