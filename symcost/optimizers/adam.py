"""Moving averages of the gradient and of its square."""

from collections.abc import Mapping
from typing import Literal

from symcost.algebra.poly import Num
from symcost.ops.facts import Shape, Work
from symcost.ops.work import plus
from symcost.optimizers.optimizer import Optimizer, Update, Weight
from symcost.optimizers.pieces import average, descent
from symcost.optimizers.switch import Switch

Form = Literal["torch", "paper", "rate", "none"]
_DIVIDED: Mapping[Form, int] = {"torch": 1, "paper": 2, "rate": 0, "none": 0}
_POWERS: Work = {"pow": 2, "add": 2}
_SCALARS: Mapping[Form, Work] = {
    "torch": {**_POWERS, "div": 1, "sqrt": 1},
    "paper": _POWERS,
    "rate": {**_POWERS, "div": 1, "sqrt": 1, "mul": 1},
    "none": {},
}


class Adam(Optimizer):
    """Go down the average gradient over the root of the average square.

    Rule:   m <- β1 m + (1 - β1) g; v <- β2 v + (1 - β2) g g; c1 = 1 - β1^t, c2 = 1 - β2^t;
            θ <- θ - (η/c1) m/(sqrt(v)/sqrt(c2) + ε)
    State:  exp_avg and exp_avg_sq, each as the tensor; with ``amsgrad`` max_exp_avg_sq
    Work:   mul 6, add 4, sqrt 1 and div 2 for each element (bias_correction=torch); compare 1 more with ``amsgrad``,
            which takes the largest v so far.
            paper: m/c1 and v/c2 are made for each element, div 3 in place of 2;
            rate: θ <- θ - η_t m/(sqrt(v) + ε), η_t = η sqrt(c2)/c1, div 1; none: div 1
    Step:   pow 2, add 2, div 1 and sqrt 1 (torch); without div and sqrt (paper); with mul 1 more (rate); nothing (none)
    Source: Kingma and Ba 2015 (arXiv:1412.6980), algorithm 1 (paper) and the end of section 2 (rate);
            ``torch.optim.Adam``, ε beside the root of the corrected square; Reddi et al. 2018 for ``amsgrad``
    """

    name = "adam"
    about = "averages of the gradient and of its square"

    bias_correction: Form = "torch"
    amsgrad: Switch = False

    def each(self, weight: Weight) -> Update:
        """Return both averages and the scaled step."""
        n, shape = weight.elements, weight.shape
        state: dict[str, Shape] = {"exp_avg": shape, "exp_avg_sq": shape}
        scaled = {"sqrt": n, "add": n, "div": (1 + _DIVIDED[self.bias_correction]) * n}
        work = plus(average(n), {"mul": n}, average(n), scaled, descent(n))
        if self.amsgrad:
            state["max_exp_avg_sq"] = shape
            work = plus(work, {"compare": n})
        return Update(state, work)

    def once(self, params: Num) -> Update:
        """Return the corrections of the bias."""
        return Update(work=_SCALARS[self.bias_correction])


OPTIMIZER = Adam
