"""JupyterLab: a formula, a report and the sliders are drawn there, and the sliders and Python move each other."""

from __future__ import annotations

import re
from ast import literal_eval
from collections.abc import Iterator
from importlib.util import find_spec
from typing import TYPE_CHECKING, Any
from urllib.parse import unquote

import pytest

import symcost
from tests.browser.conftest import lacking
from tests.browser.visit import Visit, light, visit

if TYPE_CHECKING:
    from pathlib import Path

    from playwright.sync_api import Browser, Locator

pytestmark = pytest.mark.browser

HOSTILE = 'a"b\\N<b>x</b>&lt;`#35; %%{init: {}}%% end; [q]{z}|p| *C* _e_ é'
CELLS = (
    "import symcost\ncost = symcost.load('resnet50').cost()\nsymcost.formula(cost, 'macs')",
    "symcost.report(cost, formulas=True)",
    f"from dataclasses import replace\nreplace(symcost.load('lenet5').graph(), name={HOSTILE!r}).drawing(1)",
    "w = symcost.explore('resnet50', budgets='macs <= 2G')\nw",
    "w",
    "v = symcost.explore('llama3-8b', metrics=('params', 'kv_bytes'))\nv",
    "print('w is at', w.at, 'with', w.totals.macs, 'MACs')",
)
H = re.compile(r"^H\b")
FIRST, SECOND, OTHER = range(3)
"""Two views of one widget, and another widget."""


@pytest.fixture(scope="module")
def seen(browser: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Visit]:
    """The notebook, run."""
    if find_spec("jupyterlab") is None:
        lacking("there is no JupyterLab: pip install 'symcost[browser]'")
    from tests.browser.lab import lab, run_all, write_notebook

    folder = tmp_path_factory.mktemp("lab")
    write_notebook(folder / "look.ipynb", CELLS)
    with lab(folder) as address:
        server = address[: address.index("lab/")]
        notebook = address.format("look.ipynb")
        with visit(
            browser, notebook, width=1300, height=2600, calm_from=server, warned_by=f"{server}static/lab/"
        ) as seen:
            run_all(seen.page)
            seen.page.wait_for_function("document.querySelectorAll('.symcost-explorer').length === 3")
            seen.page.get_by_text("w is at {").wait_for()
            yield seen


def explorer(seen: Visit, place: int) -> Locator:
    return seen.page.locator(".symcost-explorer").nth(place)


def totals(seen: Visit, place: int) -> dict[str, str]:
    cards = explorer(seen, place).locator(".symcost-total").all()
    return {card.locator("input").input_value(): card.locator(".symcost-exact").inner_text() for card in cards}


def asked(seen: Visit, expression: str) -> str:
    from tests.browser.lab import ask

    return ask(seen.page, expression)


def expect(locator: Locator) -> Any:
    from playwright.sync_api import expect

    return expect(locator)


def test_a_formula_is_typeset(seen: Visit) -> None:
    formula = seen.page.locator(".jp-OutputArea-output").first
    drawn = formula.locator("mjx-container").first.bounding_box()
    assert drawn is not None and drawn["height"] > 50
    assert "\\" not in formula.inner_text()


def test_a_report_is_drawn_and_its_formulas_typeset(seen: Visit) -> None:
    table = seen.page.locator(".jp-OutputArea-output table").first
    flops = symcost.load("resnet50").cost().at().flops
    assert f"{flops:,}" in table.locator("tfoot").inner_text()
    fraction = table.locator("mfrac").first.bounding_box()
    bar = table.locator(".bar span").nth(3).bounding_box()
    assert fraction is not None and fraction["height"] > 8
    assert bar is not None and bar["width"] > 1
    unseen = table.locator("mo[style]")
    assert unseen.count() > 20
    assert not any(sign.is_visible() for sign in unseen.all()[:20])
    assert table.locator("tbody th").first.evaluate("(e) => getComputedStyle(e).textAlign") == "left"


def test_a_graph_is_drawn_by_mermaid(seen: Visit) -> None:
    drawn = seen.page.locator(".jp-RenderedMermaid img")
    expect(drawn).to_be_visible()
    text = unquote(drawn.get_attribute("src") or "").partition(",")[2]
    svg = text[text.index("<svg") :]
    words = seen.page.evaluate("svg => new DOMParser().parseFromString(svg, 'text/html').body.textContent", svg)
    graph = symcost.load("lenet5").graph()
    assert HOSTILE in words
    for box in graph.drawing(1).boxes:
        assert all(line in words for line in box.lines), box


def test_the_totals_are_those_of_python(seen: Visit) -> None:
    asked(seen, "w.set(H=224, B=1, C=64)")
    for place, widget in ((FIRST, "w"), (SECOND, "w"), (OTHER, "v")):
        told = asked(seen, f"{{name: f'{{value:,}}' for name, value in {widget}.totals.as_dict().items()}}")
        assert totals(seen, place) == literal_eval(told)


def test_moving_a_slider_moves_python_and_the_other_view(seen: Visit) -> None:
    asked(seen, "w.set(H=224)")
    slider = explorer(seen, FIRST).get_by_role("slider", name=H)
    slider.press("ArrowUp")
    slider.press("ArrowRight")  # JupyterLab's own keys, to go to other cells
    size = explorer(seen, FIRST).get_by_role("textbox", name=H).input_value()
    assert int(size) > 224
    expect(explorer(seen, SECOND).get_by_role("textbox", name=H)).to_have_value(size)
    cost = symcost.load("resnet50").cost().at(H=size)
    assert totals(seen, FIRST)["macs"] == totals(seen, SECOND)["macs"] == f"{cost.macs:,}"
    seen.page.locator(".jp-Notebook .jp-Cell").last.locator(".cm-content").click()
    seen.page.keyboard.press("Shift+Enter")
    seen.page.get_by_text(f"'H': {size}").wait_for()
    seen.page.get_by_text(f"with {cost.macs} MACs").wait_for()


def test_setting_a_size_in_python_moves_the_sliders(seen: Visit) -> None:
    for size in (320, 224):
        asked(seen, f"w.set(H={size})")
        for place in (FIRST, SECOND):
            expect(explorer(seen, place).get_by_role("textbox", name=H)).to_have_value(str(size))
            expect(explorer(seen, place).get_by_role("slider", name=H)).to_have_attribute("aria-valuetext", str(size))


def test_a_budget_is_asked_on_both_sides(seen: Visit) -> None:
    asked(seen, "w.set(H=224)")
    box = explorer(seen, FIRST).get_by_role("textbox", name="budget")
    for budget in ("macs <= 3G", "macs <= 2G"):
        box.fill(budget)
        box.blur()
        answer = symcost.solve(symcost.load("resnet50").cost(), "C", budget).answer
        for place in (FIRST, SECOND):
            expect(explorer(seen, place).locator(".symcost-found")).to_contain_text(f"C = {answer}")
        expect(explorer(seen, SECOND).get_by_role("textbox", name="budget")).to_have_value(budget)
        assert asked(seen, "w.budgets, w.solution.answer") == f"(['{budget}'], {answer})"
    asked(seen, "setattr(w, 'solve_for', 'H') or setattr(w, 'tied', 'W') or setattr(w, 'budgets', 'macs <= 1G')")
    answer = symcost.solve(symcost.load("resnet50").cost(), "H", "macs <= 1G", {"W": "H"}).answer
    for place in (FIRST, SECOND):
        expect(explorer(seen, place).locator(".symcost-found")).to_contain_text(f"H = W = {answer}")


def test_what_is_refused_stays_in_the_browser(seen: Visit) -> None:
    asked(seen, "w.set(H=224)")
    box = explorer(seen, FIRST).get_by_role("textbox", name=H)
    box.fill("0")
    expect(explorer(seen, FIRST).locator(".symcost-alert")).to_contain_text("H = 0 is not a positive size")
    assert asked(seen, "w.at['H']") == "224"
    box.fill("8*28")
    box.blur()
    assert asked(seen, "w.at['H']") == "224"
    expect(explorer(seen, SECOND).get_by_role("textbox", name=H)).to_have_value("224")


def test_names_of_elements_are_unique(seen: Visit) -> None:
    names = seen.page.evaluate("[...document.querySelectorAll('.symcost-explorer [id]')].map((e) => e.id)")
    groups = [
        explorer(seen, i).locator("input[type=radio]").first.get_attribute("name") for i in (FIRST, SECOND, OTHER)
    ]
    assert len(set(names)) == len(names)
    assert len(set(groups)) == len(groups)


def test_nothing_is_wider_than_the_cell(seen: Visit) -> None:
    for place in (FIRST, SECOND, OTHER):
        wide, room = explorer(seen, place).evaluate("(e) => [e.scrollWidth, e.clientWidth]")
        assert wide <= room


def test_light_and_dark(seen: Visit) -> None:
    assert light(in_theme(seen, "Light")) > 0.8
    assert light(in_theme(seen, "Dark")) < 0.3


def in_theme(seen: Visit, name: str) -> Path:
    from tests.browser.lab import theme

    theme(seen.page, name)
    seen.page.locator(".jp-WindowedPanel-outer").evaluate("(e) => e.scrollTo(0, 0)")
    for part in (".symcost-explorer", ".symcost-answer"):
        assert seen.findings(within=part) == []
    seen.photograph(f"lab-{name.lower()}")
    explorer(seen, FIRST).evaluate("(e) => e.scrollIntoView()")
    return seen.photograph(f"lab-sliders-{name.lower()}")


def test_closing_takes_the_views_away(seen: Visit) -> None:
    asked(seen, "w.close()")
    expect(seen.page.locator(".symcost-explorer")).to_have_count(1)
    assert list(totals(seen, 0)) == ["params", "kv_bytes"]


def test_nothing_is_said_and_nothing_asked_for(seen: Visit) -> None:
    assert seen.is_calm()
