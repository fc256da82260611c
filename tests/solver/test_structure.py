"""Constants decide the structure: every value is drawn, flags are not solved for."""

from __future__ import annotations

import pytest

import symcost
from symcost.errors import NoAnswer, UsageError
from symcost.solver import solve

UNET = symcost.load("unet")
RESNET = symcost.load("resnet50")


def test_the_deepest_unet_is_found_by_drawing_it() -> None:
    found = solve(UNET, "depth", "params <= 10M")
    totals = {d: UNET.cost(depth=d).at(H=512, W=512).params for d in range(5)}
    assert found.answer == max(d for d, params in totals.items() if params <= 10**7) == 3
    assert (found.value, found.next) == ({"params": totals[3]}, {"depth": 4, "params": totals[4]})
    assert found.binding == ("params <= 10M",)
    assert found.left_out[0][0] == 10
    assert str(found).splitlines()[0] == "depth = 3: 7,696,258 params <= 10,000,000; depth = 4 gives 31,030,658"
    assert "left out 10, 11, 12, 13 and 18 more (10 is refused: U-Net: H = 512 breaks the declared" in str(found)
    assert str(found).endswith("proof: the network was drawn for each of depth = 0 to 31")


def test_the_least_and_a_set_of_values() -> None:
    assert solve(UNET, "depth", "params >= 1M", smallest=True).answer == 2
    found = solve(UNET, "depth", "macs <= 1T", {"H": 64, "W": 64}, allowed="1,2,6,7")
    assert (found.answer, found.next, found.left_out[0][0]) == (6, None, 7)


def test_a_declared_range_is_tried_to_its_end() -> None:
    found = solve(RESNET, "s3", "macs <= 5G")
    assert (found.answer, found.next) == (2, None)
    assert found.to_json() == {"answer": {"s3": 2}, "value": {"macs": "4089184256"}, "next": None, "binding": []}


REFUSED = {
    "no s3 of those tried meets macs <= 1G: the nearest is 4,089,184,256 MACs, at s3 = 2": (
        RESNET, "s3", "macs <= 1G", None,
    ),
    "no depth of those tried meets all budgets: params <= 1M takes depth = 0, 1; params >= 9M takes depth = 4": (
        UNET, "depth", ["params <= 1M", "params >= 9M"], "0:4",
    ),
    "no depth can be drawn: 10 is refused: U-Net: H = 512 breaks the declared condition that 1024 divides H": (
        UNET, "depth", "params <= 1M", "10,11",
    ),
}  # fmt: skip


@pytest.mark.parametrize("line", REFUSED)
def test_no_answer(line: str) -> None:
    network, name, budgets, allowed = REFUSED[line]
    with pytest.raises(NoAnswer) as refused:
        solve(network, name, budgets, allowed=allowed)
    assert str(refused.value) == line


def test_a_constant_without_end_needs_one() -> None:
    with pytest.raises(NoAnswer, match=r"^depth has no declared greatest, and 31 still meets the budgets; give a set "):
        solve(UNET, "depth", "params >= 1k", {"H": 2**31, "W": 2**31})


def test_a_flag_has_no_greatest() -> None:
    with pytest.raises(UsageError) as refused:
        solve(RESNET, "v1", "macs <= 4G")
    assert str(refused.value) == (
        "v1 is true or false and is fixed before the network is drawn, so there is no greatest; "
        "set v1=true and v1=false, and compare"
    )
