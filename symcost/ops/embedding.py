"""Looking up rows of a table."""

from typing import Literal

from symcost.algebra.division import div
from symcost.algebra.extent import ceil
from symcost.algebra.poly import constant
from symcost.ops.case import Case
from symcost.ops.facts import Facts, Kept, numel
from symcost.ops.fields import Size
from symcost.ops.op import Axes, Op
from symcost.ops.shard import Cuts, Shard

FEW_ROWS = 256
"""Rows of a table, such as that of two kinds of segments, which is at every worker rather than to be added up."""


class Embedding(Op):
    """Take for each index its row of a table, as torch.nn.Embedding.

    Shapes:      (...) -> (..., E), any number of axes of indices; V = ``num_embeddings``, E = ``embedding_dim``
    Weights:     weight (V, E)
    MACs:        none
    Elementwise: none; (...) rows are copied
    Backward:    none for the input, which holds indices; for the weight add (...) E, each place's gradient to its row.
                 Keeps the indices
    Source:      torch.nn.Embedding; a head tied to it is a ``linear`` under the same ``weights``
    """

    op: Literal["embedding"] = "embedding"
    takes = ("...",)

    num_embeddings: Size
    embedding_dim: Size

    def emit(self, a: Axes) -> Facts:
        out = (*a.ins[0], self.embedding_dim)
        return Facts(
            outs=(out,),
            weights={"weight": (self.num_embeddings, self.embedding_dim)},
            read={"weight": numel(out)},
            grad_weight={"add": numel(out)},
            keeps=(Kept("input", dtype="index"),),
        )

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: the rows that it has, others are 0, to be added up; all have a small table."""
        if cuts.at is not None:
            return Shard((cuts.at,))
        rows = constant(self.num_embeddings)
        if rows is not None and rows < FEW_ROWS:
            return None
        return Shard((None,), {"num_embeddings": ceil(div(self.num_embeddings, cuts.workers))}, summed=True)


CASES = (
    Case({"num_embeddings": 50257, "embedding_dim": 768}, ("B T",), "B T 768", params=38_597_376,
         source="GPT-2's tokens"),
    Case({"num_embeddings": "V", "embedding_dim": "E"}, ("B T",), "B T E", params="V*E"),
    Case({"num_embeddings": 11, "embedding_dim": 4}, ("2 3 5",), "2 3 5 4", params=44),
)  # fmt: skip
