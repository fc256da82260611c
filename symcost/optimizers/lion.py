"""The sign of a momentum."""

from symcost.ops.work import plus
from symcost.optimizers.optimizer import Optimizer, Update, Weight
from symcost.optimizers.pieces import average, descent


class Lion(Optimizer):
    """Go down the sign of a mix of the average gradient and the new one.

    Rule:   u = sign(β1 m + (1 - β1) g); θ <- θ - η u; m <- β2 m + (1 - β2) g
    State:  exp_avg, as the tensor
    Work:   mul 5, add 3 and compare 1 (the sign) for each element
    Step:   nothing more
    Source: Chen et al. 2023 (arXiv:2302.06675), algorithm 2, which decays weights as AdamW does; torch has none
    """

    name = "lion"
    about = "the sign of a momentum"
    decay = "decoupled"

    def each(self, weight: Weight) -> Update:
        """Return the mix, its sign, the step and the average."""
        n = weight.elements
        return Update({"exp_avg": weight.shape}, plus(average(n), {"compare": n}, descent(n), average(n)))


OPTIMIZER = Lion
