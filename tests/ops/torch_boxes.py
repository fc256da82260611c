"""Reading boxes off maps, as torch says it: samples of a grid, and their means."""

from __future__ import annotations

from typing import Any

import pytest

from symcost.ops.op import Op
from tests.ops.settings import Run, Sizes, settings

torch = pytest.importorskip("torch")
functional = torch.nn.functional


def roi_align(op: Op, ins: Sizes) -> Run:
    """Read every box off the first map; which map it is changes no size."""
    given = settings(op)
    out, ratio = given["output_size"], given["sampling_ratio"]
    high, wide = out if isinstance(out, tuple) else (out, out)

    def run(*xs: Any) -> Any:
        maps, boxes = xs[0], xs[-1]
        whole = torch.zeros(len(boxes), 2, 3, device=maps.device)  # of a box, which part does not matter either
        grid = functional.affine_grid(whole, [len(boxes), 1, high * ratio, wide * ratio], align_corners=False)
        samples = functional.grid_sample(maps[boxes[:, 0].long()], grid, align_corners=False)
        return functional.avg_pool2d(samples, ratio)

    return run


BUILD = {"roi_align": roi_align}
