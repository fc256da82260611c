"""Pages made from what symcost holds: a module here that has ``pages`` is asked for them before the site is built.

What is found by being there, such as an op or a device, is documented by being there: nothing is listed twice.
"""

from __future__ import annotations

import shutil
import sys
from collections.abc import Mapping
from pathlib import Path
from typing import Any

from symcost.defined import defined_in

ROOT = Path(__file__).resolve().parents[2]
FOLDER = "generated"
LIVE = "live"


def setup(app: Any) -> dict[str, Any]:
    """Let Sphinx have the pages made before it reads any."""
    app.connect("builder-inited", lambda started: write(Path(started.srcdir) / FOLDER, pages()))
    app.connect("build-finished", _beside)
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _beside(app: Any, failure: Exception | None) -> None:
    """Put whole pages beside those that Sphinx makes."""
    if failure is None and app.builder.format == "html":
        shutil.copytree(Path(app.srcdir) / FOLDER / LIVE, Path(app.outdir) / LIVE, dirs_exist_ok=True)


def pages(*without: str) -> dict[str, str]:
    """Return every generated file, path below the folder -> text, but those of some modules: drawing takes time."""
    made: dict[str, str] = {}
    for of_module in defined_in(sys.modules[__name__], "pages"):
        found = {} if of_module.__module__.rpartition(".")[2] in without else of_module()
        assert not made.keys() & found.keys(), "two modules make one page"
        made.update(found)
    return made


def write(folder: Path, made: Mapping[str, str]) -> None:
    """Write files that differ from what is there, so that unchanged pages are not built again, and remove others."""
    for path in [path for path in folder.rglob("*") if path.is_file()]:
        if path.relative_to(folder).as_posix() not in made:
            path.unlink()
    for name, text in made.items():
        path = folder / name
        if not path.exists() or path.read_text(encoding="utf-8") != text:
            path.parent.mkdir(parents=True, exist_ok=True)
            path.write_text(text, encoding="utf-8")
