"""Optimizers by name, and what is said of names and options that there are not."""

from __future__ import annotations

import pickle
from fractions import Fraction
from typing import Any

import pytest

from symcost.algebra.poly import symbol
from symcost.cli import main
from symcost.errors import SpecError, UsageError
from symcost.optimizers.lbfgs import Lbfgs
from symcost.optimizers.optimizer import DECAYS, Weight
from symcost.optimizers.reading import optimizer, optimizers
from symcost.optimizers.switch import switch
from symcost.setup import Setup

KNOWN = ", ".join(sorted(optimizers()))
WRONG = {
    "adm": f"there is no optimizer 'adm'; did you mean 'adam'?; known are {KNOWN}",
    "": f"there is no optimizer ''; known are {KNOWN}",
    "sgd:momntum=true": "optimizer 'sgd:momntum=true': there is no option 'momntum'; did you mean 'momentum'?; "
    "there are momentum, nesterov, dampening",
    "lion:beta=1": "optimizer 'lion:beta=1': there is no option 'beta'; lion has none",
    "sgd:momentum": "optimizer 'sgd:momentum': 'momentum' is not of the form OPTION=VALUE",
    "sgd:momentum=yes": "optimizer 'sgd:momentum=yes': momentum: takes true, false or a factor such as 0.9, got 'yes'",
    "sgd:momentum=true, momentum=false": "optimizer 'sgd:momentum=true, momentum=false': momentum is true and false",
    "sgd:nesterov=true": "optimizer 'sgd:nesterov=true': nesterov takes momentum=true, and no dampening, as in torch",
    "sgd:dampening=0.1": "optimizer 'sgd:dampening=0.1': dampening takes momentum=true: without momentum there is "
    "nothing to dampen",
    "adam:bias_correction=no": "optimizer 'adam:bias_correction=no': bias_correction: takes 'torch', 'paper', 'rate' "
    "or 'none', got 'no'",
    "lbfgs:history=0": "optimizer 'lbfgs:history=0': history: 0 is below the least value, 1",
    "lbfgs:history=2.5": "optimizer 'lbfgs:history=2.5': history: 5/2 is not a whole number, and the kind is dimension",
}
SETTINGS: dict[str, tuple[dict[str, Any], str]] = {
    "optimizer": (
        {"optimizer": "adamm"},
        f"optimizer: there is no optimizer 'adamm'; did you mean 'adam'?; known are {KNOWN}",
    ),
    "decay": (
        {"weight_decay": "cuopled"},
        f"weight_decay: takes true, false, a factor or {', '.join(DECAYS)}, got 'cuopled'; did you mean 'coupled'?",
    ),
    "number": ({"optimizer": 5}, "optimizer: takes the name of an optimizer, got '5'"),
    "nothing": ({"optimizer": {}}, "optimizer: takes the name of an optimizer, got '{}'"),
    "in_step": (
        {"optimizer": "adam", "weight_decay": "in_step"},
        "adam does not scale its step; weight decay is coupled or decoupled",
    ),
    "clip": ({"clip_norm": "loud"}, "clip_norm: takes true, false or a factor such as 0.9, got 'loud'"),
}


@pytest.mark.parametrize("text", WRONG)
def test_what_is_wrong_is_said(text: str) -> None:
    with pytest.raises(UsageError) as error:
        optimizer(text)
    assert str(error.value) == WRONG[text]


@pytest.mark.parametrize("name", SETTINGS)
def test_what_is_wrong_with_a_setting_is_said(name: str) -> None:
    given, message = SETTINGS[name]
    with pytest.raises(SpecError) as error:
        Setup(**given)
    assert str(error.value) == message


@pytest.mark.parametrize(
    ("text", "same"),
    [
        ("momentum", "sgd:momentum=0.9"),
        ("nesterov", "sgd: momentum=true, nesterov=True"),
        ("gradient_descent", "sgd:momentum=0"),
        ("adam", "adam:amsgrad=false"),
    ],
)
def test_two_ways_to_say_one_rule(text: str, same: str) -> None:
    weight = Weight((3, 4))
    assert optimizer(text).each(weight) == optimizer(same).each(weight)


@pytest.mark.parametrize(
    ("given", "said"),
    [
        ({}, "adamw, decoupled weight decay"),
        ({"optimizer": "sgd:momentum=0.9", "weight_decay": "1e-4"}, "sgd:momentum=true, coupled weight decay"),
        ({"optimizer": "adamw", "weight_decay": 0}, "adamw"),
        ({"optimizer": "lamb", "weight_decay": True}, "lamb, weight decay within the step"),
        (
            {"optimizer": "lbfgs:evaluations=4", "clip_norm": 1.0, "ema": 0.999},
            "lbfgs:history=10, evaluations=4, gradients clipped by their global norm, an average of the weights",
        ),
    ],
)
def test_a_setup_says_its_optimizer(given: dict[str, Any], said: str) -> None:
    assert Setup(**given).optimizing.said() == said


@pytest.mark.parametrize("value", ["nan", "inf", "1e999999999", "-0.9", "", "0.9.9", [], None])
def test_what_is_no_factor_is_refused(value: object) -> None:
    with pytest.raises(ValueError, match="takes true, false or a factor such as"):
        switch(value)


def test_a_factor_is_a_switch() -> None:
    values = [True, "true", "False", "none", 0.9, "0.9", "1e-4", 0, "0.0", Fraction(1, 2)]
    assert [switch(value) for value in values] == [True, True, False, False, True, True, True, False, False, True]


def test_an_optimizer_may_be_given_as_an_object() -> None:
    rule = Lbfgs(history=4)
    setup = Setup(optimizer=rule)
    assert setup.optimizing.optimizer == rule
    assert pickle.loads(pickle.dumps(setup)) == setup  # noqa: S301
    assert Setup(optimizer="lbfgs:history=4") == setup != Setup(optimizer="lbfgs")


def test_a_history_may_be_a_size() -> None:
    rule = Lbfgs(history=symbol("m"))
    assert str(rule) == "lbfgs:history=m, evaluations=1"
    assert str(rule.once(symbol("P")).elements) == "2*P*m + 2*P + m"


def test_a_history_in_symbols_is_solved_for(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["--for", "m", "--budget", "optimizer_state <= 1G", "optimizer=lbfgs:history=m"]
    assert main(["solve", "resnet50", *words, "--json"]) == 0
    params = 25_557_032
    assert f'"m": {(10**9 - 2 * params) // (2 * params + 1)}' in capsys.readouterr().out


def test_only_gradient_descent_is_defined_on_all_examples() -> None:
    assert optimizer("gradient_descent").whole_data and not optimizer("sgd").whole_data
