"""What a person writes for a size is read by JavaScript as by Python, and refused in the same words."""

from __future__ import annotations

from symcost import Cost, SpecError, load
from symcost.algebra.poly import evaluate
from tests.explorer.points import Faults, case

WRITTEN = [
    "7",
    "224",
    "1_000",
    "1e3",
    "7.",
    "12.5e1",
    "8*1024",
    "2**10",
    "2*(3+4)*16",
    "-(-5)",
    "+9",
    "7//2*2+1",
    "100%64",
    "448/2",
    "(((3)))",
    "10-3-2",
    "2**3**2",
    "1.0",
    "1/3",
    "-4",
    "0",
    "1_",
    "007",
    "0x10",
    "1e",
    "1e3.5",
    "8k",
    "2C",
    "1..2",
    ".5",
    ".5e1",
    "1e41",
    "C",
    "H*2",
    "7;",
    "1/0",
    "5%0",
    "(1/2)**2",
    "#",
    "@",
    "3+",
    "**",
    "1__0",
    "_1",
    "99999999999999999999999999999999999999999",
    "9999999999999999999999999999999999999999",
    "1e40",
]
ODD = [
    "2*(3",
    "4)*16",
    "2**-1*64",
    "H()",
    '"7"',
    "7,000",
    "(7",
    "7)",
    "7**",
    "*7",
    "0**-1",
    "2**1000",
    "2**(1/2)",
    "2(3)",
    "3..4",
]
"""What is refused by both, for reasons that need not be the same."""


def test_every_text_is_read_or_refused_as_by_python(faults: Faults) -> None:
    cost = load("resnet50").cost()
    data = {**case(cost, 0, ("params",))["model"], "rows": []}
    plain, odd = (
        [_point(cost, text) for text in texts] for texts in ([*WRITTEN, "", " ", " 7 ", "2 * 3"], [*ODD, "7 7"])
    )
    assert sum(not point["refused"] for point in plain) > 20
    assert sum(bool(point["refused"]) for point in plain) > 20
    assert all(point["refused"] for point in odd)
    assert faults("check", [{"model": data, "points": plain}]) == []
    assert [line for line in faults("check", [{"model": data, "points": odd}]) if " reading at " not in line] == []


def _point(cost: Cost, text: str) -> dict[str, object]:
    try:
        params = evaluate(cost.poly("params"), cost.bindings({"C": text}))
    except SpecError as error:
        return {"at": {"C": text}, "refused": [str(error).removeprefix("resnet50: ")]}
    return {"at": {"C": text}, "refused": [], "totals": {"params": str(params)}, "rows": []}
