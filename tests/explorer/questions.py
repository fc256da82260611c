"""Questions for one size within budgets with the answers of ``symcost.solve``, for JavaScript to find the same."""

from __future__ import annotations

from random import Random
from typing import Any

from symcost import Cost, NoAnswer, solve
from symcost.algebra.poly import evaluate, symbols_of
from symcost.solver import Solution


def asked(cost: Cost, data: dict[str, Any], count: int) -> dict[str, Any]:
    """Return a model and random questions of it: budgets near what the network has at other sizes."""
    draw = Random(cost.name)  # noqa: S311
    names = [metric["name"] for metric in data["metrics"]]
    return {"model": data, "questions": [_question(cost, data, names, draw) for _ in range(count)]}


def _question(cost: Cost, data: dict[str, Any], names: list[str], draw: Random) -> dict[str, Any]:
    first = draw.choice(names)
    symbol = draw.choice([s for s in data["symbols"] if s["name"] in symbols_of(cost.poly(first))])
    chosen = [first, *draw.sample(names, draw.choice((0, 0, 1)))]
    budgets = [_budget(cost, name, draw) for name in dict.fromkeys(chosen)]
    step = symbol["notch"] if symbol["kind"] == "ratio" else None
    return answered(cost, symbol["name"], budgets, smallest=draw.random() < 0.3, step=step)


def answered(
    cost: Cost, symbol: str, budgets: list[str], *, smallest: bool = False, step: str | None = None, ties: str = ""
) -> dict[str, Any]:
    """Return a question with its answer, or with why there is none; ties are symbols that follow the unknown."""
    asked = {"symbol": symbol, "budgets": budgets, "smallest": smallest, "ties": ties.split()}
    at = dict.fromkeys(ties.split(), symbol)
    try:
        return {**asked, "found": _found(solve(cost, symbol, budgets, at, step=step, smallest=smallest))}
    except NoAnswer as error:
        return {**asked, "refused": str(error).replace("ask for the smallest, or give a range", "ask for the smallest")}


def _budget(cost: Cost, name: str, draw: Random) -> str:
    usual = evaluate(cost.poly(name), cost.bindings())
    limit = int(usual * draw.choice((1, 2, 3, 5, 8, 100))) // draw.choice((1, 1, 2, 7))
    return f"{name} {draw.choice(('<=', '<=', '<=', '<', '>=', '>'))} {limit + draw.randint(0, 3)}"


def _found(found: Solution) -> dict[str, Any]:
    after = None if found.next is None else [str(found.next[name]) for name in found.value]
    return {
        "answer": str(found.answer),
        "values": list(map(str, found.value.values())),
        "next": None if found.next is None else str(found.next[found.unknown]),
        "after": after,
        "binding": list(found.binding),
    }
