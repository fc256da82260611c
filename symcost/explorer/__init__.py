"""What the page and the sliders in a notebook share: a cost as data, and one ES module that evaluates and solves it."""

from symcost.explorer.model import model
from symcost.explorer.module import joined

__all__ = ["joined", "model"]
