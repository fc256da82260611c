"""Ops of one's own, defined outside the package: known by being defined, and by nothing else."""

from __future__ import annotations

import sys
from pathlib import Path
from typing import Literal

import jsonschema
import pytest

import symcost
from symcost.ops import INPUT, Axes, Case, Facts, Op, Size, check_cases, numel
from symcost.ops.facts import KINDS
from symcost.ops.op import WORDS
from symcost.spec.models import CONTROL
from symcost.spec.schema import json_schema
from symcost.spec.vocabulary import CONTROLS, MODIFIERS

SPEC = """
symcost: 1
name: cut
symbols: {B: 1, C: 8, H: 4}
inputs: {image: [B, C, H, H]}
model: [rectify]
"""


@pytest.fixture(autouse=True)
def _known_as_before(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(Op, "known", dict(Op.known))


def rectify() -> type[Op]:
    """Define an op, as running a cell does."""

    class Rectify(Op):
        """Take the greater of each number and a learned threshold of its channel."""

        op: Literal["rectify"] = "rectify"
        takes = ("B C ...",)

        def emit(self, a: Axes) -> Facts:
            n = numel(a.ins[0])
            return Facts(
                outs=a.ins,
                work={"compare": n},
                weights={"tau": (a.C,)},
                grad_input={"compare": n},
                grad_weight={"add": n - a.C},
                keeps=(INPUT,),
            )

    return Rectify


def test_is_known_once_it_is_defined() -> None:
    with pytest.raises(symcost.SpecError, match="no op or block is named 'rectify'"):
        symcost.read_spec(SPEC)
    rectify()
    cost = symcost.Architecture("cut", symcost.read_spec(SPEC)).cost()
    assert str(cost.poly("params")) == "C"
    assert cost.at().train_flops == 128 + (128 - 8)  # forward, and the gradient of the thresholds


def test_can_be_defined_again_and_the_last_one_counts() -> None:
    first, second = rectify(), rectify()
    assert first is not second
    assert Op.known["rectify"] is second
    assert type(symcost.read_spec(SPEC).model[0]) is second


def test_python_objects_and_text_say_the_same() -> None:
    own = rectify()
    built = symcost.Spec(
        name="cut", symbols={"B": 1, "C": 8, "H": 4}, inputs={"image": ("B", "C", "H", "H")}, model=(own(),)
    )
    assert built == symcost.read_spec(SPEC)
    assert symcost.read_spec(built.to_json()) == built


def test_is_in_the_schema() -> None:
    rectify()
    validator = jsonschema.Draft202012Validator(json_schema())
    step = {"symcost": 1, "name": "t", "inputs": {"x": [1, 3]}}
    assert validator.is_valid({**step, "model": [{"rectify": None}]})
    assert not validator.is_valid({**step, "model": [{"rectify": {"width": 8}}]})


def test_one_name_is_one_op() -> None:
    rectify()
    with pytest.raises(symcost.UsageError) as caught:

        class Other(Op):
            op: Literal["rectify"] = "rectify"

    assert str(caught.value) == (
        f"Other: an op is called 'rectify' already, {__name__}.rectify.<locals>.Rectify; name one otherwise"
    )


def test_a_shipped_op_stays_what_it_is() -> None:
    before = Op.known["relu"]
    with pytest.raises(symcost.UsageError, match=r"an op is called 'relu' already"):

        class Mine(Op):
            op: Literal["mine", "relu"] = "mine"

    assert Op.known["relu"] is before
    assert "mine" not in Op.known


def test_an_op_that_extends_another() -> None:
    base: type[Op] = rectify()
    with pytest.raises(symcost.UsageError) as caught:
        type("Mine", (base,), {})
    assert str(caught.value) == (
        f"Mine: an op is called 'rectify' already, {__name__}.rectify.<locals>.Rectify; "
        "give this one an 'op' of its own"
    )
    mine = type("Mine", (base,), {"__annotations__": {"op": Literal["mine"]}, "op": "mine"})
    assert Op.known["rectify"] is base
    assert symcost.read_spec(SPEC.replace("rectify", "mine")).model == (mine(),)


@pytest.mark.parametrize(
    ("tag", "why"), [("repeat", "a word of the language"), ("from", "a word of the language"), ("a b", "no plain name")]
)
def test_words_of_the_language_are_no_names(tag: str, why: str) -> None:
    with pytest.raises(symcost.UsageError) as caught:
        type("Mine", (Op,), {"__annotations__": {"op": Literal[tag]}, "op": tag})
    assert str(caught.value) == f"Mine: an op cannot be called '{tag}', which is {why}; name it otherwise"


def test_words_of_the_language_are_those_of_its_vocabulary() -> None:
    beside = {key for control in CONTROLS.values() for key in control.beside}
    steps = {str(model.model_fields["op"].default) for model in CONTROL}
    assert {*CONTROLS, *beside, *steps, *MODIFIERS, "op"} == WORDS


def test_reading_a_spec_imports_nothing(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    (tmp_path / "rectify.py").write_text("raise SystemExit('was imported')\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    with pytest.raises(symcost.SpecError, match="no op or block is named 'rectify'"):
        symcost.read_spec(SPEC)
    assert "rectify" not in sys.modules


def test_an_axis_that_takes_does_not_name() -> None:
    with pytest.raises(AttributeError, match=r"^the inputs in 'takes' have no axis 'D'; there are B, C$"):
        _ = rectify()().match(((1, 3, 8),))[0].D


@pytest.mark.parametrize(
    ("emit", "said"),
    [
        (None, "Mine has no method emit, which states its facts"),
        (lambda op, a: a.ins, "Mine.emit gives tuple, and must give Facts"),
        (
            lambda op, a: Facts(outs=a.ins, grad_input={"compar": 1}),
            f"Mine.emit: there is no kind of work 'compar'; did you mean 'compare'?; known are {', '.join(KINDS)}",
        ),
    ],
)
def test_what_is_no_facts(emit: object, said: str) -> None:
    body = {"emit": emit} if emit else {}
    type("Mine", (Op,), {"__annotations__": {"op": Literal["rectify"]}, "op": "rectify", **body})
    with pytest.raises(symcost.UsageError) as caught:
        symcost.Architecture("cut", symcost.read_spec(SPEC)).cost()
    assert str(caught.value) == said


# --- cases --------------------------------------------------------------------------------------------------

GOOD = Case({}, ("B C H W",), "B C H W", params="C", work={"compare": "B*C*H*W"})


def test_cases_that_hold() -> None:
    check_cases(rectify(), [GOOD, Case({}, ("2 8 4",), "2 8 4", params=8, work={"compare": 64})])


@pytest.mark.parametrize(
    ("case", "said"),
    [
        (Case({}, ("B C H",), "B C", params="C"), "gives (B, C, H), and the case says (B, C)"),
        (Case({}, ("B C",), "B C", params="2*C"), "params: C, and the case says 2*C"),
        (Case({}, ("B C",), "B C", params="C", buffers=1), "buffers: 0, and the case says 1"),
        (Case({}, ("B C",), "B C", params="C", macs="B*C"), "macs: 0, and the case says B*C"),
        (Case({}, ("B C",), "B C", params="C", work={"exp": 3}), "work of kind 'exp': 0, and the case says 3"),
        (Case({}, ("B",), "B"), "takes (B, C, ...), got (B)"),
    ],
)
def test_cases_that_do_not_hold(case: Case, said: str) -> None:
    with pytest.raises(symcost.SpecError) as caught:
        check_cases(rectify(), [GOOD, case])
    assert str(caught.value) == f"rectify, case 2: {said}"


def test_no_case_is_no_check() -> None:
    with pytest.raises(symcost.SpecError, match=r"^Rectify has no case to be checked against$"):
        check_cases(rectify(), [])


class Wrong(Op):
    """Get wrong what one wants."""

    op: Literal["wrong"] = "wrong"
    what: Literal["kind", "gradient", "weights", "keeps", "numbers", "half"]
    width: Size = 2
    takes = ("B C",)

    def emit(self, a: Axes) -> Facts:
        many = 7 if isinstance(a.C, int) and self.what == "numbers" else a.C * self.width
        facts = {
            "kind": {"work": {"ad": a.C}},
            "gradient": {"work": {"mac": many}},
            "weights": {"grad_weight": {"add": a.C}},
            "keeps": {"keeps": (type(INPUT)("output", 1),)},
            "numbers": {"work": {"add": many}},
            "half": {"work": {"add": a.C * self.width * a.B - 100 * a.B}},
        }[self.what]
        return Facts(outs=a.ins, **facts)  # type: ignore[arg-type]


del Op.known["wrong"]


@pytest.mark.parametrize(
    ("what", "macs", "said"),
    [
        ("kind", 0, "Wrong.emit: there is no kind of work 'ad'; did you mean 'add'?; known are mac, add, mul, div, "),
        ("gradient", "2*C", "contracts, and states no gradient: neither grad_input nor grad_weight has 'mac'"),
        ("weights", 0, "states work for the gradient of weights, and has none"),
        ("keeps", 0, "keeps output 1, and has 1, from 0"),
        ("numbers", 0, "is another function of numbers than of symbols: at B = 6, C = 8"),
        ("half", 0, "states an amount that is no whole number of things: at B = 6, C = 8"),
    ],
)
def test_facts_that_do_not_hang_together(what: str, macs: int | str, said: str) -> None:
    with pytest.raises(symcost.SpecError) as caught:
        check_cases(Wrong, [Case({"what": what}, ("B C",), "B C", macs=macs)])
    assert str(caught.value).startswith(f"wrong, case 1: {said}")
