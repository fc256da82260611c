"""What workers send each other in a step, and how long that takes; and how long the stages of a pipeline wait."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import NamedTuple

from symcost.algebra.division import div
from symcost.algebra.needs import Divides
from symcost.algebra.poly import Num, substitute, total
from symcost.errors import UsageError
from symcost.graph.model import Node
from symcost.graph.segments import run_again
from symcost.graph.stages import layers
from symcost.metrics.basis import Basis, Ledger
from symcost.metrics.links import Rates, link
from symcost.metrics.metric import Metric
from symcost.ops.facts import numel
from symcost.workers import asynchrony, pipeline, zero
from symcost.workers.algorithms import algorithm
from symcost.workers.collective import Algorithm
from symcost.workers.section import Workers


class Message(NamedTuple):
    """What is sent in a step.

    Attributes:
        way: by which algorithm.
        size: S in bytes, over all times.
        times: how often.
        among: how many workers.
    """

    way: Algorithm
    size: Num
    times: Num
    among: Num


Messages = Callable[[Ledger], Iterator[Message]]


def _data(ledger: Ledger) -> Iterator[Message]:
    """Yield what data-parallel workers send; those that share out tokens have gradients to add up as well."""
    workers, recipe = ledger.setup.workers, ledger.setup.precision.precision
    groups = workers.data_parallel * workers.context_parallel
    experts = ledger.poly("params_updated.experts")
    for params, among in (
        (ledger.poly("params_updated") - experts, groups),
        (experts, div(groups, workers.expert_parallel)),
    ):
        if params == 0 or among == 1:
            continue
        sizes = params * recipe.bytes("weight"), params * recipe.bytes("gradient")
        for collective, size, times in zero.exchanged(*sizes, workers.zero, ledger.setup.batching.micro_batches):
            way = workers.reducing if collective == "all_reduce" else algorithm(collective)
            yield Message(way, size, times, among)


def _while_running(setting: str) -> Messages:
    def messages(ledger: Ledger) -> Iterator[Message]:
        """Yield what is sent while the network runs, and while it runs again: for every micro-batch, or once a step."""
        workers, recipe = ledger.setup.workers, ledger.setup.precision.precision
        if ledger.network is None:
            return
        which, micro_batches = ledger.setup.checkpointing.again, ledger.setup.batching.micro_batches
        again = run_again(ledger.graph, which) if which is not None else ()
        for each in workers.local(ledger.network).exchanges.get(setting, ()):
            twice = not each.backward and each.node in again
            often = 1 if each.once else micro_batches * (2 if twice else 1)
            size = recipe.bytes("gradient" if each.once else "activation") * each.total * often
            yield Message(algorithm(each.collective), size, each.times * often, ledger.setup[setting])

    return messages


def _pipeline(ledger: Ledger) -> Iterator[Message]:
    """Yield what a worker between two others hands on: activations forward, and their gradients back."""
    workers, recipe = ledger.setup.workers, ledger.setup.precision.precision
    if workers.pipeline_parallel == 1:
        return
    assert ledger.network is not None
    own = ledger.graph.repeats[ledger.network.repeats.index(layers(ledger.network))]
    last = {own.loop.index: own.loop.count - 1}
    handed = total((substitute(numel(tensor.shape), last), 1) for tensor in own.after)
    often = ledger.setup.batching.micro_batches
    size = pipeline.handed_on(handed * recipe.bytes("activation"), often, workers.interleave)
    times = pipeline.handed_on(1, often, workers.interleave)
    yield Message(algorithm("point_to_point"), size, times, workers.pipeline_parallel)


GROUPS: dict[str, tuple[Messages, str]] = {
    "data": (_data, "gradients, and with zero parameters, among data-parallel workers"),
    "tensor": (_while_running("tensor_parallel"), "activations and their gradients among those that share out weights"),
    "pipeline": (_pipeline, "activations and their gradients from stage to stage"),
    "expert": (_while_running("expert_parallel"), "rows that go to their experts and come back"),
    "context": (_while_running("context_parallel"), "keys and values among those that share out tokens"),
}
"""Who sends, and what."""


def _bytes(messages: Messages) -> Callable[[Ledger], Num]:
    def moved(ledger: Ledger) -> Num:
        return total((each.way.bytes_moved(each.size, each.among), 1) for each in messages(ledger))

    return moved


def _seconds(group: str, messages: Messages) -> Callable[[Ledger], Num]:
    def took(ledger: Ledger) -> Num:
        workers = ledger.setup.workers
        return total((_took(each, workers, link(ledger.setup, group)), 1) for each in messages(ledger))

    return took


def _took(each: Message, workers: Workers, rates: Rates) -> Num:
    alone = workers.asynchronous and each.way.name == "parameter_server"
    law = asynchrony.seconds if alone else each.way.seconds
    return law(each.size, each.among, rates.bandwidth, rates.latency * each.times, workers.servers)


def _all(start: str) -> Callable[[Ledger], Num]:
    return lambda ledger: total((ledger.poly(f"{start}.{group}"), 1) for group in GROUPS)


def _bubble(ledger: Ledger) -> Num:
    """Return what waiting is to working.

    Raises:
        UsageError: pieces take turns in groups of as many micro-batches as there are stages, and these do not come out.
    """
    workers, often = ledger.setup.workers, ledger.setup.batching.micro_batches
    stages = workers.pipeline_parallel
    if workers.interleave > 1 and Divides(stages, often).decide({}) is False:
        raise UsageError(f"interleave takes micro_batches that pipeline_parallel = {stages} divides, got {often}")
    return pipeline.bubble(stages, often, workers.interleave)


def _of_experts(node: Node, _: Basis) -> Num:
    return total((numel(shape), 1) for shape in node.facts.weights.values()) if node.experts else 0


UNDER = ("batching", "precision", "checkpointing", "workers")
TIMED = (*UNDER, "hardware")
METRICS = (
    Metric("workers", "workers", "how many workers there are in all", whole=lambda ledger: ledger.setup.workers.total,
           shown=False, under=("workers",), of_all=True),
    Metric("worker_params", "params", "parameters that one worker works with", shown=False, under=("workers",),
           whole=lambda ledger: ledger.poly("params")),
    Metric("worker_flops", "FLOPs", "flops of one worker and one micro-batch", shown=False, priced=True,
           whole=lambda ledger: ledger.poly("flops"), under=("workers",)),
    Metric("worker_train_flops", "FLOPs", "train_flops of one worker and one micro-batch", shown=False, priced=True,
           whole=lambda ledger: ledger.poly("train_flops"), under=("workers",)),
    Metric("params_updated.experts", "params", "of params_updated, those of experts", _of_experts, tied=True,
           trained=True, shown=False),
    Metric("comm_bytes", "bytes", "bytes that a worker sends in a step of training, all groups together",
           whole=_all("comm_bytes"), shown=False, under=UNDER),
    Metric("comm_s", "seconds", "seconds that comm_bytes take, one message after the other", whole=_all("comm_s"),
           shown=False, under=TIMED),
    *(Metric(f"comm_bytes.{group}", "bytes", f"of comm_bytes, {what}", whole=_bytes(messages), shown=False, under=UNDER)
      for group, (messages, what) in GROUPS.items()),
    *(Metric(f"comm_s.{group}", "seconds", f"of comm_s, {what}", whole=_seconds(group, messages), shown=False,
             under=TIMED)
      for group, (messages, what) in GROUPS.items()),
    Metric("bubble", "ratio", "time in which the stages of a pipeline wait, over time in which they work",
           whole=_bubble, shown=False, under=("batching", "workers")),
)  # fmt: skip
