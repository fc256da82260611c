"""The values that symbols are tried at, read from text such as ``C=16:256:8``.

The grammar, with numbers read exactly::

    grid  = axis, axis, ...
    axis  = NAME=LOW:HIGH | NAME=LOW:HIGH:STEP | NAME=VALUE,VALUE,...
    value = number | true | false

Both ends belong to the range. Without a step the values are all that the symbol is declared to take from LOW to HIGH.
"""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction
from typing import TypeAlias

from symcost.algebra.atoms import Number, exact
from symcost.errors import UsageError, did_you_mean, quoted
from symcost.solver.domain import read_exact
from symcost.spec.symbols import Symbol

LONGEST = 10_000_000
"""Values of one axis."""
Value: TypeAlias = Number | bool
Over: TypeAlias = str | Iterable[str] | Mapping[str, "str | Iterable[Value | str]"]
"""``"C=16:256:8, B=1,2,4"``, several of these, or values by name, as text such as ``"16:256:8"`` or one by one."""


@dataclass(frozen=True)
class Axis:
    """A symbol and the values it is tried at.

    Attributes:
        name: of the symbol.
        values: distinct, in the order asked for; a ``range`` where they are evenly spaced whole numbers.
    """

    name: str
    values: Sequence[Value]

    def __str__(self) -> str:
        first, last = self.values[0], self.values[-1]
        if len(self.values) < 4:
            return f"{self.name} = {', '.join(map(_shown, self.values))}"
        return f"{self.name} = {first}, {self.values[1]}, ..., {last}"


def axes(over: Over, symbols: Mapping[str, Symbol]) -> tuple[Axis, ...]:
    """Return the axes of a grid over declared symbols.

    Raises:
        UsageError: one is not of the grammar, names no symbol or one twice, is empty, or has a value that the symbol
            does not take.
    """
    pairs = list(over.items()) if isinstance(over, Mapping) else [_split(text) for text in _several(over)]
    found: dict[str, Axis] = {}
    for name, values in pairs:
        if name not in symbols:
            known = ", ".join(symbols) or "none"
            raise UsageError(f"there is no free symbol {quoted(name)}{did_you_mean(name, symbols)}; free are {known}")
        if name in found:
            raise UsageError(f"{name} is given twice as an axis of the grid")
        found[name] = _axis(name, values, symbols[name])
    return tuple(found.values())


def axis_names(over: Over) -> tuple[str, ...]:
    """Return the names of the symbols that a grid is over, before anything is known of them.

    Raises:
        UsageError: an axis has no name.
    """
    return tuple(over) if isinstance(over, Mapping) else tuple(_split(text)[0] for text in _several(over))


def _several(over: str | Iterable[str]) -> list[str]:
    """Return a text for each axis; a comma before ``NAME=`` sets axes apart, any other belongs to a list of values."""
    texts = (over,) if isinstance(over, str) else over
    return [axis for text in texts for axis in re.split(r",(?=\s*[A-Za-z_]\w*\s*=)", text)]


def _split(text: str) -> tuple[str, str]:
    name, equals, values = (part.strip() for part in text.partition("="))
    if not equals or not name or not values:
        raise UsageError(f"an axis is given as NAME=LOW:HIGH:STEP or NAME=VALUE,VALUE, got {quoted(text)}")
    return name, values


def _axis(name: str, written: str | Iterable[Value | str], declared: Symbol) -> Axis:
    values: Sequence[Value]
    if isinstance(written, range):
        values = written
    elif isinstance(written, str) and ":" in written:
        values = progression(name, written, declared)
    else:
        listed = written.split(",") if isinstance(written, str) else written
        values = tuple(_value(name, value) for value in listed)
    if not values:
        raise UsageError(f"{name} has no value from the grid that is asked for")
    if len(values) > LONGEST:
        raise UsageError(f"{name} has {len(values):,} values in the grid; more than {LONGEST:,} are not tried")
    return Axis(name, _checked(name, values, declared))


def progression(name: str, written: str, declared: Symbol) -> Sequence[Number]:
    """Return the values of LOW:HIGH or LOW:HIGH:STEP; without a step, the multiples that the declaration asks for."""
    parts = [read_exact(name, part) for part in written.split(":")]
    if len(parts) not in (2, 3):
        raise UsageError(f"{name}: a range is LOW:HIGH or LOW:HIGH:STEP, got {quoted(written)}")
    low, high = parts[:2]
    if len(parts) == 2 and declared.kind == "ratio":
        raise UsageError(f"{name} is a ratio: give a step, as in {name}={low}:{high}:1/8")
    step = parts[2] if len(parts) == 3 else declared.step
    low = low if len(parts) == 3 else -(-low // declared.step) * declared.step
    if step <= 0:
        raise UsageError(f"{name}: the step of a range is above 0, got {step}")
    if low > high:
        raise UsageError(f"{name}: the range {written} is empty")
    count = int((high - low) // step) + 1
    if count > LONGEST:
        raise UsageError(f"{name} has {count:,} values in the grid; more than {LONGEST:,} are not tried")
    if isinstance(low, int) and isinstance(step, int):
        return range(low, low + count * step, step)
    return tuple(exact(Fraction(low + i * step)) for i in range(count))


def _value(name: str, value: Value | str) -> Value:
    if isinstance(value, str) and value.strip() in ("true", "false"):
        return value.strip() == "true"
    return value if isinstance(value, bool) else read_exact(name, value)


def _checked(name: str, values: Sequence[Value], declared: Symbol) -> Sequence[Value]:
    """Return the values, none twice, if the symbol takes them; of a range the ends and the spacing tell."""
    asked = (values[0], *values[1:2], values[-1]) if isinstance(values, range) else values
    for value in asked:
        if reason := declared.refusal(value, name):
            raise UsageError(f"the grid is not one: {name} = {_shown(value)} {reason}")
    if not isinstance(values, range) and len(set(values)) < len(values):
        twice = next(value for i, value in enumerate(values) if value in values[:i])
        raise UsageError(f"{name} = {_shown(twice)} is in the grid twice")
    return values


def _shown(value: Value) -> str:
    return str(value).lower() if isinstance(value, bool) else str(value)
