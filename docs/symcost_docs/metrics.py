"""The page of metrics: unit, and what is counted."""

from __future__ import annotations

from collections.abc import Iterable

from symcost.metrics.metric import Metric, metrics
from symcost_docs.markdown import code, page, prose, table

LEAD = """\
What can be counted: with `--metric NAME`, in budgets and objectives (`2*params + 2*kv_cache <= 24G`), and in Python as
`cost.poly(NAME)`. A unit stands beside every number that is printed. FLOPs are counted as the
[convention](conventions.md) says; where it counts in MACs, the unit says so. A metric under settings depends on them:
[Settings](settings.md) says what they are. Under workers it is of one worker."""


def pages() -> dict[str, str]:
    """Return the page of metrics."""
    whole = [m for m in metrics().values() if "." not in m.name]
    groups = {
        "Of the network alone": [m for m in whole if not m.under],
        "Under settings": [m for m in whole if m.under],
        "Parts of others": [m for m in metrics().values() if "." in m.name],
    }
    return {"reference/metrics.md": page("Metrics", LEAD, *(_group(*group) for group in groups.items()))}


def _group(title: str, found: Iterable[Metric]) -> str:
    rows = ((code(m.name), m.unit.replace("$", r"\$"), prose(m.about), ", ".join(m.under)) for m in found)
    return f"## {title}\n\n{table(('metric', 'unit', 'what is counted', 'under'), rows)}"
