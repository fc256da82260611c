"""The documentation as it is looked at: built once, opened from files, in light and in dark."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path
from typing import TYPE_CHECKING, Literal
from urllib.parse import unquote

import pytest

from tests.browser.visit import light, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Page

ROOT = Path(__file__).parents[2]
PAGES = {
    "front": "index.html",
    "algebra": "explanation/algebra.html",
    "op": "generated/reference/ops/conv.html",
    "network": "generated/zoo/resnet.html",
    "look": "look.html",
    "question": "questions/09-hit-this-budget.html",
}
FORMULAS = {"algebra": 100, "op": 4}
"""How many formulas pages have at least."""
OUTSIDE = re.compile(r"<(?:script|link|img|iframe|source)\b[^>]*\b(?:src|href)=\"(?:https?:)?//[^\"]*")
LINK = re.compile(r'<a\b[^>]*\bhref="(?!\w+:)([^"#?]*)')

pytestmark = pytest.mark.browser


@pytest.fixture(scope="module")
def site() -> Path:
    """The documentation, built where ``dev.py docs`` builds it, so that only what has changed is; no warnings."""
    place = ROOT / "docs" / "_build"
    words = ["-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet", "docs", "docs/_build"]
    built = subprocess.run([sys.executable, *words], cwd=ROOT, capture_output=True, text=True, check=False)
    assert (built.returncode, built.stderr) == (0, "")
    return place


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_pages_are_calm_and_can_be_read_by_all(browser: Browser, site: Path, scheme: Literal["light", "dark"]) -> None:
    for name, page in PAGES.items():
        with visit(browser, (site / page).as_uri(), scheme=scheme, width=1280) as seen:
            picture = seen.photograph(f"docs-{name}-{scheme}", whole=False)
            assert (light(picture) > 0.5) == (scheme == "light")
            assert drawn(seen.page) >= FORMULAS.get(name, 0), name
            assert seen.is_calm()
            assert seen.findings() == [], name


def drawn(page: Page) -> int:
    """How many formulas are drawn: MathML that takes room."""
    boxes = [found.bounding_box() for found in page.locator("math").all()]
    assert all(box and box["width"] > 0 and box["height"] > 0 for box in boxes)
    return len(boxes)


def test_nothing_is_from_elsewhere_and_links_lead_somewhere(site: Path) -> None:
    texts = {page: page.read_text(encoding="utf-8") for page in site.rglob("*.html")}
    assert len(texts) > 200
    assert [found for text in texts.values() for found in OUTSIDE.findall(text)] == []
    assert {link for page, text in texts.items() for link in LINK.findall(text) if not leads(page, link)} == set()


def leads(page: Path, link: str) -> bool:
    """Tell whether there is what a link names; places within pages are held by Sphinx."""
    return not link or (page.parent / unquote(link)).exists()
