"""Strides by the rules of ``layout`` against those of torch's own tensors."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.specs.layout import Sizes, as_dense, seen_as

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.oracle

SIZES = st.lists(st.sampled_from([1, 2, 3, 4]), min_size=1, max_size=4)


@given(SIZES, st.data())
def test_a_view_is_where_torch_has_one(sizes: list[int], data: st.DataObject) -> None:
    """Of a tensor whose axes were exchanged, perhaps cut and perhaps broadcast, in any other shape."""
    tensor = torch.empty(data.draw(st.permutations(sizes)), device="meta")
    tensor = tensor.permute(data.draw(st.permutations(range(tensor.dim()))))
    tensor = tensor.narrow(0, 0, data.draw(st.integers(1, tensor.shape[0])))
    axis = data.draw(st.integers(0, tensor.dim()))
    tensor = tensor.unsqueeze(axis).expand(*tensor.shape[:axis], data.draw(st.integers(1, 3)), *tensor.shape[axis:])
    wanted = shape(data, tensor.numel())
    found = seen_as(tuple(tensor.shape), tensor.stride(), wanted)
    try:
        view = tensor.view(wanted)
    except RuntimeError:
        assert found is None
    else:
        assert found is not None
        assert steps(found, wanted) == steps(view.stride(), wanted)


def shape(data: st.DataObject, elements: int) -> tuple[int, ...]:
    """Return some sizes with as many elements."""
    found = []
    while elements > 1:
        size = data.draw(st.sampled_from([n for n in range(1, elements + 1) if elements % n == 0]))
        found.append(size)
        elements //= size
    return tuple(found)


@given(SIZES, st.data())
def test_elementwise_results_lie_as_their_input(sizes: list[int], data: st.DataObject) -> None:
    order = data.draw(st.permutations(range(len(sizes))))
    tensor = torch.empty(sizes, device="meta").permute(order)
    made = torch.nn.functional.gelu(tensor) * 2
    found = as_dense(tuple(tensor.shape), tensor.stride())
    assert steps(found, tensor.shape) == steps(made.stride(), made.shape)


def steps(strides: Sizes, sizes: Sizes) -> list[int]:
    """Return the strides that matter, those of axes of several places."""
    return [stride for stride, size in zip(strides, sizes, strict=True) if size > 1]
