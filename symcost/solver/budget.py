"""A budget: what a metric, or an expression in metrics and sizes, may come to, as in ``macs <= 2G``.

The grammar, with the number read exactly::

    budget   = amount relation number [scale] [unit]
    amount   = metric | expression: 2*params + 2*kv_cache
    relation = <= | < | >= | > | == | = | ~
    number, scale: as in ``symcost.algebra.scales``: 2_000, 25.5, 2e9; k M G T P E | Ki Mi Gi Ti Pi Ei
    unit     = the metric's own, singular or plural: 2 GMACs, 25.5M params; of FLOPs that of the convention; of
               seconds also ms, min, h and days. What an expression counts it says itself, so it has no unit

``macs ~ 569M`` reads a published figure: less than one unit of the last printed digit away from it, here over 568M and
under 570M. Papers round (MobileNetV1's 568,740,352 is printed as 569), and they cut off as well (at 160 x 160 it has
290,675,200, printed as 290); a narrower reading would lose one of the two.
"""

from __future__ import annotations

import operator
import re
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from fractions import Fraction

from symcost.algebra.atoms import Number, exact
from symcost.algebra.scales import NUMBER, SCALES
from symcost.errors import UsageError, quoted
from symcost.metrics.convention import Convention, conventions
from symcost.metrics.metric import metric, metrics, unit_of

LARGEST = 10**60
RELATIONS: dict[str, Callable[[Number, Number], bool]] = {
    "<=": operator.le,
    "<": operator.lt,
    ">=": operator.ge,
    ">": operator.gt,
    "==": operator.eq,
}
_LENGTH = 200
ABOUT = "~"
_BUDGET = re.compile(r"([^<>=~]*[^<>=~\s])\s*(<=|>=|==|<|>|=|~)\s*(.*)", re.ASCII)
_NAME = re.compile(r"[A-Za-z_][\w.]*", re.ASCII)
_BYTES = ("bytes", "byte", "B")
_TIMES: Mapping[str, Fraction] = {
    **dict.fromkeys(("days", "day", "d"), Fraction(86_400)),
    **dict.fromkeys(("hours", "hour", "h"), Fraction(3_600)),
    **dict.fromkeys(("minutes", "minute", "min"), Fraction(60)),
    **dict.fromkeys(("milliseconds", "millisecond", "ms"), Fraction(1, 1000)),
    **dict.fromkeys(("seconds", "second", "s"), Fraction(1)),
}


@dataclass(frozen=True)
class Budget:
    """What a metric may come to.

    Attributes:
        metric: name of a metric, or an expression.
        relation: one of ``<= < >= > == ~``.
        limit: exact, in the metric's unit.
        text: as written; made from the others where it is not given.
        within: for ``~``, how far from the limit a value must not be: one unit of the last printed digit.
        unit: what the limit is written in; empty where it is not.
    """

    metric: str
    relation: str
    limit: Number
    text: str = ""
    within: Number = 0
    unit: str = field(default="", compare=False)

    def __post_init__(self) -> None:
        if self.relation not in (*RELATIONS, ABOUT):
            raise UsageError(f"{quoted(self.relation)} is not a relation of a budget: write <=, <, >=, >, == or ~")
        if not isinstance(self.limit, (int, Fraction)):
            raise UsageError(f"a budget's limit is an exact number, and {self.limit!r} is not")
        if (self.relation == ABOUT) != (self.within > 0):
            raise UsageError("a budget with ~, and no other, says within what: Budget('macs', '~', 569, within=1)")
        if not self.text:
            object.__setattr__(self, "text", f"{self.metric} {self.relation} {self.limit}")

    def __str__(self) -> str:
        return self.text

    @classmethod
    def parse(cls, text: str) -> Budget:
        """Read a budget by the grammar of this module.

        Raises:
            UsageError: it is not of that form, or names no metric, another unit, or a number out of reach.
        """
        words = " ".join(text.split())
        found = _BUDGET.fullmatch(words) if len(words) <= _LENGTH else None
        if found is None:
            raise UsageError(f"budget {quoted(text)} is not of the form 'METRIC <= NUMBER', such as 'macs <= 2G'")
        name, relation, limit = found.groups()
        number, digit, unit = _limit(limit, name, words)
        within = digit if relation == ABOUT else 0
        return cls(name, "==" if relation == "=" else relation, number, words, within, unit)

    def counted(self, convention: Convention | str) -> Budget:
        """Return the budget, if it is written in the unit of a convention or in none.

        Raises:
            UsageError: it is in another.
        """
        unit = unit_of(self.metric, convention) if self.unit else ""
        if self.unit in ("", unit):
            return self
        name = convention if isinstance(convention, str) else convention.name
        raise UsageError(
            f"budget {quoted(self.text)}: {self.metric} is counted in {unit} by {quoted(name)}, not in {self.unit}"
        )

    @property
    def ends(self) -> tuple[tuple[str, Number], ...]:
        """The relations and limits that it comes to, without ``~``."""
        if self.relation != ABOUT:
            return ((self.relation, self.limit),)
        return ((">", exact(self.limit - self.within)), ("<", exact(self.limit + self.within)))

    @property
    def pinned(self) -> bool:
        """Whether it holds the metric from both sides."""
        return self.relation in ("==", ABOUT)

    def meets(self, value: Number) -> bool:
        """Tell whether a value of the metric is within the budget."""
        return all(compare(relation, value, limit) for relation, limit in self.ends)


def as_budgets(budgets: str | Budget | Iterable[str | Budget], convention: Convention | str) -> tuple[Budget, ...]:
    """Return budgets as they are, and texts as the budgets they mean; there may be none.

    Raises:
        UsageError: a text is not one, or is in another unit than the convention's.
    """
    several = (budgets,) if isinstance(budgets, (str, Budget)) else budgets
    read = (b if isinstance(b, Budget) else Budget.parse(b) for b in several)
    return tuple(b.counted(convention) for b in read)


def compare(relation: str, a: Number, b: Number) -> bool:
    """Tell whether two numbers stand in a relation, one of ``<= < >= > ==``."""
    return RELATIONS[relation](a, b)


def _limit(text: str, name: str, budget: str) -> tuple[Number, Number, str]:
    """Return a limit, what one of its last printed digit stands for, and the unit it is written in."""
    found = NUMBER.fullmatch(text)
    if found is None:
        raise UsageError(f"budget {quoted(budget)}: {quoted(text)} is not a number such as 2G, 25.5M, 2e9 or 16Gi")
    digits, exponent, tail = found.groups()
    power = int(exponent or 0)
    scale, unit = _scale(tail, name, budget)
    one = scale * Fraction(10) ** power if abs(power) <= 60 else Fraction(0)
    limit = Fraction(digits.replace("_", "")) * one
    if limit > LARGEST or not one:
        raise UsageError(f"budget {quoted(budget)}: the limit is out of reach; exponents go from -60 to 60")
    return exact(limit), exact(one / 10 ** len(digits.partition(".")[2].replace("_", ""))), unit


def _scale(tail: str, name: str, budget: str) -> tuple[Number, str]:
    """Return the factor that the words after a number stand for, and the unit among them, empty where there is none."""
    if not _NAME.fullmatch(name):
        return _plain_scale(tail, name, budget), ""
    own = metric(name)
    units = [own.unit, *(sorted({c.unit for c in conventions().values()} - {own.unit}) if own.priced else ())]
    for unit, word in (("", ""), *((each, word) for each in units for word in spellings(each))):
        scale = tail.removesuffix(word).rstrip() if tail.endswith(word) else tail
        if scale in SCALES or not scale:
            factor = _TIMES[word] if word and unit == "seconds" else 1
            return exact((SCALES[scale] if scale else 1) * factor), unit
    own_units = " or ".join(units)
    others = {m.unit for m in metrics().values()} - set(units)
    other = next((u for u in sorted(others) for word in spellings(u) if tail.endswith(word)), None)
    if other:
        raise UsageError(
            f"budget {quoted(budget)}: {name} is counted in {own_units}, not in {other}{_way_out(tail, name)}"
        )
    raise UsageError(
        f"budget {quoted(budget)}: {quoted(tail)} is neither a scale ({' '.join(SCALES)}) nor the unit, {own_units}"
        f"{_way_out(tail, name)}"
    )


def _way_out(tail: str, name: str) -> str:
    """Return what to write for billions, and for bytes where elements are counted."""
    if tail == "B":
        return "; a billion is G"
    held = metric(name).unit in ("elements", "params")
    scale = next((tail.removesuffix(word).rstrip() for word in _BYTES if held and tail.endswith(word)), "")
    return f"; for bytes say how many each takes, as in '2*{name} <= 1{scale}'" if scale in SCALES else ""


def _plain_scale(tail: str, name: str, budget: str) -> int:
    """Return the factor after the limit of an expression."""
    if tail and tail not in SCALES:
        scales = " ".join(SCALES)
        raise UsageError(f"budget {quoted(budget)}: {quoted(tail)} is not a scale ({scales}); {name} has no unit")
    return SCALES[tail] if tail else 1


def spellings(unit: str) -> Mapping[str, Number]:
    """Return the words that a unit may be written as after a number, and how many of it each stands for."""
    if unit == "seconds":
        return _TIMES
    return dict.fromkeys(_BYTES if unit in _BYTES else (unit, unit.removesuffix("s")), 1)
