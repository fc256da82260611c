"""symcost: exact, symbolic costs of neural networks, and their inverse.

    >>> import symcost
    >>> cost = symcost.load("resnet50").cost()
    >>> cost.at(H=224, W=224).macs
    4089184256

Everything is imported on first use, so that asking for a number does not wait for SymPy.
"""

from __future__ import annotations

from importlib import import_module
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symcost.architecture import Architecture, load
    from symcost.calculus import (
        asymptotics,
        crossover,
        derivative,
        dominance,
        elasticity,
        knobs,
        least,
        limit,
        sensitivity,
    )
    from symcost.checkpoints import checkpoint_interval
    from symcost.comparison import Comparison, Pricing, compare, compare_conventions
    from symcost.cost import Cost
    from symcost.errors import NoAnswer, SpecError, SymcostError, UsageError
    from symcost.explorer.interactive import explore
    from symcost.explorer.page import page
    from symcost.frontier import pareto
    from symcost.graph import Graph
    from symcost.graph.build import build
    from symcost.growing import Growth, growth
    from symcost.kernels import Roofline, Serving, roofline, serving
    from symcost.memory import peak
    from symcost.optimum import Optimum, compound_scaling, iso, optimize
    from symcost.reconciliation import Reconciliation, reconcile
    from symcost.scaling import compute_optimal
    from symcost.setup import Setup
    from symcost.solver import solve
    from symcost.spec import Spec, read_spec
    from symcost.training_memory import training_peak
    from symcost.view import Bound, View
    from symcost.views.answer import Answer
    from symcost.views.formula import Formula, formula
    from symcost.views.report import report

__version__ = "0.1.0"

_HOME = {
    "Answer": "views.answer",
    "Architecture": "architecture",
    "Bound": "view",
    "Comparison": "comparison",
    "Cost": "cost",
    "Formula": "views.formula",
    "Graph": "graph",
    "NoAnswer": "errors",
    "Optimum": "optimum",
    "Reconciliation": "reconciliation",
    "Roofline": "kernels",
    "Serving": "kernels",
    "Setup": "setup",
    "Spec": "spec",
    "SpecError": "errors",
    "SymcostError": "errors",
    "UsageError": "errors",
    "View": "view",
    "asymptotics": "calculus",
    "build": "graph",
    "checkpoint_interval": "checkpoints",
    "Pricing": "comparison",
    "compare": "comparison",
    "compare_conventions": "comparison",
    "compound_scaling": "optimum",
    "compute_optimal": "scaling",
    "crossover": "calculus",
    "derivative": "calculus",
    "dominance": "calculus",
    "elasticity": "calculus",
    "explore": "explorer.interactive",
    "formula": "views.formula",
    "Growth": "growing",
    "growth": "growing",
    "iso": "optimum",
    "knobs": "calculus",
    "least": "calculus",
    "limit": "calculus",
    "load": "architecture",
    "optimize": "optimum",
    "page": "explorer.page",
    "pareto": "frontier",
    "peak": "memory",
    "read_spec": "spec",
    "reconcile": "reconciliation",
    "report": "views.report",
    "roofline": "kernels",
    "sensitivity": "calculus",
    "serving": "kernels",
    "solve": "solver",
    "training_peak": "training_memory",
}

__all__ = [
    "Answer",
    "Architecture",
    "Bound",
    "Comparison",
    "Cost",
    "Formula",
    "Graph",
    "Growth",
    "NoAnswer",
    "Optimum",
    "Pricing",
    "Reconciliation",
    "Roofline",
    "Serving",
    "Setup",
    "Spec",
    "SpecError",
    "SymcostError",
    "UsageError",
    "View",
    "asymptotics",
    "build",
    "checkpoint_interval",
    "compare",
    "compare_conventions",
    "compound_scaling",
    "compute_optimal",
    "crossover",
    "derivative",
    "dominance",
    "elasticity",
    "explore",
    "formula",
    "growth",
    "iso",
    "knobs",
    "least",
    "limit",
    "load",
    "optimize",
    "page",
    "pareto",
    "peak",
    "read_spec",
    "reconcile",
    "report",
    "roofline",
    "sensitivity",
    "serving",
    "solve",
    "training_peak",
]


def __getattr__(name: str) -> Any:
    if name not in _HOME:
        raise AttributeError(f"module 'symcost' has no attribute '{name}'")
    return getattr(import_module(f"symcost.{_HOME[name]}"), name)


def __dir__() -> list[str]:
    return [*__all__, "__version__"]
