"""The scan of a selective state space."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.facts import INPUT, Facts, Kept, Work
from symcost.ops.fields import Flag
from symcost.ops.op import Axes, Op
from symcost.ops.work import plus, times


class SelectiveScan(Op):
    """Step through a sequence with a state whose change depends on the input, as mamba_ssm's selective_scan_fn.

    Inputs x, step d, b and c; for each channel N states with h' = exp(d A) h + (d x) b, from 0, and y = c h' + D x;
    A = -exp(A_log), made once.

    Shapes:      x (B, T, D), d (B, T, D), b (B, T, N), c (B, T, N) -> (B, T, D)
    Weights:     A_log (D, N), D (D) with ``skip``
    MACs:        B T D N, what c reads from the states. Their change is elementwise: every state has its own factor
    Elementwise: exp 1, mul 3 and add 1 for each of B T D N states; mul 1 for each of B T D places, and with ``skip``
                 mul 1 and add 1
    Backward:    to the inputs: of the product with c 2 B T D N MACs; from the gradient of a state those of the state
                 before, of exp(d A), of d A and d by it, of b and of d x: mul 6 for each state, and sums over N twice,
                 over D once, and with the step after: add B T D (N - 1) twice, B T (D - 1) N and B (T - 1) D N; mul 2
                 and add 1 for each place, with ``skip`` one more of both. To the weights: mul and add 1 for each state,
                 one add less for each of A, and mul 1 for each of A; with ``skip`` the same for each place and D but
                 the last. ``fused`` keeps the inputs and does again what makes the states, as forward but for the
                 product; otherwise states and factors are kept, and only d x is made again, mul 1 for each place
    Source:      Gu and Dao 2023 (arXiv:2312.00752), algorithm 2 and section 3.3.2
    """

    op: Literal["selective_scan"] = "selective_scan"
    takes = ("B T D", "B T D", "B T N", "B T N")
    apart = "D"
    contracts = "activations"

    skip: Flag = True
    fused: Flag = True

    def emit(self, a: Axes) -> Facts:
        places, weights = a.B * a.T * a.D, {"A_log": (a.D, a.N)}
        states, steps = places * a.N, {"mul": places}
        change = plus(times(states, {"exp": 1, "mul": 3, "add": 1}), steps)
        made = [Kept(name, shape=(a.B, a.T, a.D, a.N)) for name in ("states", "factors")]
        skipped: Work = {"mul": places, "add": places} if self.skip else {}
        return Facts(
            outs=(a.ins[0],),
            work=plus({"mac": states}, change, skipped),
            weights={**weights, "D": (a.D,)} if self.skip else weights,
            grad_input=plus(_to_inputs(a), skipped),
            grad_weight=plus(_to_weights(a), {"mul": places, "add": places - a.D} if self.skip else {}),
            again=change if self.fused else steps,
            keeps=(INPUT, *(Kept("input", index) for index in (1, 2, 3)), *(() if self.fused else made)),
        )


def _to_inputs(a: Axes) -> Work:
    places = a.B * a.T * a.D
    states = places * a.N
    sums = 2 * places * (a.N - 1) + a.B * a.T * (a.D - 1) * a.N + a.B * (a.T - 1) * a.D * a.N
    return {"mac": 2 * states, "mul": 6 * states + 2 * places, "add": sums + places}


def _to_weights(a: Axes) -> Work:
    states, own = a.B * a.T * a.D * a.N, a.D * a.N
    return {"mul": states + own, "add": states - own}


CASES = (
    Case({}, ("B T D", "B T D", "B T N", "B T N"), "B T D", params="D*N + D", macs="B*T*D*N",
         work={"exp": "B*T*D*N", "mul": "3*B*T*D*N + 2*B*T*D", "add": "B*T*D*N + B*T*D"},
         source="Mamba's: Gu and Dao 2023, algorithm 2"),
    Case({"skip": False, "fused": False}, ("2 5 3", "2 5 3", "2 5 4", "2 5 4"), "2 5 3", params=12, macs=120,
         work={"exp": 120, "mul": 390, "add": 120}),
)  # fmt: skip
