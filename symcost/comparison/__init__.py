"""Compare networks: what the difference of two costs is, what explains it, and where one overtakes the other."""

from symcost.comparison.comparing import compare
from symcost.comparison.difference import Comparison

__all__ = ["Comparison", "compare"]
