"""A convention is data: what each kind of work is charged, what is charged otherwise or not at all, and switches."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field, replace
from fnmatch import fnmatchcase
from functools import cache, cached_property

from symcost.algebra.division import div
from symcost.algebra.poly import Num, total
from symcost.defined import defined_in, named
from symcost.errors import NoAnswer
from symcost.graph.model import Node
from symcost.graph.pattern import Pattern
from symcost.metrics.amounts import amount, one_of, tensors
from symcost.metrics.left_out import LEFT_OUT, is_attention
from symcost.metrics.switches import CALLS, SWITCHES, Settings, read_settings
from symcost.ops.facts import KINDS, Work

Rule = Mapping[str, int]
"""Amount (a kind of work, or one of ``AMOUNTS``) -> price of one."""
CONTRACTED = ("mac", "window", "params")
"""Amounts that stand for contractions."""
_NOTHING: Rule = {"mac": 0}


@dataclass(frozen=True)
class Training:
    """What a convention says of a step of training.

    Attributes:
        source: where it says so.
        passes: how many forward passes a step comes to; None where the work of each gradient is counted.
        settings: switches that it turns for training.
    """

    source: str
    passes: int | None = None
    settings: Settings = field(default_factory=dict)


@dataclass(frozen=True)
class Convention:
    """How FLOPs are counted.

    Attributes:
        name: what it is asked for by; with the switches turned, as in ``torch:causal=half``.
        about: one line: what it counts.
        source: whose it is, of which version, and where its rule stands.
        prices: price of one piece of work of each kind; a kind not named costs ``other``.
        other: price of one piece of elementwise work of a kind not named.
        by_op: ops (patterns, the first that matches) charged by rules of their own: prices of amounts, ``mac`` as
            elsewhere unless named; an empty mapping charges contractions only.
        calls: rules for ops that code calls otherwise than as modules (``CALLS``), by the way of calling: those without
            a rule there cost nothing. A way that is not named makes no difference.
        untold: ops that are refused, as it counts a part of them that is not told apart.
        closed: whether it speaks of the ops in ``by_op`` only, so that others with contractions or weights are refused.
        unit: what it counts: FLOPs where a MAC is two, MACs where it is one.
        settings: switches that are not as usual.
        training: what it says of training; None where it counts forward passes only.
    """

    name: str
    about: str
    source: str
    prices: Mapping[str, int]
    other: int = 0
    by_op: Mapping[str, Rule] = field(default_factory=dict)
    calls: Mapping[str, Mapping[str, Rule]] = field(default_factory=dict)
    untold: tuple[str, ...] = ()
    closed: bool = False
    unit: str = "FLOPs"
    settings: Settings = field(default_factory=dict)
    training: Training | None = None

    def flops(self, node: Node) -> Num:
        """Return the FLOPs, in ``unit``, of one application of a node.

        Raises:
            NoAnswer: the convention does not say what it costs.
        """
        return total((flops, 1) for flops in self.terms(node).values())

    def terms(self, node: Node) -> dict[str, Num]:
        """Return what the FLOPs of a node are made of: amounts by name, at their prices.

        Raises:
            NoAnswer: the convention does not say what it costs.
        """
        if self._left_out(node):
            return {}
        return {what: self._amount(what, node) * price for what, price in self.rule(node).items()}

    def rule(self, node: Node) -> Rule:
        """Return what a node is charged by: the price of each amount.

        Raises:
            NoAnswer: the convention does not say.
        """
        own = self._own(node)
        if node.op.tag in self.untold or (own is None and self.closed and (tensors(node) or "mac" in node.facts.work)):
            raise self._unsaid(node)
        rule = {kind: self.price(kind) for kind in node.facts.work} if own is None else own
        plain = self.setting("elementwise") == "left_out"
        return {what: price for what, price in rule.items() if price and (what in CONTRACTED or not plain)}

    def _unsaid(self, node: Node) -> NoAnswer:
        named = ", ".join(dict.fromkeys(p.tag for p, _ in self._patterns if not p.roles))
        speaks = f"; it speaks of {named}" if self.closed else ""
        return NoAnswer(f"node '{node.name}': convention '{self.name}' does not say what {node.op.tag} costs{speaks}")

    def gradient(self, node: Node, work: Work) -> Num:
        """Return the FLOPs of work for a node's gradients; of ops with a rule of their own, contractions only."""
        if self._left_out(node):
            return 0
        own = self._own(node)
        only_mac = own is not None or self.setting("elementwise") == "left_out"
        prices = {kind: self.price(kind) for kind in work if kind == "mac" or not only_mac}
        if own is not None and "mac" in prices:
            prices["mac"] = own["mac"]
        return total((self._pairs(node, work[kind], kind), price) for kind, price in prices.items())

    def again(self, node: Node, *, checkpointed: bool = False) -> Num:
        """Return the FLOPs of forward work that the backward pass of a node does again.

        That is what is checkpointed, or what the switch ``recompute`` says, and once more what a fused kernel does
        where the work of gradients is counted.
        """
        derived = self.training is not None and self.training.passes is None
        inside = self.gradient(node, node.facts.again) if derived else 0
        what = self.setting("recompute")
        switched = what != "none" and "logits" not in node.roles
        if switched and what == "attention":
            switched = is_attention(node, "recompute=none")
        return inside + self.flops(node) if switched or checkpointed else inside

    def explain(self, node: Node) -> str:
        """Return in words what a node is charged by, such as ``2 per MAC, 1 per output element``.

        Raises:
            NoAnswer: as for ``rule``.
        """
        if switch := self._left_out(node):
            return f"nothing, as {switch} is left out"
        counted = self.terms(node)
        prices = [f"{price} per {one_of(what)}" for what, price in self.rule(node).items() if counted[what]]
        pairs = self.setting("causal")
        if node.facts.masked and pairs != "full":
            prices.append(f"of {SWITCHES['causal'].values[pairs]}")
        return ", ".join(prices) or "nothing"

    def price(self, kind: str) -> int:
        """Return the FLOPs for one piece of work of a kind."""
        if kind not in KINDS:
            raise KeyError(f"'{kind}' is not a kind of work")
        return self.prices.get(kind, self.other)

    def setting(self, switch: str) -> str:
        """Return the value of a switch."""
        return self.settings.get(switch, SWITCHES[switch].usual if switch in SWITCHES else "")

    @property
    def said(self) -> str:
        """What stands beside its numbers, such as "FLOPs as 'torch' counts them"."""
        return f"{self.unit} as '{self.name}' counts them"

    @cached_property
    def trained(self) -> Convention:
        """The convention as it prices a step of training.

        Raises:
            NoAnswer: it says nothing of training.
        """
        if self.training is None:
            others = ", ".join(name for name, other in conventions().items() if other.training is not None)
            raise NoAnswer(f"convention '{self.name}' counts forward passes only; of training speak {others}")
        return replace(self, settings={**self.settings, **self.training.settings})

    def turned(self, settings: Settings) -> Convention:
        """Return the convention with switches turned, for training too; its name says which."""
        training = self.training
        own = training.settings if training is not None else {}
        changed = {name: value for name, value in settings.items() if self.setting(name) != value or name in own}
        if not changed:
            return self
        if training is not None:
            training = replace(training, settings={name: value for name, value in own.items() if name not in changed})
        base, _, said = self.name.partition(":")
        told = {**(read_settings(said, self.name) if said else {}), **changed}
        words = ", ".join(f"{name}={value}" for name, value in told.items())
        return replace(self, name=f"{base}:{words}", settings={**self.settings, **changed}, training=training)

    @property
    def by_name(self) -> bool:
        """Whether it may price two nodes differently that differ in nothing but their names."""
        return any(way in self.settings for way in CALLS)

    @cached_property
    def _patterns(self) -> tuple[tuple[Pattern, Rule], ...]:
        return self._parsed(self.by_op)

    @cached_property
    def _calls(self) -> dict[str, tuple[tuple[Pattern, Rule], ...]]:
        return {way: self._parsed(rules) for way, rules in self.calls.items()}

    def _parsed(self, rules: Mapping[str, Rule]) -> tuple[tuple[Pattern, Rule], ...]:
        return tuple((Pattern.parse(text), {"mac": self.price("mac"), **rule}) for text, rule in rules.items())

    def _own(self, node: Node) -> Rule | None:
        """Return the rule for the op that this is, and for how it is called, if there is one."""
        way = self._way(node) if self.by_name else ""
        if way:
            return next((rule for pattern, rule in self._calls[way] if pattern.matches(node)), _NOTHING)
        return next((rule for pattern, rule in self._patterns if pattern.matches(node)), None)

    def _way(self, node: Node) -> str:
        """Return how code calls this op: one of ``CALLS``; empty for a module."""
        return next((way for way, called in self._called if called(node)), "")

    @cached_property
    def _called(self) -> tuple[tuple[str, Callable[[Node], bool]], ...]:
        """How ops are called, each way that makes a difference with what tells whether a node is."""
        ways = ((way, op) for way in CALLS if way in self._calls for op in self.setting(way).split("+") if op)
        return tuple((way, _named(op) if op.startswith("/") else Pattern.parse(op).matches) for way, op in ways)

    def _left_out(self, node: Node) -> str:
        """Return the switch that takes a node out of the count; empty where none does.

        Raises:
            NoAnswer: a part of the node is to be left out that its facts do not tell apart.
        """
        left = (name for name in LEFT_OUT if self.setting(name) == "left_out")
        return next((name for name in left if LEFT_OUT[name](node)), "")

    def _amount(self, what: str, node: Node) -> Num:
        return self._pairs(node, amount(what, node), what)

    def _pairs(self, node: Node, work: Num, kind: str) -> Num:
        """Return work without that for pairs behind a mask, where these are not counted."""
        which, masked = self.setting("causal"), node.facts.masked
        if kind != "mac" or which == "full" or not masked:
            return work
        is_attention(node, "causal=full")  # refuses what has projections besides
        if which == "kept":
            return work - div(work * masked, node.facts.work["mac"])
        new, seen = (tensor.shape[-2] for tensor in node.ins[:2])
        return work - div(work * new, 2 * seen)


def _named(pattern: str) -> Callable[[Node], bool]:
    return lambda node: fnmatchcase(f"/{node.name}", pattern)


@cache
def conventions() -> dict[str, Convention]:
    """Return every convention by name: one file each in ``symcost.metrics.conventions``."""
    from symcost.metrics import conventions as package

    return {found.name: found for found in defined_in(package, "CONVENTION")}


@cache
def convention(name: str) -> Convention:
    """Return a convention by name, with switches turned as in ``torch:causal=half, logits=left_out``.

    Raises:
        UsageError: there is none of this name, or no such switch.
    """
    base, colon, said = name.partition(":")
    found = named("convention", base.strip(), conventions())
    return found.turned(read_settings(said, name)) if colon else found
