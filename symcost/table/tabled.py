"""Answers that have a table: how they are told, given to programs and shown in notebooks."""

from __future__ import annotations

from abc import ABC, abstractmethod
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from symcost.table.model import Table


class Tabled(ABC):
    """An answer with a table; one that says more than its table tells it in words of its own."""

    @abstractmethod
    def table(self) -> Table:
        """Return the answer as rows under columns."""

    def __str__(self) -> str:
        return str(self.table())

    def to_json(self) -> Any:
        """Return the answer as JSON takes it, exact numbers as strings."""
        return self.table().to_json()

    def _repr_mimebundle_(self, **_: Any) -> dict[str, str]:
        return {**self.table().bundle(), "text/plain": str(self)}
