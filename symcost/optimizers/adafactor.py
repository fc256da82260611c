"""Second moments kept by rows and columns."""

from symcost.algebra.poly import Num
from symcost.ops.facts import Work, numel
from symcost.ops.work import plus, times
from symcost.optimizers.optimizer import Optimizer, Update, Weight
from symcost.optimizers.pieces import average, descent, rms


class Adafactor(Optimizer):
    """Scale gradients by squares that are kept as one average for each row and one for each column.

    Of a tensor with two axes or more the last two are rows and columns, r by c, and the others count k such matrices.

    Rule:   β = t^-0.8, ρ = min(η, 1/sqrt(t)), α = ρ max(ε2, RMS(θ));
            R <- (1 - β) R + β mean of g g over columns, C <- (1 - β) C + β mean of g g over rows;
            V = R C/max(mean of R, ε1), or for a vector V <- (1 - β) V + β g g;
            u = g/sqrt(max(V, ε1^2)); θ <- θ - α u/max(1, RMS(u)/d)
    State:  row_var (..., r, 1) and col_var (..., 1, c); for a vector variance, as the tensor
    Work:   of a matrix, n = k r c: squares of the gradient mul n, added up by rows add k r (c - 1) and by columns add
            k c (r - 1), div k (r + c); the averages mul 2 k (r + c), add k (r + c); V mul n, add k (r - 1), div k,
            compare k, div n; of a vector V mul 3 n, add n.
            Of both: u compare n, sqrt n, div n; the step mul n, add n; RMS of θ and of u each mul n, add n - 1, sqrt 1,
            div 1; and for the tensor compare 2 (both max), mul 2 (by ρ, and by 1/d), div 1
    Step:   pow 1 and add 1 (β and 1 - β), sqrt 1, div 1 and compare 1 (ρ)
    Source: Shazeer and Stern 2018 (arXiv:1804.04235), algorithms 4, 5 and 6, without momentum;
            ``torch.optim.Adafactor``, which raises V to ε1^2 where the paper adds ε1 to the squares
    """

    name = "adafactor"
    about = "squares of gradients kept by rows and columns"
    decay = "decoupled"

    def each(self, weight: Weight) -> Update:
        """Return the averages of squares and the clipped step."""
        n = weight.elements
        scaled = plus({"compare": n, "sqrt": n, "div": n}, descent(n))
        tensor = {"compare": 2, "mul": 2, "div": 1}
        rest = plus(scaled, times(2, rms(n)), tensor)
        if len(weight.shape) < 2:
            return Update({"variance": weight.shape}, plus({"mul": n}, average(n), rest))
        *ahead, rows, columns = weight.shape
        state = {"row_var": (*ahead, rows, 1), "col_var": (*ahead, 1, columns)}
        return Update(state, plus(_factored(numel(tuple(ahead)), rows, columns), rest))

    def once(self, params: Num) -> Update:
        """Return what depends on the number of the step."""
        return Update(work={"pow": 1, "add": 1, "sqrt": 1, "div": 1, "compare": 1})


def _factored(matrices: Num, rows: Num, columns: Num) -> Work:
    """Return the work of keeping and multiplying averages of rows and columns."""
    n, sums = rows * columns, rows + columns
    means = {"mul": n, "add": 2 * n - sums, "div": sums}
    estimate = {"mul": n, "add": rows - 1, "div": 1 + n, "compare": 1}
    return times(matrices, plus(means, average(sums), estimate))


OPTIMIZER = Adafactor
