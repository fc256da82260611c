"""The step to where the second-order picture of the loss is least."""

from symcost.algebra.division import div
from symcost.algebra.poly import Num
from symcost.ops.facts import Work
from symcost.optimizers.optimizer import Optimizer, Update


class Newton(Optimizer):
    """Solve for the step with the Hessian of all P trained elements.

    The Hessian is found by P products with unit vectors. Each follows the forward and the backward pass along a tangent
    (Pearlmutter 1994), in which a contraction of two things that change becomes two by the product rule: as many MACs
    as two forward and two backward passes. A backward pass through the graph of the gradient for each of its P elements
    comes to two products less in the first layer, whose input does not change. Elementwise work is taken to double too.

    Rule:   H = L L'; L z = g; L' d = z; θ <- θ - d
    State:  hessian (P, P), in the place of which L is made
    Work:   factor: mac (P^3 - P)/6, div P (P - 1)/2, sqrt P; two solves: mac P (P - 1), div 2 P; the step add P.
            At 2 FLOPs a MAC these are the P^3/3 + 2 P^2 of the literature. Coupled weight decay adds λ to the
            diagonal too: add P
    Step:   1 + 2 P forward and 1 + 2 P backward passes
    Source: Nocedal and Wright 2006, section 3.3; Golub and Van Loan 2013, algorithm 4.2.1 (Cholesky), 3.1.1 and 3.1.2;
            Pearlmutter 1994 (Neural Computation 6). torch has none
    """

    name = "newton"
    about = "a step by the full Hessian"

    def once(self, params: Num) -> Update:
        """Return the Hessian, its factor, the solves and the step."""
        p = params
        work = {
            "mac": div(p * p * p - p, 6) + p * (p - 1),
            "div": div(p * (p - 1), 2) + 2 * p,
            "sqrt": p,
            "add": p,
        }
        return Update({"hessian": (p, p)}, work)

    def passes(self, params: Num) -> Num:
        """Return one for the gradient and two for each of P products with the Hessian."""
        return 1 + 2 * params

    def penalty(self, n: Num) -> Work:
        """Return the work on the gradient and on the Hessian's diagonal."""
        return {"mul": n, "add": 2 * n}


OPTIMIZER = Newton
