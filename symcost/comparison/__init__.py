"""Compare networks: how two costs differ, what explains it, where one overtakes the other; and conventions of one."""

from symcost.comparison.comparing import compare
from symcost.comparison.difference import Comparison
from symcost.comparison.pricing import Pricing, compare_conventions

__all__ = ["Comparison", "Pricing", "compare", "compare_conventions"]
