"""What the modules of a package define: things that are found by being there."""

from __future__ import annotations

from collections.abc import Iterator
from importlib import import_module
from pkgutil import iter_modules
from types import ModuleType
from typing import Any


def defined_in(package: ModuleType, name: str) -> Iterator[Any]:
    """Yield what the modules of a package define under a name, those that do."""
    for found in iter_modules(package.__path__):
        module = None if found.ispkg else import_module(f"{package.__name__}.{found.name}")
        if hasattr(module, name):
            yield getattr(module, name)
