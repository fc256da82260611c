"""The section of a setup that says in which number formats a network is held."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar

from pydantic import Field, PlainSerializer, PlainValidator

from symcost.errors import UsageError, quoted
from symcost.precisions.precision import Precision, precision
from symcost.precisions.recipes import RECIPES
from symcost.section import Section


def _read(value: object) -> Precision:
    if isinstance(value, Precision):
        return value
    if not isinstance(value, str):
        raise UsageError(f"precision takes a name, such as mixed_bf16, got {quoted(str(value))}")
    return precision(value)


Recipe = Annotated[Precision, PlainValidator(_read), PlainSerializer(str)]
"""A recipe, from its name: ``mixed_bf16``, or ``mixed_bf16:gradient=fp32,kv=fp8`` where formats are others."""


class Holding(Section):
    """How tensors are held in memory."""

    title: ClassVar = "precision"

    precision: Recipe = Field(precision("fp32"), description="number formats by role, such as mixed_bf16:gradient=fp32")

    @classmethod
    def takes(cls) -> Mapping[str, str]:
        """Return what fields take that are neither quantities nor choices."""
        return {"precision": f"{' | '.join(RECIPES)}, perhaps with other formats by role"}

    def said(self) -> str:
        """Return the recipe in words."""
        return f"{self.precision}: {self.precision.about}"
