"""The page in Chromium in people's hands: errors, addresses, keys, small windows, paper, and what is read aloud."""

from __future__ import annotations

import json
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import symcost
from symcost.architecture import variant_of
from symcost.explorer.page import page
from symcost.spec import read_spec
from tests.browser.shown import Shown, Written, shown, totals

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser

SOLVED = "solve=C&budget=macs<=2G"
EVIL = "</script><img src=x onerror=\"document.title='broken in'\">"
SPEC = f"""
symcost: 1
name: {json.dumps(EVIL)}
source: {json.dumps(EVIL)}
symbols: {{B: 1, C: {{default: 8, about: {json.dumps(EVIL)}}}, H: 4, constructor: 5, {"long" * 5}: 6}}
inputs: {{image: [B, C, H, H]}}
model: [conv2d: {{out: constructor, kernel: 3}}, conv2d: {{out: {"long" * 5}, kernel: 1}}]
"""
FOCUSED = """() => {
  const node = document.activeElement;
  const { outlineStyle, outlineWidth } = getComputedStyle(node.closest(".symcost-total") ?? node);
  const name = node.getAttribute("aria-label") ?? node.labels?.[0]?.innerText ?? node.innerText;
  return [node.tagName.toLowerCase(), name.trim().split("\\n")[0], outlineStyle !== "none" && outlineWidth !== "0px"];
}"""


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
    with shown(browser, written("mixtral-8x7b"), width=720) as it:
        it.page.emulate_media(media="print")
        assert it.value("document.querySelector('.symcost-scroll').scrollWidth") <= 720, "paper does not scroll"


def test_it_can_be_read_without_scripts(browser: Browser, written: Written) -> None:
    context = browser.new_context(java_script_enabled=False)
    tab = context.new_page()
    tab.goto(written("resnet50").as_uri())
    said = tab.locator("body").inner_text()
    context.close()
    assert "4,089,184,256" in said and "2 FLOPs per MAC" in said
    assert "image height" in said
    assert "Sliders need scripts" in said


def test_texts_of_a_spec_stay_texts(browser: Browser, tmp_path: Path) -> None:
    path = tmp_path / "evil.html"
    path.write_text(page(variant_of(read_spec(SPEC.encode()), None)), encoding="utf-8")
    with shown(browser, path, f"C=9&{EVIL}=1&budget={EVIL}") as it:
        assert it.page.title() == f"{EVIL}: what it costs"
        assert it.page.locator("h1").inner_text() == EVIL
        assert EVIL in it.page.locator(".symcost-size label").nth(1).inner_text()
        assert it.page.locator("img").count() == 0
        assert it.field("constructor").input_value() == "5"
        it.page.set_viewport_size({"width": 360, "height": 800})
        assert it.value("document.documentElement.scrollWidth") == 360
        assert it.is_calm()


def test_what_changes_is_said_once_it_rests(resnet50: Shown) -> None:
    status = resnet50.page.get_by_role("status")
    resnet50.ask("C", "macs <= 2G")
    resnet50.put(H=448)
    assert "8.176 G" not in status.inner_text()
    resnet50.page.wait_for_function("() => document.querySelector('[role=status]').textContent.includes('C = ')")
    assert status.inner_text().startswith("25.56 M params, 8.176 G MACs, 16.43 G FLOPs, 75.12 M elements (activations)")
    assert status.inner_text().endswith("; C = 31")
