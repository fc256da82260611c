"""How a decoder is served: its times, its memory, and the largest batch and context that fit the device."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symcost.algebra.atoms import Number
from symcost.algebra.poly import evaluate
from symcost.architecture import Architecture
from symcost.cost import Cost
from symcost.errors import NoAnswer
from symcost.kernels import Serving
from symcost.solver import Solution, solve
from symcost.table import Table
from symcost.views.answer import Answer, assumed, data, heading, wrapped
from symcost.views.bill import made_of, within
from symcost.views.plain import amounts, units

MEMORY = "infer_bytes"
MESSAGES = "times are without what the workers send one another"
LARGEST = {"B": "sequences at once", "S": "tokens before the new one, of each sequence"}


def serve(architecture: Architecture, found: Serving, at: Mapping[str, str]) -> tuple[Answer, bool]:
    """Return what serving takes and the most that fits, and whether what is asked does.

    Args:
        architecture: a decoder under a setup with a device.
        found: its times.
        at: values of sizes that were given; lengths are those of the serving.
    """
    cost = architecture.cost(decode=True)
    length = found.prompt + found.generated - 1
    env = cost.bindings({**at, "T": 1, "S": length})
    total = {part: evaluate(cost.poly(part), env) for part in (MEMORY, "kv_bytes", "weight_bytes")}
    fits = {size: _largest(cost, env, size) for size in LARGEST}
    fitting = total[MEMORY] <= cost.setup.hardware.memory
    too_much = [] if fitting else [wrapped(within(total[MEMORY], MEMORY, cost))]
    parts: list[str | Table] = [heading(architecture, cost, env, (MEMORY, "forward_s")), found.table()]
    parts += [wrapped(MESSAGES)] if architecture.setup.workers.cuts else []
    parts += [
        made_of(cost, env, MEMORY),
        *too_much,
        "\n".join(wrapped(_told(size, one)) for size, one in fits.items()),
    ]
    parts += assumed(cost)
    whole: dict[str, Any] = {"total": amounts(total), "units": units(cost, total), "serving": _times(found)}
    whole["fits"] = fitting
    whole |= {"largest": {size: one.to_json() if isinstance(one, Solution) else one for size, one in fits.items()}}
    return Answer(tuple(parts), data(architecture, cost, env, whole)), fitting


def _largest(cost: Cost, env: Mapping[str, Number], size: str) -> Solution | str:
    """Return the largest value of a size with which the device's memory is enough, or why there is none."""
    others = {name: value for name, value in env.items() if name != size}
    try:
        return solve(cost, size, f"{MEMORY} <= {cost.setup.hardware.memory}", others)
    except NoAnswer as reason:
        return str(reason)


def _told(size: str, found: Solution | str) -> str:
    if isinstance(found, str):
        return f"{LARGEST[size]}: {found}"
    beyond = f"; {size} = {found.next[size]} would take {found.next[MEMORY]:,}" if found.next else ""
    return f"{LARGEST[size]}, at most: {size} = {found.answer:,}, {found.value[MEMORY]:,} bytes{beyond}"


def _times(found: Serving) -> dict[str, str]:
    return {
        "prefill_s": str(found.prefill_s),
        "token_s": str(found.token_s),
        "decode_s": str(found.decode_s),
        "tokens_per_s": str(found.tokens_per_s),
    }
