"""All collectives: what each algorithm sends, and how many messages wait for each other."""

from __future__ import annotations

from collections.abc import Sequence
from typing import Any

from symcost.table import Column, Table
from symcost.views.answer import Answer, described
from symcost.workers.algorithms import ALGORITHMS
from symcost.workers.collective import COLLECTIVES, Algorithm

CAPTION = (
    "among n workers: time is factor S/W + steps latency, for S bytes over links of W bytes/s; rounds is ceil(log2 n). "
    "Algorithms marked 2**k are for such numbers of workers"
)


def collectives(words: Sequence[str] = ()) -> Answer:
    """Return the algorithms of collectives, those that words describe or all.

    Raises:
        NoAnswer: none is described by all the words.
    """
    found = described(
        ALGORITHMS,
        lambda way: [way.collective, way.name, COLLECTIVES[way.collective]],
        words,
        "collective --collectives",
    )
    rows = tuple((way.collective, _named(way), way.factor, way.steps, way.source) for way in found)
    columns = (
        Column("collective", kind="text"),
        Column("algorithm", kind="text"),
        Column("factor", kind="formula"),
        Column("steps", kind="formula"),
        Column("source", kind="text"),
    )
    return Answer((Table(columns, rows, CAPTION),), [_data(way) for way in found])


def _named(way: Algorithm) -> str:
    return f"{way.name}, 2**k" if way.doubling else way.name


def _data(way: Algorithm) -> dict[str, Any]:
    return {
        "collective": way.collective,
        "about": COLLECTIVES[way.collective],
        "algorithm": way.name,
        "factor": str(way.factor),
        "steps": str(way.steps),
        "powers_of_two": way.doubling,
        "source": way.source,
    }
