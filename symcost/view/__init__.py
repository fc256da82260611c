"""Three views of a formula, and how far the smooth one is from the exact one."""

from symcost.view.bound import Bound
from symcost.view.view import VIEWS, View, view_of

__all__ = ["VIEWS", "Bound", "View", "view_of"]
