"""The widget of a notebook, without a browser: what is set, what is refused, what comes from the browser."""

from __future__ import annotations

import json
import re
import sys
from fractions import Fraction
from typing import TYPE_CHECKING, Any

import pytest

import symcost
from symcost.errors import NoAnswer, SpecError, SymcostError, UsageError

if TYPE_CHECKING:
    from symcost.explorer.widget import Explorer

pytest.importorskip("anywidget")


@pytest.fixture(scope="module")
def resnet() -> symcost.Architecture:
    return symcost.load("resnet50")


@pytest.fixture
def w(resnet: symcost.Architecture) -> Explorer:
    return symcost.explore(resnet, ("params", "macs"), "macs <= 2G", "C", H=256)


def test_it_stands_where_it_was_put(w: Explorer) -> None:
    assert w.at == {"B": 1, "H": 256, "W": 224, "C": 64, "K": 1000}
    assert w.point == {"B": "1", "H": "256", "W": "224", "C": "64", "K": "1000"}
    assert repr(w) == "<Explorer of resnet50 at B = 1, H = 256, W = 224, C = 64, K = 1000>"


def test_its_totals_are_those_of_the_cost(w: Explorer, resnet: symcost.Architecture) -> None:
    there = resnet.cost().at(**w.at)
    assert w.totals.as_dict() == {"params": there.params, "macs": there.macs}
    assert w.totals.flops == there.flops


def test_its_solution_is_that_of_the_solver(w: Explorer, resnet: symcost.Architecture) -> None:
    assert w.solution == symcost.solve(resnet.cost(), "C", "macs <= 2G", {"H": 256})
    w.solve_for, w.budgets, w.smallest = "H", "macs >= 1G", True
    assert w.solution == symcost.solve(resnet.cost(), "H", "macs >= 1G", smallest=True)
    w.tied = "W"
    assert w.solution == symcost.solve(resnet.cost(), "H", "macs >= 1G", {"W": "H"}, smallest=True)
    w.budgets, w.smallest = "macs <= 1", False
    with pytest.raises(NoAnswer, match="macs <= 1"):
        w.solution  # noqa: B018 - it is asked


def test_sizes_are_set_and_others_stay(w: Explorer) -> None:
    seen: list[dict[str, str]] = []
    w.observe(lambda change: seen.append(change["new"]), "point")
    w.set(W=512, C="2*32")
    assert w.at == {"B": 1, "H": 256, "W": 512, "C": 64, "K": 1000}
    w.point = {"H": 32}  # defaults fill the rest, as in cost.at
    assert w.at == {"B": 1, "H": 32, "W": 224, "C": 64, "K": 1000}
    assert [point["W"] for point in seen] == ["512", "224"]


def test_a_ratio_stays_exact() -> None:
    w = symcost.explore("mobilenet_v1", alpha="3/4")
    assert w.at["alpha"] == Fraction(3, 4)
    assert w.point["alpha"] == "3/4"
    w.set(alpha="0.25")
    assert w.point["alpha"] == "1/4"


def test_flops_are_those_of_the_convention(resnet: symcost.Architecture) -> None:
    cost = resnet.cost(convention="fvcore")
    assert symcost.explore(cost, "flops").totals.as_dict() == {"flops": cost.at().flops}
    assert symcost.explore(resnet, "flops", convention="fvcore").totals.flops == cost.at().flops
    assert "fvcore" in symcost.explore(resnet, "flops", convention="fvcore")._repr_mimebundle_()[0]["text/plain"]


def test_values_that_decide_the_structure_are_put_into_the_network() -> None:
    deep = symcost.explore("resnet50", L3=23)
    assert deep.totals.params == symcost.load("resnet101").cost().at().params
    assert "L3" not in deep.at


def test_what_budgets_speak_of_is_shown(resnet: symcost.Architecture) -> None:
    w = symcost.explore(resnet, ("params",), ["macs <= 2G", "weight_bytes <= 1Gi"])
    assert [metric["name"] for metric in w.data["metrics"]] == ["params", "macs", "weight_bytes"]
    assert w.solve_for == "C"


REFUSED: tuple[tuple[str, Any, str], ...] = (
    ("H", 0, "resnet50: H = 0 is not a positive size"),
    ("h", 32, "resnet50: there is no free symbol 'h'; did you mean 'H'?; free are B, H, W, C, K"),
    ("H", 1.5, "H: takes exact numbers; write 1.5 as text or as a fraction"),
    ("point", {"H": "wide"}, "H: takes a number: unknown name 'wide'"),
    ("budgets", "macs", "budget 'macs' is not of the form 'METRIC <= NUMBER', such as 'macs <= 2G'"),
    ("budgets", "flops <= 2", "budget 'flops <= 2': flops is not shown, only params, macs; give it to symcost.explore"),
    ("solve_for", "c", "there is no free symbol 'c'; did you mean 'C'?"),
)  # fmt: skip


@pytest.mark.parametrize(("name", "value", "says"), REFUSED, ids=[f"{name}={value}" for name, value, _ in REFUSED])
def test_what_is_refused_changes_nothing(w: Explorer, name: str, value: Any, says: str) -> None:
    before = w.get_state()
    with pytest.raises(SymcostError) as error:
        setattr(w, name, value) if w.has_trait(name) else w.set(**{name: value})
    assert str(error.value) == says
    assert w.get_state() == before


def test_a_broken_condition_is_refused() -> None:
    w = symcost.explore("vit_b_16", ("macs",))
    with pytest.raises(SpecError) as error:
        w.set(h=7)
    at = "node 'repeat.layer.attention.q.reshape'"
    assert str(error.value) == f"vit_b_16: E = 768, h = 7 is refused at {at}: needs h divides E"
    assert w.at["h"] == 12


def test_without_a_budget_there_is_nothing_to_solve(w: Explorer) -> None:
    w.budgets = []
    with pytest.raises(
        UsageError, match=re.escape("there is no budget to solve for; set one, as in w.budgets = 'macs <= 2G'")
    ):
        w.solution  # noqa: B018 - it is asked


def test_without_anywidget_it_says_what_to_install(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setitem(sys.modules, "anywidget", None)
    with pytest.raises(UsageError) as error:
        symcost.explore("resnet50")
    assert str(error.value) == "sliders in a notebook need anywidget: pip install 'symcost[notebook]'"


def test_what_the_browser_sends_is_taken(w: Explorer) -> None:
    w.set_state({"point": {**w.point, "H": "512"}, "budgets": ["macs <= 3G"], "solve_for": "W"})
    assert (w.at["H"], w.budgets, w.solve_for) == (512, ["macs <= 3G"], "W")


def test_what_the_browser_may_not_send_is_put_right_there(w: Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[str] = []
    monkeypatch.setattr(w, "send_state", sent.append)
    before = w.get_state()
    w.set_state({"point": {"H": "0"}, "budgets": ["macs < "], "solve_for": "Q"})
    assert w.get_state() == before
    assert sent[:3] == ["point", "budgets", "solve_for"]


@pytest.mark.parametrize(
    "state",
    [
        {"point": 5, "budgets": None, "solve_for": ["C"], "tied": {}, "smallest": "yes", "_drawn": 0},
        {"point": "H", "budgets": [5], "solve_for": None},
        {"point": {"H": 1.5}, "budgets": {"macs <= 2G": 1}, "_drawn": {"metric": [1]}},
        {"data": {}},
    ],
)
def test_what_is_of_another_kind_is_not_taken(w: Explorer, state: dict[str, Any]) -> None:
    before = w.get_state()
    w.set_state(state)
    assert w.get_state() == before


def test_a_move_sends_the_point_alone(w: Explorer, monkeypatch: pytest.MonkeyPatch) -> None:
    sent: list[Any] = []
    monkeypatch.setattr(w, "_send", lambda message, buffers=None: sent.append(message))
    w.set(H=512)
    assert [sorted(message["state"]) for message in sent] == [["point"]]
    assert len(json.dumps(sent)) < 300


def test_where_no_widgets_run_the_numbers_are_shown(w: Explorer) -> None:
    bundle, _ = w._repr_mimebundle_()
    assert bundle["text/plain"].startswith(repr(w))
    for kind in ("text/plain", "text/html"):
        assert f"{w.totals.macs:,}" in bundle[kind]
    assert bundle["application/vnd.jupyter.widget-view+json"]["model_id"] == w.model_id


def test_a_page_made_of_a_notebook_shows_the_numbers(w: Explorer) -> None:
    nbconvert = pytest.importorskip("nbconvert")
    nbformat = pytest.importorskip("nbformat")
    data, metadata = w._repr_mimebundle_()
    shown = nbformat.v4.new_output("execute_result", data, metadata=metadata, execution_count=1)
    cell = nbformat.v4.new_code_cell("w", outputs=[shown], execution_count=1)
    page, _ = nbconvert.HTMLExporter().from_notebook_node(nbformat.v4.new_notebook(cells=[cell]))
    assert f"{w.totals.macs:,}" in page
    assert w.model_id not in page


def test_its_script_is_one_module() -> None:
    w = symcost.explore("resnet50", ("params",))
    assert not re.search(r"\bimport\b", w._esm)
    assert len(re.findall(r"\bexport\b", w._esm)) == len(re.findall(r"\bexport default ?\{ ?render\b", w._esm)) == 1
    assert not re.search(r"\beval\(|new Function|https?://(?!www\.w3\.org/)", w._esm)


def test_its_style_is_its_own() -> None:
    w = symcost.explore("resnet50", ("params",))
    selectors = re.findall(r"^[ ]*([^@{}\n][^{}\n]*?)\s*\{", w._css, re.MULTILINE)
    assert selectors
    parts = [part for selector in selectors for part in re.sub(r":is\([^)]*\)", "", selector).split(",")]
    assert [part for part in parts if "symcost-" not in part] == []


def test_it_shares_no_class_with_answers() -> None:
    w = symcost.explore("resnet50", ("params",))
    answers = symcost.load("resnet50").cost().table().to_html()
    assert not set(re.findall(r"\.(symcost-\w+)", w._css)) & set(re.findall(r"\.(symcost-\w+)", answers))


@pytest.mark.parametrize("budget", ["2*params + macs <= 5G", "macs == 2G", "macs ~ 2G", "macs != 2G"])
def test_budgets_that_the_page_does_not_solve_are_refused(budget: str, w: Explorer) -> None:
    says = f"budget '{budget}': sliders take one metric and <=, <, >= or >; symcost.solve takes others"
    with pytest.raises(UsageError) as error:
        symcost.explore("resnet50", budgets=budget)
    assert str(error.value) == says
    with pytest.raises(UsageError) as error:
        w.budgets = budget
    assert str(error.value) == says


def test_settings_are_of_the_network(resnet: symcost.Architecture) -> None:
    for network in (resnet, resnet.cost()):
        with pytest.raises(UsageError) as error:
            symcost.explore(network, precision="bf16")
        assert str(error.value) == "precision is a setting, not a size: explore network.under(precision=...)"
    free = resnet.under(data_parallel="data_parallel")
    assert symcost.explore(free, data_parallel=8).at["data_parallel"] == 8
