"""Published figures of the shipped networks: each prints as our number does, or is known not to, with the reason.

``docs/published.md`` is the same as a page; ``python -m tests.specs.published > docs/published.md`` writes it.
"""

from __future__ import annotations

from pathlib import Path

import pytest

from tests.specs.claims import Claim, rows
from tests.specs.published import page
from tests.specs.readers import claims
from tests.specs.reasons import IRREPRODUCIBLE, reason

PAGE = Path(__file__).parent.parent.parent / "docs" / "published.md"
CLAIMS = claims()


@pytest.mark.parametrize("claim", CLAIMS, ids=[claim.row["id"] for claim in CLAIMS])
def test_a_published_figure_is_what_the_network_has(claim: Claim) -> None:
    value, why = claim.value(), reason(claim)
    prints = claim.figure.prints(value)
    if why is None:
        assert prints, (claim.network, claim.figure.text, float(value))
    elif not prints:
        assert abs(float(value) / float(claim.figure.value) - 1) > 0.0002, f"{why}: it nearly is"


def test_what_is_said_not_to_reproduce_does_not() -> None:
    found = {start: [c for c in CLAIMS if c.row["id"].startswith(start)] for start in IRREPRODUCIBLE}
    assert all(found.values())
    reproduced = [c.row["id"] for cs in found.values() for c in cs if c.figure.prints(c.value())]
    assert reproduced == []


def test_most_rows_that_name_a_network_are_claims() -> None:
    assert len(rows()) == 622
    assert len(CLAIMS) >= 430


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
