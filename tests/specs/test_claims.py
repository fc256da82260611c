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
    assert claim.figure.prints(value) == (why is None), (claim.network, claim.figure.text, float(value), why)


def test_every_reason_is_one_of_a_row() -> None:
    assert all(any(claim.row["id"].startswith(start) for claim in CLAIMS) for start in IRREPRODUCIBLE)


def test_most_rows_that_name_a_network_are_claims() -> None:
    assert len(rows()) == 622
    assert len(CLAIMS) >= 430


def test_the_page_is_up_to_date() -> None:
    assert PAGE.read_text(encoding="utf-8") == page()
