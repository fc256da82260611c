"""Adam with weight decay of its own."""

from symcost.optimizers.adam import Adam


class AdamW(Adam):
    """Go down as Adam does, and shrink the weights apart from the gradient.

    Rule:   θ <- (1 - η λ) θ, then that of ``adam``
    State:  exp_avg and exp_avg_sq, each as the tensor; with ``amsgrad`` max_exp_avg_sq
    Work:   that of ``adam``, and mul 1 for each element, as 1 - η λ is a constant
    Step:   that of ``adam``
    Source: Loshchilov and Hutter 2019 (arXiv:1711.05101), algorithm 2; ``torch.optim.AdamW``
    """

    name = "adamw"
    about = "Adam with decoupled weight decay"
    decay = "decoupled"
    decays = True


OPTIMIZER = AdamW
