"""How well devices are used: operations that a model needs, or that a device does, over what it could have done.

Model FLOPs utilization (MFU) counts nothing twice; hardware FLOPs utilization (HFU) counts what is run again as well
(Chowdhery et al. 2022, arXiv:2204.02311, section 4.1 and appendix B).
"""

from __future__ import annotations

from symcost.algebra.division import div
from symcost.algebra.poly import Num


def utilization(flops: Num, seconds: Num, peak: Num, devices: Num = 1) -> Num:
    """Return the share of the peak of some devices that operations in some seconds come to.

    Args:
        flops: operations, of all devices together.
        seconds: in which they were done.
        peak: of one device, operations a second; dense or sparse, as the figure it is compared with has it.
        devices: how many there are.

    Raises:
        NotExact: the seconds are a sum of formulas.
    """
    return div(flops, seconds * peak * devices)
