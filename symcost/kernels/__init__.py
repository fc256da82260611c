"""Kernels under a roofline: what bounds each, for which sizes, and a picture of it."""

from symcost.kernels.bounds import Kernel, Region, Roofline, roofline
from symcost.kernels.served import Serving, serving

__all__ = ["Kernel", "Region", "Roofline", "Serving", "roofline", "serving"]
