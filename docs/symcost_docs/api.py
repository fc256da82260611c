"""Pages of the Python interface: every public name, by what it is."""

from __future__ import annotations

import inspect
from collections.abc import Iterable

import symcost

LEAD = """\
Python
======

Everything stands in ``symcost`` and is imported on first use. Results are exact: integers, fractions and SymPy
expressions.
"""


def pages() -> dict[str, str]:
    """Return the page of the interface and one for each kind of public name."""
    public = {name: getattr(symcost, name) for name in sorted(symcost.__all__)}
    errors = [name for name, one in public.items() if inspect.isclass(one) and issubclass(one, Exception)]
    classes = [name for name, one in public.items() if inspect.isclass(one) and name not in errors]
    functions = [name for name, one in public.items() if not inspect.isclass(one)]
    made = {
        "functions": _page("Functions", "function", functions),
        "classes": _page("Classes", "class", classes),
        "errors": _page("Errors", "exception", errors),
    }
    toc = ".. toctree::\n\n" + "".join(f"   {name}\n" for name in made)
    index = f"{LEAD}\n{_listed(public)}\n{toc}"
    return {f"reference/python/{name}.rst": text for name, text in {"index": index, **made}.items()}


def _listed(public: dict[str, object]) -> str:
    """Return every name with its first line."""
    lines = (f"* :py:obj:`symcost.{name}`: {_first(one)}\n" for name, one in public.items())
    return "".join(lines)


def _first(one: object) -> str:
    return (inspect.getdoc(one) or "").partition("\n")[0].rstrip(".")


def _page(title: str, kind: str, names: Iterable[str]) -> str:
    parts = (f".. auto{kind}:: symcost.{name}\n" for name in names)
    return f"{title}\n{'=' * len(title)}\n\n" + "\n".join(parts)
