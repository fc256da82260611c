"""The section of a setup that says how many examples make a step."""

from __future__ import annotations

from typing import ClassVar

from pydantic import Field

from symcost.section import Section, Size


class Batching(Section):
    """How a step's batch is gathered.

    The batch of the network, its B, is a micro-batch on one worker. Gradients of several are added up before the
    optimizer runs, so a step sees B * micro_batches examples on each worker.
    """

    title: ClassVar = "batch"

    micro_batches: Size = Field(1, description="micro-batches on each worker whose gradients make a step")

    def said(self) -> str:
        """Return how many micro-batches make a step."""
        return "one micro-batch a step" if self.micro_batches == 1 else f"{self.micro_batches} micro-batches a step"
