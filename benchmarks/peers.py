"""ResNet-50 under other counters; each is skipped where it is not installed.

Modules are imported, the model is built, and each counter has counted one small convolution before, so that no
first-use import is timed.
"""

from __future__ import annotations

from collections.abc import Callable

from benchmarks.section import Job, Section


def flop_counter_mode() -> Job:
    """Count with torch's FlopCounterMode, on the meta device."""
    import torch
    from torch import nn
    from torch.utils.flop_counter import FlopCounterMode

    from benchmarks.torch_resnet import resnet50

    def count(model: nn.Module, image: torch.Tensor) -> int:
        with torch.no_grad(), FlopCounterMode(display=False) as counter:
            model(image)
        return int(counter.get_total_flops())

    with torch.device("meta"):
        model, image = resnet50().eval(), torch.empty(1, 3, 224, 224)
        count(nn.Conv2d(3, 8, 3), torch.empty(1, 3, 8, 8))
    return lambda: count(model, image)


def fvcore() -> Job:
    """Count with fvcore, which traces a run of the model on the CPU."""
    import torch
    from fvcore.nn import FlopCountAnalysis
    from torch import nn

    from benchmarks.torch_resnet import resnet50

    def count(model: nn.Module, image: torch.Tensor) -> int:
        counter = FlopCountAnalysis(model, image).unsupported_ops_warnings(False).uncalled_modules_warnings(False)
        return int(counter.total())

    model, image = resnet50().eval(), torch.empty(1, 3, 224, 224)
    count(nn.Conv2d(3, 8, 3), torch.empty(1, 3, 8, 8))
    return lambda: count(model, image)


def symcost() -> Job:
    """The same total by symcost: spec file to a number."""
    import symcost

    symcost.load("lenet5").cost("torch").at()
    return lambda: symcost.load("resnet50").cost("torch").at().flops


JOBS: dict[str, Callable[[], Job]] = {
    "symcost": symcost,
    "torch FlopCounterMode": flop_counter_mode,
    "fvcore": fvcore,
}
SECTION = Section(
    "ResNet-50 at 224, modules imported and model built",
    JOBS,
    base="symcost",
    needs={"torch FlopCounterMode": "torch", "fvcore": "fvcore"},
)
