"""The verbs of calculus, as a user runs them."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

from symcost import load
from symcost.algebra.poly import total
from symcost.calculus.amount import amount_of
from symcost.cli.main import main


def run(capsys: pytest.CaptureFixture[str], line: str) -> tuple[int, str, str]:
    code = main(line.split())
    out, err = capsys.readouterr()
    return code, out, err


@pytest.mark.parametrize(
    "line",
    [
        "sensitivity gpt2",
        "sensitivity gpt2 --metric macs --formulas --by op T=512",
        "sensitivity resnet50 --by total",
        "sensitivity resnet50 H=225 --in C,H --metric macs",
        "asymptotics gpt2 --metric 6*macs --in E --per params*B*T",
        "asymptotics resnet50 --in H,W --per params",
        "asymptotics word_lm --metric 6*macs --in E --per params",
        "crossover resnet50 --first macs --second 100*params --in H",
        "crossover resnet50 --first activations --second params --in C --between 8:",
        "knobs resnet50 --cut macs --by 10% --keep params",
        "knobs gpt2 --by 1/4 --cut flops --keep activations",
    ],
)
def test_answers_fit_and_have_a_twin_in_json(capsys: pytest.CaptureFixture[str], line: str) -> None:
    code, out, err = run(capsys, line)
    assert (code, err) == (0, "") and max(map(len, out.splitlines())) <= 100
    code, out, err = run(capsys, f"{line} --json")
    data = json.loads(out)
    assert (code, err, data["schema"]) == (0, "", 1)
    assert data["convention"] == "symcost" and data["bindings"]["B"] >= 1


def test_numbers_are_exact_in_json(capsys: pytest.CaptureFixture[str]) -> None:
    data = json.loads(run(capsys, "sensitivity gpt2 --metric macs --json")[1])
    ell, e, t, v = 12, 768, 1024, 50257
    assert Fraction(data["elasticity"]["T"]) == Fraction(12 * ell * e + 4 * ell * t + v, 12 * ell * e + 2 * ell * t + v)
    assert data["formula"]["T"] == "(12*E*L + 4*L*T + V)/(12*E*L + 2*L*T + V)"
    assert data["value"] == str(load("gpt2").cost().at().macs)


def test_the_limit_of_a_recurrent_language_model(capsys: pytest.CaptureFixture[str]) -> None:
    out = run(capsys, "asymptotics word_lm --metric 6*macs --in E --per params")[1]
    assert "(6*macs)/(params) -> 6*B*q" in out


def test_attention_equals_dense_work_at_six_widths(capsys: pytest.CaptureFixture[str]) -> None:
    amounts = ["--first", "macs of scaled_dot_product_attention", "--second", "12*B*T*E**2*L"]
    assert main(["crossover", "gpt2", *amounts, "--in", "T", "P=9999"]) == 0
    lines = capsys.readouterr().out.splitlines()
    assert "macs of scaled_dot_product_attention = 12*B*T*E**2*L at T = 6*E, by the smooth formulas" in lines
    assert "macs of scaled_dot_product_attention = 12*B*T*E**2*L for T = 4608" in lines


def test_parts_of_a_metric_add_up() -> None:
    cost = load("gpt2").cost()
    ops = total((amount_of(cost, f"flops of {row.op}"), 1) for row in cost.by_op())
    assert ops == cost.poly("flops")
    for row in cost.by_block(3):
        if row.name.startswith("repeat."):
            assert amount_of(cost, f"flops of {row.name}") == row.values["flops"]
    assert amount_of(cost, "macs of head") == cost.by_node(["macs"])[-1].values["macs"]


@pytest.mark.parametrize(
    ("line", "code", "message"),
    [
        ("sensitivity gpt2 Q=3", 2,
         "GPT-2: there is no symbol 'Q'; there are B, T, S, E, h, L, V, P, decode, last_logits"),
        ("sensitivity gpt2 --in Q", 2, "there is no free symbol 'Q'; free are B, T, E, h, L, V, P"),
        ("sensitivity resnet50 --metric elementwise.random", 2,
         "resnet50: elementwise.random is 0 here, so it has no elasticities"),
        ("sensitivity resnet50 --by layer", 2,
         "there is no break-down by 'layer'; there are total, block, node and op"),
        ("sensitivity gpt2 T=2000", 3,
         "GPT-2: P = 1024, T = 2000 is refused at node 'position_embedding': needs P >= T"),
        ("asymptotics gpt2", 2, "asymptotics takes the size that grows, as in --in T"),
        ("asymptotics gpt2 --in T --per nothing", 2,
         "per 'nothing': there is no metric or free symbol 'nothing'; symbols are B, T, E, h, L, V, P"),
        ("asymptotics gpt2 --in T --metric macs/params", 2,
         "metric 'macs/params': the division leaves a rest; divide by a number or by a single product"),
        ("asymptotics gpt2 --in E,T=0", 2,
         "give the size that grows, or several with the power above 0 as which each grows"),
        ("crossover gpt2 --in T", 2,
         "crossover takes two amounts and a size, as in --first macs --second '100*params' --in H"),
        ("crossover gpt2 --first macs --second params --in T --between 5", 2,
         "--between takes LOW:HIGH, such as 32:512 or 32:, got '5'"),
        ("crossover gpt2 --first macs --second params --in T --between 9:5", 2, "between is empty: 9 is above 5"),
        ("crossover gpt2 --first mac --second params --in T", 2,
         "first 'mac': there is no metric or free symbol 'mac'; did you mean 'macs'?; symbols are B, T, E, h, L, V, P"),
        ("knobs gpt2 --by 2", 2, "a cut is by a part between 0 and 1, such as 1/10 or 10%, got 2"),
        ("knobs gpt2 L=1 B=1 T=1 E=1 h=1 V=1", 1, "no size alone brings macs down by 10 %"),
    ],
)  # fmt: skip
def test_questions_without_an_answer(capsys: pytest.CaptureFixture[str], line: str, code: int, message: str) -> None:
    assert run(capsys, line) == (code, "", f"{message}\n")
