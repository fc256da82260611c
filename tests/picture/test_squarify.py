"""Squarified areas: exact, apart from each other, and all of the box; the published example."""

from __future__ import annotations

from fractions import Fraction
from itertools import combinations

from hypothesis import given
from hypothesis import strategies as st

from symcost.picture.squarify import Rect, squarify

BOX = Rect(Fraction(1), Fraction(2), Fraction(6), Fraction(4))


def test_the_example_of_the_paper() -> None:
    """Bruls et al. 2000, figure 4: a box of 6 by 4, areas 6, 6, 4, 3, 2, 2, 1."""
    parts = [Fraction(x) for x in (6, 6, 4, 3, 2, 2, 1)]
    found = squarify(parts, BOX._replace(x=Fraction(0), y=Fraction(0)))
    sides = [(rect.width, rect.height) for rect in found]
    third = Fraction(1, 3)
    assert sides[:4] == [(3, 2), (3, 2), (Fraction(12, 7), 7 * third), (Fraction(9, 7), 7 * third)]
    assert sides[4:] == [(Fraction(6, 5), 5 * third), (Fraction(6, 5), 5 * third), (Fraction(3, 5), 5 * third)]


@given(st.lists(st.integers(0, 10**30), min_size=1, max_size=20).filter(any), st.integers(1, 50), st.integers(1, 50))
def test_areas_are_exact_and_apart(parts: list[int], width: int, height: int) -> None:
    box = Rect(Fraction(3), Fraction(-1), Fraction(width), Fraction(height))
    found = squarify([Fraction(part) for part in parts], box)
    for part, rect in zip(parts, found, strict=True):
        assert rect.area == box.area * Fraction(part, sum(parts))
    shown = [rect for rect in found if rect.area]
    for one, other in combinations(shown, 2):
        assert (
            one.x + one.width <= other.x
            or other.x + other.width <= one.x
            or one.y + one.height <= other.y
            or other.y + other.height <= one.y
        )
    assert all(box.x <= r.x and r.x + r.width <= box.x + box.width for r in shown)
    assert all(box.y <= r.y and r.y + r.height <= box.y + box.height for r in shown)
