"""All devices: peaks, memory, links and power, as their makers print them."""

from __future__ import annotations

from collections.abc import Sequence
from fractions import Fraction
from typing import Any

from symcost.devices import Device, Link
from symcost.devices import devices as known
from symcost.table import Column, Rate, Table
from symcost.views.answer import Answer, described

CAPTION = (
    "dense peaks in TFLOP/s; where a device has no bf16, that of fp16; ridge in FLOPs/byte; sparse peaks, all formats "
    "and sources by --json"
)


def devices(words: Sequence[str] = ()) -> Answer:
    """Return the devices, those that words describe or all.

    Raises:
        NoAnswer: none is described by all the words.
    """
    found = described(known().values(), lambda one: [one.name, one.about], words, "device --devices")
    columns = (
        Column("device", kind="text"), Column("fp32"), Column("bf16"), Column("fp8"), Column("int8"),
        Column("memory", "GB"), Column("bandwidth", "GB/s"), Column("ridge"), Column("power", "W"),
        Column("what it is", kind="text"),
    )  # fmt: skip
    return Answer((Table(columns, tuple(map(_row, found)), CAPTION),), [_data(device) for device in found])


def _row(device: Device) -> tuple[Any, ...]:
    half = "bf16" if "bf16" in device.dense else "fp16"
    peaks = [_short(device.dense.get(format_), 12) for format_ in ("fp32", half, "fp8", "int8")]
    sizes = [_short(device.memory, 9), _short(device.bandwidth, 9)]
    return (device.name, *peaks, *sizes, Rate(Fraction(device.ridge(half))), device.power, device.about)


def _short(amount: int | None, power: int) -> str:
    return "" if amount is None else f"{amount / 10**power:,.6g}"


def _data(device: Device) -> dict[str, Any]:
    return {
        "name": device.name,
        "about": device.about,
        "source": device.source,
        "dense": {format_: str(peak) for format_, peak in device.dense.items()},
        "sparse": {format_: str(peak) for format_, peak in device.sparse.items()},
        "memory": str(device.memory),
        "bandwidth": str(device.bandwidth),
        "power": device.power,
        "intra": _link(device.intra),
        "inter": _link(device.inter),
        "per_node": device.per_node,
        "price": None if device.price is None else str(device.price.per_hour),
    }


def _link(link: Link | None) -> str | None:
    return None if link is None else str(link.bandwidth)
