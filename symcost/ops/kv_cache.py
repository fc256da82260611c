"""What a decoder holds of the tokens before."""

from typing import Literal

from symcost.algebra.maximum import minimum
from symcost.algebra.poly import Num
from symcost.ops.case import Case
from symcost.ops.facts import Facts
from symcost.ops.fields import Amount
from symcost.ops.op import Axes, Op
from symcost.ops.shard import Cuts, Shard, by_letters


class KvCache(Op):
    """Append the keys or the values of this pass to those held from earlier passes; not a layer of torch.

    Shapes:      (..., T, q) -> (..., S + T, q) with S = ``past`` tokens held before. With a ``window`` of w tokens the
                 oldest are dropped: min(S, w - 1) are left for this pass, and min(S + T, w - 1) are held after it; 0
                 is no window
    Weights:     none
    MACs:        none
    Elementwise: none; the output is the cache itself, into which the new rows are written. It is held from pass to
                 pass, beside the weights, and counts as ``kv_cache``, not as an activation
    Backward:    none, the gradient is that of the last T rows; keeps nothing
    Source:      Shazeer 2019 (arXiv:1911.02150), section 2.4: incremental; a rolling window: Jiang et al. 2023
                 (arXiv:2310.06825), Figure 2. What is cached need not be keys and values by heads: DeepSeek-V2 (2024,
                 arXiv:2405.04434, section 2.1.2) holds one compressed vector and one rotated key for each token
    """

    op: Literal["kv_cache"] = "kv_cache"
    takes = ("... T q",)

    past: Amount = 0
    window: Amount = 0

    def emit(self, a: Axes) -> Facts:
        seen = self._within(self.past) + a.T
        held = self._within(self.past + a.T)
        return Facts(outs=((*a.rest, seen, a.q),), cached=((*a.rest, held, a.q),), view=True)

    def _within(self, tokens: Num) -> Num:
        """Return how many tokens the next one can look back to."""
        return tokens if 0 in (self.window, tokens) else minimum((tokens, self.window - 1), None)

    def shard(self, cuts: Cuts) -> Shard | None:
        """Return what each worker does: its heads, or its tokens where none are cached before them."""
        return by_letters(cuts, self.takes, "... T" if self.past == 0 else "...")


CASES = (
    Case({"past": "S"}, ("B k T q",), "B k S+T q", source="decoding after S tokens"),
    Case({}, ("2 3 5 8",), "2 3 5 8", source="prefill: nothing is held before"),
    Case({"past": 8191}, ("1 8 1 128",), "1 8 8192 128", source="one token of Llama 3 8B"),
    Case({"past": "S", "window": "w"}, ("B k T q",), "B k min(S,w-1)+T q", source="sliding window"),
    Case({"past": 1000, "window": 512}, ("1 1 1 256",), "1 1 512 256", source="a local layer of Gemma 3 1B"),
)
