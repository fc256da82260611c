"""Adam's step at the scale of each layer's weights."""

from symcost.algebra.poly import Num
from symcost.ops.work import plus, times
from symcost.optimizers.optimizer import Optimizer, Update, Weight
from symcost.optimizers.pieces import average, descent, norm


class Lamb(Optimizer):
    """Scale Adam's step of each layer by the length of its weights.

    A layer is one tensor, as in the authors' code.

    Rule:   m, v, c1 and c2 as in ``adam``; u = (m/c1)/(sqrt(v/c2) + ε) + λ θ;
            θ <- θ - η (|θ|/|u|) u, where the ratio is 1 if one of the lengths is 0
    State:  exp_avg and exp_avg_sq, each as the tensor
    Work:   mul 6, add 4, sqrt 1 and div 3 for each element, and mul 1 and add 1 for λ θ, if there is any; two lengths,
            each mul n, add n - 1 and sqrt 1; and for the tensor div 1 (the ratio), compare 2 and mul 1 (by η)
    Step:   pow 2 and add 2
    Source: You et al. 2020 (arXiv:1904.00962), algorithm 2 with the identity as φ; torch has none
    """

    name = "lamb"
    about = "Adam's step at the length of each layer's weights"
    decay = "in_step"

    def each(self, weight: Weight) -> Update:
        """Return Adam's averages, the lengths and the scaled step."""
        n, shape = weight.elements, weight.shape
        step = {"sqrt": n, "add": n, "div": 3 * n}
        ratio = plus(times(2, norm(n)), {"div": 1, "compare": 2, "mul": 1})
        work = plus(average(n), {"mul": n}, average(n), step, ratio, descent(n))
        return Update({"exp_avg": shape, "exp_avg_sq": shape}, work)

    def once(self, params: Num) -> Update:
        """Return the corrections of the bias."""
        return Update(work={"pow": 2, "add": 2})


OPTIMIZER = Lamb
