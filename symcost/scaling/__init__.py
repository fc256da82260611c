"""Scaling laws of language models: which size and how many tokens are best for a budget of training FLOPs.

>>> from symcost.scaling import law
>>> law("hoffmann1").at(5.76e23).tokens  # about 1.43e12

They are fits: the exponents are what papers print, formulas are SymPy with floats, and values approximate. Sizes that
follow from them (``compute_optimal``) are exact again: the largest network whose training stays within the budget.
"""

from symcost.scaling.design import Design, compute_optimal
from symcost.scaling.law import Allocation, Law, law, laws

__all__ = ["Allocation", "Design", "Law", "compute_optimal", "law", "laws"]
