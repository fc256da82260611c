"""How many steps a run takes and what it comes to, exactly, with a last batch that may be short.

A global batch is m micro-batches of B examples on each of n workers. Of the last one there are r = N mod (B m n)
examples. They are cut into micro-batches of B in the same way, so an epoch is floor(N/B) full micro-batches and, where
B does not divide N, one of N mod B, whatever m and n are: they only say how many of them make a step.
"""

from __future__ import annotations

from dataclasses import dataclass

from symcost.algebra.atoms import Symbol
from symcost.algebra.division import div
from symcost.algebra.extent import ceil, floor
from symcost.algebra.poly import NotExact, Num, Poly, simplest, substitute, symbols_of, terms_of


@dataclass(frozen=True)
class Batches:
    """What an epoch is cut into.

    Attributes:
        examples: N, all of them.
        micro: B, examples of a micro-batch.
        gathered: m n, the micro-batches that make a step.
        drop_last: whether a last batch that is not full is left out.
    """

    examples: Num
    micro: Num
    gathered: Num = 1
    drop_last: bool = False

    @property
    def steps(self) -> Num:
        """Steps of the optimizer: ceil(N/(B m n)), or the floor where the last is left out."""
        batches = div(self.examples, self.micro * self.gathered)
        return floor(batches) if self.drop_last else ceil(batches)

    @property
    def seen(self) -> Num:
        """Examples of an epoch that are seen."""
        return self.steps * self.micro * self.gathered if self.drop_last else self.examples

    def work(self, of_micro: Num, name: str) -> Num:
        """Return what an epoch comes to.

        Args:
            of_micro: what one micro-batch of B examples comes to, a formula in B.
            name: of the symbol of B.

        Raises:
            NotExact: it has no formula for a micro-batch that is not full.
        """
        if self.drop_last:
            return simplest(self.steps * self.gathered * of_micro)
        full, started = self._full, ceil(div(self.examples, self.micro))
        once, each = _parts(of_micro, name)
        if each is not None:
            return simplest(self.examples * each + started * once)
        rest = of_micro - once
        short = substitute(rest, {name: self.examples - full * self.micro})
        return simplest(full * rest + short + started * once)

    @property
    def _full(self) -> Num:
        """Micro-batches of an epoch that are full."""
        return floor(div(self.examples, self.micro))


def _parts(work: Num, name: str) -> tuple[Num, Num | None]:
    """Return what a formula in a batch holds once, and for each example; None for that where it is not linear.

    Raises:
        NotExact: it is not 0 for no examples, but for what it holds once.
    """
    once = Poly({monomial: c for monomial, c in terms_of(work).items() if name not in symbols_of(Poly({monomial: c}))})
    rest = work - once
    batch = Symbol.of(name)
    each = div(rest, Poly({((batch, 1),): 1}))
    if name not in symbols_of(each):
        return simplest(once), each
    try:
        nothing = substitute(rest, {name: 0})
    except ZeroDivisionError:
        nothing = 1
    if nothing != 0:
        raise NotExact(f"no formula for less than a full batch of {name}")
    return simplest(once), None
