"""Stochastic gradient descent as torch knows it."""

from typing import Any

from pydantic import model_validator

from symcost.optimizers.gradient_descent import GradientDescent
from symcost.optimizers.momentum import Momentum
from symcost.optimizers.nesterov import Nesterov
from symcost.optimizers.optimizer import Optimizer, Update, Weight
from symcost.optimizers.switch import Switch


class Sgd(Optimizer):
    """Go down the gradient of a batch.

    Rule:   that of ``gradient_descent``, with ``momentum`` that of ``momentum``, with ``nesterov`` that of ``nesterov``
    State:  none; with momentum momentum_buffer
    Work:   mul 1 and add 1 for each element; mul 2 and add 2; mul 3 and add 3
    Step:   nothing more
    Source: ``torch.optim.SGD``. The rule knows nothing of the batch: one example is stochastic gradient descent, some
            are a mini-batch, all are gradient descent. The examples of a step are the run's matter
    """

    name = "sgd"
    about = "one example or a mini-batch in a step"

    momentum: Switch = False
    nesterov: Switch = False
    dampening: Switch = False

    @model_validator(mode="after")
    def _consistent(self) -> "Sgd":
        if self.nesterov and (not self.momentum or self.dampening):
            raise ValueError("nesterov takes momentum=true, and no dampening, as in torch")
        if self.dampening and not self.momentum:
            raise ValueError("dampening takes momentum=true: without momentum there is nothing to dampen")
        return self

    @property
    def rule(self) -> Optimizer:
        """The rule that this is."""
        options: dict[str, Any] = {"dampening": self.dampening}
        return Nesterov() if self.nesterov else Momentum(**options) if self.momentum else GradientDescent()

    def each(self, weight: Weight) -> Update:
        """Return what the rule does."""
        return self.rule.each(weight)


OPTIMIZER = Sgd
