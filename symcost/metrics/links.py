"""Which link the messages of a group of workers go over: what the setup says, or what the device has."""

from __future__ import annotations

from typing import NamedTuple

from symcost.algebra.poly import Num, constant
from symcost.devices import Device
from symcost.errors import UsageError
from symcost.setup import Setup

INNER_FIRST = ("tensor", "context", "data", "pipeline")
"""How workers are numbered: those of a tensor-parallel group are neighbours, stages of a pipeline furthest apart, as in
Megatron-LM (Narayanan et al. 2021, section 3.2). Experts are shared out over data-parallel groups."""


class Rates(NamedTuple):
    """Bytes a second in one direction, and seconds until a message begins to arrive."""

    bandwidth: Num
    latency: Num


def link(setup: Setup, group: str) -> Rates:
    """Return the link that a group's messages go over.

    Raises:
        UsageError: nobody says how fast it is, or where workers are is open.
    """
    workers, device = setup.workers, setup.hardware.device
    if workers.link_bandwidth != 0:
        return Rates(workers.link_bandwidth, workers.link_latency)
    if device is None:
        raise UsageError("what messages take is told by links: say device=NAME, or link_bandwidth=BYTES a second")
    found = device.intra if _together(setup, "data" if group == "expert" else group, device) else device.inter
    if found is None:
        raise UsageError(f"device '{device.name}' has no such link; say link_bandwidth=BYTES a second")
    return Rates(found.bandwidth, workers.link_latency or found.latency or 0)


def _together(setup: Setup, group: str, device: Device) -> bool:
    """Tell whether a group's workers share a node."""
    workers, across = setup.workers, 1
    degrees = {
        "tensor": workers.tensor_parallel,
        "context": workers.context_parallel,
        "data": workers.data_parallel,
        "pipeline": workers.pipeline_parallel,
    }
    if device.per_node is None:
        raise UsageError(f"how many of device '{device.name}' share a node is open; say link_bandwidth=BYTES a second")
    for name in INNER_FIRST:
        degree = constant(degrees[name])
        if not isinstance(degree, int):
            raise UsageError(f"whether {degrees[name]} workers share a node is open; say link_bandwidth=BYTES a second")
        across *= degree
        if name == group:
            break
    return across <= device.per_node
