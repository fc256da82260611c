"""From a spec to a graph whose nodes know their facts."""

from symcost.graph.build import build
from symcost.graph.model import Graph, Loop, Node, Tensor

__all__ = ["Graph", "Loop", "Node", "Tensor", "build"]
