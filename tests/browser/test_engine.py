"""The module as a page has it, in Chromium, against Python: every shipped spec, to the last digit."""

from __future__ import annotations

import json
from base64 import b64encode
from pathlib import Path
from typing import TYPE_CHECKING

import pytest

from symcost import Cost, load
from symcost.catalog import files
from symcost.explorer.module import joined
from tests.explorer.points import case
from tests.explorer.questions import asked

if TYPE_CHECKING:
    from playwright.sync_api import Browser

pytestmark = pytest.mark.browser
CHECKS = Path(__file__).parents[1] / "explorer"
COMPARE = """async ([engine, check, cases]) => {
  const [module, { faults }] = await Promise.all([import(engine), import(check)]);
  return faults(module, JSON.parse(cases));
}"""
QUICK = ("params", "params_active", "macs", "flops", "activations", "kv_cache")
POINTS, QUESTIONS = 100, 3


def test_every_network_is_evaluated_and_solved_as_by_python(browser: Browser) -> None:

    costs = [load(str(path)).cost() for path in files()]
    assert len(costs) > 140
    cases = [case(cost, POINTS, _quick(cost)) for cost in costs]
    points = [point for found in cases for point in found["points"]]
    refused = sum(bool(point["refused"]) for point in points)
    assert len(points) == POINTS * len(costs)
    assert len(points) // 10 < refused < len(points) // 3
    totals = [total for point in points if not point["refused"] for total in point["totals"].values()]
    assert sum(int(total) > 2**53 for total in totals if "/" not in total) > 1000
    questions = [asked(cost, found["model"], QUESTIONS) for cost, found in zip(costs, cases, strict=True)]
    assert sum("found" in one for found in questions for one in found["questions"]) > len(costs)
    page = browser.new_page()
    engine = _address(joined("engine.js"))
    for check, given in (("check", cases), ("solving", questions)):
        found = page.evaluate(COMPARE, [engine, _address((CHECKS / f"{check}.js").read_text()), json.dumps(given)])
        weaker = [line for line in found if line.startswith("weaker")]
        assert [line for line in found if line not in weaker] == []
        assert len(weaker) <= QUESTIONS * len(costs) // 50
    page.close()


def _quick(cost: Cost) -> tuple[str, ...]:
    """Return the metrics of a report, without peaks: their formulas take long to find."""
    return tuple(name for name in QUICK if name in cost.metrics)


def _address(script: str) -> str:
    return f"data:text/javascript;base64,{b64encode(script.encode()).decode()}"
