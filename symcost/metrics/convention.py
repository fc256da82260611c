"""A convention is data: what each kind of work is charged, and what is charged otherwise or not at all."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from fnmatch import fnmatchcase
from functools import cache
from importlib import import_module
from pkgutil import iter_modules

from symcost.algebra.poly import Num, total
from symcost.errors import UsageError, did_you_mean
from symcost.ops.facts import KINDS, Facts, Work, numel


@dataclass(frozen=True)
class Convention:
    """How FLOPs are counted.

    Attributes:
        name: what it is asked for by.
        about: one line: what it counts.
        source: whose it is and where its rule stands.
        prices: FLOPs for one piece of work of each kind; a kind not named costs ``other``.
        other: FLOPs for one piece of elementwise work of a kind not named.
        by_op: ops (patterns over tags) charged by size instead of by kind: FLOPs per ``out`` element, per ``in``
            element or per window cell read (``taps``), besides contractions; ``mac`` gives contractions another price;
            an empty mapping charges contractions only.
    """

    name: str
    about: str
    source: str
    prices: Mapping[str, int]
    other: int = 0
    by_op: Mapping[str, Mapping[str, int]] = field(default_factory=dict)

    def flops(self, tag: str, facts: Facts, ins: tuple[tuple[Num, ...], ...] = ()) -> Num:
        """Return the FLOPs of one application of an op."""
        rule = self._rule(tag)
        if rule is None:
            return self._by_kind(facts.work)
        amounts = {
            "mac": lambda: facts.work.get("mac", 0),
            "out": lambda: total((numel(shape), 1) for shape in facts.outs),
            "in": lambda: total((numel(shape), 1) for shape in ins),
            "taps": lambda: facts.taps,
        }
        return total((amounts[what](), price) for what, price in {"mac": self.price("mac"), **rule}.items())

    def backward(self, tag: str, work: Work) -> Num:
        """Return the FLOPs of work for gradients; of ops that are charged by size, contractions alone have a price."""
        rule = self._rule(tag)
        if rule is None:
            return self._by_kind(work)
        return work.get("mac", 0) * rule.get("mac", self.price("mac"))

    def price(self, kind: str) -> int:
        """Return the FLOPs for one piece of work of a kind."""
        if kind not in KINDS:
            raise KeyError(f"'{kind}' is not a kind of work")
        return self.prices.get(kind, self.other)

    def _by_kind(self, work: Work) -> Num:
        return total((amount, self.price(kind)) for kind, amount in work.items())

    def _rule(self, tag: str) -> Mapping[str, int] | None:
        if not self.by_op:
            return None
        return next((rule for pattern, rule in self.by_op.items() if fnmatchcase(tag, pattern)), None)


@cache
def conventions() -> dict[str, Convention]:
    """Return every convention by name: one file each in ``symcost.metrics.conventions``."""
    from symcost.metrics import conventions as package

    modules = (import_module(f"{package.__name__}.{m.name}") for m in iter_modules(package.__path__))
    return {module.CONVENTION.name: module.CONVENTION for module in modules}


def convention(name: str) -> Convention:
    """Return a convention by name.

    Raises:
        UsageError: there is none of this name.
    """
    known = conventions()
    if name not in known:
        raise UsageError(f"there is no convention '{name}'{did_you_mean(name, known)}; known are {', '.join(known)}")
    return known[name]
