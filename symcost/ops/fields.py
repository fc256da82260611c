"""Types of an op's fields: what a spec may write, and what the op's law then sees.

A spec writes integers or expressions (``4*c``). Before ``emit`` is called every expression has been replaced by its value, so the law
sees plain numbers or polynomials: the static type is the law's.
"""

from __future__ import annotations

from collections.abc import Callable
from fractions import Fraction
from typing import Annotated, Any, TypeAlias

from pydantic import AliasChoices, Field, GetCoreSchemaHandler, GetJsonSchemaHandler
from pydantic.json_schema import JsonSchemaValue
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

from symcost.algebra.atoms import exact
from symcost.algebra.expression import Expr, ExprError
from symcost.algebra.poly import Num


def parse(text: str) -> Expr:
    """Return the expression a text means, as pydantic wants its errors."""
    try:
        return Expr.parse(text)
    except ExprError as error:
        raise PydanticCustomError("expression", "{reason}", {"reason": str(error)}) from None


_TEXT = core_schema.union_schema(
    [core_schema.is_instance_schema(Expr), core_schema.no_info_after_validator_function(parse, core_schema.str_schema(strict=True))],
    mode="left_to_right",
)
_PLAIN = core_schema.plain_serializer_function_ser_schema(lambda v: str(v) if isinstance(v, (Expr, Fraction)) else v)


class Written:
    """Pydantic's view of a field that holds a literal or an expression."""

    def __init__(self, literal: Callable[[], CoreSchema], json_type: dict[str, Any], least: int | None = None) -> None:
        self.literal, self.json_type, self.least = literal, json_type, least

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.union_schema([self.literal(), _TEXT], mode="left_to_right", serialization=_PLAIN)

    def __get_pydantic_json_schema__(self, schema: CoreSchema, handler: GetJsonSchemaHandler) -> JsonSchemaValue:
        return {"anyOf": [self.json_type, {"type": "string", "description": "an expression"}]}


def _integer(least: int | None) -> Written:
    bound = {} if least is None else {"minimum": least}
    return Written(lambda: core_schema.int_schema(strict=True, ge=least), {"type": "integer", **bound}, least)


def _decimal(value: float) -> Num:
    """Return the number that was written, not the binary one beside it: 0.1 is one tenth."""
    return exact(Fraction(repr(value)))


def _number() -> CoreSchema:
    written = core_schema.float_schema(strict=True, allow_inf_nan=False)
    return core_schema.union_schema(
        [
            core_schema.int_schema(strict=True),
            core_schema.is_instance_schema(Fraction),
            core_schema.no_info_after_validator_function(_decimal, written),
        ],
        mode="left_to_right",
    )


Size: TypeAlias = Annotated[Num, _integer(1)]
"""A positive integer."""
Amount: TypeAlias = Annotated[Num, _integer(0)]
"""A nonnegative integer."""
Whole: TypeAlias = Annotated[int, _integer(None)]
"""Any integer, known once the structure is: an axis, say."""
Real: TypeAlias = Annotated[Num, Written(_number, {"type": "number"})]
"""Any exact number; a decimal is the fraction it spells."""
Flag: TypeAlias = Annotated[bool, Written(lambda: core_schema.bool_schema(strict=True), {"type": "boolean"})]
"""True or false, or a condition on the structure."""
Sizes: TypeAlias = Size | tuple[Size, ...]
"""One size for every spatial axis, or one for each."""
Amounts: TypeAlias = Amount | tuple[Amount, ...]
"""One amount for every spatial axis, or one for each."""


def also(*names: str) -> Any:
    """Give a field several spellings, its own first."""
    return Field(validation_alias=AliasChoices(*names))
