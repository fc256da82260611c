"""ResNet-50 under other counters, on torch's meta device; each is skipped where it is not installed."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

Job = Callable[[], Any]


def flop_counter_mode() -> Job:
    """Count with torch's FlopCounterMode."""
    import torch
    from torch.utils.flop_counter import FlopCounterMode

    from benchmarks.torch_resnet import resnet50

    with torch.device("meta"):
        model, image = resnet50().eval(), torch.empty(1, 3, 224, 224)

    def job() -> int:
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            model(image)
        return int(counter.get_total_flops())

    return job


def fvcore() -> Job:
    """Count with fvcore."""
    import torch
    from fvcore.nn import FlopCountAnalysis

    from benchmarks.torch_resnet import resnet50

    with torch.device("meta"):
        model, image = resnet50().eval(), torch.empty(1, 3, 224, 224)

    def job() -> int:
        counter = FlopCountAnalysis(model, image).unsupported_ops_warnings(False).uncalled_modules_warnings(False)
        return int(counter.total())

    return job


def symcost() -> Job:
    """The same total by symcost: spec file to a number."""
    import symcost

    symcost.load("lenet5").cost().at()
    return lambda: symcost.load("resnet50").cost("torch").at().flops


PEERS: dict[str, Callable[[], Job]] = {
    "symcost": symcost,
    "torch FlopCounterMode": flop_counter_mode,
    "fvcore": fvcore,
}
