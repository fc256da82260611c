"""Preparing the data of a run: work, and numbers that are moved."""

from __future__ import annotations

from symcost.algebra.division import div
from symcost.algebra.poly import Num, total
from symcost.errors import UsageError
from symcost.metrics.basis import Ledger
from symcost.metrics.metric import Metric
from symcost.metrics.run import examples_of, free_size
from symcost.ops.facts import Work, numel
from symcost.run.preparing import Data
from symcost.run.section import Run


def _data(ledger: Ledger) -> Data:
    """Return the table that is prepared: the data set, and the numbers that an example has."""
    run, graph = ledger.setup.run, ledger.graph
    if run.columns is not None:
        return Data(examples_of(ledger), run.columns, run.categories)
    micro = free_size(ledger, "B")
    of_batch = [shape for shape in graph.inputs.values() if shape and shape[0] == micro]
    return Data(examples_of(ledger), div(total((numel(shape), 1) for shape in of_batch), micro), run.categories)


def _prepared(ledger: Ledger) -> Num:
    data, run = _data(ledger), ledger.setup.run
    return total((_priced(ledger, step.work(data)), _often(run, step.every_epoch)) for step in run.steps_of_preparation)


def _moved(ledger: Ledger) -> Num:
    data, run = _data(ledger), ledger.setup.run
    return total((step.moves(data), _often(run, step.every_epoch)) for step in run.steps_of_preparation)


def _often(run: Run, every_epoch: bool) -> Num:
    """Return how often a step is done.

    Raises:
        UsageError: it is once in every epoch, and the run is told in iterations.
    """
    if every_epoch and run.iterations is not None:
        raise UsageError("random preparation is done in every epoch: say epochs=K in place of iterations")
    return run.epochs if every_epoch else 1


def _priced(ledger: Ledger, work: Work) -> Num:
    plain = ledger.convention.setting("elementwise") == "left_out"
    prices = {kind: ledger.convention.price(kind) for kind in work if kind == "mac" or not plain}
    return total((work[kind], price) for kind, price in prices.items())


METRICS = (
    Metric("preparation_flops", "FLOPs", "work of preparing the data of a run", priced=True, shown=False,
           whole=_prepared, under=("run",)),
    Metric("preparation_moves", "numbers", "numbers that preparing the data of a run writes to a new place",
           shown=False, whole=_moved, under=("run",)),
)  # fmt: skip
