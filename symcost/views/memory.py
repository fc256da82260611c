"""Memory of training and of inference at given sizes: of what, how it grows, and where it is kept."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symcost.algebra.atoms import Number
from symcost.algebra.poly import evaluate
from symcost.architecture import Architecture
from symcost.checkpoints import Interval
from symcost.cost import Cost
from symcost.metrics.metric import metric
from symcost.table import Table
from symcost.table.breakdown import break_down
from symcost.views.answer import Answer, assumed, data, heading, wrapped
from symcost.views.bill import along, made_of
from symcost.views.plain import amounts, units
from symcost.views.shared_out import whole_layers

TRAINING, INFERENCE, KEPT = "train_bytes", "infer_bytes", "saved_bytes"


def memory(
    architecture: Architecture,
    cost: Cost,
    env: Mapping[str, Number],
    depth: int,
    size: str,
    interval: Interval | None = None,
) -> Answer:
    """Return what training and inference take, by role, and what blocks keep for the backward pass.

    Args:
        architecture: what is costed.
        cost: its cost.
        env: the value of every symbol.
        depth: how many levels of blocks are told apart.
        size: the size in which the totals are shown as formulas.
        interval: the best interval of checkpoints, to be shown too.

    Raises:
        NoAnswer: the memory has no form.
    """
    asked = [TRAINING, INFERENCE]
    parts: list[str | Table] = [heading(architecture, cost, env, asked)]
    for name in asked:
        parts.append(made_of(cost, env, name))
        parts += [line] if (line := along(cost, env, name, size)) else []
    kept = break_down(cost.by_block(depth, [KEPT]), {KEPT: cost.units(KEPT)}, env, by="block", share=KEPT)
    parts += [wrapped(f"{KEPT}: {metric(KEPT).about}"), kept, *whole_layers(cost), *assumed(cost)]
    parts += [wrapped(str(interval))] if interval else []
    names = list(dict.fromkeys((*asked, KEPT, *(part for name in asked for part in metric(name).parts))))
    found = {name: evaluate(cost.poly(name), env) for name in names}
    whole: dict[str, Any] = {"total": amounts(found), "units": units(cost, found), "kept": kept.to_json()}
    return Answer(tuple(parts), data(architecture, cost, env, whole | _interval(interval)))


def _interval(found: Interval | None) -> dict[str, Any]:
    if found is None:
        return {}
    tried = {str(every): str(peak) for every, peak in found.tried.items()}
    return {"interval": {"every": found.every, "step_peak_bytes": tried, "formula": str(found.formula)}}
