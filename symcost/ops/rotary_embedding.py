"""Positions as rotations."""

from typing import Literal

from symcost.algebra.needs import AtLeast, Divides
from symcost.ops.case import Case
from symcost.ops.facts import Facts, numel
from symcost.ops.fields import Size
from symcost.ops.op import Axes, Op
from symcost.ops.work import times


class RotaryEmbedding(Op):
    """Turn pairs of elements of queries or keys by angles that grow with the position; not a layer of torch.

    Shapes:      (..., q) -> the same; the first r = ``dim`` of the q elements are turned, by default all of them
    Weights:     none. The sines and cosines depend on positions and settings alone: they are made once, for any number
                 of layers, and are neither parameters nor buffers here
    MACs:        none
    Elementwise: for each of r/2 pairs (x cos - y sin, x sin + y cos): mul 2 (...) r and add (...) r in all, whichever
                 two elements are a pair
    Backward:    the gradient is turned back: mul 2 (...) r, add (...) r; keeps nothing but the tables
    Source:      Su et al. 2021 (arXiv:2104.09864), equations 15 and 34; a part of each head is turned in GPT-J and
                 GPT-NeoX (Black et al. 2022, section 2.1.1: a quarter). transformers holds r/2 frequencies in a buffer
                 that is not saved, and makes the tables for T positions in each pass
    """

    op: Literal["rotary_embedding"] = "rotary_embedding"
    takes = ("... q",)
    apart = "..."

    dim: Size | None = None

    def emit(self, a: Axes) -> Facts:
        turned = a.q if self.dim is None else self.dim
        work = times(numel(a.rest) * turned, {"mul": 2, "add": 1})
        needs = (Divides(2, turned), AtLeast(a.q - turned, 0))
        return Facts(outs=a.ins, work=work, grad_input=work, needs=needs)


CASES = (
    Case({}, ("B h T 128",), "B h T 128", work={"mul": "256*B*h*T", "add": "128*B*h*T"}, source="a head of Llama 2"),
    Case({"dim": 24}, ("1 64 7 96",), "1 64 7 96", work={"mul": 21_504, "add": 10_752},
         source="GPT-NeoX-20B: a quarter of each head"),
    Case({"dim": "2*r"}, ("B T 2*r+q",), "B T 2*r+q", work={"mul": "4*B*T*r", "add": "2*B*T*r"}),
)  # fmt: skip
