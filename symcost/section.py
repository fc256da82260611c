"""Sections of a setup: what a network is trained or served with, as flat fields of a few models.

Fields hold names, flags, or quantities. A quantity is an exact number or a formula; it may be made a symbol, in which
costs then stand as they stand in the sizes of the network.
"""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Annotated, Any, ClassVar, TypeAlias

from pydantic import BaseModel, ConfigDict, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, core_schema

from symcost.algebra.atoms import Number, exact
from symcost.algebra.expression import Expr, ExprError
from symcost.algebra.needs import Need
from symcost.algebra.poly import Num, Poly, constant, symbol
from symcost.algebra.scales import parted
from symcost.errors import quoted
from symcost.graph.model import Graph
from symcost.spec.symbols import Kind, Symbol


@dataclass(frozen=True)
class Quantity:
    """What a field of a setup takes: a number within bounds, perhaps with a scale (15T), or a formula in symbols.

    Attributes:
        kind: of the symbol that it can be made: a dimension is whole.
        least: the least value.
        most: the greatest, None without end.
    """

    kind: Kind
    least: Number
    most: Number | None = None

    def read(self, value: object) -> Num:
        """Return the number or formula that a field is given.

        Raises:
            ValueError: it is none, or out of bounds.
        """
        found = value if isinstance(value, Poly) else self._number(value)
        number = constant(found)
        if number is None:
            return found
        if number < 0:
            raise ValueError(f"{number} is below the least value, {self.least}")
        if number != self.least and (reason := self.declared(None).refusal(number)):
            raise ValueError(f"{number} {reason}")  # a symbol of this kind is positive, and a number may be 0
        return number

    def declared(self, default: Number | None, about: str = "") -> Symbol:
        """Return the symbol that the field can be made; a ratio is positive, so 0 is no default of one."""
        if self.kind == "ratio" and default == 0:
            default = None
        return Symbol(kind=self.kind, default=default, min=self.least, max=self.most, about=about)

    def _number(self, value: object) -> Num:
        if isinstance(value, float):
            value = repr(value)  # 0.1 is one tenth, as it is written
        if isinstance(value, str):
            return self._formula(value)
        if isinstance(value, bool) or not isinstance(value, (int, Fraction)):
            raise ValueError(f"takes a number, got {value!r}")
        return exact(Fraction(value))

    def _formula(self, text: str) -> Num:
        number, scale = parted(text)
        try:
            expression = Expr.parse(number)
            found = expression.evaluate({name: symbol(name, self.kind) for name in expression.names})
        except ExprError as error:
            raise ValueError(f"takes a number or a formula: {error}") from None
        if isinstance(found, bool):
            raise ValueError(f"takes a number, and {quoted(text)} is true or false")
        return exact(Fraction(found) * scale) if isinstance(found, (int, Fraction)) else found * scale

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_plain_validator_function(
            self.read, serialization=core_schema.plain_serializer_function_ser_schema(_plain)
        )

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [{"type": "number"}, {"type": "string", "description": "a formula"}]}


def _plain(value: Num) -> int | str:
    return value if isinstance(value, int) else str(value)


Size: TypeAlias = Annotated[Num, Quantity("dimension", 1)]
"""A whole number of at least 1."""
Count: TypeAlias = Annotated[Num, Quantity("dimension", 0)]
"""A whole number, perhaps 0."""
Share: TypeAlias = Annotated[Num, Quantity("ratio", 0, 1)]
"""A part of a whole, from 0 to 1."""
Rate: TypeAlias = Annotated[Num, Quantity("ratio", 0)]
"""Any amount that is not negative, such as a price."""


class Section(BaseModel):
    """Fields of a setup that belong together.

    Subclasses name their fields so that no two sections have one in common.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, arbitrary_types_allowed=True)

    title: ClassVar[str]
    """What headings call it."""

    def said(self) -> str:
        """Return in words what is set: the fields that are not at their defaults, unless a section knows better."""
        fields = type(self).model_fields
        changed = {name: value for name in fields if (value := getattr(self, name)) != fields[name].default}
        told = (name if str(value) == name else f"{name} = {value}" for name, value in changed.items())
        return ", ".join(told) or "as usual"

    def needs(self, graph: Graph) -> Mapping[Need, str]:
        """Return what it asks of a network's sizes, each with the field that asks."""
        return {}

    def amounts(self) -> Iterator[tuple[Num, Quantity]]:
        """Yield the numbers and formulas that are given, with what may be given."""
        yield from ((getattr(self, name), quantity) for name, quantity in self.quantities().items())

    @classmethod
    def takes(cls) -> Mapping[str, str]:
        """Return in words what fields take that are neither quantities nor choices."""
        return {}

    @classmethod
    def quantities(cls) -> dict[str, Quantity]:
        """Return what the fields take that can be made symbols."""
        pairs = ((name, mark) for name, field in cls.model_fields.items() for mark in field.metadata)
        return {name: mark for name, mark in pairs if isinstance(mark, Quantity)}
