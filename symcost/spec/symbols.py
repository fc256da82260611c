"""Symbols of a spec: their kind is declared, never guessed from the way a number is written."""

from __future__ import annotations

import re
from collections.abc import Mapping
from fractions import Fraction
from numbers import Rational
from typing import Annotated, Any, Literal, TypeAlias

from pydantic import BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer, model_validator

from symcost.algebra.atoms import Number, exact
from symcost.algebra.expression import RESERVED as WORDS
from symcost.algebra.expression import Expr, ExprError
from symcost.ops.fields import Size

Kind = Literal["dimension", "ratio", "flag", "constant"]
RESERVED = frozenset(f"{letter}_{when}" for letter in "CHWE" for when in ("in", "now"))
"""Names the language gives to the sizes of the tensor at hand."""
_PRODUCT = re.compile(r"; write [\d.]+\*\w+$")
"""A way out of ``8k`` that a single number has not: there is no k in it."""


def check_name(name: str) -> None:
    """Make sure that expressions can name a value so.

    Raises:
        ValueError: the name is no identifier, or means something else.
    """
    if name in RESERVED:
        raise ValueError(f"'{name}' cannot be the name of a symbol: it is a size of the tensor at hand")
    if not name.isidentifier() or not name.isascii() or name in WORDS:
        raise ValueError(f"'{name}' cannot be the name of a symbol: it is not a plain name")


def read_number(value: Any) -> Any:
    """Return the exact number that a text such as ``"3/4"``, or a number of NumPy or SymPy, means; other types pass."""
    if isinstance(value, str):
        try:
            value = Expr.parse(value).evaluate({})
        except ExprError as error:
            said = _PRODUCT.sub("; write it out, as 8000 or 8*1024", str(error))
            raise ValueError(f"takes a number: {said}") from None
    if isinstance(value, float):
        raise ValueError(f"takes exact numbers; write {value} as text or as a fraction")
    if isinstance(value, (bool, int)) or not isinstance(value, Rational):
        return value
    return exact(Fraction(int(value.numerator), int(value.denominator)))


def _write(value: Any) -> Any:
    return str(value) if isinstance(value, (Fraction, Expr)) else value


def _number(value: Any) -> Any:
    if value is not None and not isinstance(value, (bool, int, Fraction)):
        raise ValueError(f"takes a number, got {value!r}")
    return value


Value: TypeAlias = Annotated[
    Any, BeforeValidator(_number), BeforeValidator(read_number), PlainSerializer(_write),
    Field(json_schema_extra={"anyOf": [{"type": "number"}, {"type": "string"}, {"type": "boolean"}]}),
]  # fmt: skip
"""An exact number, or true or false."""


def _bound(value: Any) -> Any:
    """Return the end of a range: an exact number, or an expression in constants."""
    expression = _expression(value) if isinstance(value, str) else value
    return expression if isinstance(expression, Expr) and expression.names else _number(read_number(value))


def _expression(text: str) -> Expr:
    try:
        return Expr.parse(text)
    except ExprError as error:
        raise ValueError(f"takes a number or an expression: {error}") from None


End: TypeAlias = Annotated[
    Any, BeforeValidator(_bound), PlainSerializer(_write),
    Field(json_schema_extra={"anyOf": [{"type": "number"}, {"type": "string"}]}),
]  # fmt: skip
"""A number at which a range ends, or an expression in constants."""
Default: TypeAlias = Annotated[
    Any, BeforeValidator(_bound), PlainSerializer(_write),
    Field(json_schema_extra={"anyOf": [{"type": "number"}, {"type": "string"}, {"type": "boolean"}]}),
]  # fmt: skip
"""An exact number, true or false, or an expression in constants and flags."""


class Symbol(BaseModel):
    """A named quantity of a spec.

    Attributes:
        kind: ``dimension`` (a positive integer that stays symbolic), ``ratio`` (a positive rational that stays
            symbolic), ``flag`` (true or false) or ``constant`` (an integer); the last two are structure, fixed before
            the graph is drawn.
        default: the value where none is given, perhaps in constants and flags (``1 if decode else 1024``).
        min: least value allowed, perhaps in constants.
        max: greatest value allowed, the same.
        multiple_of: what divides every value allowed, perhaps in constants (``2**depth``); joins may rely on it.
        about: what it is, for people.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    kind: Kind = "dimension"
    default: Default = None
    min: End = None
    max: End = None
    multiple_of: Size = 1
    about: str = ""

    @model_validator(mode="before")
    @classmethod
    def _from_literal(cls, data: Any) -> Any:
        """Take a bare literal as the default of a dimension."""
        if data is None:
            return {}
        if isinstance(data, (dict, Symbol)):
            return data
        literal = read_number(data)
        if isinstance(literal, bool):
            raise ValueError("true or false needs its kind: write {kind: flag, default: ...}")
        if isinstance(literal, (list, tuple)):
            raise ValueError("a symbol is a number or a mapping such as {default: 16, about: width}, not a list")
        if not isinstance(literal, int):
            way_out = f"if it is meant as one size for another, write {{kind: ratio, default: {data}}}"
            raise ValueError(f"{data} is not a whole number; {way_out}")
        return {"default": literal}

    @model_validator(mode="after")
    def _fits(self) -> Symbol:
        for end in (self.min, self.max):
            if isinstance(end, bool) or (end is not None and self.kind == "flag"):
                raise ValueError("min and max are numbers, and a flag has none")
            if isinstance(end, Expr) and self.structural:
                raise ValueError(f"min and max of a constant are plain numbers, got '{end}'")
        if self.kind == "dimension" and (_known(self.min) or 0) < 0:
            raise ValueError(f"min {self.min} is negative, and the kind is dimension")
        if isinstance(self.default, Expr):
            if self.structural:
                raise ValueError(f"default of a {self.kind} is plain, got '{self.default}'")
        elif self.default is not None and (reason := self.refusal(self.default)):
            raise ValueError(f"default {self.default} {reason}")
        return self

    @property
    def structural(self) -> bool:
        """Whether the value is fixed before the graph is drawn."""
        return self.kind in ("flag", "constant")

    @property
    def step(self) -> int:
        """The distance between values allowed: ``multiple_of``, 1 while that is not known."""
        return self.multiple_of if isinstance(self.multiple_of, int) else 1

    def settled(self, structure: Mapping[str, Number | bool]) -> Symbol:
        """Return the symbol with ``multiple_of``, ``min``, ``max`` and ``default`` as numbers.

        Raises:
            ValueError: one of them is none, or not positive, under these values of flags and constants.
        """
        written = {key: getattr(self, key) for key in ("multiple_of", "min", "max", "default")}
        found = {key: _settled(key, value, structure) for key, value in written.items() if isinstance(value, Expr)}
        return self.model_copy(update=found) if found else self

    @property
    def least(self) -> Number:
        """The least value allowed: ``min``, or 1 for a dimension and 0 otherwise, rounded up to a ``multiple_of``."""
        end = _known(self.min)
        least: Number = end if end is not None else (1 if self.kind == "dimension" else 0)
        return exact(-(-least // self.step) * self.step if self.step > 1 else least)

    def refusal(self, value: Number | bool, name: str = "it") -> str | None:
        """Return why a value is not allowed for the symbol of this name, or None when it is."""
        if self.kind == "flag":
            return None if isinstance(value, bool) else "is not true or false"
        if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
            return f"is not a number, and the kind is {self.kind}"
        if self.kind != "ratio" and not isinstance(value, int):
            return f"is not a whole number, and the kind is {self.kind}"
        return self._out_of_range(value) or self._not_a_multiple(value, name)

    def _out_of_range(self, value: Number) -> str | None:
        if self.kind == "ratio" and value <= 0:
            return "is not positive"
        if self.kind == "dimension" and value < 1 and self.min is None:
            return "is not a positive size"
        least, most = _known(self.min), _known(self.max)
        if least is not None and value < least:
            return f"is below the least value, {least}"
        if most is not None and value > most:
            return f"is above the greatest value, {most}"
        return None

    def _not_a_multiple(self, value: Number, name: str) -> str | None:
        if self.step == 1 or value % self.step == 0:
            return None
        condition = f"{name} is even" if self.step == 2 else f"{self.step} divides {name}"
        return f"breaks the declared condition that {condition}"


def _known(end: Any) -> Number | None:
    """Return the end of a range, None while it is an expression in constants that have no value yet."""
    return None if isinstance(end, Expr) else end


def _settled(key: str, written: Expr, structure: Mapping[str, Number | bool]) -> Number:
    try:
        value = written.evaluate(structure)
    except ExprError as error:
        raise ValueError(f"{key}: {error}") from None
    if not isinstance(value, int) or isinstance(value, bool) or value < 1:
        raise ValueError(f"{key}: '{written}' is {value}, not a whole number of at least 1")
    return value
