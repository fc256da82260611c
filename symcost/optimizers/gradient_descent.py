"""Gradient descent on all examples."""

from symcost.optimizers.optimizer import Optimizer, Update, Weight
from symcost.optimizers.pieces import descent


class GradientDescent(Optimizer):
    """Go down the gradient of the loss over the whole data set.

    Rule:   θ <- θ - η g
    State:  none
    Work:   mul 1 and add 1 for each element
    Step:   nothing more
    Source: Cauchy 1847; ``torch.optim.SGD`` without momentum, given all examples. Stochastic gradient descent (one
            example) and mini-batches (some) have the same rule: what differs is how many examples make a step
    """

    name = "gradient_descent"
    about = "all examples in one step"
    whole_data = True

    def each(self, weight: Weight) -> Update:
        """Return the one step down."""
        return Update(work=descent(weight.elements))


OPTIMIZER = GradientDescent
