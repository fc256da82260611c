"""Nesterov's accelerated gradient."""

from symcost.ops.work import plus
from symcost.optimizers.momentum import Momentum
from symcost.optimizers.optimizer import Update, Weight


class Nesterov(Momentum):
    """Go down a fading sum of gradients as it will be one step on.

    Rule:   b <- μ b + g; θ <- θ - η (g + μ b)
    State:  momentum_buffer, as the tensor
    Work:   mul 3 and add 3 for each element
    Step:   nothing more
    Source: ``torch.optim.SGD(nesterov=True)``. With the gradient at a point ahead, g at θ + μ b, b <- μ b - η g and
            θ <- θ + b (Nesterov 1983; Sutskever et al. 2013, equations 3 and 4), has mul 3 and add 3 too
    """

    name = "nesterov"
    about = "SGD with Nesterov momentum: a look one step ahead"

    def each(self, weight: Weight) -> Update:
        """Return what momentum does, and the look ahead."""
        update, n = super().each(weight), weight.elements
        return Update(update.state, plus(update.work, {"mul": n, "add": n}))


OPTIMIZER = Nesterov
