"""An exported page as a person meets it in Chromium, opened from a file."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import symcost
from symcost.algebra.poly import evaluate
from symcost.explorer import model
from tests.browser.visit import Visit, visit

if TYPE_CHECKING:
    from playwright.sync_api import Browser, Locator

Written = Callable[[str], Path]
"""Gives the file of a shipped network's page."""

MOUNTED = "() => performance.getEntriesByName('symcost-mounted').length"
DRAWN = "() => new Promise((done) => requestAnimationFrame(() => requestAnimationFrame(done)))"
TOTALS = """() => Object.fromEntries([...document.querySelectorAll(".symcost-total")].map((card) =>
  [card.querySelector("input").value,
   card.querySelector(".symcost-exact").textContent || card.querySelector("b").textContent]))"""


class Shown(Visit):
    """A page that is open."""

    def drawn(self) -> None:
        """Wait until the page shows what was set last."""
        self.page.evaluate(DRAWN)

    def field(self, name: str) -> Locator:
        """Return the field of a size."""
        return self._size(name).locator("[type=text]")

    def slider(self, name: str) -> Locator:
        """Return the slider of a size."""
        return self._size(name).locator("[type=range]")

    def _size(self, name: str) -> Locator:
        return self.page.locator(".symcost-size", has=self.page.locator(f"b:text-is('{name}')"))

    def put(self, **sizes: int | str) -> None:
        """Write sizes into their fields."""
        for name, text in sizes.items():
            self.field(name).fill(str(text))
        self.drawn()

    def totals(self) -> dict[str, str]:
        """Return every total as it is shown, in full."""
        found: dict[str, str] = self.page.evaluate(TOTALS)
        return found

    def ask(self, symbol: str, budget: str) -> str:
        """Ask for the largest value of a symbol within a budget, and return the answer."""
        self.page.get_by_label("value of").select_option(symbol)
        self.page.get_by_label("budget", exact=True).fill(budget)
        self.drawn()
        return self.answer()

    def answer(self) -> str:
        """Return the answer to what was asked last."""
        text: str = self.page.locator(".symcost-found").inner_text()
        return " ".join(text.split())

    def alert(self) -> str:
        """Return what the page says is wrong."""
        text: str = self.page.locator(".symcost-alert").inner_text()
        return text

    def value(self, script: str) -> Any:
        """Return what a script finds in the page."""
        return self.page.evaluate(script)


@contextmanager
def shown(
    browser: Browser, path: Path, fragment: str = "", *, scheme: Literal["light", "dark"] = "light", width: int = 1200
) -> Iterator[Shown]:
    """Open a page from its file, with an address that may set things."""
    with visit(browser, f"{path.as_uri()}#{fragment}", scheme=scheme, width=width) as seen:
        seen.page.wait_for_function(MOUNTED)
        found = Shown(seen.page, seen.said, seen.asked)
        found.drawn()
        yield found


def totals(name: str, **sizes: int | str) -> dict[str, str]:
    """Return the totals that Python finds, as pages write them."""
    network = symcost.load(name)
    cost = network.cost()
    env = cost.bindings(sizes)
    return {m["name"]: f"{evaluate(cost.poly(m['name']), env):,}" for m in model(network)["metrics"]}
