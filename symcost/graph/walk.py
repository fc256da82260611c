"""Walk the bodies of a spec, step by step, and lay down nodes."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

from symcost.algebra.atoms import Box
from symcost.algebra.needs import AtLeast, Need
from symcost.algebra.poly import NotExact
from symcost.errors import SpecError, did_you_mean
from symcost.graph.conditions import Conditions
from symcost.graph.experts import experts
from symcost.graph.forward import explain
from symcost.graph.model import Node, Repeated, Tensor
from symcost.graph.repeat import repeat
from symcost.graph.rows import in_experts
from symcost.graph.scope import Env, Path, Scope, Value, sizes_now
from symcost.graph.sharing import Weights
from symcost.ops.facts import Facts
from symcost.ops.op import Only, Op, Refused, Step, resolved
from symcost.spec.models import Block, Branches, Call, Experts, Repeat, Residual, Spec, Steps, When

HERE = "here"
"""What ``from`` calls the value of the step before."""
MOST_NODES = 1_000_000
DEEPEST_CALL = 64


class Walker:
    """The state of one walk.

    Attributes:
        nodes: laid down so far.
        repeats: closed so far, None for those being walked.
        conditions: what the ops ask of their sizes.
    """

    def __init__(self, spec: Spec, symbols: Env, conditions: Conditions) -> None:
        self.spec, self.symbols, self.conditions = spec, symbols, conditions
        self.nodes: list[Node] = []
        self.repeats: list[Repeated | None] = []
        self.seen: dict[str, int] = {}
        self.shared: dict[str, Weights] = {}
        self._facts: dict[Any, Facts] = {}

    def run(self, body: Steps, value: Value, scope: Scope, path: Path) -> Value:
        """Apply the steps of a body in turn; one that evaluation skips leaves the value as it was."""
        for i, step in enumerate(body):
            here = (*path, i)
            try:
                inside = _inside(step, scope)
                skipped = inside.only not in (scope.only, "evaluation")
                made = self.step(step, self._read(step, value, inside), inside, here)
                self._give_name(step, made, scope)
                value = value if skipped else made
            except (Refused, NotExact, ZeroDivisionError) as error:
                reason = explain(body, i, error, scope.tensors)
                raise self.problem(_said_of(f"node '{scope.prefix}{_label(step)}'", reason), here) from None
        return value

    def forget(self) -> None:
        """Drop what is remembered of ops, so that their conditions are noted again."""
        self._facts.clear()

    def step(self, step: Step, value: Value, scope: Scope, path: Path) -> Value:
        """Apply one step to the value it reads."""
        if isinstance(step, Op):
            return self.apply(step, value, scope, path)
        if step.weights is not None and not isinstance(step, (Call, Repeat)):
            raise Refused("takes no `weights`; share them at the ops, blocks or repetitions inside it")
        return _CONTROL[type(step)](self, step, value, scope, path)

    def problem(self, message: str, path: Path) -> SpecError:
        """Return an error at a place of the spec."""
        return self.spec.problem(message, path)

    def env(self, scope: Scope, value: Value) -> Env:
        """Return what expressions see at this place."""
        return {**scope.env, **sizes_now(value, "now")}

    def apply(self, op: Op, value: Value, scope: Scope, path: Path) -> Value:
        """Lay down a node for an op."""
        needs: tuple[Need, ...] = ()
        if op.open:
            op, needs = op.bind(self.env(scope, value), self.conditions.box)
        name = self.unique(scope.prefix + _label(op))
        facts = self._emit(op, needs, value, scope, name, path)
        if len(self.nodes) >= MOST_NODES:
            raise Refused(f"would be node {MOST_NODES + 1:,}; write repetitions as `repeat`")
        shared, tied = self._share(op, facts, scope, name, path)
        source = len(self.nodes)
        self.nodes.append(
            Node(name, op, facts, value, scope.loops, shared, path, scope.only, tied, experts=scope.experts)
        )
        return tuple(Tensor(source, port, shape) for port, shape in enumerate(facts.outs))

    def unique(self, name: str) -> str:
        """Return the name, numbered when it is not the first of its kind."""
        count = self.seen[name] = self.seen.get(name, 0) + 1
        return name if count == 1 else self.unique(f"{name}_{count}")

    def _emit(self, op: Op, needs: tuple[Need, ...], value: Value, scope: Scope, name: str, path: Path) -> Facts:
        ins = tuple(tensor.shape for tensor in value)
        frozen = op.frozen or scope.frozen
        key = (op.signature(), ins, scope.loops, scope.only, frozen, scope.experts)
        facts = self._facts.get(key)
        if facts is not None and not needs:
            return facts
        facts = in_experts(op, ins, scope.experts) if scope.experts else op.facts(ins)
        facts = facts.frozen() if frozen else facts
        for need in (*needs, *facts.needs):
            binds = scope.only in (None, "evaluation") or need.symbols <= Weights.of(facts).symbols
            self.conditions.require(need, scope, name, path, binds=binds)
        self._facts[key] = facts
        return facts

    def _share(self, op: Op, facts: Facts, scope: Scope, name: str, path: Path) -> tuple[str | None, int]:
        """Return the name that an op's weights are shared under, and how many loops share them."""
        if (op.weights is None and scope.shared is None) or not (facts.weights or facts.buffers):
            return None, 0
        key = op.weights or f"{scope.shared}{name[len(scope.shared_prefix) :]}"
        tied = len(scope.loops) if op.weights else scope.tied
        common, weights = scope.loops[:tied], Weights.of(facts, scope.loops[tied:])
        weights.join(self.shared.setdefault(key, weights), key)
        weights.hold(common, key)
        for loop in common:  # what its rounds have in common is counted once, and would be there in no round
            self.conditions.require(AtLeast(loop.count, 1), scope, name, path)
        return key, tied

    def _read(self, step: Step, value: Value, scope: Scope) -> Value:
        if step.from_ is None:
            self._there(value, HERE, scope)
            return value
        read: Value = ()
        for name in (step.from_,) if isinstance(step.from_, str) else step.from_:
            found = value if name == HERE else scope.look_up(name)
            self._there(found, name, scope)
            read += found
        return read

    def _there(self, value: Value, name: str, scope: Scope) -> None:
        """Refuse a value that is not there when it is read."""
        for only in (self.nodes[tensor.source].only for tensor in value if tensor.source >= 0):
            if only not in (None, scope.only):
                raise Refused(
                    f"reads '{name}', which {'never runs' if only == 'never' else f'is there in {only} only'}"
                )

    def _give_name(self, step: Step, value: Value, scope: Scope) -> None:
        if step.name is None:
            return
        if step.name in scope.tensors or step.name == HERE:
            raise Refused(f"takes the name '{step.name}', which is taken")
        scope.tensors[step.name] = value

    def call(self, step: Call, value: Value, scope: Scope, path: Path) -> Value:
        """Apply a block in a scope of its own."""
        if step.block not in self.spec.blocks:
            raise Refused(f"is not a block{did_you_mean(step.block, self.spec.blocks)}")
        block = self.spec.blocks[step.block]
        args = self._arguments(step, block, value, scope)
        inner = self._block_scope(step, block, args, value, scope)
        out = self.run(block.body, value, inner, ("blocks", step.block, "body"))
        if step.name is not None:
            made = {name: tensors for name, tensors in inner.tensors.items() if name not in block.inputs}
            scope.tensors.update({f"{step.name}.{name}": tensors for name, tensors in made.items()})
        if not block.outputs:
            return out
        return tuple(tensor for name in block.outputs for tensor in inner.look_up(name))

    def _arguments(self, step: Call, block: Block, value: Value, scope: Scope) -> dict[str, Any]:
        """Return the arguments of a block: those given mean what they mean outside, defaults what they mean inside."""
        outside, inside = self.env(scope, value), {**self.symbols, **sizes_now(value, "in")}
        args: dict[str, Any] = {}
        for name in step.args:
            if name not in block.args:
                raise Refused(f"has no argument '{name}'{did_you_mean(name, block.args)}")
        for name, default in block.args.items():
            given = step.args.get(name, default)
            if given is None:
                raise Refused(f"needs argument '{name}'")
            seen = outside if name in step.args else {**inside, **args}
            args[name] = resolved(given, seen, name, self.conditions.box)
        return args

    def _block_scope(self, step: Call, block: Block, args: dict[str, Any], value: Value, scope: Scope) -> Scope:
        call = (step.block, *args.values(), *(tensor.shape for tensor in value))
        if call in scope.calls or len(scope.calls) >= DEEPEST_CALL:
            chain = " -> ".join(str(c[0]) for c in (*scope.calls, call)[-4:])
            raise Refused(f"applies block '{step.block}' inside itself without end: {chain}")
        if block.inputs and len(block.inputs) != len(value):
            raise Refused(f"takes {', '.join(block.inputs)}, got {len(value)} values")
        inline = block.inline and step.name is None and step.weights is None
        prefix = scope.prefix if inline else self.unique(scope.prefix + _label(step)) + "."
        inner = Scope(
            env={**self.symbols, **sizes_now(value, "in"), **args},
            prefix=prefix,
            tensors={name: (tensor,) for name, tensor in zip(block.inputs, value, strict=False)},
            loops=scope.loops,
            only=scope.only,
            frozen=scope.frozen,
            experts=scope.experts,
            calls=(*scope.calls, call),
        )
        return self.sharing(step, scope, inner)

    def sharing(self, step: Step, scope: Scope, inner: Scope) -> Scope:
        """Return the inner scope with the outer's shared weights, or with those the step declares."""
        if step.weights is not None:
            return replace(inner, shared=step.weights + ".", shared_prefix=inner.prefix, tied=len(inner.loops))
        return replace(inner, shared=scope.shared, shared_prefix=scope.shared_prefix, tied=scope.tied)

    def when(self, step: When, value: Value, scope: Scope, path: Path) -> Value:
        """Apply one body or the other, in the scope around it."""
        cond = decide(step.cond, self.env(scope, value), self.conditions.box)
        key, body = ("do", step.do) if cond else ("else", step.else_)
        return self.run(body, value, scope, (*path, key))

    def residual(self, step: Residual, value: Value, scope: Scope, path: Path) -> Value:
        """Apply a body and its shortcut, and add what they make."""
        main = self.run(step.main, value, scope.inner(), (*path, "main"))
        if len(main) > 1:
            shapes = " and ".join(f"({', '.join(map(str, tensor.shape))})" for tensor in main)
            way_out = "; name the last step and read one of them, as in from: NAME.0"
            raise Refused(f"takes one tensor from its body to add to its input, got {len(main)}, {shapes}{way_out}")
        short = self.run(step.shortcut, value, scope.inner(prefix=scope.prefix + "shortcut."), (*path, "shortcut"))
        return self.apply(_join("add", name=step.name), (*main, *short), scope, path)

    def branches(self, step: Branches, value: Value, scope: Scope, path: Path) -> Value:
        """Apply bodies to the same value, and join what they make."""
        outs: list[Tensor] = []
        for i, body in enumerate(step.branches):
            inner = scope.inner(prefix=f"{scope.prefix}branch_{i + 1}.")
            outs += self.run(body, value, inner, (*path, "branches", i))
        if step.join == "none":
            return tuple(outs)
        extra = {"dim": step.dim} if step.join == "concat" else {}
        return self.apply(_join(step.join, name=step.name, **extra), tuple(outs), scope, path)


def decide(cond: Any, env: Env, box: Box) -> bool:
    """Return a condition on the structure as true or false.

    Raises:
        Refused: it has no truth value here.
    """
    value = resolved(cond, env, "when", box)
    if not isinstance(value, bool):
        raise Refused(f"when: '{cond}' is {value}, not true or false")
    return value


def _inside(step: Step, scope: Scope) -> Scope:
    """Return the scope that a step runs in."""
    only, frozen = _both(scope.only, step.only), scope.frozen or step.frozen
    same = (only, frozen) == (scope.only, scope.frozen)
    return scope if same else replace(scope, only=only, frozen=frozen)


def _both(outer: Only | None, inner: Only | None) -> Only | None:
    """Return when something runs that is inside of something else."""
    if outer is None or inner is None:
        return outer or inner
    return outer if outer == inner else "never"


def _join(tag: str, **fields: Any) -> Op:
    return Op.known[tag].model_validate({"op": tag, **fields})


def _said_of(node: str, reason: str) -> str:
    """Return a reason as a sentence about a node: "node 'act' reads ..." or "node 'act': ..."."""
    return f"{node} {reason}" if reason.split(maxsplit=1)[0] in _VERBS else f"{node}: {reason}"


def _label(step: Any) -> str:
    return step.name or (step.block.rpartition(".")[2] if isinstance(step, Call) else str(step.op))


_VERBS = frozenset(("applies", "has", "is", "needs", "reads", "shares", "takes", "would", "cannot"))
_CONTROL: dict[type, Callable[..., Value]] = {
    Call: Walker.call,
    Repeat: repeat,
    Residual: Walker.residual,
    When: Walker.when,
    Branches: Walker.branches,
    Experts: experts,
}
