"""A table of the benchmarks."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from dataclasses import dataclass, field
from typing import Any

Job = Callable[[], Any]
"""What is timed, called once."""


@dataclass(frozen=True)
class Section:
    """Jobs that stand in one table.

    Attributes:
        title: of the table.
        jobs: by name, what makes a job; making it is not timed.
        base: the job whose time the others are shown as multiples of; none where it is empty.
        needs: packages without which a job is left out, by name.
    """

    title: str
    jobs: Mapping[str, Callable[[], Job]]
    base: str = ""
    needs: Mapping[str, str] = field(default_factory=dict)

    def package(self, name: str) -> str:
        """Return the package that a job needs, empty where it needs none."""
        return self.needs.get(name, "")
