"""What training takes: the work and memory of a step on one worker, its time on a device, and a whole run."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from fractions import Fraction

from symcost.algebra.atoms import Number
from symcost.algebra.poly import evaluate
from symcost.architecture import Architecture
from symcost.cost import Cost
from symcost.errors import NoAnswer, UsageError
from symcost.metrics.metric import metric
from symcost.table import Table
from symcost.table.cells import percent
from symcost.views.answer import Answer, assumed, data, heading, wrapped
from symcost.views.bill import listed, made_of, within
from symcost.views.plain import amounts, units

MEMORY = "train_bytes"
WORK = ("train_flops", "recompute_flops", "optimizer_flops")
SHARED = ("workers", "worker_params", "worker_train_flops", "comm_bytes", "bubble")
TIME = ("passes_s", "waiting_s", "comm_s", "updating_s", "step_s")
RUN = ("steps", "run_examples", "run_tokens", "preparation_flops", "run_flops")
DATA = ("examples", "tokens", "iterations")
"""Settings of which one says how long a run is."""
SPENT = ("run_s", "run_kwh", "run_co2_kg", "run_usd")


def train(architecture: Architecture, cost: Cost, env: Mapping[str, Number]) -> tuple[Answer, bool]:
    """Return what training takes, and whether it fits the device's memory, which any does where no device is named.

    Args:
        architecture: what is costed.
        cost: its cost, under a setup; of a device and a run as much is told as the setup says.
        env: the value of every symbol.

    Raises:
        NoAnswer: an amount has no formula.
    """
    found = dict(_parts(cost, env))
    asked = [name for _, names in found.values() for name in names]
    parts: list[str | Table] = [heading(architecture, cost, env, asked)]
    parts += [part for part, _ in found.values()]
    total = {name: evaluate(cost.poly(name), env) for name in asked}
    room = cost.setup.hardware.memory if cost.setup.hardware.device is not None else None
    fits = room is None or total[MEMORY] <= room
    parts += [wrapped(within(total[MEMORY], MEMORY, cost)), wrapped(_used(cost, env))] if room else []
    whole = {"total": amounts(total), "units": units(cost, total)} | ({"fits": fits} if room else {})
    return Answer((*parts, *assumed(cost)), data(architecture, cost, env, whole)), fits


def _parts(cost: Cost, env: Mapping[str, Number]) -> Iterator[tuple[str, tuple[Table, Sequence[str]]]]:
    """Yield what is told, each part with the metrics that it is of."""
    setup = cost.setup
    shared = SHARED if setup.workers.total != 1 else ()
    yield "step", _listed(cost, env, (*WORK, *shared), "a step: the passes of one micro-batch, and one update")
    yield "memory", (made_of(cost, env, MEMORY), (MEMORY, *metric(MEMORY).parts))
    timed = setup.hardware.device is not None
    if timed:
        messages = setup.workers.total != 1
        names = [name for name in TIME if messages or name not in ("comm_s", "waiting_s")]
        yield "time", _listed(cost, env, names, "the time of a step on one worker")
    if any(getattr(setup.run, name) is not None for name in DATA):
        beside = "; times, and what follows from them, are without evaluation" if timed and _evaluates(cost) else ""
        yield "run", _listed(cost, env, (*RUN, *(SPENT if timed else ())), f"the whole run, of all workers{beside}")


def _evaluates(cost: Cost) -> bool:
    return bool({"eval_examples", "eval_share"} & cost.setup.given().keys())


def _listed(cost: Cost, env: Mapping[str, Number], names: Sequence[str], caption: str) -> tuple[Table, Sequence[str]]:
    """Return a table of the metrics that the setup says enough for, without those of which there is none."""
    known = [name for name in names if _is_said(cost, name) and evaluate(cost.poly(name), env)]
    return listed(cost, env, known, caption), known


def _is_said(cost: Cost, name: str) -> bool:
    try:
        cost.poly(name)
    except (NoAnswer, UsageError):
        return False
    return True


def _used(cost: Cost, env: Mapping[str, Number]) -> str:
    """Return how well a device is used in a step, in words: by model FLOPs and by all that are done."""
    hardware, often = cost.setup.hardware, cost.poly("optimizer_passes") * cost.setup.batching.micro_batches
    measured = evaluate(hardware.measured_s, env)
    seconds = measured or evaluate(cost.poly("step_s"), env)
    peak = hardware.peak_for(cost.setup.precision.precision.computes)
    model, again = (evaluate(cost.worker.poly(name) * often, env) for name in WORK[:2])
    could = Fraction(evaluate(peak, env)) * seconds
    done = f"; {percent((model + again) / could)} with what is run again (HFU)" if again else ""
    how = "as measured" if measured else "as modelled"
    return f"{percent(model / could)} of the peak's FLOPs in a step are the model's (MFU){done}, {how}"
