"""All steps that prepare data: their work as formulas in rows and columns, and how it grows."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from typing import Any

from symcost.algebra.poly import Num, symbol
from symcost.algebra.power import raised
from symcost.run.preparing import Data, Preparation
from symcost.run.preparing import preparations as known
from symcost.table import Column, Table
from symcost.views.answer import Answer, described

CAPTION = "of N rows of D columns; moved are numbers written to a new place, and sort is of N = 2**m rows"
TABLE = Data(symbol("N"), symbol("D"), symbol("K"))
IMAGES = Data(symbol("N"), 3 * symbol("P"))
POWER = Data(raised(2, symbol("m")), symbol("D"))


def preparations(words: Sequence[str] = ()) -> Answer:
    """Return the steps with their work by kind, those that words describe or all.

    Raises:
        NoAnswer: none is described by all the words.
    """
    found = described(known().values(), lambda step: [step.name, step.about], words, "preparation --preparation")
    rows = tuple((step.name, _text(step), step.growth, step.about) for step in found)
    columns = (Column("step", kind="text"), Column("work", kind="text"), Column("grows as", kind="text"),
               Column("what it does", kind="text"))  # fmt: skip
    return Answer((Table(columns, rows, CAPTION),), [_data(step) for step in found])


def amounts(step: Preparation) -> Mapping[str, Num]:
    """Return work by kind and what is moved, in sizes for which there is a formula."""
    data = {"sort": POWER, "color_jitter": IMAGES}.get(step.name, TABLE)
    moved = step.moves(data)
    return {**step.work(data), **({"moved": moved} if moved != 0 else {})}


def _text(step: Preparation) -> str:
    counted = ", ".join(f"{kind} {n}" for kind, n in amounts(step).items())
    return f"at most {counted}" if step.at_most else counted


def _data(step: Preparation) -> dict[str, Any]:
    return {
        "name": step.name,
        "about": step.about,
        "source": step.source,
        "work": {kind: str(n) for kind, n in amounts(step).items()},
        "growth": step.growth,
        "every_epoch": step.every_epoch,
        "at_most": step.at_most,
    }
