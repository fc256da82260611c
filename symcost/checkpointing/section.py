"""The section of a setup that says what a training step runs again in place of keeping it."""

from __future__ import annotations

from collections.abc import Mapping
from typing import ClassVar, Literal

from pydantic import Field

from symcost.algebra.needs import Divides, Need
from symcost.algebra.poly import Num, constant
from symcost.errors import UsageError
from symcost.graph.model import Graph
from symcost.graph.segments import Which, outermost
from symcost.section import Section, Size

WORDS = {
    "none": "everything that the backward pass reads is kept",
    "full": "each round of the outermost repetitions, or each top-level block where there are none, keeps what it "
    "reads and runs again",
    "every": "as full, with several rounds together",
    "selective": "from the scores of attention to the mixing of values, all runs again",
}
"""What each kind of checkpointing keeps and runs again: Chen et al. 2016 (arXiv:1604.06174); selective is Korthikanti
et al. 2022 (arXiv:2205.05198), section 5."""


class Checkpointing(Section):
    """What is kept for the backward pass, and what is run again before it."""

    title: ClassVar = "checkpointing"

    checkpoint: Literal["none", "full", "every", "selective"] = Field(
        "none", description="what runs again in the backward pass: none, full, every (several rounds) or selective"
    )
    checkpoint_every: Size = Field(1, description="rounds from one checkpoint to the next, with checkpoint=every")

    def model_post_init(self, _: object) -> None:
        """Refuse an interval that nothing uses.

        Raises:
            UsageError: there is one.
        """
        if self.checkpoint != "every" and self.checkpoint_every != 1:
            raise UsageError(f"checkpoint_every = {self.checkpoint_every} needs checkpoint=every")

    @property
    def again(self) -> Which | None:
        """What runs again, None where nothing does."""
        return None if self.checkpoint == "none" else "cores" if self.checkpoint == "selective" else "rounds"

    @property
    def together(self) -> Num:
        """How many rounds run again together."""
        return self.checkpoint_every if self.checkpoint == "every" else 1

    def said(self) -> str:
        """Return what is kept and what runs again."""
        words = f"checkpoint {self.checkpoint}: {WORDS[self.checkpoint]}"
        return f"{words}, {self.checkpoint_every} each" if self.checkpoint == "every" else words

    def needs(self, graph: Graph) -> Mapping[Need, str]:
        """Return that groups of rounds come out even, where their number is a formula."""
        if self.checkpoint != "every":
            return {}
        counts = (repeat.loop.count for repeat in outermost(graph))
        k = self.checkpoint_every
        return {Divides(k, count): "checkpoint_every" for count in counts if None in (constant(count), constant(k))}
