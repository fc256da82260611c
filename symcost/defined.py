"""What the modules of a package define: things that are found by being there."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any, TypeVar

from symcost.errors import UsageError, did_you_mean, quoted

T = TypeVar("T")


def defined_in(package: ModuleType, name: str) -> Iterator[Any]:
    """Yield what the modules of a package define under a name, those that do."""
    for found in iter_modules(package.__path__):
        module = None if found.ispkg else import_module(f"{package.__name__}.{found.name}")
        if hasattr(module, name):
            yield getattr(module, name)


def named(what: str, name: str, known: Mapping[str, T]) -> T:
    """Return the thing of a name.

    Raises:
        UsageError: there is none.
    """
    if name not in known:
        raise UsageError(f"there is no {what} {quoted(name)}{did_you_mean(name, known)}; known are {', '.join(known)}")
    return known[name]
