"""Several ES modules as one text."""

from __future__ import annotations

import re
from collections import Counter
from importlib.resources import files

from symcost.explorer.module import joined, names_at_top

ASSETS = files("symcost.explorer").joinpath("assets")
SCRIPTS = sorted(path.name for path in ASSETS.iterdir() if path.name.endswith(".js"))


def test_names_at_the_top_of_modules_differ() -> None:
    """They stand in one scope: a second of the same name would take the place of the first, or be refused."""
    found = Counter(name for script in SCRIPTS for name in names_at_top(script.removesuffix(".js")))
    assert [name for name, times in found.items() if times > 1] == []


def test_imports_keep_the_names_of_what_they_take() -> None:
    for script in SCRIPTS:
        text = ASSETS.joinpath(script).read_text(encoding="utf-8")
        assert " as " not in "".join(re.findall(r"^import [^;]*;", text, re.MULTILINE)), script


def test_every_module_stands_once_after_what_it_imports_and_only_the_last_exports() -> None:
    text = joined("engine.js")
    lines = text.splitlines()
    assert "import" not in {line.split(" ")[0] for line in lines}
    assert [line for line in lines if line.startswith("export ")] == [
        "export { grouped, load, readBudget, rounded, solve, text };"
    ]
    places = [text.index(f"\nfunction {name}(") for name in ("ratio", "load", "along", "solve")]
    assert places == sorted(places)


def test_comments_and_indentation_are_left_out() -> None:
    assert not re.search(r"^\s|/\*\*|^//", joined("engine.js"), re.MULTILINE)
