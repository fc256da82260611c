"""The section of a setup that says what a run is of: a data set, how often it is seen, evaluation, preparation."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self, TypeAlias

from pydantic import Field, field_validator, model_validator

from symcost.algebra.poly import Num
from symcost.errors import UsageError
from symcost.run.preparing import Preparation, preparations, read_preparation
from symcost.section import Count, Quantity, Section, Share, Size

Given: TypeAlias = Annotated[Num | None, Quantity("dimension", 1)]
"""A whole number of at least 1 that has no usual value."""


class Run(Section):
    """A run of training.

    The data set is ``examples``, or ``tokens`` of text, which are cut into sequences of T and the rest left out. It is
    seen ``epochs`` times, or until there were ``iterations`` of the optimizer.
    """

    title: ClassVar = "run"

    examples: Given = Field(None, description="examples of the data set")
    tokens: Given = Field(None, description="tokens of the data set, of text")
    epochs: Size = Field(1, description="times that the data set is seen")
    iterations: Given = Field(None, description="steps of the optimizer, in place of epochs")
    drop_last: bool = Field(False, description="whether a last batch that is not full is left out")
    eval_examples: Count = Field(0, description="examples of an evaluation, besides those of training")
    eval_share: Share = Field(0, description="examples of an evaluation, as a share of those of training")
    eval_every: Size = Field(1, description="epochs, or iterations, from one evaluation to the next")
    preparation: str = Field("", description="steps that prepare the data, as in normalize+flip")
    columns: Given = Field(None, description="numbers of an example; those that the network takes, if not said")
    categories: Given = Field(None, description="values that a column takes, for one_hot")

    @field_validator("preparation")
    @classmethod
    def _known(cls, text: str) -> str:
        try:
            read_preparation(text)
        except UsageError as error:
            raise ValueError(str(error)) from None
        return text

    @model_validator(mode="after")
    def _one_of_two(self) -> Self:
        for one, other in (("examples", "tokens"), ("epochs", "iterations"), ("eval_examples", "eval_share")):
            if {one, other} <= self.model_fields_set:
                raise ValueError(f"give {one} or {other}, and not both")
        return self

    @property
    def steps_of_preparation(self) -> tuple[Preparation, ...]:
        """What ``preparation`` names."""
        return read_preparation(self.preparation)

    @classmethod
    def takes(cls) -> Mapping[str, str]:
        """Return what fields take that are neither quantities nor choices."""
        return {"preparation": f"{' | '.join(preparations())}, or several with + between"}

    def said(self) -> str:
        """Return how much is seen, how often."""
        data = "no data set" if self._data is None else " ".join(map(str, self._data))
        seen = ("once" if self.epochs == 1 else f"{self.epochs} epochs") if self.iterations is None else ""
        return f"{data}, {seen or f'{self.iterations} iterations'}"

    @property
    def _data(self) -> tuple[Num, str] | None:
        if self.examples is not None:
            return self.examples, "examples"
        return None if self.tokens is None else (self.tokens, "tokens")
