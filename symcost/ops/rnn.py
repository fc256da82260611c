"""The plain recurrent layer."""

from typing import Literal

from symcost.ops.activation import LAWS
from symcost.ops.case import Case
from symcost.ops.recurrent import Cell, Recurrent


class Rnn(Recurrent):
    """Step through sequences with one state, h' = tanh(W_ih x + b_ih + W_hh h + b_hh), as torch.nn.RNN.

    Shapes:      (T, B, E), with ``batch_first`` (B, T, E) -> (T, B, d H), and the last states (L d, B, H) of L =
                 ``num_layers`` layers in d = 1 or 2 directions. A second input is the state to begin with, otherwise 0
    Weights:     for each layer and direction weight_ih (H, I), weight_hh (H, H), bias_ih (H), bias_hh (H); I is E for
                 the first layer, d H for others
    MACs:        B T H (I + H) for each layer and direction
    Elementwise: for each of B T H units add 1, and 2 for the biases; tanh 1, or compare 1 for ``nonlinearity: relu``
    Backward:    the input's gradient: B T H E MACs for each direction, add B T E to join two, and with states given
                 B H H for each layer and direction. The rest is made for the weights: B T H (I + H) MACs,
                 B (T - 1) H H and add B (T - 1) H from step to step, B T H I between layers; the derivative, add 1 and
                 mul 2 or compare 1 for each unit; add (B T - 1) H for the biases, whose gradients are equal. Keeps the
                 input and all states
    Source:      Elman 1990; torch.nn.RNN
    """

    op: Literal["rnn"] = "rnn"

    nonlinearity: Literal["tanh", "relu"] = "tanh"

    def cell(self) -> Cell:
        law = LAWS[self.nonlinearity]
        return Cell(1, law.work, law.back, {}, stays=0, joins=0, bias_sums=1, keeps={})


CASES = (
    Case({"hidden_size": "H", "bias": False, "batch_first": True}, ("B T E",), "B T H, 1 B H", params="H*E + H**2",
         macs="B*T*H*E + B*T*H**2", work={"add": "B*T*H", "tanh": "B*T*H"}, source="Elman 1990"),
    Case({"hidden_size": 6, "num_layers": 2, "nonlinearity": "relu"}, ("5 3 4",), "5 3 6, 2 3 6", params=156,
         macs=1980, work={"add": 540, "compare": 180}, source="two layers, the steps before the batch"),
    Case({"hidden_size": 6, "bidirectional": True}, ("5 3 4", "2 3 6"), "5 3 12, 2 3 6", params=144, macs=1800,
         source="both directions, with states to begin with"),
)  # fmt: skip
