"""Types of an op's fields: what a spec may write, and what the op's law then sees.

A spec writes integers or expressions (``4*c``). Before ``emit`` is called every expression has been replaced by its
value, so the law sees plain numbers or polynomials: the static type is the law's.
"""

from __future__ import annotations

import json
from collections.abc import Callable
from fractions import Fraction
from typing import Annotated, Any, TypeAlias

from pydantic import AliasChoices, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from symcost.algebra.atoms import exact
from symcost.algebra.expression import Expr, ExprError
from symcost.algebra.poly import Num


def _plain(value: Any) -> Any:
    """Return a value as a file holds it; pydantic asks this of a list too where a field takes one size or several."""
    if isinstance(value, tuple):
        return tuple(map(_plain, value))
    return str(value) if isinstance(value, (Expr, Fraction)) else value


_PLAIN = core_schema.plain_serializer_function_ser_schema(_plain)


class Written:
    """Pydantic's view of a field that holds a literal or an expression.

    Attributes:
        literal: makes the schema of the literals.
        json_type: the same as JSON Schema.
        takes: the same in words.
        least: the least value allowed, for values that expressions come to.
    """

    def __init__(
        self, literal: Callable[[], CoreSchema], json_type: dict[str, Any], takes: str, least: int | None = None
    ) -> None:
        self.literal, self.json_type, self.takes, self.least = literal, json_type, takes, least

    def read(self, value: object) -> Expr:
        """Return what is not a literal as the expression it must be."""
        if isinstance(value, Expr):
            return value
        if not isinstance(value, str):
            raise PydanticCustomError(
                "written", "takes {takes}, got {got}", {"takes": self.takes, "got": shorten(value)}
            )
        try:
            return Expr.parse(value)
        except ExprError as error:
            raise PydanticCustomError("written", "{reason}", {"reason": str(error)}) from None

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        expression = core_schema.no_info_plain_validator_function(self.read)
        return core_schema.union_schema([self.literal(), expression], mode="left_to_right", serialization=_PLAIN)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [self.json_type, {"type": "string", "description": "an expression"}]}


def shorten(value: object) -> str:
    """Return a value as messages show it."""
    text = json.dumps(value, default=repr)
    return text if len(text) <= 40 else text[:36] + " ..."


def _integer(least: int | None) -> Written:
    bound = {} if least is None else {"minimum": least}
    takes = "a whole number" if least is None else f"a whole number of at least {least}"
    return Written(lambda: core_schema.int_schema(strict=True, ge=least), {"type": "integer", **bound}, takes, least)


def _decimal(value: float) -> Num:
    """Return the number that was written, not the binary one beside it: 0.1 is one tenth."""
    return exact(Fraction(repr(value)))


def _number() -> CoreSchema:
    written = core_schema.float_schema(strict=True, allow_inf_nan=False)
    ratio = core_schema.str_schema(strict=True, pattern=r"^-?\d{1,30}/[1-9]\d{0,29}$")
    return core_schema.union_schema(
        [
            core_schema.int_schema(strict=True),
            core_schema.is_instance_schema(Fraction),
            core_schema.no_info_after_validator_function(_decimal, written),
            core_schema.no_info_after_validator_function(Fraction, ratio),
        ],
        mode="left_to_right",
    )


def _number_or_truth() -> CoreSchema:
    return core_schema.union_schema([core_schema.bool_schema(strict=True), core_schema.int_schema(strict=True)])


Size: TypeAlias = Annotated[Num, _integer(1)]
"""A positive integer."""
Amount: TypeAlias = Annotated[Num, _integer(0)]
"""A nonnegative integer."""
Whole: TypeAlias = Annotated[int, _integer(None)]
"""Any integer, known once the structure is: an axis, say."""
Real: TypeAlias = Annotated[Num, Written(_number, {"type": "number"}, "a number")]
"""Any exact number; a decimal is the fraction it spells."""
Flag: TypeAlias = Annotated[
    bool, Written(lambda: core_schema.bool_schema(strict=True), {"type": "boolean"}, "true or false")
]
"""True or false, or a condition on the structure."""
Argument: TypeAlias = Annotated[
    Num | bool, Written(_number_or_truth, {"type": ["integer", "boolean"]}, "a whole number, true or false")
]
"""What a block's argument may be: a whole number, true or false, or an expression."""
Sizes: TypeAlias = Size | tuple[Size, ...]
"""One size for every spatial axis, or one for each."""
Amounts: TypeAlias = Amount | tuple[Amount, ...]
"""One amount for every spatial axis, or one for each."""


def also(*names: str) -> Any:
    """Give a field several spellings, its own first."""
    return Field(validation_alias=AliasChoices(*names))
