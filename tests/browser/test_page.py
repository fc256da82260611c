"""The page in Chromium, from its file: what it shows, what it says of errors, and who can use it."""

from __future__ import annotations

import json
import sys
from collections.abc import Callable, Iterator
from fractions import Fraction
from itertools import pairwise
from pathlib import Path
from typing import TYPE_CHECKING, Literal

import pytest

import symcost
from symcost.algebra.poly import evaluate
from symcost.architecture import variant_of
from symcost.explorer import joined, model
from symcost.explorer.page import page
from symcost.spec import read_spec
from symcost.table.cells import shown as cell
from tests.browser.shown import Shown, shown
from tests.browser.visit import light

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
Written = Callable[[str], Path]

SOLVED = "solve=C&budget=macs<=2G"
EVIL = "</script><img src=x onerror=\"document.title='broken in'\">"
SPEC = f"""
symcost: 1
name: {json.dumps(EVIL)}
source: {json.dumps(EVIL)}
symbols: {{B: 1, C: {{default: 8, about: {json.dumps(EVIL)}}}, H: 4}}
inputs: {{image: [B, C, H, H]}}
model: [conv2d: {{out: C, kernel: 3}}]
"""
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
FOCUSED = """() => {
  const node = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(node.closest(".symcost-total") ?? node);
  const name = node.getAttribute("aria-label") ?? node.labels?.[0]?.innerText ?? node.innerText;
  return [node.tagName.toLowerCase(), name.trim().split("\\n")[0], outlineStyle !== "none" && outlineWidth !== "0px"];
}"""


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Give the file of a shipped network's page."""
    folder = tmp_path_factory.mktemp("pages")

    def path(name: str) -> Path:
        file = folder / f"{name}.html"
        if not file.exists():
            file.write_text(page(symcost.load(name)), encoding="utf-8")
        return file

    return path


@pytest.fixture(scope="module")
def open_page(browser: Browser, written: Written) -> Iterator[Shown]:
    with shown(browser, written("resnet50")) as found:
        yield found


@pytest.fixture
def resnet50(open_page: Shown) -> Iterator[Shown]:
    """The page of ResNet-50 as it starts, which has nothing to say on the console when it is left."""
    open_page.value("location.hash = 'K=999'")
    open_page.page.get_by_role("button", name="Reset").click()
    open_page.drawn()
    yield open_page
    assert open_page.is_calm()


def totals(name: str, **sizes: int | str) -> dict[str, str]:
    """Return the totals that Python finds, as pages write them."""
    network = symcost.load(name)
    cost = network.cost()
    env = cost.bindings(sizes)
    return {m["name"]: f"{evaluate(cost.poly(m['name']), env):,}" for m in model(network)["metrics"]}


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


def test_beyond_the_numbers_of_javascript(browser: Browser, written: Written) -> None:
    with shown(browser, written("llama3-8b"), "T=1048577&B=333667") as it:
        expected = totals("llama3-8b", T=1048577, B=333667)
        assert int(expected["macs"].replace(",", "")) > 2**63
        assert it.totals() == expected
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


def test_what_is_wrong_is_said_where_it_is(resnet50: Shown) -> None:
    for text, line in [
        ("", "H: takes a number: the text is empty where an expression is needed"),
        ("22x", "H: takes a number: '22x': '22x' is not a number; write it out, as 8000 or 8*1024"),
        ("1/2", "H = 1/2 is not a whole number, and the kind is dimension"),
        ("0", "H = 0 is not a positive size"),
    ]:
        resnet50.put(H=text)
        wrong = resnet50.page.locator(f"[id='{resnet50.field('H').get_attribute('aria-describedby')}']")
        assert wrong.inner_text() == line
        assert resnet50.field("H").get_attribute("aria-invalid") == "true"
        assert resnet50.alert() == f"No numbers: {line}"
        assert set(resnet50.totals().values()) == {"–"}, "nothing stale is shown"
        assert resnet50.page.locator(".symcost-curve").count() == 0
    resnet50.put(H=224)
    assert (resnet50.alert(), resnet50.totals()) == ("", totals("resnet50"))
    assert resnet50.ask("C", "mac <= 2G") == ""
    assert (
        resnet50.page.locator(".symcost-fits .symcost-wrong")
        .inner_text()
        .startswith("budget 'mac <= 2G': there is no metric 'mac' here; there are params, macs,")
    )


def test_a_broken_condition_is_said(browser: Browser, written: Written) -> None:
    with shown(browser, written("swin_t"), "C=97") as it:
        with pytest.raises(symcost.SpecError) as refused:
            symcost.load("swin_t").cost().bindings({"C": 97})
        assert f"swin_t: {it.alert()}" == str(refused.value)
        assert it.alert().endswith("needs h divides C")
        assert set(it.totals().values()) == {"–"}
        it.put(C=99)
        assert (it.alert(), it.totals()) == ("", totals("swin_t", C=99))
        assert it.is_calm()


def test_the_address_keeps_what_is_set(browser: Browser, written: Written) -> None:
    with shown(browser, written("resnet50")) as it:
        it.put(H=256, W=256)
        it.field("W").press("Tab")
        it.page.wait_for_function("() => location.hash === '#H=256&W=256'")
        it.page.get_by_role("radio", name="flops").check()
        it.ask("H", "flops <= 2G")
        it.page.get_by_label("budget", exact=True).press("Tab")
        it.page.wait_for_function("() => location.hash.includes('budget=')")
        address, before, answer = it.page.url, it.totals(), it.answer()
        it.page.go_back()
        it.drawn()
        assert it.answer() == ""
        it.page.go_forward()
        it.drawn()
        assert it.answer() == answer
    assert "#H=256&W=256&metric=flops&solve=H&budget=flops" in address
    with shown(browser, written("resnet50"), address.partition("#")[2] + "&Q=7") as it:
        assert (it.totals(), it.answer()) == (before, answer)
        assert it.page.get_by_role("radio", name="flops").is_checked()
        assert it.page.get_by_text("The address sets Q, which is nothing here.").is_visible()


def test_everything_is_reached_by_keyboard(resnet50: Shown) -> None:
    resnet50.page.locator("h1").click()
    reached = []
    for _ in range(40):
        resnet50.page.keyboard.press("Tab")
        found = tuple(resnet50.value(FOCUSED))
        if found[0] == "body":
            break
        reached.append(found)
    assert [name for _, name, outlined in reached if not outlined] == []
    kinds = [(tag, name) for tag, name, _ in reached]
    for symbol in ("B images per batch", "H image height", "W image width", "C base width", "K classes"):
        assert ("input", symbol) in kinds
        assert ("input", symbol.replace(" ", ", ", 1)) in kinds, "its slider"
    for control in ("Reset", "Another budget", "Copy link"):
        assert ("button", control) in kinds
    assert ("input", "budget") in kinds and ("input", "macs") in kinds
    assert ("select", "along") in kinds


def test_it_fits_a_telephone_and_a_sheet_of_paper(browser: Browser, written: Written) -> None:
    with shown(browser, written("resnet50"), f"H=192&{SOLVED}", width=360) as it:
        assert it.value("document.documentElement.scrollWidth") == 360
        assert it.value("document.querySelector('.symcost-scroll').scrollWidth") <= 360, "all of the table is seen"
        it.photograph("page-resnet50-narrow")
        it.page.emulate_media(media="print")
        it.page.set_viewport_size({"width": 720, "height": 1000})
        it.drawn()
        it.photograph("page-resnet50-print")
        assert it.page.locator("input:visible:not([type=radio])").count() == 0
        assert it.page.locator("button:visible, select:visible").count() == 0
        said = it.page.locator("body").inner_text()
        assert "H = 192" in said and "Largest C within macs<=2G:" in said


def test_it_can_be_read_without_scripts(browser: Browser, written: Written) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(written("resnet50").as_uri())
    said = tab.locator("body").inner_text()
    context.close()
    assert "4,089,184,256" in said and "2 FLOPs per MAC" in said
    assert "image height" in said


def test_texts_of_a_spec_stay_texts(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "evil.html"
    path.write_text(page(variant_of(read_spec(SPEC.encode()), None)), encoding="utf-8")
    with shown(browser, path, f"C=9&{EVIL}=1&budget={EVIL}") as it:
        assert it.page.title() == f"{EVIL}: what it costs"
        assert it.page.locator("h1").inner_text() == EVIL
        assert EVIL in it.page.locator(".symcost-size label").nth(1).inner_text()
        assert it.page.locator("img").count() == 0
        assert it.is_calm()


def test_what_changes_is_said_once_it_rests(resnet50: Shown) -> None:
    status = resnet50.page.get_by_role("status")
    resnet50.ask("C", "macs <= 2G")
    resnet50.put(H=448)
    assert "8.176 G" not in status.inner_text()
    resnet50.page.wait_for_function("() => document.querySelector('[role=status]').textContent.includes('C = ')")
    assert status.inner_text().startswith("25.56 M params, 8.176 G MACs, 16.43 G FLOPs, 75.12 M elements (activations)")
    assert status.inner_text().endswith("; C = 31")


@pytest.mark.parametrize(
    ("low", "high", "notch", "most"),
    [
        ("1", "16", "1", 16),
        ("8", "512", "8", 64),
        ("1/32", "8", "1/32", 256),
        ("1", "1000000", "1", 700),
        ("32", "65536", "32", 400),
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
