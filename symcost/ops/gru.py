"""The gated recurrent unit."""

from typing import Literal

from symcost.ops.case import Case
from symcost.ops.recurrent import Cell, Recurrent


class Gru(Recurrent):
    """Step through sequences with a gated state, as torch.nn.GRU.

    With r = sigmoid(W_r x + U_r h), z = sigmoid(W_z x + U_z h), m = U_n h and n = tanh(W_n x + r m), biases with each
    product: h' = (1 - z) n + z h.

    Shapes:      (T, B, E), with ``batch_first`` (B, T, E) -> (T, B, d H), and the last states (L d, B, H) of L =
                 ``num_layers`` layers in d = 1 or 2 directions. A second input is the state to begin with, otherwise 0
    Weights:     for each layer and direction weight_ih (3 H, I), weight_hh (3 H, H), bias_ih (3 H), bias_hh (3 H); I is
                 E for the first layer, d H for others
    MACs:        B T 3 H (I + H) for each layer and direction
    Elementwise: for each of B T H units add 7, and 6 for the biases; mul 3, exp 2, div 2, tanh 1
    Backward:    the input's gradient: B T 3 H E MACs for each direction, add B T E to join two, and with states given
                 B 3 H H and add B H for each layer and direction. The rest is made for the weights: B T 3 H (I + H)
                 MACs, B (T - 1) 3 H H from step to step, B T 3 H I between layers; g (h - n) z (1 - z),
                 g (1 - z) (1 - n n), that times m r (1 - r) and times r, and g z: add 4 and mul 11 for each unit,
                 add 2 B (T - 1) H where what a later step hands back is joined; add (B T - 1) 4 H for the biases,
                 those of m apart. Keeps the input, all states, and r, z, n, m
    Source:      Cho et al. 2014; torch.nn.GRU, which gates U_n h after the product
    """

    op: Literal["gru"] = "gru"

    def cell(self) -> Cell:
        work = {"add": 4, "mul": 3, "exp": 2, "div": 2, "tanh": 1}
        return Cell(3, work, {"add": 4, "mul": 11}, {}, stays=1, joins=0, bias_sums=4, keeps={"gates": 4})


CASES = (
    Case({"hidden_size": "H", "batch_first": True}, ("B T E",), "B T H, 1 B H", params="3*H*E + 3*H**2 + 6*H",
         macs="3*B*T*H*E + 3*B*T*H**2", work={"mul": "3*B*T*H", "tanh": "B*T*H", "exp": "2*B*T*H"},
         source="three gates: Cho et al. 2014"),
    Case({"hidden_size": 6, "num_layers": 2, "bidirectional": True, "bias": False}, ("5 3 4",), "5 3 12, 4 3 6",
         params=1008, macs=15120, source="the second layer reads both directions of the first"),
    Case({"hidden_size": 6}, ("5 3 4", "1 3 6"), "5 3 6, 1 3 6", params=216, macs=2700),
)  # fmt: skip
