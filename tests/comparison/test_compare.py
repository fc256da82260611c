"""Comparisons add up, say what explains them, and agree with the costs they are made of."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest

import symcost
from symcost.algebra.poly import evaluate, symbol, total
from symcost.algebra.rounding import make_divisible
from symcost.comparison import Comparison, compare
from symcost.comparison.sides import Sides
from symcost.errors import SpecError, UsageError
from symcost.spec.symbols import Symbol
from tests.solver.fake import C, H, cost_of

PAIRS = [
    ("resnet50", "resnext50_32x4d"),
    ("vgg16", "resnet50"),
    ("regnet_x_400mf", "regnet_y_400mf"),
    ("mobilenet_v1_0.75", "mobilenet_v1"),
    ("mobilenet_v1", "mobilenet_v2"),
    ("efficientnet_b0", "efficientnet_b1"),
    ("densenet121", "densenet169"),
    ("gpt2", "gpt2_medium"),
    ("unet", "alexnet"),
]


@pytest.mark.parametrize(("a", "b"), PAIRS, ids=" ".join)
@pytest.mark.parametrize("metric", ["macs", "params", "flops"])
def test_rows_and_causes_add_up_to_the_difference(a: str, b: str, metric: str) -> None:
    for by in ("block", "op", "node"):
        found = compare(a, b, metric, by=by)
        for side in (0, 1):
            assert total((pair.amounts[side] or 0, 1) for pair in found.rows) == found.totals[side]
        assert total((pair.difference, 1) for pair in found.rows) == found.difference
        assert total((cause.difference, 1) for cause in found.causes) == found.difference
        assert all(cause.difference != 0 for cause in found.causes)
        table = found.table()
        assert table.total is not None
        for column in (1, 2, 3):
            cells = [row[column] for row in table.rows]
            assert sum(Fraction(str(cell)) for cell in cells if cell is not None) == table.total[column]


@pytest.mark.parametrize(("a", "b"), PAIRS, ids=" ".join)
def test_the_numbers_are_those_of_the_networks(a: str, b: str) -> None:
    found = compare(a, b, "macs")
    costs = [symcost.load(name).cost() for name in (a, b)]
    counted = [cost.at().macs for cost in costs]
    assert [found.value(x) for x in found.totals] == counted
    assert found.value(found.difference) == counted[1] - counted[0]


SE_SIZES = ("B", "S", "C1", "C2", "C3", "C4")


def squeeze_excite() -> Comparison:
    whole = symcost.load("regnet_y_400mf")
    return compare(whole.fix(se=False), whole)


def test_squeeze_excite_explains_regnet_y() -> None:
    """An excitation of a block from c channels to d has widths c/4 and d: c d/4 MACs in, d c/4 out."""
    found = squeeze_excite()
    b, s, *widths = (symbol(name) for name in SE_SIZES)
    expected = total(
        (b * before * width * Fraction(1, 2), times)
        for before, width, depth in zip([s, *widths], widths, (1, 3, 6, 6), strict=False)
        for before, times in ((before, 1), (width, depth - 1))
    )
    assert found.difference == expected
    (cause,) = found.causes
    assert (cause.name, cause.only, cause.difference) == ("stage.bottleneck.squeeze_excite", 1, expected)
    assert found.names == ("regnet_y_400mf", "regnet_y_400mf (se=true)")
    assert found.dominance is not None
    assert found.dominance.verdict is True
    assert found.sympy.subs(dict.fromkeys(found.sympy.free_symbols, 4)) == evaluate(
        expected, dict.fromkeys(SE_SIZES, 4)
    )
    assert found.latex.startswith(r"\frac{B\,C_{1}\,C_{2}}{2}")


def test_sizes_with_other_defaults_are_put_in_and_a_value_makes_them_one() -> None:
    found = compare("mobilenet_v1_0.75", "mobilenet_v1")
    assert found.sides.differing == {"alpha": (Fraction(3, 4), 1)}
    assert "alpha" not in found.sides.joint.symbols
    same = compare("mobilenet_v1_0.75", "mobilenet_v1", at={"alpha": "1/2"})
    assert (same.difference, same.causes, same.dominance) == (0, (), None)
    assert str(same) == "MobileNetV1 - mobilenet_v1_0.75 = 0 MACs, for all sizes"
    scaled = compare("efficientnet_b0", "efficientnet_b1")
    assert set(scaled.sides.differing) == {"H", "W"}
    assert compare("efficientnet_b0", "efficientnet_b1", at={"H": 224}).sides.shared == ("B", "H", "w", "K")


def test_sizes_of_one_side_stay_sizes() -> None:
    found = compare("vgg16", "resnet50")
    assert found.sides.own == (("F",), ())
    assert found.at["F"] == 4096
    assert (
        compare("vgg16", "resnet50", at={"F": 512}).value(found.totals[0])
        == symcost.load("vgg16").cost().at(F=512).macs
    )


def test_what_is_declared_of_both_holds() -> None:
    left = cost_of({"macs": C}, {"C": Symbol(default=24, multiple_of=4, min=5)})
    right = cost_of({"macs": 2 * C}, {"C": Symbol(default=24, multiple_of=6, max=99)})
    joint = Sides.of(left, right, {}).joint.symbols["C"]
    assert (joint.step, joint.min, joint.max) == (12, 5, 99)


REFUSED: dict[str, tuple[str, str, dict[str, object]]] = {
    "neither network has a free symbol 'Q'": ("vgg16", "resnet50", {"at": {"Q": 3}}),
    "there is no comparison by 'layer'; there are block, op and node": ("vgg16", "resnet50", {"by": "layer"}),
    "there is no metric 'mac'; did you mean 'macs'?": ("vgg16", "resnet50", {"metric": "mac"}),
}


@pytest.mark.parametrize("line", REFUSED)
def test_a_question_without_meaning_is_refused(line: str) -> None:
    a, b, arguments = REFUSED[line]
    with pytest.raises(UsageError) as refused:
        compare(a, b, **arguments)  # type: ignore[arg-type]
    assert str(refused.value).startswith(line)


def test_conventions_do_not_mix() -> None:
    vgg = symcost.load("vgg16")
    with pytest.raises(UsageError, match=r"^one side counts by 'symcost', the other by 'torch'$"):
        compare(vgg.cost(), vgg.cost("torch"))
    with pytest.raises(SpecError, match=r"^there is no spec 'vgg166'; did you mean 'vgg16'\?"):
        compare("vgg166", "vgg16")
    with pytest.raises(SpecError, match=r"^vgg16 and resnet50: H = 5 is refused at node"):
        compare("vgg16", "resnet50", at={"H": 5})


# --- where one overtakes the other --------------------------------------------------------------------------


def test_the_side_at_which_one_overtakes_the_other_is_that_of_trying() -> None:
    found = compare("resnet50", "resnext50_32x4d")
    (size,) = found.overtakes
    assert size == "H=W"
    costs = [symcost.load(name).cost() for name in ("resnet50", "resnext50_32x4d")]
    signs = {}
    for side in range(1, 60):
        a, b = (cost.at(H=side, W=side).macs for cost in costs)
        signs[side] = "<" if a < b else ">" if a > b else "="
    for span in found.overtakes[size].spans or ():
        inside = range(int(span.first), min(59, int(span.last or 59)) + 1)
        assert {signs[side] for side in inside} == {span.relation}
    assert found.dominance is None


def test_along_one_size_or_several_that_stay_equal() -> None:
    found = compare("resnet50", "resnext50_32x4d", at={"W": 64})
    assert [span.relation for span in found.along("H").spans or ()][-1] == "<"
    assert [span.where("H") for span in found.along("H=W").spans or ()] == ["H from 1 to 12", "H from 13 on"]
    with pytest.raises(UsageError, match=r"^there is no size 'Q' to go along; there are B, H, W, C, K$"):
        found.along("H=Q")
    with pytest.raises(UsageError, match=r"^there is no size 'Q' to go along; "):
        found.along("Q")
    alpha = symbol("alpha", "ratio")
    symbols = {"H": Symbol(default=2), "alpha": Symbol(kind="ratio", default=1)}
    other = compare(cost_of({"macs": H * alpha}, symbols), cost_of({"macs": 2 * H}, symbols))
    with pytest.raises(UsageError, match=r"^H and alpha are of different kinds and cannot stay equal$"):
        other.along("H=alpha")


def test_a_verdict_that_is_no_names_a_place() -> None:
    symbols = {"C": Symbol(default=8), "H": Symbol(default=8)}
    left, right = cost_of({"macs": C * H}, symbols), cost_of({"macs": 2 * C + 2 * H}, symbols)
    found = compare(left, right)
    verdict = found.dominance
    if verdict is not None:
        assert verdict.verdict is False
        assert verdict.witness is not None
        assert evaluate(found.difference, verdict.witness) > 0
    else:
        assert found.overtakes


def test_a_size_along_which_the_search_gave_up_is_not_said_to_change_nothing() -> None:
    symbols = {"C": Symbol(default=8), "H": Symbol(default=8)}
    found = compare(cost_of({"macs": H * make_divisible(C, 8)}, symbols), cost_of({"macs": H * (C + 1)}, symbols))
    assert (found.undecided, dict(found.overtakes), found.to_json()["undecided"]) == (("C",), {}, ["C"])
    told = str(found).splitlines()
    assert "gave up on whether one overtakes the other along C; a range may help" in told
    assert "no other size alone, the others as they are here, makes one overtake the other" in told


def test_height_alone_is_gone_along_where_both_together_change_nothing() -> None:
    symbols = {name: Symbol(default=8) for name in "HW"}
    found = compare(cost_of({"macs": 2 * H * symbol("W")}, symbols), cost_of({"macs": H**2 + 1}, symbols))
    assert list(found.overtakes) == ["H", "W"]
    assert found.dominance is None


def test_a_verdict_waits_for_no_long_search() -> None:
    found = compare("mobilenet_v1_full", "mobilenet_v1", "flops")
    assert found.dominance is not None and found.dominance.boxes < 100
    assert "gave up after" in str(found.dominance)


# --- for people and programs --------------------------------------------------------------------------------


def test_in_words() -> None:
    difference, formula, cause, verdict = str(squeeze_excite()).splitlines()
    assert difference == "regnet_y_400mf (se=true) - regnet_y_400mf: +662,816 MACs (+0.17 % of regnet_y_400mf)"
    assert formula == "  = B*C1*C2/2 + B*C1*S/2 + B*C2**2 + B*C2*C3/2 + 5*B*C3**2/2 + B*C3*C4/2 + 5*B*C4**2/2"
    assert cause == ("+662,816 MACs (100 %) from stage.bottleneck.squeeze_excite, only in regnet_y_400mf (se=true)")
    sizes = "B >= 1, C1 >= 8, C2 >= 8, C3 >= 8, C4 >= 8, S >= 4"
    assert verdict.startswith(f"regnet_y_400mf (se=true) >= regnet_y_400mf for all {sizes}: proved")
    told = str(compare("resnet50", "resnext50_32x4d"))
    assert "-1,618,477,056 MACs (-1,145 %) from stage.block.unit_2.conv2d" in told
    assert told.endswith(
        "along H=W: resnet50 > resnext50_32x4d for H=W from 1 to 12; resnet50 < resnext50_32x4d for H=W from 13 on"
    )


def test_a_long_formula_is_cut_and_says_so() -> None:
    told = str(compare("efficientnet_b0", "efficientnet_b1"))
    assert "    and 3 more terms\n" in told
    assert "from stage.repeat.mbconv, only in efficientnet_b1" in told


def test_for_programs() -> None:
    data = json.loads(json.dumps(squeeze_excite().to_json()))
    assert data["names"] == ["regnet_y_400mf", "regnet_y_400mf (se=true)"]
    assert data["total"] == ["401180032", "401842848"]
    assert data["difference"]["value"] == "662816"
    assert data["difference"]["text"].startswith("B*C1*C2/2 + B*C1*S/2")
    assert sum(int(row["difference"]) for row in data["rows"]) == 662816
    (cause,) = data["causes"]
    assert (cause["only"], cause["share"], cause["nodes"]) == ("regnet_y_400mf (se=true)", "1", 42)
    assert data["dominance"]["verdict"] is True


def test_a_metric_that_is_no_sum_has_no_rows() -> None:
    left, right = cost_of({"macs": C * H}, SYMBOLS), cost_of({"macs": make_divisible(C, 8) * H}, SYMBOLS)
    found = compare(left, right)
    assert (found.rows, found.causes) == ((), ())
    assert found.value(found.difference) == 0


SYMBOLS = {"C": Symbol(default=8), "H": Symbol(default=2)}
