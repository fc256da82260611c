"""Ops of one's own on the command line: a Python file that is run because it is named there, never by a spec."""

from __future__ import annotations

import sys
from collections.abc import Sequence
from importlib import import_module
from importlib.util import module_from_spec, spec_from_file_location
from pathlib import Path
from traceback import FrameSummary, extract_tb

from symcost.errors import UsageError, quoted

PREFIX = "symcost_ops_of_"


def run(sources: Sequence[str]) -> None:
    """Run files or modules that define ops, which are known from then on.

    Raises:
        UsageError: there is no such file or module, it fails, or it defines no op.
    """
    for source in sources:
        _run(source)
        if not _modules():
            raise UsageError(f"--ops {quoted(source)} defines no op: a subclass of symcost.ops.Op with a field 'op'")


def _modules() -> set[str]:
    """Return the names of the modules that define ops which are not symcost's."""
    from symcost.ops import Op

    return {op.__module__ for op in Op.known.values() if not op.__module__.startswith("symcost.")}


def _run(source: str) -> None:
    try:
        _file(Path(source)) if source.endswith(".py") else import_module(source)
    except FileNotFoundError:
        raise UsageError(f"--ops {quoted(source)}: there is no such file") from None
    except UsageError as error:
        raise UsageError(f"--ops {quoted(source)}: {error}") from None
    except Exception as error:  # noqa: BLE001 - whatever a file of the user's does
        said = str(error).splitlines() or [""]
        raise UsageError(f"--ops {quoted(source)}: {type(error).__name__}: {said[0]}{_line(error, source)}") from None


def _file(path: Path) -> None:
    """Run a file as a module of its own name, which is no module that others import."""
    name = f"{PREFIX}{path.stem}"
    spec = spec_from_file_location(name, path)
    assert spec is not None
    assert spec.loader is not None
    module = module_from_spec(spec)
    sys.modules[name] = module  # where pydantic looks up the names in annotations
    spec.loader.exec_module(module)


def _line(error: Exception, source: str) -> str:
    lines = [
        frame.lineno for frame in extract_tb(error.__traceback__) if Path(frame.filename) == Path(source).absolute()
    ]
    return f", in line {lines[-1]}" if lines else ""


def places(frames: Sequence[FrameSummary]) -> list[str]:
    """Return the places of a traceback that are in files of ops which are not symcost's, as FILE:LINE."""
    if "symcost.ops" not in sys.modules:
        return []
    files = {getattr(sys.modules.get(name), "__file__", None) for name in _modules()}
    return [f"{frame.filename}:{frame.lineno}" for frame in frames if frame.filename in files]
