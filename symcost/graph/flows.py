"""Where gradients go in a training step whose rounds are written out, and what each run of a node keeps for its own."""

from __future__ import annotations

from symcost.graph.tape import Call, Tape, Value
from symcost.ops.facts import WEIGHTS, Dtype, Kept


class Flows:
    """What the backward pass of a tape reads and finds."""

    def __init__(self, tape: Tape) -> None:
        self._outputs = set(tape.outputs)
        self._needs: dict[Value, bool] = dict.fromkeys(tape.inputs, False)
        for call in tape.calls:
            self._needs |= dict.fromkeys(call.outs, bool(self.found(call)))
        self._runs: dict[int, bool] = {}
        for call in reversed(tape.calls):
            reached = any(value in self._outputs or self._is_reached(value) or not value.readers for value in call.outs)
            self._runs[call.number] = reached and bool(self.found(call))

    def needs(self, value: Value) -> bool:
        """Tell whether something trained stands before a value, so that its gradient is asked for."""
        return self._needs[value]

    def runs_backward(self, call: Call) -> bool:
        """Tell whether a gradient reaches a run of a node and goes through it."""
        return self._runs[call.number]

    def found(self, call: Call) -> set[int]:
        """Return for what a run of a node finds a gradient: the inputs, and ``WEIGHTS`` for those of weights."""
        through = () if call.node.facts.stops else call.ins
        inputs = {i for i, value in enumerate(through) if self.needs(value)}
        return inputs | {WEIGHTS} if call.node.facts.weights else inputs

    def keeps(self, call: Call) -> list[Kept]:
        """Return what a run of a node keeps for its backward pass."""
        facts = call.node.facts
        over = bool(facts.keeps_over) and self.writes_over(call)
        return self._wanted(call, facts.keeps_over if over else facts.keeps)

    def writes_over(self, call: Call) -> bool:
        """Tell whether a node writes over its input: made in the same round, for it alone, and kept by nothing."""
        facts = call.node.facts
        if not facts.inplace or (not facts.keeps_over and _of("input", self._wanted(call, facts.keeps))):
            return False
        (value, *_) = call.ins
        maker = value.maker
        if maker is None or maker.rounds != call.rounds or call.node.ins[0].carried is not None:
            return False
        alone = value.readers == [call] and value not in self._outputs and not maker.node.facts.view
        return alone and not any(one.index == value.port for one in _of("output", self.keeps(maker)))

    def _wanted(self, call: Call, keeps: tuple[Kept, ...]) -> list[Kept]:
        found = self.found(call)
        return [one for one in keeps if found and (not one.to or found & set(one.to))]

    def dtype(self, value: Value) -> Dtype:
        """Return what a value holds: places, or truth values, where all that keep it say so."""
        own = [] if value.maker is None else [(value.maker, "output")]
        told = {
            one.dtype
            for call, what in (*own, *((reader, "input") for reader in value.readers))
            for one in call.node.facts.keeps
            if one.what == what and (call.ins if what == "input" else call.outs)[one.index] is value
        }
        return told.pop() if len(told) == 1 else "float"

    def _is_reached(self, value: Value) -> bool:
        return any(self._runs[reader.number] for reader in value.readers)


def _of(what: str, keeps: list[Kept]) -> list[Kept]:
    return [one for one in keeps if one.what == what]
