"""What every optimizer is: a model whose fields are its options, and whose methods are the law of its update."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import ClassVar, Literal, NamedTuple

from pydantic import BaseModel, ConfigDict

from symcost.algebra.poly import Num, total
from symcost.ops.facts import Shape, Work, numel

Decay = Literal["coupled", "decoupled", "in_step"]
DECAYS: Mapping[Decay, str] = {
    "coupled": "added to the gradient, g + λ θ, as an L2 penalty of the loss is",
    "decoupled": "taken off the weights apart from the gradient, (1 - η λ) θ, whose factor is a constant",
    "in_step": "added to the step before that is scaled, u + λ θ",
}
"""Where weight decay acts, each with what it does."""


class Weight(NamedTuple):
    """A trained tensor as an optimizer sees it.

    Attributes:
        shape: its sizes.
        stack: how many of its first axes count tensors that are alike, as those of experts are.
        hidden: whether it is a matrix or kernel of a hidden layer, and no table of tokens, bias or gain.
    """

    shape: Shape
    stack: int = 0
    hidden: bool = True

    @property
    def elements(self) -> Num:
        """The number of its elements."""
        return numel(self.shape)


@dataclass(frozen=True, slots=True)
class Update:
    """What an optimizer keeps, and does in one step.

    Attributes:
        state: tensors that are kept from step to step, by name.
        work: how often each kind of work is done.
    """

    state: Mapping[str, Shape] = field(default_factory=dict)
    work: Work = field(default_factory=dict)

    @property
    def elements(self) -> Num:
        """The number of elements of the state."""
        return total((numel(shape), 1) for shape in self.state.values())


class Optimizer(BaseModel):
    """An update rule. Subclasses state it, with its source, and what it keeps and does.

    What is counted is a step in which all state is there: the first steps, with no history, do less. A factor that is
    the same in every step (1 - β, η λ) is made once and not counted; what depends on the number of the step is scalar
    work of the step. A change of sign and an absolute value are free, as in the network's ops; a sum of squares is n
    mul and n - 1 add, and an inner product of two vectors is n mac. Not counted are the counter of steps, the schedule
    of the rate, and tests whether to stop.

    Attributes:
        name: what it is asked for by: torch's name, where torch has it.
        about: one line.
        decay: where weight decay acts, unless another way is asked for.
        decays: whether it has weight decay where nothing is said, as it has in torch.
        whole_data: whether a step is defined on all examples at once; any other takes a batch of any size.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    name: ClassVar[str] = ""
    about: ClassVar[str] = ""
    decay: ClassVar[Decay] = "coupled"
    decays: ClassVar[bool] = False
    whole_data: ClassVar[bool] = False

    def each(self, weight: Weight) -> Update:
        """Return what is kept of one tensor and done to it."""
        del weight
        return Update()

    def once(self, params: Num) -> Update:
        """Return what is kept and done once for the network, of so many trained elements in all."""
        del params
        return Update()

    def passes(self, params: Num) -> Num:
        """Return how often a step runs the network forward and backward over its examples."""
        del params
        return 1

    @property
    def gradients(self) -> Num:
        """How many gradients a step finds: at as many points weight decay and clipping act on them."""
        return 1

    def penalty(self, n: Num) -> Work:
        """Return the work of coupled weight decay on n elements."""
        return {"mul": self.gradients * n, "add": self.gradients * n}

    def __str__(self) -> str:
        fields = type(self).model_fields
        told = ((k, v) for k, v in self.__dict__.items() if v != fields[k].default or not isinstance(v, (bool, str)))
        options = ", ".join(f"{key}={str(value).lower() if isinstance(value, bool) else value}" for key, value in told)
        return f"{self.name}:{options}" if options else self.name
