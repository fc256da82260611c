"""Experts: a body that is there several times, of which every token meets a few.

The body is walked once, on all rows at once, as grouped matrix products work on them: a token is a row as often as it
meets experts. What an op does is proportional to its rows, so how they fall to experts makes no difference, and weights
have one more axis, for the expert.
"""

from __future__ import annotations

from dataclasses import replace
from typing import TYPE_CHECKING, Any

from symcost.algebra.needs import Equal
from symcost.algebra.poly import Num
from symcost.graph.model import Choice
from symcost.graph.scope import Path, Scope, Value
from symcost.ops.facts import numel
from symcost.ops.op import Op, Refused, shown
from symcost.spec.models import Experts

if TYPE_CHECKING:
    from symcost.graph.walk import Walker


def experts(walker: Walker, step: Experts, value: Value, scope: Scope, path: Path) -> Value:
    """Send tokens to experts and bring back what these make of them."""
    outer = scope.inner(prefix=walker.unique(scope.prefix + (step.name or "experts")) + ".")
    laying = _Laying(walker, step, outer, path)
    choose = laying.bound("topk", value, k=step.top_k)
    send = laying.bound("dispatch", value, experts=step.count, capacity=step.capacity)
    scores = laying.run("router", value)
    laying.one_each(scores, send.fields()["experts"])
    chosen = walker.apply(choose, scores, outer, path)
    weights = laying.run("gating", chosen[:1])
    rows = walker.apply(send, (*value, chosen[1]), outer, path)
    tokens = numel(value[0].shape[:-1])
    choice = Choice(send.fields()["experts"], choose.fields()["k"], tokens, rows[0].shape[0])
    made = laying.run("do", rows, replace(outer, experts=(choice, *outer.experts)))
    if len(made) != 1 or len(made[0].shape) != 2 or made[0].shape[0] != rows[0].shape[0]:
        raise Refused(f"takes rows {shown(rows[0].shape)} back from its experts, got {_shapes(made)}")
    return walker.apply(_made("combine"), (*made, *weights, chosen[1]), outer, path)


class _Laying:
    """An experts step being laid down."""

    def __init__(self, walker: Walker, step: Experts, scope: Scope, path: Path) -> None:
        self.walker, self.step, self.scope, self.path = walker, step, scope, path

    def bound(self, tag: str, value: Value, **fields: Any) -> Op:
        """Return an op whose fields mean what they mean where the step stands."""
        env, conditions = self.walker.env(self.scope, value), self.walker.conditions
        op, needs = _made(tag, **fields).bind(env, conditions.box)
        for need in needs:
            conditions.require(need, self.scope, self.scope.prefix + tag, self.path)
        return op

    def one_each(self, scores: Value, experts: Num) -> None:
        """Require a score for each expert."""
        if len(scores) == 1 and scores[0].shape and scores[0].shape[-1] != experts:
            need = Equal(scores[0].shape[-1], experts)
            self.walker.conditions.require(need, self.scope, self.scope.prefix + "router", self.path)

    def run(self, key: str, value: Value, scope: Scope | None = None) -> Value:
        """Apply a body of the step."""
        body = getattr(self.step, key)
        if key == "router" and not body:
            body = (_made("linear", out_features=self.step.count, bias=False), _made("softmax"))
        prefix = self.scope.prefix + ("" if key == "do" else f"{key}.")
        return self.walker.run(body, value, replace((scope or self.scope).inner(), prefix=prefix), (*self.path, key))


def _made(tag: str, **fields: Any) -> Op:
    return Op.known[tag].model_validate({"op": tag, **fields})


def _shapes(value: Value) -> str:
    return ", ".join(shown(tensor.shape) for tensor in value) or "nothing"
