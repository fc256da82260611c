"""The section of a setup that says what a step does to the weights."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from typing import Annotated, ClassVar, Literal, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from symcost.algebra.poly import Num
from symcost.errors import UsageError, did_you_mean, quoted
from symcost.ops.facts import Work
from symcost.ops.work import plus, times
from symcost.optimizers.adamw import AdamW
from symcost.optimizers.optimizer import DECAYS, Decay, Optimizer, Update, Weight
from symcost.optimizers.pieces import average, norm
from symcost.optimizers.reading import optimizer, optimizers
from symcost.optimizers.switch import Switch, switch
from symcost.section import Quantity, Section


def _rule(value: object) -> Optimizer:
    if isinstance(value, Optimizer):
        return value
    if not isinstance(value, str):
        raise ValueError(f"takes the name of an optimizer, got {quoted(str(value))}")
    try:
        return optimizer(value)
    except UsageError as error:
        raise ValueError(str(error)) from None


def _decay(value: object) -> str:
    """Read a kind of decay, or true, false or a factor as torch takes it."""
    if isinstance(value, str) and value in _WAYS:
        return value
    try:
        return "own" if switch(value) else "none"
    except ValueError:
        hint = did_you_mean(str(value), _WAYS)
        raise ValueError(
            f"takes true, false, a factor or {', '.join(DECAYS)}, got {quoted(str(value))}{hint}"
        ) from None


_WAYS = ("usual", "own", *DECAYS)
_SAID = {
    "coupled": "coupled weight decay",
    "decoupled": "decoupled weight decay",
    "in_step": "weight decay within the step",
}
Rule: TypeAlias = Annotated[Optimizer, BeforeValidator(_rule)]
"""An optimizer, or its text."""
Decaying: TypeAlias = Annotated[
    Literal["usual", "none", "own", "coupled", "decoupled", "in_step"], BeforeValidator(_decay)
]
"""Which weight decay: as usual with the optimizer, none, the optimizer's own way, or another."""


class Optimizing(Section):
    """An update rule, and what goes with any: weight decay, clipping, an average of the weights.

    Clipping scales all gradients by min(1, c/(|g| + 1e-6)), |g| over all that is trained (Pascanu et al. 2013;
    ``torch.nn.utils.clip_grad_norm_``): mul P, add P - 1 and sqrt 1 for the norm, add 1, div 1 and compare 1, and mul 1
    for each element. The average is e <- d e + (1 - d) θ (Polyak and Juditsky 1992;
    ``torch.optim.swa_utils.get_ema_avg_fn``): mul 2 and add 1 for each element, and a copy of all that is trained.
    """

    title: ClassVar = "optimizer"

    optimizer: Rule = Field(AdamW(), description="how weights are updated")
    weight_decay: Decaying = Field("usual", description="weight decay: true, false, or where it acts")
    clip_norm: Switch = Field(False, description="whether gradients are clipped by their global norm")
    ema: Switch = Field(False, description="whether a moving average of the weights is kept")

    @model_validator(mode="after")
    def _possible(self) -> Optimizing:
        if self.weight_decay == "in_step" and self.optimizer.decay != "in_step":
            raise ValueError(f"{self.optimizer.name} does not scale its step; weight decay is coupled or decoupled")
        return self

    def amounts(self) -> Iterator[tuple[Num, Quantity]]:
        """Yield what the optimizer's options give."""
        fields = type(self.optimizer).model_fields.items()
        marks = ((name, mark) for name, field in fields for mark in field.metadata)
        yield from ((getattr(self.optimizer, name), mark) for name, mark in marks if isinstance(mark, Quantity))

    @property
    def decay(self) -> Decay | None:
        """Where weight decay acts; None where there is none."""
        match self.weight_decay:
            case "usual":
                return self.optimizer.decay if self.optimizer.decays else None
            case "none":
                return None
            case "own":
                return self.optimizer.decay
        return self.weight_decay

    def each(self, weight: Weight) -> Update:
        """Return what is kept of one tensor and done to it."""
        n, rule = weight.elements, self.optimizer.each(weight)
        clipped = {"mul": n * self.optimizer.gradients} if self.clip_norm else {}
        averaged = average(n) if self.ema else {}
        state = {"ema": weight.shape} if self.ema else {}
        return Update({**rule.state, **state}, plus(clipped, self._decayed(n), rule.work, averaged))

    def once(self, params: Num) -> Update:
        """Return what is kept and done once for the network, of so many trained elements in all."""
        rule = self.optimizer.once(params)
        length = plus(norm(params), {"add": 1, "div": 1, "compare": 1}) if self.clip_norm else {}
        return Update(rule.state, plus(times(self.optimizer.gradients, length), rule.work))

    def passes(self, params: Num) -> Num:
        """Return how often a step runs the network forward and backward over its examples."""
        return self.optimizer.passes(params)

    @classmethod
    def takes(cls) -> Mapping[str, str]:
        """Return what fields take that are neither quantities nor choices."""
        return {"optimizer": f"{' | '.join(optimizers())}, perhaps with options, as in lbfgs:history=20"}

    def said(self) -> str:
        """Return the rule and what goes with it."""
        decayed = [] if self.decay is None else [_SAID[self.decay]]
        clipped = ["gradients clipped by their global norm"] if self.clip_norm else []
        averaged = ["an average of the weights"] if self.ema else []
        return ", ".join([str(self.optimizer), *decayed, *clipped, *averaged])

    def _decayed(self, n: Num) -> Work:
        """Return the work of weight decay on n elements."""
        if self.decay is None:
            return {}
        return {"mul": n} if self.decay == "decoupled" else self.optimizer.penalty(n)
