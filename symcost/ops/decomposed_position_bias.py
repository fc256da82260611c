"""Scores of attention that depend on a query and on how far away a key is, row by row and column by column."""

from typing import Literal

from symcost.algebra.maximum import maximum
from symcost.algebra.needs import Equal, Need
from symcost.algebra.poly import Num, constant
from symcost.ops.case import Case
from symcost.ops.facts import Facts, Kept, Shape, numel
from symcost.ops.fields import Sizes
from symcost.ops.op import NO_BOX, Axes, Op, Refused, shown
from symcost.ops.window import spread
from symcost.ops.work import plus


class DecomposedPositionBias(Op):
    """Add to every score how well the query matches a learned vector for the key's distance on each axis of a map.

    Shapes:      scores (..., h w, H W) and their queries (..., h w, q) -> the scores; ``size`` is h and w, one number
                 for both or one for each, and ``keys`` H and W where the map of keys has another size
    Weights:     rows (2 max(h, H) - 1, q) and columns (2 max(w, W) - 1, q), a vector for each distance
    MACs:        (...) h w (H + W) q: a query meets H vectors for its rows and W for its columns
    Elementwise: add 2 for each score: rows and columns, and the score
    Backward:    for the scores none, their gradient is the output's; both others need it summed over what was
                 stretched, add (...) h w (2 H W - H - W), counted once. Then for the queries MACs again, and add
                 (...) h w q, the sum of both products; for the weights MACs again, and add (h H + w W) q, each pair's
                 vector to its row. Keeps the queries, the vectors of pairs (h, H, q) and (w, W, q), and their numbers
    Source:      Li et al. 2022 (arXiv:2112.01526), equation 4; for queries and keys of one size as in Kirillov et al.
                 2023 (arXiv:2304.02643), Appendix A
    """

    op: Literal["decomposed_position_bias"] = "decomposed_position_bias"
    takes = ("... T S", "... T q")

    size: Sizes
    keys: Sizes | None = None

    def emit(self, a: Axes) -> Facts:
        queries = spread(self.size, 2, "size")
        keys = queries if self.keys is None else spread(self.keys, 2, "keys")
        high, wide = keys
        rows, columns = (maximum(pair, NO_BOX) for pair in zip(queries, keys, strict=True))
        examples, scores = numel(a.rest), numel(a.ins[0])
        macs = examples * a.T * (high + wide) * a.q
        sums = {"add": examples * a.T * (2 * a.S - high - wide)}
        pairs = (queries[0], high), (queries[1], wide)
        gathered = {"add": (numel(pairs[0]) + numel(pairs[1])) * a.q}
        return Facts(
            outs=(a.ins[0],),
            work={"mac": macs, "add": 2 * scores},
            weights={"rows": (2 * rows - 1, a.q), "columns": (2 * columns - 1, a.q)},
            grad_input={"mac": macs, "add": examples * a.T * a.q},
            grad_weight=plus(sums, {"mac": macs}, gathered),
            shared=sums,
            contracted=examples * a.T * (high + wide),
            keeps=(Kept("input", 1), *_kept("row", pairs[0], a.q), *_kept("column", pairs[1], a.q)),
            needs=_of_maps(a, numel(queries), numel(keys)),
        )


def _kept(axis: str, pairs: Shape, width: Num) -> tuple[Kept, Kept]:
    """Return what is kept of an axis: the vector of each pair of places, and its number in the table."""
    return Kept(f"{axis} vectors", shape=(*pairs, width)), Kept(f"{axis} numbers", shape=pairs, dtype="index")


def _of_maps(a: Axes, queries: Num, keys: Num) -> tuple[Need, ...]:
    """Return the conditions that queries and keys are the places of their maps, and scores those of these queries."""
    if a.ins[0][:-2] != a.ins[1][:-2]:
        raise Refused(f"takes scores (..., T, S) and their queries (..., T, q), got {', '.join(map(shown, a.ins))}")
    found = ((a.T, queries, "queries"), (a.S, keys, "keys"))
    for size, places, what in found:
        if constant(size - places) not in (None, 0):
            raise Refused(f"the map has {places} places, got {size} {what}")
    return tuple(Equal(size, places) for size, places, _ in found if size != places)


CASES = (
    Case({"size": 14}, ("B 12 196 196", "B 12 196 64"), "B 12 196 196", params=3456, macs="4214784*B",
         work={"add": "921984*B"}, source="a window of SAM's image encoder: 27 vectors of 64 numbers for each axis"),
    Case({"size": ["h", "w"]}, ("B h*w h*w", "B h*w q"), "B h*w h*w", params="2*q*(h + w - 1)",
         macs="B*h*q*w*(h + w)", work={"add": "2*B*h**2*w**2"}),
    Case({"size": 56, "keys": 14}, ("B 3136 196", "B 3136 96"), "B 3136 196", params=21_312, macs="8429568*B",
         work={"add": "1229312*B"}, source="MViT V2-T's first layer, with fewer keys"),
    Case({"size": [2, 3]}, ("6 6", "6 4"), "6 6", params=32, macs=120, work={"add": 72}, source="one head"),
)  # fmt: skip
