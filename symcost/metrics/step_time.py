"""How long a step of training and a run take, and the energy, carbon and money that they take.

A step runs its micro-batches forward and backward one after the other, waits for the stages of a pipeline to fill and
to empty, sends what workers send, and updates the weights. Messages go after the work, or, where they overlap, the
shorter of the two is hidden. All of it is the time of one worker; all workers draw power and are paid for.
"""

from __future__ import annotations

from collections.abc import Callable

from symcost.algebra.maximum import maximum
from symcost.algebra.poly import NotExact, Num, constant, simplest, total
from symcost.errors import NoAnswer
from symcost.graph.assumptions import narrow_box
from symcost.hardware.spending import carbon_kg, energy_kwh, money
from symcost.hardware.utilisation import utilization
from symcost.metrics.basis import Ledger
from symcost.metrics.metric import Metric

Whole = Callable[[Ledger], Num]
STEP = ("batching", "precision", "checkpointing", "optimizing", "workers", "hardware")
RUN = (*STEP, "run")


def _passes(ledger: Ledger) -> Num:
    often = ledger.setup.batching.micro_batches * ledger.poly("optimizer_passes")
    return simplest(ledger.poly("pass_s") * often)


def _waiting(ledger: Ledger) -> Num:
    return simplest(ledger.poly("passes_s") * ledger.poly("bubble"))


def _updating(ledger: Ledger) -> Num:
    """Return the seconds of an update: it reads gradients and state, and writes weights and state.

    Weights are read too, or the master copy that they are made of. With zero each worker updates its part. Work is at
    the peak of the state's number format, or of fp32 where products have none in it.
    """
    recipe, hardware, workers = ledger.setup.precision.precision, ledger.setup.hardware, ledger.setup.workers
    experts = ledger.poly("params_updated.experts")
    own = workers.part("optimizer", ledger.poly("params_updated") - experts)
    own = own + workers.part("optimizer", experts, experts=True)
    often = 2 if recipe.format("master") == "none" else 1
    each = recipe.bytes("gradient") + often * recipe.bytes("weight") + 2 * recipe.bytes("master")
    moved = own * each + 2 * ledger.poly("moment_bytes")
    work = workers.part("optimizer", ledger.poly("optimizer_flops"))
    return hardware.update_roof(recipe.format("moment")).seconds(work, moved, narrow_box(ledger.graph))


def _sending(ledger: Ledger) -> Num:
    return 0 if ledger.setup.workers.total == 1 else ledger.poly("comm_s")


def _step(ledger: Ledger) -> Num:
    work, sending = ledger.poly("passes_s") + ledger.poly("waiting_s"), _sending(ledger)
    hidden = ledger.setup.workers.overlap_comm
    both = maximum((work, sending), narrow_box(ledger.graph)) if hidden else work + sending
    return simplest(both + ledger.poly("updating_s"))


def _run(ledger: Ledger) -> Num:
    return simplest(ledger.poly("step_s") * ledger.poly("steps"))


def _devices(ledger: Ledger, seconds: str) -> Num:
    return simplest(ledger.poly(seconds) * ledger.setup.workers.total)


def _energy(seconds: str) -> Whole:
    def amount(ledger: Ledger) -> Num:
        hardware = ledger.setup.hardware
        return energy_kwh(hardware.watts, _devices(ledger, seconds), hardware.utilization, hardware.pue)

    return amount


def _carbon(energy: str) -> Whole:
    return lambda ledger: carbon_kg(ledger.poly(energy), ledger.setup.hardware.intensity)


def _money(seconds: str) -> Whole:
    return lambda ledger: money(_devices(ledger, seconds), ledger.setup.hardware.per_hour)


def _utilization(*parts: str) -> Whole:
    def share(ledger: Ledger) -> Num:
        """Return the share of the peak of one worker, of its own part of the network."""
        setup = ledger.setup
        often = setup.batching.micro_batches * ledger.poly("optimizer_passes")
        work = total((ledger.poly(part), often) for part in parts)
        measured = setup.hardware.measured_s
        seconds = ledger.poly("step_s") if constant(measured) == 0 else measured
        peak = setup.hardware.peak_for(setup.precision.precision.computes)
        try:
            return utilization(work, seconds, peak)
        except NotExact:
            way = "say measured_s=SECONDS; `symcost train` tells it at given sizes"
            raise NoAnswer(f"utilisation has no formula where a step is a sum of times: {way}") from None

    return share


METRICS = (
    Metric("passes_s", "seconds", "of step_s, forward and backward passes of all micro-batches", priced=True,
           whole=_passes, shown=False, under=STEP),
    Metric("waiting_s", "seconds", "of step_s, how long a worker waits while a pipeline fills and empties", priced=True,
           whole=_waiting, shown=False, under=STEP),
    Metric("updating_s", "seconds", "of step_s, the update of the weights that a worker has", whole=_updating,
           shown=False, under=("precision", "hardware", "optimizing", "workers")),
    Metric("step_s", "seconds", "a step of training on one worker: passes, waiting, what is sent, and the update",
           priced=True, whole=_step, shown=False, under=STEP),
    Metric("run_s", "seconds", "a run of training: its steps, all full; evaluation is not in it", priced=True,
           whole=_run, shown=False, under=RUN),
    Metric("step_kwh", "kWh", "energy of a step, of all workers and the data centre's share", priced=True,
           whole=_energy("step_s"), shown=False, under=STEP),
    Metric("run_kwh", "kWh", "energy of a run, of all workers and the data centre's share", priced=True,
           whole=_energy("run_s"), shown=False, under=RUN),
    Metric("run_co2_kg", "kg", "carbon dioxide equivalent of a run's energy", priced=True, whole=_carbon("run_kwh"),
           shown=False, under=RUN),
    Metric("run_usd", "$", "price of a run: hours of all workers", priced=True, whole=_money("run_s"), shown=False,
           under=RUN),
    Metric("mfu", "ratio", "model FLOPs of a worker over what its device could do in a step, as measured_s says or as "
           "it is modelled", priced=True, whole=_utilization("train_flops"), shown=False, under=STEP),
    Metric("hfu", "ratio", "mfu with what is run again: FLOPs that a device does", priced=True, shown=False, under=STEP,
           whole=_utilization("train_flops", "recompute_flops")),
)  # fmt: skip
