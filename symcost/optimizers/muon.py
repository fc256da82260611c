"""Momentum made orthogonal."""

from symcost.algebra.maximum import maximum, minimum
from symcost.algebra.poly import Num
from symcost.ops.facts import Work, numel
from symcost.ops.work import plus, times
from symcost.optimizers.adamw import AdamW
from symcost.optimizers.optimizer import Optimizer, Update, Weight
from symcost.optimizers.pieces import average, descent, norm
from symcost.optimizers.switch import Switch
from symcost.section import Size


class Muon(Optimizer):
    """Go down the orthogonal matrix closest to a momentum, for matrices of hidden layers; AdamW does the rest.

    A kernel is a matrix of its first axis by all others; a stack of experts is as many matrices. p is the lesser of its
    sizes and q the greater.

    Rule:   b <- μ b + (1 - μ) g; X = μ b + (1 - μ) g (``nesterov``; else X = b); X <- X/max(|X|, ε);
            ``ns_steps`` times: A = X X', B = c1 A + c2 A A, X <- c0 X + B X; θ <- θ - η' X, η' = η sqrt(max(1, r/c))
    State:  momentum_buffer, as the tensor; of all else exp_avg and exp_avg_sq
    Work:   n = p q: b mul 2 n, add n; nesterov the same again; the length mul n, add n - 1, sqrt 1, compare 1, div n;
            each of the ``ns_steps`` mac 2 p^2 q + p^3, mul 2 p^2 + n, add p^2 + n; the step mul n, add n.
            Of all else that of ``adamw``
    Step:   that of ``adamw``
    Source: Jordan et al. 2024, https://kellerjordan.github.io/posts/muon; ``torch.optim.Muon``, which takes matrices
            only. Its documentation has b <- μ b + g, its code and the authors' the average that stands here
    """

    name = "muon"
    about = "momentum of hidden matrices made orthogonal; AdamW for the rest"
    decay = "decoupled"
    decays = True

    nesterov: Switch = True
    ns_steps: Size = 5

    def each(self, weight: Weight) -> Update:
        """Return Muon's work on a hidden matrix, or AdamW's on another tensor."""
        stack, rows, rest = (
            weight.shape[: weight.stack],
            weight.shape[weight.stack :][:1],
            weight.shape[weight.stack + 1 :],
        )
        if not weight.hidden or not rest:
            return AdamW().each(weight)
        matrix = self._matrix(rows[0], numel(rest))
        return Update({"momentum_buffer": weight.shape}, times(numel(stack), matrix))

    def once(self, params: Num) -> Update:
        """Return the corrections of AdamW's bias."""
        return AdamW().once(params)

    def _matrix(self, rows: Num, columns: Num) -> Work:
        n, p, q = rows * columns, minimum((rows, columns), None), maximum((rows, columns), None)
        iteration = {"mac": 2 * p * p * q + p * p * p, "mul": 2 * p * p + n, "add": p * p + n}
        length = plus(norm(n), {"compare": 1, "div": n})
        return plus(times(2 if self.nesterov else 1, average(n)), length, times(self.ns_steps, iteration), descent(n))


OPTIMIZER = Muon
