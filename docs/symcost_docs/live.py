"""Pages of networks that can be moved: what ``symcost export --to html`` writes, beside the documentation."""

from __future__ import annotations

import symcost
from symcost.explorer.page import page
from symcost_docs import LIVE

NETWORKS = ("resnet50", "gpt2")


def pages() -> dict[str, str]:
    """Return the page of each network."""
    return {f"{LIVE}/{name}.html": page(symcost.load(name)) for name in NETWORKS}
