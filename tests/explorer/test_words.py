"""How the page reads and writes numbers: in the words of Python."""

from __future__ import annotations

from fractions import Fraction
from pathlib import Path
from random import Random

from symcost import Cost, SpecError, load
from symcost.algebra.atoms import Number, exact
from symcost.explorer import model
from symcost.solver.amounts import digits
from symcost.table.cells import rounded
from tests.explorer.points import Faults

ODD = Path(__file__).with_name("odd.yaml")
WRITTEN = [
    "48",
    " 52 ",
    "3/4",
    "-4",
    "0",
    "1e3",
    "2.5",
    "1_000",
    "8*8",
    "2**5",
    "8k",
    "52px",
    "abc",
    "",
    "007",
    "4/0",
    "4004",
]
WRITTEN_OF_RATIO = ("0.75", "3/7", "-1/2", "0", "10", "1e-3", ".5", "1.", "9/3", "3/2/4", "1e41", "9" * 41)


def test_numbers_are_written_as_in_tables(faults: Faults) -> None:
    draw = Random(1)  # noqa: S311
    whole = [draw.randrange(10**power) for power in range(1, 40) for _ in range(4)]
    parts = [exact(Fraction(draw.randrange(-(10**9), 10**9), draw.randrange(1, 10**15))) for _ in range(300)]
    edges = [0, 9_999, 10_000, 99_995, 999_949, 999_950, 9_999_500_000, -12_345, 10**33, 2**53 + 1, 1958573056]
    numbers = [_shown(x) for x in (*whole, *parts, *edges)]
    assert faults("words", {"model": model(load(ODD), ["params"]), "numbers": numbers, "texts": []}) == []


def test_sizes_are_read_as_on_the_command_line(faults: Faults) -> None:
    cost = load(ODD).cost()
    asked = [*(("C", words) for words in WRITTEN), *(("alpha", words) for words in WRITTEN_OF_RATIO)]
    texts = [{"name": name, "words": words, "read": _read(cost, name, words)} for name, words in asked]
    assert sum(one["read"].isdigit() for one in texts) >= 7
    assert faults("words", {"model": model(cost, ["params"]), "numbers": [], "texts": texts}) == []


def _shown(x: Number) -> dict[str, str]:
    near = rounded(x)
    return {"x": str(x), "grouped": digits(x), "rounded": f"{near} B" if near else f"{digits(x)} B"}


def _read(cost: Cost, name: str, words: str) -> str:
    try:
        return str(cost.bindings({name: words})[name])
    except SpecError as error:
        return str(error).removeprefix(f"{cost.graph.name}: ")
