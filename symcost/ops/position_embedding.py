"""Learned positions."""

from typing import Literal

from symcost.algebra.needs import AtLeast
from symcost.ops.case import Case
from symcost.ops.facts import Facts, Shape, numel
from symcost.ops.fields import Amount, Size
from symcost.ops.op import Axes, Op


class PositionEmbedding(Op):
    """Add to every place a learned row for its position, as GPT-2 and BERT do; not a layer of torch.

    Shapes:      (..., T, E) -> the same; there are P = ``num_embeddings`` rows, the first ``offset`` of them for no
                 place, or for tokens of an earlier pass, so that T + offset is at most P
    Weights:     weight (P, E)
    MACs:        none
    Elementwise: add (...) T E
    Backward:    none for the input, whose gradient is the output's; for the weight add (...) T E - T E, the sum over
                 the leading axes. Keeps nothing
    Source:      Radford et al. 2018, section 3.1, W_p in equation 2; Devlin et al. 2019, Figure 2. torch looks the T
                 rows up first, in an embedding of their indices: no more work, and T E elements that are held no longer
    """

    op: Literal["position_embedding"] = "position_embedding"
    takes = ("... T E",)
    apart = "... T E"

    num_embeddings: Size
    offset: Amount = 0

    def emit(self, a: Axes) -> Facts:
        rows: Shape = (a.T, a.E)
        added = numel(a.ins[0])
        return Facts(
            outs=a.ins,
            work={"add": added},
            weights={"weight": (self.num_embeddings, a.E)},
            read={"weight": numel(rows)},
            grad_weight={"add": added - numel(rows)},
            needs=(AtLeast(self.num_embeddings - self.offset - a.T, 0),),
        )


CASES = (
    Case({"num_embeddings": 1024}, ("B T 768",), "B T 768", params=786_432, work={"add": "768*B*T"},
         source="GPT-2's positions"),
    Case({"num_embeddings": "P"}, ("B T E",), "B T E", params="P*E", work={"add": "B*T*E"}),
    Case({"num_embeddings": "P+2", "offset": 2}, ("B T E",), "B T E", params="P*E+2*E", work={"add": "B*T*E"},
         source="BART's and RoBERTa's, whose first two rows are for padding"),
    Case({"num_embeddings": 7}, ("7 3",), "7 3", params=21, work={"add": 21}, source="one example, all positions"),
)  # fmt: skip
