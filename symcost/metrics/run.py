"""A whole run: steps, what is seen, work of training and of evaluation."""

from __future__ import annotations

from symcost.algebra.division import div
from symcost.algebra.extent import floor
from symcost.algebra.poly import NotExact, Num, simplest, symbol, total
from symcost.errors import NoAnswer, UsageError
from symcost.metrics.basis import Ledger
from symcost.metrics.metric import Metric
from symcost.run.counting import Batches


def free_size(ledger: Ledger, name: str) -> Num:
    """Return a size of the network that runs are told in.

    Raises:
        NoAnswer: the network has no free size of this name.
    """
    found = ledger.graph.symbols.get(name)
    if found is None:
        raise NoAnswer(f"{ledger.graph.name} has no free {name}: a run is told in {_TOLD_IN[name]}")
    return symbol(name, found.kind)


_TOLD_IN = {"B": "batches of B examples", "T": "sequences of T tokens"}


def examples_of(ledger: Ledger) -> Num:
    """Return the examples of the data set.

    Raises:
        UsageError: none are given.
    """
    run = ledger.setup.run
    if run.tokens is not None:
        return floor(div(run.tokens, free_size(ledger, "T")))
    if run.examples is None:
        raise UsageError("a run is of a data set: say examples=N, or tokens=D of text")
    return run.examples


def _gathered(ledger: Ledger) -> Num:
    """Return how many micro-batches make a step, over all workers."""
    return ledger.setup.batching.micro_batches * ledger.setup.workers.data_parallel


def _batches(ledger: Ledger, examples: Num | None = None) -> Batches:
    micro = free_size(ledger, "B")
    examples = examples_of(ledger) if examples is None else examples
    return Batches(examples, micro, _gathered(ledger), ledger.setup.run.drop_last)


def _steps(ledger: Ledger) -> Num:
    run = ledger.setup.run
    return run.iterations if run.iterations is not None else _batches(ledger).steps * run.epochs


def _seen(ledger: Ledger) -> Num:
    run = ledger.setup.run
    if run.iterations is not None:
        return run.iterations * free_size(ledger, "B") * _gathered(ledger)
    return _batches(ledger).seen * run.epochs


def _tokens(ledger: Ledger) -> Num:
    return _seen(ledger) * free_size(ledger, "T")


def _epoch(ledger: Ledger, metric: str, batches: Batches) -> Num:
    """Return what a metric of one micro-batch comes to over all batches.

    Raises:
        NoAnswer: it has no formula for a last batch that is not full.
    """
    try:
        return batches.work(ledger.poly(metric), "B")
    except NotExact as error:
        raise NoAnswer(f"{ledger.graph.name}: {metric} has {error}; say drop_last=true to leave the last out") from None


def _trained(ledger: Ledger) -> Num:
    """Return the work of all passes of training, that which is done again included, without the optimizer's.

    A step runs forward and backward once, but for optimizers that search along a line or make a Hessian.
    """
    run, parts, passes = ledger.setup.run, ("train_flops", "recompute_flops"), ledger.poly("optimizer_passes")
    if run.iterations is not None:
        once = total((ledger.poly(part), run.iterations * _gathered(ledger)) for part in parts)
    else:
        batches = _batches(ledger)
        once = total((_epoch(ledger, part, batches), run.epochs) for part in parts)
    return simplest(once * passes)


def _updated(ledger: Ledger) -> Num:
    """Return the work of all updates: one in a step, of one copy of the weights, however many workers repeat it."""
    return simplest(_updates(ledger) * ledger.poly("optimizer_flops"))


def _updates(ledger: Ledger) -> Num:
    """Return how often the weights are updated: once in a step, or for each worker that waits for no other."""
    run, workers = ledger.setup.run, ledger.setup.workers
    if not workers.asynchronous:
        return _steps(ledger)
    if run.iterations is not None:
        return run.iterations * workers.data_parallel
    micro, gathered = free_size(ledger, "B"), ledger.setup.batching.micro_batches
    return Batches(examples_of(ledger), micro, gathered, run.drop_last).steps * run.epochs


def _evaluated(ledger: Ledger) -> Num:
    """Return the work of all evaluations: a forward pass over their examples, the last batch as short as it is."""
    run = ledger.setup.run
    of_share = 0 if run.eval_share == 0 else floor(run.eval_share * examples_of(ledger))
    examples = run.eval_examples if of_share == 0 else of_share
    if examples == 0:
        return 0
    micro = free_size(ledger, "B")
    times = floor(div(run.epochs if run.iterations is None else run.iterations, run.eval_every))
    return times * _epoch(ledger, "flops", Batches(examples, micro))


def _run_flops(ledger: Ledger) -> Num:
    return total((ledger.poly(f"run_flops.{part}"), 1) for part in ("passes", "updates", "evaluation"))


_STEPS = ("run", "batching", "workers")
_PASSES = (*_STEPS, "optimizing", "checkpointing")

METRICS = (
    Metric("steps", "steps", "steps of the optimizer in a run, ceil(N/(B m n)) in an epoch", shown=False,
           whole=_steps, of_all=True, under=_STEPS),
    Metric("run_examples", "examples", "examples seen in a run, each as often as it is seen", shown=False,
           whole=_seen, of_all=True, under=_STEPS),
    Metric("run_tokens", "tokens", "tokens seen in a run, each as often as it is seen", shown=False,
           whole=_tokens, of_all=True, under=_STEPS),
    Metric("run_flops", "FLOPs", "a run: its passes, recomputation included, its updates and its evaluations; a last "
           "batch is as short as it is", priced=True, shown=False, whole=_run_flops, of_all=True, under=_PASSES),
    Metric("run_flops.passes", "FLOPs", "of run_flops, passes forward and backward", priced=True, shown=False,
           whole=_trained, of_all=True, under=_PASSES),
    Metric("run_flops.updates", "FLOPs", "of run_flops, updates of the weights, 2 for a MAC and 1 for any other "
           "operation under every convention", shown=False, whole=_updated, of_all=True,
           under=(*_STEPS, "optimizing")),
    Metric("run_flops.evaluation", "FLOPs", "of run_flops, forward passes of all evaluations", priced=True, shown=False,
           whole=_evaluated, of_all=True, under=_STEPS),
)  # fmt: skip
