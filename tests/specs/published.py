"""The page of published figures: ``python -m tests.specs.published > docs/published.md``."""

from __future__ import annotations

import re
import sys
from collections.abc import Iterable, Iterator
from fractions import Fraction

from symcost.metrics.metric import metric, metrics
from tests.specs.claims import UNITS, Claim, Row, rows
from tests.specs.readers import claims
from tests.specs.reasons import reason

HEAD = """\
# Published figures

What papers and repositories print about the networks that come with symcost, beside what symcost derives. A figure is
reproduced when our exact number, rounded or cut off at the last printed digit, prints so. This page is generated, and a
test compares every row.
"""
MISSED = """
## Not reproduced, and why

These stay as they are: nothing was fitted. `symcost reconcile NETWORK 'METRIC = FIGURE'` looks for a convention,
variant or input size that would explain a figure.
"""
ELSEWHERE = """
## Not taken up here

Figures of networks that are not shipped, or of quantities other than forward work, training work, parameters,
activations and caches:
"""


def page() -> str:
    """Return the page as Markdown."""
    found = claims()
    kept = [claim for claim in found if reason(claim) is None]
    missed = [claim for claim in found if reason(claim) is not None]
    count = f"\n{len(kept)} figures are reproduced, {len(missed)} are not.\n\n"
    parts = [HEAD, count, *_table(kept), MISSED, "\n", *_table(missed, why=True), ELSEWHERE, "\n", *_rest(found)]
    return "".join(parts)


def _table(found: Iterable[Claim], *, why: bool = False) -> Iterator[str]:
    yield "| network | printed | of | here | counted as | source |" + (" why |" if why else "") + "\n"
    yield "|---|--:|---|--:|---|---|" + ("---|" if why else "") + "\n"
    for claim in found:
        cells = [claim.row["architecture"], claim.figure.text, claim.row["quantity"], _here(claim), _counted(claim)]
        cells += [_source(claim.row), *([str(reason(claim))] if why else [])]
        yield f"| {' | '.join(cell.replace('|', '/') for cell in cells)} |\n"


def _here(claim: Claim) -> str:
    value, unit = claim.value(), UNITS[claim.row["unit"]]
    shown = Fraction(value) / unit
    return f"{int(shown):,}" if shown.denominator == 1 else f"{float(shown):,.6g}"


def _counted(claim: Claim) -> str:
    said = [f"{name} = {str(value).lower()}" for name, value in {**claim.structure, **claim.at}.items()]
    priced = claim.metric in metrics() and metric(claim.metric).priced
    counted = f"{claim.metric}, {claim.convention}" if priced else claim.metric
    times = "" if claim.times == 1 else f", times {claim.times}"
    at = f", at {', '.join(said)}" if said else ""
    return f"`{claim.network}`: {counted}{times}{at}"


def _source(row: Row) -> str:
    return re.sub(r"\s*\([^)]*\bread\)", "", row["source"]).strip()


def _rest(found: list[Claim]) -> Iterator[str]:
    """Yield a line for each source and quantity of which rows were not taken up."""
    taken = {claim.row["id"] for claim in found}
    groups: dict[tuple[str, str], list[str]] = {}
    for row in rows():
        if row["id"] not in taken:
            groups.setdefault((_source(row), row["quantity"]), []).append(row["architecture"])
    for (source, quantity), nets in groups.items():
        yield f"* {source}, {quantity}: {', '.join(dict.fromkeys(nets))}\n"


if __name__ == "__main__":
    sys.stdout.write(page())
