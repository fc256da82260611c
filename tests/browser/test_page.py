"""The page in Chromium, from its file: how it looks, and that its numbers and answers are Python's."""

from __future__ import annotations

import sys
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

import symcost
from symcost.algebra.poly import evaluate
from symcost.explorer import joined
from symcost.explorer.page import page
from symcost.table.cells import shown as cell
from tests.browser.shown import Shown, Written, shown, totals
from tests.browser.visit import light

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

SOLVED = "solve=C&budget=macs<=2G"
MOVES = """async () => {
  const slider = document.querySelectorAll("[type=range]")[1];
  const times = [];
  const next = () => new Promise((done) => requestAnimationFrame(() => done(performance.now())));
  for (let i = 0; i < 60; i++) {
    slider.value = (slider.max * (i + 1)) / 61;
    const from = next();
    const start = performance.now();
    slider.dispatchEvent(new Event("input"));
    const moved = performance.now() - start;
    const to = next();
    times.push(moved + (await to) - (await from));
  }
  return times.sort((a, b) => a - b)[30];
}"""
STOPS = """async ([script, symbols]) => {
  const { nearest, stops } = await import(`data:text/javascript;base64,${btoa(script)}`);
  return symbols.map((symbol) => stops(symbol).map((value, i, all) =>
    [typeof value === "bigint" ? String(value) : `${value.n}/${value.d}`, nearest(all, value) === i]));
}"""


@pytest.mark.parametrize(("name", "asked"), [("resnet50", SOLVED), ("llama3-8b", "solve=T&budget=macs<=50T")])
def test_it_looks_as_it_should_in_light_and_dark(browser: Browser, written: Written, name: str, asked: str) -> None:
    schemes: tuple[Literal["light", "dark"], ...] = ("light", "dark")
    lights = []
    for scheme in schemes:
        with shown(browser, written(name), asked, scheme=scheme) as it:
            assert it.totals() == totals(name)
            assert name != "resnet50" or it.findings() == []  # looking takes seconds, and both have the same parts
            lights.append(light(it.photograph(f"page-{name}-{scheme}")))
            assert it.is_calm()
    assert lights[0] > 0.9
    assert lights[1] < 0.2


def test_it_is_there_at_once_and_follows_a_slider(resnet50: Shown, written: Written) -> None:
    ready = resnet50.value("performance.getEntriesByName('symcost-mounted')[0].startTime")
    move = resnet50.value(MOVES)
    size = written("resnet50").stat().st_size
    sys.stdout.write(f"\nresnet50: {size:,} bytes, ready after {ready:.0f} ms, a move takes {move:.1f} ms\n")
    assert ready < 3000
    assert move < 50


def test_sizes_give_pythons_totals(resnet50: Shown) -> None:
    assert resnet50.totals() == totals("resnet50")
    resnet50.put(H=257, W="2*(30 + 70)", C=96)
    assert resnet50.totals() == totals("resnet50", H=257, W=200, C=96)
    resnet50.slider("B").focus()
    resnet50.page.keyboard.press("ArrowRight")
    resnet50.page.keyboard.press("ArrowRight")
    resnet50.drawn()
    assert resnet50.field("B").input_value() == "3"
    assert resnet50.totals() == totals("resnet50", B=3, H=257, W=200, C=96)
    resnet50.field("C").press("ArrowDown")
    resnet50.drawn()
    assert resnet50.totals() == totals("resnet50", B=3, H=257, W=200, C=95)


def test_rows_add_up_to_the_total(resnet50: Shown) -> None:
    resnet50.put(H=225)
    cells = resnet50.page.locator("tr:visible .symcost-chosen").all_inner_texts()
    name, *rows, total = cells
    assert name.split() == ["macs", "MACs"]
    assert sum(int(cell.replace(",", "")) for cell in rows) == int(total.replace(",", ""))
    assert total == totals("resnet50", H=225)["macs"]


def test_bars_are_of_the_rows_that_give_them_their_colours(resnet50: Shown) -> None:
    memory = ["infer_bytes", "train_bytes"]
    for chosen, own in (("infer_bytes", memory), ("macs", [name for name in resnet50.totals() if name not in memory])):
        resnet50.page.locator(f".symcost-total [value={chosen}]").check()
        resnet50.drawn()
        bars = resnet50.page.locator("figure").first.locator("g > g:visible > text")
        heads = resnet50.page.locator("th:visible[scope=col]").all_inner_texts()
        assert bars.all_text_contents() == own
        assert [head.split()[0] for head in heads if head.split()[0] in resnet50.totals()] == own


def test_beyond_the_numbers_of_javascript(browser: Browser, written: Written) -> None:
    with shown(browser, written("llama3-8b"), "T=1048577&B=333667") as it:
        expected = totals("llama3-8b", T=1048577, B=333667)
        assert int(expected["macs"].replace(",", "")) > 2**63
        assert it.totals() == expected
        it.put(T=10**30)  # far beyond its slider, so is the curve
        assert it.totals() == totals("llama3-8b", T=10**30, B=333667)
        assert f"at T = {10**30}." in (it.page.locator("desc").last.text_content() or "")
        assert it.is_calm()


@pytest.mark.parametrize(
    ("symbol", "budget", "at"),
    [("C", "macs <= 2G", {}), ("H", "infer_bytes <= 200 MB", {"C": 48}), ("B", "train_bytes < 80 GiB", {"H": 320})],
)
def test_what_fits_is_what_python_finds(resnet50: Shown, symbol: str, budget: str, at: dict[str, int]) -> None:
    resnet50.put(**at)
    answer = resnet50.ask(symbol, budget)
    cost = symcost.load("resnet50").cost()
    found = symcost.solve(cost, symbol, [budget], at=at)
    (metric,) = found.value
    assert found.next is not None
    assert answer.startswith(f"{symbol} = {found.answer:,} has {found.value[metric]:,} {cost.units(metric)}")
    assert f"Next, {symbol} = {found.next[symbol]:,} has {found.next[metric]:,} " in answer
    assert f"and breaks {budget}" in answer
    resnet50.page.get_by_role("button", name=f"Set {symbol} = ").click()
    resnet50.drawn()
    assert resnet50.totals()[metric] == f"{found.value[metric]:,}"


def test_sizes_that_follow_the_unknown_take_its_value(resnet50: Shown) -> None:
    resnet50.ask("H", "macs <= 2G")
    resnet50.page.get_by_label("sizes that follow it").select_option("W")
    resnet50.drawn()
    found = symcost.solve(symcost.load("resnet50").cost(), "H", ["macs <= 2G"], at={"W": "H"})
    assert resnet50.answer().startswith(f"H = W = {found.answer} has {found.value['macs']:,} MACs")
    resnet50.page.get_by_role("button", name="Set H = W = ").click()
    resnet50.drawn()
    assert resnet50.totals() == totals("resnet50", H=str(found.answer), W=str(found.answer))
    resnet50.page.wait_for_function("() => location.hash.includes('tied=W')")


def test_seconds_are_fractions(browser: Browser, tmp_path: Path) -> None:
    network = symcost.load("llama3-8b").under(device="h100")
    path = tmp_path / "seconds.html"
    path.write_text(page(network, ["step_s"]), encoding="utf-8")
    found = symcost.solve(network.cost(), "T", ["step_s <= 20 s"])
    assert found.next is not None
    at, beyond = (f"~ {float(values['step_s']):.9} seconds" for values in (found.value, found.next))
    seconds = evaluate(network.cost().poly("step_s"), network.cost().bindings({"T": 4097}))
    with shown(browser, path, "T=4097&solve=T&budget=step_s <= 20 s") as it:
        assert it.totals() == {"step_s": cell(seconds)}
        assert it.answer().startswith(f"T = {found.answer:,} has {at}. Next, T = ")
        assert f" has {beyond} and breaks step_s <= 20 s." in it.answer()
        assert it.page.locator(".symcost-limit").count() == 1
        assert it.is_calm()


def test_the_answer_follows_the_sliders(resnet50: Shown) -> None:
    before = resnet50.ask("C", "macs <= 2G")
    resnet50.put(H=448)
    assert resnet50.answer() != before
    assert resnet50.answer().startswith(
        f"C = {symcost.solve(symcost.load('resnet50').cost(), 'C', ['macs <= 2G'], at={'H': 448}).answer} "
    )
    with pytest.raises(symcost.NoAnswer) as refused:
        symcost.solve(symcost.load("resnet50").cost(), "C", ["macs <= 1"], at={"H": 448})
    assert resnet50.ask("C", "macs <= 1") == str(refused.value)


@pytest.mark.parametrize(
    ("low", "high", "notch", "most"),
    [
        ("1", "16", "1", 16),
        ("8", "512", "8", 64),
        ("1/32", "8", "1/32", 256),
        ("1", "1000000", "1", 700),
        ("32", "65536", "32", 400),
        ("0", "40000", "1", 500),
    ],
)
def test_a_slider_stops_at_allowed_values(browser: Browser, low: str, high: str, notch: str, most: int) -> None:
    tab = browser.new_page()
    (found,) = tab.evaluate(STOPS, [joined("stops.js"), [{"low": low, "high": high, "notch": notch}]])
    tab.close()
    values = [Fraction(text) for text, _ in found]
    assert values == sorted(set(values))
    assert (values[0], values[-1]) == (Fraction(low), Fraction(high))
    assert all((value / Fraction(notch)).denominator == 1 for value in values)
    assert all(itself for _, itself in found)
    assert len(values) <= most
    assert all(b <= a * Fraction(17, 16) + Fraction(notch) for a, b in pairwise(values)), "no jump is felt"
