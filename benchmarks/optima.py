"""Optima over one to nine unknowns: what is asked, and a table of who finds it, proves it, and how fast.

The problems are designs that people look for: as wide, deep and large as budgets of MACs and parameters allow.
"""

from __future__ import annotations

import importlib.util
import json
import subprocess
import sys
from collections.abc import Sequence
from dataclasses import dataclass
from time import perf_counter

from rich.console import Console
from rich.table import Table

from benchmarks import optimizers

TITLE = "Optima over several unknowns"


@dataclass(frozen=True)
class Problem:
    """An optimum that is asked for.

    Attributes:
        network: a shipped name.
        free: symbols that the variant fixes.
        over: the unknowns and their values.
        maximize: what is to be greatest.
        budgets: what is to be met.
        at: values of other sizes.
    """

    network: str
    free: Sequence[str]
    over: str
    maximize: str
    budgets: Sequence[str]
    at: dict[str, str]


_RESNET = "C=16:168:8, H=32:480:32, L1=1:16, L2=1:20, L3=1:40, L4=1:20"  # 20 15 16 20 40 20 = 76.8 M
_REGNET = "H=4:512:4, C1=8:256:8, C2=8:384:8, C3=8:512:8, C4=8:768:8, L1=1:10, L2=1:16, L3=1:30, L4=1:20"
_L = ("L1", "L2", "L3", "L4")
_BOTH = ("macs <= 4G", "params <= 25M")
_MOBILE = ("macs <= 1.6G", "params <= 9M")
PROBLEMS = {
    "1 unknown: widest ResNet-50": Problem("resnet50", (), "C=1:1024", "C", ("macs <= 2G",), {}),
    "2 unknowns: ResNet-50, C by H": Problem("resnet50", (), "C=1:1024, H=1:2048", "C*H", ("macs <= 4G",), {"W": "H"}),
    "3 unknowns: EfficientNet, d w**2 H**2": Problem(
        "efficientnet_b0", ("d",), "d=1:3:1/20, w=1:2:1/40, H=64:512:8", "d*w**2*H**2", ("macs <= 1G",), {"W": "H"}
    ),
    "4 unknowns: depths of ResNet": Problem(
        "resnet50", _L, "L1=1:60, L2=1:60, L3=1:60, L4=1:60", "L1*L2*L3*L4", ("macs <= 8G", "params <= 60M"), {}
    ),
    "6 unknowns: ResNet, H C (L1 + ... + L4)": Problem("resnet50", _L, _RESNET, "H*C*(L1+L2+L3+L4)", _BOTH, {"W": "H"}),
    "6 unknowns: ResNet, H C L1 L2 L3 L4": Problem("resnet50", _L, _RESNET, "H*C*L1*L2*L3*L4", _BOTH, {"W": "H"}),
    "9 unknowns: RegNet, H (C1 + ... + C4) (L1 + ... + L4)": Problem(
        "regnet_x_1_6gf", (*_L, "g"), _REGNET, "H*(C1+C2+C3+C4)*(L1+L2+L3+L4)", _MOBILE, {"W": "H", "g": "8"}
    ),
    "9 unknowns: RegNet, H C1 C2 C3 C4 L1 L2 L3 L4": Problem(
        "regnet_x_1_6gf", (*_L, "g"), _REGNET, "H*C1*C2*C3*C4*L1*L2*L3*L4", _MOBILE, {"W": "H", "g": "8"}
    ),
    "9 unknowns: RegNet, C1 L1 + ... + C4 L4": Problem(
        "regnet_x_1_6gf", (*_L, "g"), _REGNET, "C1*L1+C2*L2+C3*L3+C4*L4", _MOBILE, {"W": "H", "g": "8"}
    ),
}


def measure(problem: str, optimizer: str) -> None:
    """Let one optimizer answer, once, in this fresh process, and print what it says and wall seconds."""
    job = optimizers.OPTIMIZERS[optimizer][0](PROBLEMS[problem])
    start = perf_counter()
    found = job()
    print(json.dumps({**found._asdict(), "seconds": perf_counter() - start}))


def show(console: Console, word: str) -> None:
    """Print the table of the problems named, or of all where the word is in the title."""
    chosen = [name for name in PROBLEMS if word in name or word in TITLE]
    if not chosen:
        return
    table = Table("problem, designs", title=TITLE, title_justify="left")
    for heading in ("by", "value", "is", "seconds"):
        table.add_column(heading, no_wrap=heading != "is")
    for name in chosen:
        best = None
        for optimizer, (_, package) in optimizers.OPTIMIZERS.items():
            if package and importlib.util.find_spec(package) is None:
                continue
            args = [sys.executable, "-m", "benchmarks.optima", name, optimizer]
            found = json.loads(subprocess.run(args, check=True, capture_output=True, text=True).stdout)
            best = found["value"] if best is None else best
            head = f"{name}, {found['designs']:,}" if optimizer == "symcost" else ""
            table.add_row(head, optimizer, *_said(found, best), f"{found['seconds']:.2f}")
        table.add_section()
    console.print(table)


def _said(found: dict[str, object], best: object) -> tuple[str, str]:
    if found["value"] is None:
        return "", str(found["note"])
    value = int(str(found["value"])) if str(found["value"]).isdigit() else found["value"]
    missed = "" if found["value"] == best else "missed; "
    return f"{value:,}" if isinstance(value, int) else str(value), missed + str(found["note"])


if __name__ == "__main__":
    measure(*sys.argv[1:])
