"""Rates that shrink with the gradients seen."""

from symcost.algebra.poly import Num
from symcost.ops.work import plus
from symcost.optimizers.optimizer import Optimizer, Update, Weight
from symcost.optimizers.pieces import descent
from symcost.optimizers.switch import Switch


class Adagrad(Optimizer):
    """Divide each element's rate by the root of the sum of its squared gradients.

    Rule:   s <- s + g g; θ <- θ - η g/(sqrt(s) + ε)
    State:  sum, as the tensor
    Work:   mul 2, add 3, sqrt 1 and div 1 for each element
    Step:   nothing more; with ``lr_decay``, η_t = η/(1 + (t - 1) d): mul 1, add 1 and div 1
    Source: Duchi, Hazan and Singer 2011, figure 1 with a diagonal matrix (ε under no root); ``torch.optim.Adagrad``
    """

    name = "adagrad"
    about = "rates that shrink with the sum of squared gradients"

    lr_decay: Switch = False

    def each(self, weight: Weight) -> Update:
        """Return the sum of squares and the scaled step."""
        n = weight.elements
        scaled = {"sqrt": n, "add": n, "div": n}
        return Update({"sum": weight.shape}, plus({"mul": n, "add": n}, scaled, descent(n)))

    def once(self, params: Num) -> Update:
        """Return the decay of the rate."""
        return Update(work={"mul": 1, "add": 1, "div": 1} if self.lr_decay else {})


OPTIMIZER = Adagrad
