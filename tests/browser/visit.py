"""A page as it is looked at: what it shows, what it says on the console, what it asks of the network."""

from __future__ import annotations

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import TYPE_CHECKING, Any, Literal

import numpy as np

if TYPE_CHECKING:
    from playwright.sync_api import Browser, ConsoleMessage, Page

SCREENSHOTS = Path(__file__).parents[2] / "build" / "screenshots"
HERE = ("file:", "data:", "blob:", "about:")
GRAVE = ("serious", "critical")
LEAST_INK = 0.004
"""The share of a picture that differs from its commonest colour, below which it counts as blank."""


@dataclass(frozen=True)
class Visit:
    """A page and what was noticed since it was opened.

    Attributes:
        page: of playwright.
        said: warnings and errors of the console, and errors that nothing caught.
        asked: addresses beyond this machine's files that it asked for.
    """

    page: Page
    said: list[str] = field(default_factory=list)
    asked: list[str] = field(default_factory=list)

    def is_calm(self) -> bool:
        """Tell whether nothing was said and nothing asked for; what was is in the message of the assertion."""
        assert (self.said, self.asked) == ([], [])
        return True

    def photograph(self, name: str, *, whole: bool = True) -> Path:
        """Take a picture of the page, of its whole length unless told otherwise; a blank one is an error."""
        SCREENSHOTS.mkdir(parents=True, exist_ok=True)
        path = SCREENSHOTS / f"{name}.png"
        self.page.screenshot(path=path, full_page=whole, animations="disabled")
        assert ink(path) > LEAST_INK, f"{path} is blank"
        return path

    def findings(self, within: str | None = None) -> list[str]:
        """Return what axe-core finds that keeps people from using the page, or what a selector finds in it."""
        from axe_playwright_python.sync_playwright import Axe

        violations: list[dict[str, Any]] = Axe().run(self.page, context=within).response["violations"]
        return [
            f"{v['id']} ({v['impact']}): {node['html'][:160]} {node.get('failureSummary', '')}"
            for v in violations
            if v["impact"] in GRAVE
            for node in v["nodes"]
        ]


@contextmanager
def visit(
    browser: Browser,
    url: str,
    *,
    scheme: Literal["light", "dark"] = "light",
    width: int = 1200,
    height: int = 900,
    wait: Literal["domcontentloaded", "load", "networkidle"] = "load",
    calm_from: str = "",
    warned_by: str = "",
) -> Iterator[Visit]:
    """Open a page and watch it.

    Args:
        browser: to open it in.
        url: of the page.
        scheme: the colours that the visitor prefers, ``light`` or ``dark``.
        width: of the window, in CSS pixels.
        height: of the window, in CSS pixels.
        wait: until when, an event of playwright's ``goto``.
        calm_from: the beginning of addresses that may be asked for, such as a server's own.
        warned_by: the beginning of addresses of scripts whose warnings are not of interest.
    """
    context = browser.new_context(
        color_scheme=scheme, viewport={"width": width, "height": height}, reduced_motion="reduce"
    )
    seen = Visit(context.new_page())
    own = (*HERE, calm_from) if calm_from else HERE
    seen.page.on("console", lambda m: seen.said.append(m.text) if _of_interest(m, warned_by) else None)
    seen.page.on("pageerror", lambda error: seen.said.append(str(error)))
    seen.page.on("request", lambda r: None if r.url.startswith(own) else seen.asked.append(r.url))
    try:
        seen.page.goto(url, wait_until=wait)
        yield seen
    finally:
        context.close()


def _of_interest(message: ConsoleMessage, warned_by: str) -> bool:
    if message.type == "warning" and warned_by:
        return not message.location["url"].startswith(warned_by)
    return message.type in ("warning", "error")


def ink(path: Path) -> float:
    """Return the share of a picture that differs from its commonest colour."""
    shades = pixels(path) @ np.array([1, 256, 65536])
    return 1 - float(np.unique(shades, return_counts=True)[1].max() / shades.size)


def light(path: Path) -> float:
    """Return how light a picture is, from 0 to 1."""
    return float(pixels(path).mean()) / 255


def pixels(path: Path) -> Any:
    """Return the red, green and blue of a picture, 0 to 255."""
    from matplotlib.image import imread

    return np.rint(imread(path)[:, :, :3] * 255).astype(np.int64)
