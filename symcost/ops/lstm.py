"""Long short-term memory."""

from dataclasses import replace
from typing import Literal

from symcost.algebra.needs import AtLeast, Need
from symcost.algebra.poly import Num, constant
from symcost.ops.case import Case
from symcost.ops.facts import Facts
from symcost.ops.fields import Amount
from symcost.ops.op import Axes, Refused
from symcost.ops.recurrent import Cell, Recurrent


class Lstm(Recurrent):
    """Step through sequences with a memory behind gates, as torch.nn.LSTM.

    With gates i, f, o = sigmoid(W x + U h) and candidate g = tanh(W x + U h), biases with each product:
    c' = f c + i g and h' = o tanh(c'), which ``proj_size`` P projects, h' = W_hr (o tanh(c')).

    Shapes:      (T, B, E), with ``batch_first`` (B, T, E) -> (T, B, d P), the last states (L d, B, P) and memories
                 (L d, B, H) of L = ``num_layers`` layers in d = 1 or 2 directions; P = H = ``hidden_size`` without
                 ``proj_size``. A second and a third input are the states and memories to begin with, otherwise 0
    Weights:     for each layer and direction weight_ih (4 H, I), weight_hh (4 H, P), bias_ih (4 H), bias_hh (4 H), with
                 ``proj_size`` weight_hr (P, H); I is E for the first layer, d P for others
    MACs:        B T 4 H (I + P) for each layer and direction, and B T H P to project
    Elementwise: for each of B T H units add 8, and 8 for the biases; mul 3, exp 3, div 3, tanh 2
    Backward:    the input's gradient: B T 4 H E MACs for each direction, add B T E to join two, and with states given
                 B 4 H P for each layer and direction. The rest is made for the weights: B T 4 H (I + P) MACs,
                 B (T - 1) 4 H P from step to step, B T 4 H I between layers, 2 B T H P for the projection; with s =
                 tanh(c') done again (tanh 1), from the gradients of h and c those of o, s, i, g, f and the c before,
                 each times its derivative: add 5 and mul 16 for each unit; add B (T - 1) (P + H) where what a later
                 step hands back is joined; add (B T - 1) 4 H for the biases, whose gradients are equal. Keeps the
                 input, all states, gates and memories, and o tanh(c') where it is projected
    Source:      Hochreiter and Schmidhuber 1997, with the forget gate of Gers et al. 2000; projection: Sak et al. 2014;
                 torch.nn.LSTM, whose CUDA kernel keeps gates and memories and makes tanh(c') again
    """

    op: Literal["lstm"] = "lstm"
    states = 2

    proj_size: Amount = 0

    def emit(self, a: Axes) -> Facts:
        facts = super().emit(a)
        return facts if self.projected_to() is None else replace(facts, needs=(*facts.needs, self._narrower()))

    def cell(self) -> Cell:
        work = {"add": 4, "mul": 3, "exp": 3, "div": 3, "tanh": 2}
        back = {"add": 5, "mul": 16}
        return Cell(4, work, back, {"tanh": 1}, stays=0, joins=1, bias_sums=4, keeps={"gates": 4, "memory": 1})

    def projected_to(self) -> Num | None:
        return None if constant(self.proj_size) == 0 else self.proj_size

    def _narrower(self) -> Need:
        need = AtLeast(self.hidden_size - self.proj_size, 1)
        if need.decide({}) is False:
            raise Refused(f"proj_size is {self.proj_size}, hidden_size {self.hidden_size}; project to fewer")
        return need


CASES = (
    Case({"hidden_size": "H", "batch_first": True}, ("B T E",), "B T H, 1 B H, 1 B H", params="4*H*E + 4*H**2 + 8*H",
         macs="4*B*T*H*E + 4*B*T*H**2", work={"mul": "3*B*T*H", "tanh": "2*B*T*H", "add": "16*B*T*H"},
         source="four products a step: Hochreiter and Schmidhuber 1997, Gers et al. 2000"),
    Case({"hidden_size": "H", "proj_size": "P", "bias": False}, ("T B E", "1 B P", "1 B H"), "T B P, 1 B P, 1 B H",
         params="4*H*E + 5*H*P", macs="4*B*T*H*E + 5*B*T*H*P", source="a projected state: Sak et al. 2014"),
    Case({"hidden_size": 6, "num_layers": 2, "bidirectional": True}, ("5 3 4",), "5 3 12, 4 3 6, 4 3 6", params=1536,
         macs=20160, source="the second layer reads both directions of the first"),
    Case({"hidden_size": 6, "proj_size": 2, "num_layers": 2, "bidirectional": True, "batch_first": True}, ("5 3 4",),
         "5 3 4, 4 5 2, 4 5 6", params=816, macs=9360, source="what goes on to the second layer is projected"),
)  # fmt: skip
