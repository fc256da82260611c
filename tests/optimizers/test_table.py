"""State and arithmetic for one parameter: the law's, its rule's run on numbers that count, and the literature's."""

from __future__ import annotations

from fractions import Fraction

import pytest

import symcost
from symcost.algebra.poly import evaluate
from symcost.cli import main
from symcost.optimizers.reading import optimizer, optimizers
from symcost.views.optimizers import optimizers as listed
from symcost.views.optimizers import per_element
from tests.optimizers.test_counts import run

ROWS, COLUMNS = 6, 5
SIZE = ROWS * COLUMNS
TEXTS = [
    *sorted(set(optimizers()) - {"lbfgs"}),
    "adam:bias_correction=paper",
    "adam:bias_correction=rate",
    "lbfgs:history=3",
]


def measured(text: str) -> tuple[Fraction, Fraction]:
    """Return elements kept and FLOPs done for a parameter by the rule itself."""
    rule, took = run(text, [(ROWS, COLUMNS)], {})
    kept = [*rule.whole.values(), *rule.state[0].values()]
    flops = sum(n * (2 if kind == "mac" else 1) for kind, n in took.items())
    return Fraction(sum(array.size for array in kept), SIZE), Fraction(flops, SIZE)


@pytest.mark.parametrize("text", TEXTS)
def test_the_table_is_what_the_rule_takes(text: str) -> None:
    at = {"r": ROWS, "c": COLUMNS, "P": SIZE}
    state, flops = per_element(optimizer(text))
    assert (evaluate(state, at), evaluate(flops, at)) == measured(text)


LITERATURE = {
    "gradient_descent": 2,
    "sgd": 2,
    "momentum": 4,
    "nesterov": 6,
    "adagrad": 7,
    "rmsprop": 9,
    # of 11 to 14: the paper corrects m and v with a division each, torch the root of v, a corrected rate neither; 11 is
    # the last without ε
    "adam:bias_correction=paper": 14,
    "adam": 13,
    "adam:bias_correction=rate": 12,
    "adamw": 13,  # 14 with weight decay
}
"""FLOPs for a parameter, without what comes once in a step."""


@pytest.mark.parametrize("text", LITERATURE)
def test_flops_of_a_parameter_are_those_of_the_literature(text: str) -> None:
    assert int(evaluate(per_element(optimizer(text))[1], {"r": 1, "c": 1, "P": 10**9})) == LITERATURE[text]


def test_lbfgs_keeps_two_vectors_and_takes_four_macs_for_each_step_of_its_history() -> None:
    short, long = (per_element(optimizer(f"lbfgs:history={m}")) for m in (10, 11))
    at = {"P": 10**9}
    state, flops = (evaluate(b, at) - evaluate(a, at) for a, b in zip(short, long, strict=True))
    assert (round(state), round(flops)) == (2, 2 * 4)


def test_newton_takes_a_third_of_a_square_and_two() -> None:
    """The literature's P^3/3 + 2 P^2 is the MACs; the divisions of factor and solves are P^2/2 + 3 P/2 beside it."""
    flops = evaluate(per_element(optimizer("newton"))[1], {"P": 1000})
    assert flops == Fraction(1000**2, 3) + 2 * 1000 - Fraction(7, 3) + Fraction(1000, 2) + Fraction(3, 2) + 2


def test_the_list_shows_all_and_their_laws(capsys: pytest.CaptureFixture[str]) -> None:
    answer = listed()
    assert [row["name"] for row in answer.data] == sorted(optimizers())
    assert all("Rule:" in row["law"] for row in answer.data)
    assert main(["list", "--optimizers", "momentum"]) == 0
    assert "nesterov" in capsys.readouterr().out


def test_two_lists_at_once_are_refused(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["list", "--ops", "--optimizers"]) == 2
    assert "--ops and --optimizers are 2 lists; ask for one" in capsys.readouterr().err


def test_no_optimizer_of_these_words() -> None:
    with pytest.raises(symcost.NoAnswer, match="no optimizer is called quantum"):
        listed(["quantum"])
