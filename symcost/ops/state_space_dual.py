"""A selective state space as products of matrices, chunk by chunk."""

from typing import Literal

from symcost.algebra.extent import ceil_div
from symcost.algebra.needs import Divides
from symcost.algebra.poly import Num
from symcost.ops.case import Case
from symcost.ops.facts import INPUT, Facts, Kept, Work
from symcost.ops.fields import Flag, Size
from symcost.ops.op import Axes, Op, Refused
from symcost.ops.window import fixed
from symcost.ops.work import plus, times


class StateSpaceDual(Op):
    """Mix a sequence with a state space of one decay per head, in chunks, as mamba_ssm's mamba_chunk_scan_combined.

    Inputs x, step d, b and c; within chunks of Q = ``chunk_size`` steps the scores c b^T, times decays exp of sums of
    d A, mix d x; each of n = ceil(T/Q) chunks makes a state, n + 1 with the first, which is 0, are mixed by their
    decays, and c reads them; y also has D x. A = -exp(A_log), made once. The last chunk is filled up with zeros.

    Shapes:      x (B, T, h, P), d (B, T, h), b (B, T, g, N), c (B, T, g, N) -> (B, T, h, P); heads share b and c in g
                 groups, a number that divides h
    Weights:     A_log (h), D (h) with ``skip``
    MACs:        B n h (Q Q N + Q Q P + 2 Q N P) for scores, mixture, and states to and from, all pairs of a chunk and
                 for each head; B h (n + 1)^2 N P between chunks
    Elementwise: for each chunk and head exp Q Q + 2 Q, mul Q Q + Q N + Q P, add Q Q + Q P + 2 Q - 1; for each head
                 exp (n + 1)^2, add (n + 1)^2 + n; for d x and d A mul B T h (P + 1); mul and add B T h P with ``skip``
    Backward:    twice the MACs, each product by both sides. For each chunk and head mul 2 (Q Q + Q N + Q P + Q) and
                 add 2 Q Q + 2 Q P + 3 Q N + Q; for each head mul (n + 1)^2 and add 2 (n + 1) n + 2 n + 1; for d, x and
                 A mul B T h (2 P + 1) and add B T h P, to sum over groups add 2 B T (h - g) N, and with ``skip`` mul
                 and add B T h P. To the weights: mul B T h + h and add (B T - 1) h; with ``skip`` mul B T h P and
                 add (B T P - 1) h. Keeps the inputs, scores and decays of each chunk, what c reads, and the states
                 before and after they are mixed; does d x and two products of decays again: mul B T h P and
                 B n h Q (N + Q)
    Source:      Dao and Gu 2024 (arXiv:2405.21060), section 6 and listing 1, where each head has its own b and c
    """

    op: Literal["state_space_dual"] = "state_space_dual"
    takes = ("B T h P", "B T h", "B T g N", "B T g N")
    contracts = "activations"

    chunk_size: Size = 256
    skip: Flag = True

    def emit(self, a: Axes) -> Facts:
        need = Divides(a.g, a.h)
        if need.decide({}) is False:
            raise Refused(f"has {a.h} heads in {a.g} groups, which do not divide them")
        q = fixed(self.chunk_size, "chunk_size")
        n, places = ceil_div(a.T, q), a.B * a.T * a.h
        chunks, weights = a.B * n * a.h, {"A_log": (a.h,)}
        macs = chunks * q * (q * a.N + q * a.P + 2 * a.N * a.P) + a.B * a.h * (n + 1) ** 2 * a.N * a.P
        skipped: Work = {"mul": places * a.P, "add": places * a.P} if self.skip else {}
        return Facts(
            outs=(a.ins[0],),
            work=plus({"mac": macs, "mul": places * (a.P + 1)}, _decays(a, q, n), skipped),
            weights={**weights, "D": (a.h,)} if self.skip else weights,
            grad_input=plus({"mac": 2 * macs}, _to_inputs(a, q, n), skipped),
            grad_weight=plus(
                {"mul": places + a.h, "add": places - a.h},
                {"mul": places * a.P, "add": places * a.P - a.h} if self.skip else {},
            ),
            contracted=chunks * (q * (q + 2 * a.P) + a.N * a.P) + a.B * a.h * (n + 1) * a.N * a.P,
            again={"mul": places * a.P + chunks * q * (a.N + q)},
            keeps=(INPUT, *(Kept("input", index) for index in (1, 2, 3)), *_made(a, q, n)),
            needs=(need,),
        )


def _decays(a: Axes, q: int, n: Num) -> Work:
    """Return the elementwise work within chunks and between them."""
    each = {"exp": q * (q + 2), "mul": q * (q + a.N + a.P), "add": q * (q + a.P + 2) - 1}
    between = {"exp": (n + 1) ** 2, "add": (n + 1) ** 2 + n}
    return plus(times(a.B * n * a.h, each), times(a.B * a.h, between))


def _to_inputs(a: Axes, q: int, n: Num) -> Work:
    places = a.B * a.T * a.h
    each = {"mul": 2 * q * (q + a.N + a.P + 1), "add": q * (2 * q + 2 * a.P + 3 * a.N + 1)}
    between = {"mul": (n + 1) ** 2, "add": 2 * (n + 1) * n + 2 * n + 1}
    steps = {"mul": places * (2 * a.P + 1), "add": places * a.P + 2 * a.B * a.T * (a.h - a.g) * a.N}
    return plus(times(a.B * n * a.h, each), times(a.B * a.h, between), steps)


def _made(a: Axes, q: int, n: Num) -> tuple[Kept, ...]:
    """Return what is kept besides the inputs."""
    return (
        *(Kept(name, shape=(a.B, n, a.h, q, q)) for name in ("scores", "decays")),
        *(Kept(name, shape=(a.B, n, a.h, q)) for name in ("decays to states", "decays from states")),
        Kept("read", shape=(a.B, n, a.h, q, a.P)),
        *(Kept(name, shape=(a.B, n + 1, a.h, a.N, a.P)) for name in ("states", "mixed states")),
        Kept("decays between chunks", shape=(a.B, a.h, n + 1, n + 1)),
    )


CASES = (
    Case({}, ("B 512 24 64", "B 512 24", "B 512 1 128", "B 512 1 128"), "B 512 24 64", params=48,
         macs="807075840*B", source="Mamba-2 130M, two chunks"),
    Case({"chunk_size": 4, "skip": False}, ("2 6 4 3", "2 6 4", "2 6 2 5", "2 6 2 5"), "2 6 4 3", params=4, macs=5048,
         source="the second of two chunks is filled up"),
    Case({"chunk_size": 64}, ("B T h P", "B T h", "B T g N", "B T g N"), "B T h P", params="2*h",
         macs="4096*B*ceil(T/64)*h*(N + P) + 128*B*ceil(T/64)*h*N*P + B*h*(ceil(T/64) + 1)**2*N*P"),
)  # fmt: skip
