"""What a user writes: specs in YAML, JSON or Python, checked and with places for every problem."""

from symcost.spec.models import Spec
from symcost.spec.read import read_spec

__all__ = ["Spec", "read_spec"]
