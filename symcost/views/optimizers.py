"""All optimizers: what each keeps and does for an element."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from inspect import cleandoc
from typing import Any

from symcost.algebra.division import div
from symcost.algebra.poly import Num, symbol
from symcost.metrics.optimizer import priced
from symcost.ops.facts import Shape, Work
from symcost.optimizers.optimizer import Optimizer, Update, Weight
from symcost.optimizers.reading import optimizer
from symcost.optimizers.reading import optimizers as known
from symcost.table import Column, Table
from symcost.views.answer import Answer, described

MATRIX = Weight((symbol("r"), symbol("c")))
PARAMS = symbol("P")
CAPTION = (
    "for one element of a matrix r x c, of P elements in all, in one step without weight decay; "
    "FLOPs are 2 for a MAC and 1 for any other operation"
)


def optimizers(words: Sequence[str] = ()) -> Answer:
    """Return the optimizers with what they keep and do, those that words describe or all.

    Raises:
        NoAnswer: none is described by all the words.
    """
    kinds = described(sorted(known().items()), lambda pair: [pair[0], pair[1].about], words, "optimizer --optimizers")
    found = [optimizer(name) for name, _ in kinds]
    rows = tuple((str(rule), *per_element(rule), rule.about) for rule in found)
    columns = (
        Column("optimizer", kind="text"),
        Column("state", "elements", kind="formula"),
        Column("update", "FLOPs", kind="formula"),
        Column("what it is", kind="text"),
    )
    return Answer((Table(columns, rows, CAPTION),), [_data(rule) for rule in found])


def per_element(rule: Optimizer) -> tuple[Num, Num]:
    """Return elements of state and FLOPs for one element; work once in a step, such as Adam's, is spread over P."""
    each, once = rule.each(MATRIX), rule.once(PARAMS)
    shares = ((each.elements, once.elements), (priced(each.work), priced(once.work)))
    state, flops = (div(of_each, MATRIX.elements) + div(of_all, PARAMS) for of_each, of_all in shares)
    return state, flops


def _data(rule: Optimizer) -> dict[str, Any]:
    options = {name: field.default for name, field in type(rule).model_fields.items()}
    state, flops = per_element(rule)
    return {
        "name": rule.name,
        "about": rule.about,
        "options": options,
        "weight_decay": {"usual": rule.decays, "own": rule.decay},
        "per_element": {"state": str(state), "flops": str(flops)},
        "each": _update(rule.each(MATRIX)),
        "once": _update(rule.once(PARAMS)),
        "passes": str(rule.passes(PARAMS)),
        "law": cleandoc(type(rule).__doc__ or ""),
    }


def _update(update: Update) -> dict[str, Any]:
    return {"state": _shapes(update.state), "work": _amounts(update.work)}


def _shapes(state: Mapping[str, Shape]) -> dict[str, list[str]]:
    return {name: [str(size) for size in shape] for name, shape in state.items()}


def _amounts(work: Work) -> dict[str, str]:
    return {kind: str(n) for kind, n in work.items()}
