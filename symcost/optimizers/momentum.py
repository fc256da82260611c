"""The heavy ball."""

from symcost.ops.work import plus
from symcost.optimizers.optimizer import Optimizer, Update, Weight
from symcost.optimizers.pieces import descent
from symcost.optimizers.switch import Switch


class Momentum(Optimizer):
    """Go down a sum of gradients that fades.

    Rule:   b <- μ b + g; θ <- θ - η b
    State:  momentum_buffer, as the tensor
    Work:   mul 2 and add 2 for each element; with ``dampening``, b <- μ b + (1 - τ) g, mul 1 more
    Step:   nothing more
    Source: Polyak 1964; ``torch.optim.SGD(momentum=...)``. With the rate inside, b <- μ b - η g and θ <- θ + b
            (Sutskever et al. 2013, equations 1 and 2), the counts are the same
    """

    name = "momentum"
    about = "SGD with momentum: a sum of gradients that fades"

    dampening: Switch = False

    def each(self, weight: Weight) -> Update:
        """Return the fading sum and the step down it."""
        n = weight.elements
        damped = {"mul": n} if self.dampening else {}
        return Update({"momentum_buffer": weight.shape}, plus({"mul": n, "add": n}, damped, descent(n)))


OPTIMIZER = Momentum
