"""Published figures: under which conventions, variants and input sizes a network has the number that was printed."""

from symcost.reconciliation.reconciling import reconcile
from symcost.reconciliation.result import Match, Reconciliation

__all__ = ["Match", "Reconciliation", "reconcile"]
