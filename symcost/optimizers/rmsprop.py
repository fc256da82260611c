"""Rates over a moving average of squared gradients."""

from symcost.ops.facts import Shape
from symcost.ops.work import plus
from symcost.optimizers.optimizer import Optimizer, Update, Weight
from symcost.optimizers.pieces import average, descent
from symcost.optimizers.switch import Switch


class RmsProp(Optimizer):
    """Divide each gradient by the root of a moving average of its square.

    Rule:   v <- α v + (1 - α) g g; θ <- θ - η g/(sqrt(v) + ε)
    State:  square_avg, as the tensor; grad_avg where ``centered``, momentum_buffer with ``momentum``
    Work:   mul 4, add 3, sqrt 1 and div 1 for each element.
            ``centered``: a <- α a + (1 - α) g, and sqrt(v - a a) in place of sqrt(v): mul 3 and add 2 more.
            ``momentum``: b <- μ b + g/(sqrt(v) + ε), θ <- θ - η b: mul 1 and add 1 more
    Step:   nothing more
    Source: Tieleman and Hinton 2012, lecture 6.5; Graves 2013 (arXiv:1308.0850), equations 38 to 41, for ``centered``,
            there with ε under the root; ``torch.optim.RMSprop``, ε beside the root
    """

    name = "rmsprop"
    about = "gradients over the root of their mean square"

    momentum: Switch = False
    centered: Switch = False

    def each(self, weight: Weight) -> Update:
        """Return the average of squares and the scaled step."""
        n, shape = weight.elements, weight.shape
        state: dict[str, Shape] = {"square_avg": shape}
        work = plus({"mul": n}, average(n), {"sqrt": n, "add": n, "div": n}, descent(n))
        if self.centered:
            state["grad_avg"] = shape
            work = plus(work, average(n), {"mul": n, "add": n})
        if self.momentum:
            state["momentum_buffer"] = shape
            work = plus(work, {"mul": n, "add": n})
        return Update(state, work)


OPTIMIZER = RmsProp
