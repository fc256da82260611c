"""Tokens on their way to experts."""

from typing import Literal

from symcost.algebra.expression import Expr, ExprError
from symcost.algebra.needs import AtLeast, Equal, Need
from symcost.algebra.poly import Num, constant
from symcost.algebra.remainders import never_negative
from symcost.ops.case import Case
from symcost.ops.facts import Facts, Kept, numel
from symcost.ops.fields import Real, Size
from symcost.ops.op import NO_BOX, Axes, Op, Refused, shown

_SLOTS = Expr.parse("n*ceil(c*T*k/n)")


class Dispatch(Op):
    """Copy each token once for each of its k experts, sorted by expert; not a layer of torch.

    Shapes:      (..., E) and the experts (..., k) of its T = (...) tokens -> (R, E). Without ``capacity`` no token is
                 dropped, R = T k. With a capacity factor c each of the n = ``experts`` has ceil(c T k/n) slots and
                 R = n ceil(c T k/n): tokens beyond are dropped, slots without a token are worked on all the same
    Weights:     none
    MACs:        none
    Elementwise: none; rows are copied
    Backward:    the gradients of a token's k copies add up: add T (k - 1) E. Keeps the experts
    Source:      Shazeer et al. 2017 (arXiv:1701.06538), section 2; capacity: Lepikhin et al. 2020
                 (GShard, arXiv:2006.16668), section 2.2, and Fedus et al. 2021 (Switch Transformer, arXiv:2101.03961),
                 equation 3; none dropped: Gale et al. 2022 (MegaBlocks, arXiv:2211.15841)
    """

    op: Literal["dispatch"] = "dispatch"
    takes = ("... E", "... k")

    experts: Size
    capacity: Real | None = None

    def emit(self, a: Axes) -> Facts:
        if len(a.ins[0]) != len(a.ins[1]):
            raise Refused(f"takes (..., E) and (..., k) of the same tokens, got {' and '.join(map(shown, a.ins))}")
        tokens = numel(a.ins[1][:-1])
        add = tokens * (a.k - 1) * a.E
        pairs = zip(a.ins[0][:-1], a.ins[1][:-1], strict=True)
        rows = self._rows(tokens, a.k)
        return Facts(
            outs=((rows, a.E),),
            grad_input={"add": add} if add != 0 else {},
            keeps=(Kept("input", 1, dtype="index", to=(0,)),),
            needs=(*(Equal(x, y) for x, y in pairs if x != y), *self._some(rows)),
        )

    def _rows(self, tokens: Num, k: Num) -> Num:
        if self.capacity is None:
            return tokens * k
        if self.capacity == 0:
            raise Refused("has capacity 0, which leaves no slot; leave it out if no token is dropped")
        try:
            rows = _SLOTS.evaluate({"n": self.experts, "c": self.capacity, "T": tokens, "k": k})
        except ExprError:
            way_out = "make the number of experts a symbol or a number"
            raise Refused(f"shares {tokens * k} rows out among {self.experts} experts; {way_out}") from None
        assert not isinstance(rows, bool)
        return rows

    def _some(self, rows: Num) -> tuple[Need, ...]:
        """Return the condition that a capacity leaves room."""
        if self.capacity is None:
            return ()
        factor = constant(self.capacity)
        if factor is not None and factor <= 0:
            raise Refused(f"capacity is {factor}, which has room for nothing; give a factor above 0")
        return () if never_negative(self.capacity, NO_BOX) else (AtLeast(rows, 1),)


CASES = (
    Case({"experts": "n"}, ("B T E", "B T k"), "B*T*k E", source="no token is dropped"),
    Case({"experts": 8, "capacity": 1.25}, ("2 7 16", "2 7 1"), "24 16", source="Switch Transformer: 8 times 3 slots"),
    Case({"experts": "n", "capacity": 2}, ("T E", "T k"), "n*ceil(2*T*k/n) E"),
    Case({"experts": 8}, ("1 128 4096", "1 128 2"), "256 4096", source="Mixtral 8x7B"),
)
