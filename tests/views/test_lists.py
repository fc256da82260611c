"""Lists of what can be said in a setup, beside what the lists are of."""

from __future__ import annotations

from fractions import Fraction

import pytest

from symcost.algebra.expression import Expr
from symcost.devices import devices
from symcost.errors import NoAnswer
from symcost.run.preparing import Data, preparations
from symcost.scaling import law, laws
from symcost.setup import Setup
from symcost.sparsity.storing import storages
from symcost.views.collectives import collectives
from symcost.views.devices import devices as device_view
from symcost.views.preparations import preparations as preparation_view
from symcost.views.scaling import scaling as scaling_view
from symcost.views.settings import settings as settings_view
from symcost.views.storages import storages as storage_view
from symcost.workers.algorithms import ALGORITHMS


def test_powers_of_a_budget_give_the_laws_values() -> None:
    rows = {row["name"]: row for row in scaling_view().data}
    assert rows.keys() == laws().keys()
    for name, row in rows.items():
        best = law(name).at(1e23)
        assert row["params"]["factor"] * 1e23 ** row["params"]["power"] == pytest.approx(best.params)
        assert row["tokens"]["factor"] * 1e23 ** row["tokens"]["power"] == pytest.approx(best.tokens)


def test_formulas_of_preparations_are_those_of_the_steps() -> None:
    rows = {row["name"]: row for row in preparation_view().data}
    assert rows.keys() == preparations().keys()
    env = {"N": 8, "D": 12, "P": 4, "K": 3, "m": 3}
    for name, row in rows.items():
        step = preparations()[name]
        told = {kind: Expr.parse(text).evaluate(env) for kind, text in row["work"].items()}
        moved = step.moves(Data(8, 12, 3))
        assert told == {**step.work(Data(8, 12, 3)), **({"moved": moved} if moved else {})}, name


def test_collectives_are_listed_with_factor_and_steps() -> None:
    rows = collectives(["all_reduce", "ring"]).data
    assert [(row["factor"], row["steps"], row["source"]) for row in rows] == [
        ("2 - 2/n", "2*n - 2", "Patarasu and Yuan 2009")
    ]
    assert len(collectives().data) == len(ALGORITHMS)
    with pytest.raises(NoAnswer, match=r"no collective is called gossip; `symcost list --collectives` shows them all"):
        collectives(["gossip"])


def test_storages_and_when_they_are_worth_it() -> None:
    rows = {row["name"]: row for row in storage_view().data}
    assert rows.keys() == storages().keys()
    assert rows["csr"]["bits"] == "R*i + i*n + n*v + i"
    assert rows["csr"]["break_even"] == "1/2 - 1/(2*C) - 1/(2*C*R)"
    assert rows["coo"]["break_even"] == str(Fraction(1, 3))
    assert rows["2:4"]["density"] == "1/2" and rows["2:4"]["break_even"] is None
    assert "17/32 of dense, at 1/2" in str(storage_view(["2:4"]))


def test_devices_are_told_as_they_are_printed() -> None:
    rows = {row["name"]: row for row in device_view().data}
    assert rows.keys() == devices().keys()
    assert rows["h100"]["dense"]["bf16"] == "989400000000000" and rows["h100"]["inter"] == "50000000000"
    (line,) = [line for line in str(device_view(["h100", "sxm5"])).splitlines() if line.startswith("h100")]
    assert line.split()[:9] == ["h100", "66.9", "989.4", "1,978.9", "1,978.9", "80", "3,350", "295.3", "700"]


def test_every_choice_that_a_setting_lists_is_one() -> None:
    rows = {row["name"]: row["takes"] for row in settings_view().data}
    assert "a name" not in rows.values()
    for name in ("optimizer", "precision", "checkpoint", "preparation", "zero", "all_reduce", "storage", "device"):
        choices = [one.split(",")[0] for one in rows[name].split(" | ")]
        assert len(choices) > 3
        for one in choices:
            assert Setup(**{name: one, **({"pruning": "2:4"} if one == "2:4" else {})})[name] is not None


@pytest.mark.parametrize(
    ("view", "message"),
    [
        (scaling_view, "no scaling law is called nonsense; `symcost list --scaling` shows them all"),
        (preparation_view, "no preparation is called nonsense; `symcost list --preparation` shows them all"),
        (device_view, "no device is called nonsense; `symcost list --devices` shows them all"),
        (storage_view, "no storage is called nonsense; `symcost list --storage` shows them all"),
    ],
)
def test_words_that_describe_none(view: object, message: str) -> None:
    assert callable(view)
    with pytest.raises(NoAnswer) as error:
        view(["nonsense"])
    assert str(error.value) == message
