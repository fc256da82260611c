"""The Pareto frontier of two or more goals over a grid of designs."""

from symcost.frontier.answer import pareto, stream
from symcost.frontier.result import Frontier, Point

__all__ = ["Frontier", "Point", "pareto", "stream"]
