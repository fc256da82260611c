"""Printed figures: which values print so, what is found, and what is not to be found."""

from __future__ import annotations

import json
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

import symcost
from symcost.cli.main import main
from symcost.errors import NoAnswer, UsageError
from symcost.reconciliation import Reconciliation, reconcile
from symcost.reconciliation.figure import Figure

Capture = pytest.CaptureFixture[str]


@given(st.integers(1, 10**15), st.integers(0, 3), st.sampled_from(["", "k", "M", "G"]), st.booleans())
def test_a_value_prints_as_what_it_is_rounded_or_cut_off_to(value: int, digits: int, scale: str, cut: bool) -> None:
    one = {"": 1, "k": 10**3, "M": 10**6, "G": 10**9}[scale]
    parts = Fraction(value, one) * 10**digits
    shown = parts.numerator // parts.denominator if cut else int(parts + Fraction(1, 2))
    text = f"{shown // 10**digits}.{shown % 10**digits:0{digits}}" if digits else str(shown)
    figure = Figure.parse(f"macs = {text}{scale}")
    assert figure.prints(value)
    assert not figure.prints(value + 2 * one)
    assert not figure.prints(value - 2 * one)


def test_a_figure_ends_where_the_next_begins() -> None:
    figure = Figure.parse("macs ~ 3.8 GMACs")
    found = [figure.prints(x) for x in (3_749_999_999, 3_750_000_000, 3_899_999_999, 3_900_000_000)]
    assert (figure.metric, found) == ("macs", [False, True, True, False])


PUBLISHED = [
    ("resnet50", "macs = 3.8G", ("resnet50_v1",), "He et al. 2015: the stride is in the first 1x1"),
    ("resnet50", "macs = 3.86G", ("resnet50_v1",), "Hu et al. 2018, Table 2"),
    ("resnet50", "flops = 4.1G", ("as macs",), "FLOPs that are MACs: fvcore issue 69"),
    ("vgg16", "macs = 15.3G", ("vgg16_features",), "He et al. 2015 of VGG-19's 19.6: convolutions without the head"),
    ("resnet50", "params = 25.6M", (), "torchvision"),
    ("resnet", "macs = 11.3G", ("resnet152_v1",), "He et al. 2015, Table 1"),
    ("resnet50", "macs = 5.3G", ("H = W = 256",), "timm's resnet50 at 256"),
]


@pytest.mark.parametrize(("network", "figure", "changes", "source"), PUBLISHED)
def test_what_explains_a_published_figure_takes_the_fewest_changes(
    network: str, figure: str, changes: tuple[str, ...], source: str
) -> None:
    assert changes in [match.changes for match in reconcile(network, figure).simplest], source


@pytest.mark.parametrize(
    ("network", "figure"),
    [("gpt2", "params = 117M"), ("mobilenet_v2_1.4", "params = 6.9M"), ("efficientnet_b4", "macs = 4.2G")],
)
def test_figures_that_nothing_reproduces_stay_so(network: str, figure: str) -> None:
    """A paper's slips, reported as such: GPT-2 has 124.4M, MobileNetV2-1.4 6.11M, EfficientNet-B4 4.39G."""
    found = reconcile(network, figure)
    assert found.matches == ()
    with pytest.raises(NoAnswer, match="input size and convention prints as"):
        found.needed()


def test_an_answer_that_is_no_says_so_without_an_empty_table() -> None:
    found = reconcile("gpt2", "params = 117M")
    assert str(found) == found._repr_mimebundle_()["text/plain"]
    assert str(found).startswith(f"params = 117M of GPT-2: none of {len(found.tried):,} combinations of ")
    assert "taken at its word it is 124,439,808 (+6.4%)" in str(found)
    assert "<table" not in found.to_html()
    assert "<table" in reconcile("resnet50", "macs = 4.1G").to_html()


def test_every_match_is_what_its_network_comes_to() -> None:
    found = reconcile("resnet50", "flops = 4.1G")
    assert len(found.matches) > 3
    for match in found.matches:
        flags = dict(word.split(" = ") for word in match.structure[1:] if " = " in word)
        named = match.structure[0] if match.structure and " = " not in match.structure[0] else "resnet50"
        flags |= dict(word.split(" = ") for word in match.structure[:1] if " = " in word)
        totals = symcost.load(named).cost(match.reading.convention, **flags).at(**match.at)
        assert sum(getattr(totals, name) for name in match.reading.metrics) == match.value
        assert 4_050_000_000 <= match.value < 4_200_000_000


def test_what_was_given_stays_as_it_is() -> None:
    found = reconcile("resnet50", "macs = 4.1G", at={"H": "224", "v1": "true"})
    assert {match.at["H"] for match in found.tried} == {224}
    assert not any("v1" in word for match in found.tried for word in match.changes)


def run(capsys: Capture, *words: str) -> tuple[int, str, str]:
    code = main(["reconcile", *words])
    out, err = capsys.readouterr()
    return code, out, err


def test_how_it_reads(capsys: Capture) -> None:
    code, out, err = run(capsys, "resnet50", "macs = 3.8G")
    assert (code, err) == (0, "") and max(map(len, out.splitlines())) <= 100
    assert "macs = 3.8G: 3,750,000,000 or more and less than 3,900,000,000 print so" in out
    assert "as asked, macs at B = 1, H = 224, W = 224, C = 64, K = 1000: 4,089,184,256 MACs, +7.6%" in out
    assert "resnet50_v1           3,857,973,248  +1.5%" in out
    assert "that print so with more changes are left out; --all shows them" in " ".join(out.split())


def test_no_is_an_answer(capsys: Capture) -> None:
    code, out, err = run(capsys, "gpt2", "params = 117M")
    assert (code, out) == (1, "")
    assert "taken at its word it is 124,439,808 (+6.4%)" in err


@pytest.mark.parametrize("figure", ["macs < 4G", "4G", "macs =", "= 4G"])
def test_a_figure_says_what_it_is_of(figure: str) -> None:
    with pytest.raises(UsageError, match=r"a figure is written METRIC = NUMBER, such as 'macs = 3.8G'; got '"):
        reconcile("resnet50", figure)


def test_it_is_given_to_programs(capsys: Capture) -> None:
    found = json.loads(run(capsys, "resnet50", "macs = 3.86G", "--json")[1])
    assert found["matches"][0]["network"] == "resnet50_v1"
    assert found["at_its_word"]["value"] == "4089184256"


def test_in_python_it_tells_itself() -> None:
    found = symcost.reconcile("resnet50", "macs = 3.86G")
    assert isinstance(found, Reconciliation)
    assert "resnet50_v1" in str(found) and "taken at its word it is 4,089,184,256 (+5.9%)" in str(found)
