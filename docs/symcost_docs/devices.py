"""The page of devices: peaks, memory, links, and the sheet that each figure stands in."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Any

from symcost.views.devices import devices
from symcost_docs.markdown import code, page, prose, table, terms


def pages() -> dict[str, str]:
    """Return the page of devices."""
    return {"reference/devices.md": _devices()}


def _devices() -> str:
    return page(
        "Devices",
        "`device=NAME`. Figures stand as the makers print them. Dense and sparse peaks are two fields and never "
        "mixed; a "
        "peak that is missing is an error.",
        *(_device(one) for one in devices().data),
    )


def _device(one: Mapping[str, Any]) -> str:
    peaks = [
        (format_, _scaled(peak, 12), _scaled(one["sparse"].get(format_), 12)) for format_, peak in one["dense"].items()
    ]
    said = {
        "Memory": f"{_scaled(one['memory'], 9)} GB, {_scaled(one['bandwidth'], 9)} GB/s",
        "Power": f"{one['power']} W" if one["power"] else "",
        "Links": _links(one),
        "Price": f"{one['price']} US dollars an hour" if one["price"] else "",
        "Source": prose(one["source"]),
    }
    return (
        f"## {code(one['name'])}\n\n{prose(one['about'])}\n\n"
        + table(("format", "dense, TFLOP/s", "sparse, TFLOP/s"), peaks, " rr")
        + "\n"
        + terms((key, text) for key, text in said.items() if text)
    )


def _links(one: Mapping[str, Any]) -> str:
    within = f"{_scaled(one['intra'], 9)} GB/s within a node" if one["intra"] else ""
    many = f" of {one['per_node']}" if one["per_node"] else ""
    beyond = f"{_scaled(one['inter'], 9)} GB/s between nodes" if one["inter"] else ""
    return ", ".join(part for part in (within + (many if within else ""), beyond) if part)


def _scaled(amount: str | None, power: int) -> str:
    return "" if amount is None else f"{int(amount) / 10**power:,.6g}"
