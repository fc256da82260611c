"""Scores of attention that depend on a query and on how far away a key is, row by row and column by column."""

from typing import Literal

from symcost.algebra.needs import Equal, Need
from symcost.algebra.poly import Num, constant
from symcost.ops.case import Case
from symcost.ops.facts import Facts, Kept, numel
from symcost.ops.fields import Sizes
from symcost.ops.op import Axes, Op, Refused, shown
from symcost.ops.window import spread
from symcost.ops.work import plus


class DecomposedPositionBias(Op):
    """Add to every score how well the query matches a learned vector for the key's distance on each axis of a map.

    Shapes:      scores (..., h w, h w) and their queries (..., h w, q) -> the scores; ``size`` is h and w, one number
                 for both or one for each, and the same for queries and keys
    Weights:     rows (2 h - 1, q) and columns (2 w - 1, q), a vector for each distance
    MACs:        (...) h w (h + w) q: a query meets h vectors for its rows and w for its columns
    Elementwise: add 2 for each score: rows and columns, and the score
    Backward:    for the scores none, their gradient is the output's; both others need it summed over what was
                 stretched, add (...) h w (2 h w - h - w), counted once. Then for the queries MACs again, and add
                 (...) h w q, the sum of both products; for the weights MACs again, and add (h h + w w) q, each pair's
                 vector to its row. Keeps the queries, the vectors of pairs (h, h, q) and (w, w, q), and their numbers
    Source:      Li et al. 2022 (arXiv:2112.01526), equation 4, for queries and keys of one size, as in Kirillov et al.
                 2023 (arXiv:2304.02643), Appendix A
    """

    op: Literal["decomposed_position_bias"] = "decomposed_position_bias"
    takes = ("... T S", "... T q")

    size: Sizes

    def emit(self, a: Axes) -> Facts:
        high, wide = spread(self.size, 2, "size")
        examples, scores = numel(a.rest), numel(a.ins[0])
        macs = examples * a.T * (high + wide) * a.q
        sums = {"add": examples * a.T * (2 * a.S - high - wide)}
        gathered = {"add": (high * high + wide * wide) * a.q}
        return Facts(
            outs=(a.ins[0],),
            work={"mac": macs, "add": 2 * scores},
            weights={"rows": (2 * high - 1, a.q), "columns": (2 * wide - 1, a.q)},
            grad_input={"mac": macs, "add": examples * a.T * a.q},
            grad_weight=plus(sums, {"mac": macs}, gathered),
            shared=sums,
            contracted=examples * a.T * (high + wide),
            keeps=(Kept("input", 1), *_kept("row", high, a.q), *_kept("column", wide, a.q)),
            needs=_of_a_map(a, high * wide),
        )


def _kept(axis: str, size: Num, width: Num) -> tuple[Kept, Kept]:
    """Return what is kept of an axis: the vector of each pair of places, and its number in the table."""
    vectors = Kept(f"{axis} vectors", shape=(size, size, width))
    return vectors, Kept(f"{axis} numbers", shape=(size, size), dtype="index")


def _of_a_map(a: Axes, places: Num) -> tuple[Need, ...]:
    """Return the conditions that queries and keys are the places of a map, and scores those of these queries."""
    if a.ins[0][:-2] != a.ins[1][:-2]:
        raise Refused(f"takes scores (..., T, S) and their queries (..., T, q), got {', '.join(map(shown, a.ins))}")
    for size, what in ((a.T, "queries"), (a.S, "keys")):
        if constant(size - places) not in (None, 0):
            raise Refused(f"the map has {places} places, got {size} {what}")
    return tuple(Equal(size, places) for size in (a.T, a.S) if size != places)


CASES = (
    Case({"size": 14}, ("B 12 196 196", "B 12 196 64"), "B 12 196 196", params=3456, macs="4214784*B",
         work={"add": "921984*B"}, source="a window of SAM's image encoder: 27 vectors of 64 numbers for each axis"),
    Case({"size": ["h", "w"]}, ("B h*w h*w", "B h*w q"), "B h*w h*w", params="2*q*(h + w - 1)",
         macs="B*h*q*w*(h + w)", work={"add": "2*B*h**2*w**2"}),
    Case({"size": [2, 3]}, ("6 6", "6 4"), "6 6", params=32, macs=120, work={"add": 72}, source="one head"),
)  # fmt: skip
