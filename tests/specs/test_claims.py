"""Published figures: each prints as our number does, or is known not to, or nothing is claimed of it, with the reason.

``docs/published.md`` is the same as a page; ``python -m tests.specs.published > docs/published.md`` writes it.
"""

from __future__ import annotations

from collections import Counter
from fnmatch import fnmatchcase
from fractions import Fraction
from pathlib import Path

import pytest

from tests.specs.accounted import claims
from tests.specs.claims import Printed, rows
from tests.specs.published import page
from tests.specs.reasons import IRREPRODUCIBLE, LEFT_OUT, left_out, reason

PAGE = Path(__file__).parent.parent.parent / "docs" / "published.md"
CLAIMS = claims()
CLAIMED = {claim.row["id"] for claim in CLAIMS}


@pytest.mark.parametrize("claim", CLAIMS, ids=[claim.row["id"] for claim in CLAIMS])
def test_a_published_figure_is_what_comes_out(claim: Printed) -> None:
    value, why = claim.value(), reason(claim)
    assert claim.figure.prints(value) == (why is None), (claim.counted, claim.figure.text, float(value), why)


def test_every_row_is_claimed_once_or_left_out_with_a_reason() -> None:
    assert len(rows()) == 622 == len({row["id"] for row in rows()})
    assert set(Counter(claim.row["id"] for claim in CLAIMS).values()) == {1}
    assert {row["id"] for row in rows() if left_out(row) is None} == CLAIMED


def test_every_reason_is_one_of_a_row() -> None:
    assert all(any(fnmatchcase(name, pattern) for name in CLAIMED) for pattern in IRREPRODUCIBLE)
    assert all(any(fnmatchcase(row["id"], pattern) for row in rows()) for pattern in LEFT_OUT)


def test_most_rows_are_reproduced() -> None:
    assert sum(reason(claim) is None for claim in CLAIMS) >= 500


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()


def _over(start: str) -> list[float]:
    """Return what comes out over what is printed, of rows that begin so."""
    return [
        float(Fraction(claim.value()) / Fraction(claim.figure.value))
        for claim in CLAIMS
        if claim.row["id"].startswith(start)
    ]


def test_what_reasons_say_of_several_rows() -> None:
    bars = [claim for claim in CLAIMS if claim.row["id"].startswith("kor_f7_")]
    off = [abs(Fraction(claim.value()) - Fraction(claim.figure.value)) for claim in bars]
    assert len(bars) == 16 and max(off) < Fraction(14, 10_000), "within 0.14 points"
    steps = _over("kor_t5_full_")
    assert (f"{min(steps):.0%}", f"{max(steps):.0%}") == ("63%", "79%")
