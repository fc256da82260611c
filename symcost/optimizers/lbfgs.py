"""Newton's direction out of the last few steps."""

from symcost.algebra.poly import Num
from symcost.ops.facts import Work
from symcost.ops.work import plus, times
from symcost.optimizers.optimizer import Optimizer, Update
from symcost.optimizers.pieces import descent
from symcost.optimizers.switch import Switch
from symcost.section import Size


class Lbfgs(Optimizer):
    """Go down a direction that the last m changes of weights and gradient say of the curvature.

    All P trained elements are one vector. A step has ``evaluations`` e: one, at a fixed rate, or the trial points of a
    line search, each half as far as the one before, until the strong Wolfe conditions hold. Choosing trial points by
    interpolation, as torch does, adds scalar work only.

    Rule:   s = t d, y = g - g', ρ = 1/(y's), γ = y's/(y'y), kept if y's > ε; q = -g;
            from the newest to the oldest a = ρ (s'q), q <- q - a y; d = γ q;
            from the oldest to the newest d <- d + (a - ρ (y'd)) s; θ <- θ + t d.
            Line search: at each trial f(θ + t d) <= f + c1 t g'd and abs(g(θ + t d)'d) <= -c2 g'd; t <- t/2
    State:  old_dirs (m, P), old_stps (m, P), d (P), prev_flat_grad (P), ro (m)
    Work:   mac (2 m + 2) P, mul (2 m + 2 + e) P, add (2 m + 1 + e) P: two products and two sums of vectors for each of
            the m steps are the 4 m P of the literature. A line search adds mac (1 + e) P.
            Scalars: div 2, compare 1, mul 2 m, add m; of a line search mul 4 e - 1, add e and compare 2 e
    Step:   e forward and e backward passes
    Source: Liu and Nocedal 1989; Nocedal and Wright 2006, algorithms 7.4, 7.5 and equation 3.7; ``torch.optim.LBFGS``
            with one iteration a step, its tests whether to stop left out
    """

    name = "lbfgs"
    about = "a direction out of the last changes of weights and gradient"

    history: Size = 10
    evaluations: Size = 1
    line_search: Switch = False

    @property
    def searches(self) -> bool:
        """Whether there is a line search: several evaluations are one."""
        return self.line_search or self.evaluations != 1

    @property
    def gradients(self) -> Num:
        """One for each evaluation."""
        return self.evaluations

    def once(self, params: Num) -> Update:
        """Return the history, the two loops over it, and the step or the search for its length."""
        m, state = self.history, {"d": (params,), "prev_flat_grad": (params,), "ro": (self.history,)}
        pair = {"add": params, "mul": params, "mac": 2 * params, "div": 2, "compare": 1}
        both = {"mac": 2 * params, "mul": 2 * params + 2, "add": 2 * params + 1}
        work = plus(pair, times(m, both), {"mul": params}, times(self.evaluations, descent(params)))
        return Update({"old_dirs": (m, params), "old_stps": (m, params), **state}, plus(work, self._search(params)))

    def _search(self, params: Num) -> Work:
        if not self.searches:
            return {}
        trial = {"mac": params, "mul": 4, "add": 1, "compare": 2}
        return plus({"mac": params, "mul": -1}, times(self.evaluations, trial))

    def passes(self, params: Num) -> Num:
        """Return one for each evaluation."""
        return self.evaluations


OPTIMIZER = Lbfgs
