"""What a cache holds, and what a pass sees of it, token by token."""

from __future__ import annotations

from collections import deque

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.ops.counting import at


@given(passes=st.lists(st.integers(1, 4), min_size=1, max_size=6), window=st.just(0) | st.integers(2, 7))
def test_passes_in_turn(passes: list[int], window: int) -> None:
    """A rolling buffer that keeps what the next token may look back to, against what the op says of each pass."""
    buffer: deque[int] = deque(maxlen=window - 1 if window else None)
    done = 0
    for new in passes:
        seen = len(buffer) + new
        buffer.extend(range(done, done + new))
        facts = at("kv_cache", (2, 3, new, 8), past=done, window=window)
        assert facts.outs == ((2, 3, seen, 8),)
        assert facts.cached == ((2, 3, len(buffer), 8),)
        assert not facts.work and not facts.weights and not facts.buffers
        done += new


@pytest.mark.parametrize("window", [0, 4])
def test_it_is_no_activation(window: int) -> None:
    assert at("kv_cache", (1, 2, 3), past=5, window=window).view
