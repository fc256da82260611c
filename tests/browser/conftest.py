"""One Chromium for all tests that look at pages; where there is none they are skipped, on CI they fail."""

from __future__ import annotations

import os
import shutil
from collections.abc import Iterator
from importlib.util import find_spec
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

import symcost
from symcost.explorer.page import page
from tests.browser.shown import Shown, Written, shown

if TYPE_CHECKING:
    from playwright.sync_api import Browser

NAMES = ("chromium", "chromium-browser", "google-chrome")
QUIET = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)


@pytest.fixture(scope="session")
def browser() -> Iterator[Browser]:
    """The machine's Chromium, that of $SYMCOST_CHROMIUM where it is set."""
    place = os.environ.get("SYMCOST_CHROMIUM") or next(filter(None, map(shutil.which, NAMES)), None)
    if place is None:
        lacking("there is no Chromium: install one, or set SYMCOST_CHROMIUM")
    if find_spec("playwright") is None or find_spec("axe_playwright_python") is None:
        lacking("there is no playwright: pip install 'symcost[browser]'")
    from playwright.sync_api import sync_playwright

    with sync_playwright() as playwright:
        found = playwright.chromium.launch(executable_path=place, args=QUIET)
        yield found
        found.close()


def lacking(reason: str) -> None:
    if os.environ.get("CI"):
        pytest.fail(reason)
    pytest.skip(reason)


@pytest.fixture(scope="session")
def written(tmp_path_factory: pytest.TempPathFactory) -> Written:
    """Give the file of a shipped network's page."""
    folder = tmp_path_factory.mktemp("pages")

    def path(name: str) -> Path:
        file = folder / f"{name}.html"
        if not file.exists():
            file.write_text(page(symcost.load(name)), encoding="utf-8")
        return file

    return path


@pytest.fixture(scope="session")
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
