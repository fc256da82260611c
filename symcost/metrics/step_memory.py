"""Bytes of a training step and of inference at their peaks, and what they are made of."""

from __future__ import annotations

from symcost.algebra.poly import Num, total
from symcost.graph.model import Graph, Node
from symcost.metrics.basis import Basis, Ledger
from symcost.metrics.metric import Metric
from symcost.metrics.step_peak import kept_rows, step_peak
from symcost.ops.facts import numel

STATE = ("weight_bytes", "gradient_bytes", "master_bytes", "moment_bytes", "buffer_bytes")
"""What a training step holds all the time."""


def _moments(ledger: Ledger) -> Num:
    each, workers = ledger.setup.precision.precision.bytes("moment"), ledger.setup.workers
    experts = ledger.poly("optimizer_state.experts")
    dense = ledger.poly("optimizer_state") - experts
    parts = workers.part("optimizer", dense), workers.part("optimizer", experts, experts=True)
    return total((part, each) for part in parts)


def _step_peak(ledger: Ledger) -> Num:
    """Return the peak of a micro-batch, and beside it what the others keep that are on their way through a pipeline."""
    workers, peak = ledger.setup.workers, step_peak(ledger)
    if workers.pipeline_parallel == 1:
        return peak
    kept = total((amount, 1) for amount in kept_rows(ledger.graph, ledger).values())
    return peak + workers.in_flight(kept, ledger.setup.batching.micro_batches) - kept


def _infer_peak(ledger: Ledger) -> Num:
    return ledger.setup.precision.precision.bytes("activation") * ledger.poly("peak_activations")


def _cached(node: Node, basis: Basis) -> Num:
    each = basis.setup.precision.precision.bytes("kv")
    return total((numel(shape), each) for shape in node.facts.cached)


def _inputs(ledger: Ledger) -> Num:
    recipe, graph = ledger.setup.precision.precision, ledger.graph
    places = [_are_places(graph, -1 - port) for port in range(len(graph.inputs))]
    each = (recipe.bytes("index" if are else "activation") for are in places)
    return total(zip(map(numel, graph.inputs.values()), each, strict=True))


def _are_places(graph: Graph, source: int) -> bool:
    """Tell whether an input of the network is places in tables, as all that keep it say."""
    told = {
        one.dtype
        for node in graph.nodes
        for one in node.facts.keeps
        if one.what == "input" and node.ins[one.index].source == source
    }
    return told == {"index"}


METRICS = (
    Metric("moment_bytes", "bytes", "what the optimizer keeps from step to step", whole=_moments, shown=False,
           under=("optimizing", "precision", "workers")),
    Metric("kv_bytes", "bytes", "what is held for the next token, such as keys and values", _cached, shown=False,
           under=("precision", "workers")),
    Metric("input_bytes", "bytes", "the network's inputs; tokens in int64, as in torch", whole=_inputs, shown=False,
           under=("precision", "workers")),
    Metric("step_peak_bytes", "bytes", "in memory at once at most in a training step: inputs, what is made and kept, "
           "gradients of what is made; without what is held all the time", whole=_step_peak, shown=False,
           under=("batching", "precision", "checkpointing", "workers")),
    Metric("train_bytes", "bytes", "in memory at once at most in a training step on one worker: weights, their "
           "gradients, master copy, the optimizer's state, buffers, and step_peak_bytes", shown=False,
           parts=(*STATE, "gathered_bytes", "step_peak_bytes"),
           under=("batching", "precision", "checkpointing", "optimizing", "workers")),
    Metric("infer_peak_bytes", "bytes", "activations in memory at once at most in inference", whole=_infer_peak,
           shown=False, under=("precision", "workers")),
    Metric("infer_bytes", "bytes", "in memory at once at most in inference: weights, buffers, inputs, the cache, and "
           "activations", parts=("weight_bytes", "buffer_bytes", "kv_bytes", "input_bytes", "infer_peak_bytes"),
           shown=False, under=("precision", "workers")),
)  # fmt: skip
