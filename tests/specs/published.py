"""The page of published figures: ``python -m tests.specs.published > docs/published.md``."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from fractions import Fraction

from tests.specs.accounted import of_networks, of_training
from tests.specs.claims import Printed, Row, rows
from tests.specs.reasons import left_out, reason

HEAD = """\
# Published figures

What papers and repositories print about networks, and about what it takes to train and to serve them, beside what
symcost derives. A figure is reproduced when our exact number, rounded or cut off at the last printed digit, prints so.
This page is generated, and a test compares every row.
"""
NETWORKS = "Networks: work, parameters, activations"
TRAINING = "Training, memory, workers, hardware"
MISSED = """
These stay as they are: nothing was fitted. `symcost reconcile NETWORK 'METRIC = FIGURE'` looks for a convention,
variant or input size that would explain a figure.

"""


def page() -> str:
    """Return the page as Markdown."""
    parts = {NETWORKS: of_networks(), TRAINING: of_training()}
    kept = {title: [claim for claim in found if reason(claim) is None] for title, found in parts.items()}
    missed = {title: [claim for claim in found if reason(claim) is not None] for title, found in parts.items()}
    return "".join(
        [HEAD, *_counts(kept, missed)]
        + [line for title, found in kept.items() for line in (f"\n## {title}\n\n", *_table(found))]
        + ["\n## Not reproduced, and why\n", MISSED.rstrip("\n"), "\n"]
        + [line for title, found in missed.items() for line in (f"\n### {title}\n\n", *_table(found, why=True))]
        + ["\n## Of which nothing is claimed, and why\n\n", *_rest()]
    )


def _counts(kept: dict[str, list[Printed]], missed: dict[str, list[Printed]]) -> Iterator[str]:
    yield "\n| figures | reproduced | not reproduced, with the reason | nothing is claimed, with the reason | all |\n"
    yield "|---|--:|--:|--:|--:|\n"
    for title, found in kept.items():
        both = len(found), len(missed[title])
        yield f"| {title} | {both[0]} | {both[1]} | – | {sum(both)} |\n"
    yes, no = (sum(map(len, found.values())) for found in (kept, missed))
    rest = len(rows()) - yes - no
    yield f"| Of neither kind | – | – | {rest} | {rest} |\n"
    yield f"| all | {yes} | {no} | {rest} | {len(rows())} |\n"


def _table(found: Iterable[Printed], *, why: bool = False) -> Iterator[str]:
    yield "| of what | printed | of | here | counted as | source |" + (" why |" if why else "") + "\n"
    yield "|---|--:|---|--:|---|---|" + ("---|" if why else "") + "\n"
    for claim in found:
        cells = [claim.row["architecture"], claim.figure.text, claim.row["quantity"], _here(claim), claim.counted]
        cells += [_source(claim.row), *([str(reason(claim))] if why else [])]
        yield f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n"


def _here(claim: Printed) -> str:
    shown = Fraction(claim.value()) / claim.unit
    return f"{int(shown):,}" if shown.denominator == 1 else f"{float(shown):,.6g}"


def _source(row: Row) -> str:
    return re.sub(r"\s*\([^)]*\bread\)", "", row["source"]).strip()


def _rest() -> Iterator[str]:
    """Yield a line for each source, quantity and reason of rows of which nothing is claimed."""
    groups: dict[tuple[str, str, str], list[str]] = {}
    for row in rows():
        if (why := left_out(row)) is not None:
            groups.setdefault((_source(row), row["quantity"], why), []).append(row["architecture"])
    for (source, quantity, why), nets in groups.items():
        yield f"* {source}, {quantity}, {', '.join(dict.fromkeys(nets))}: {why}\n"


if __name__ == "__main__":
    sys.stdout.write(page())
