"""What may stand in a place of a command line, for shells that complete words.

A shell waits for it at every press of a key, so names come from a glance at files, and nothing large is imported.
"""

from __future__ import annotations

import ast
import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import cache
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from symcost import shelf

SUFFIXES = (".yaml", ".yml", ".json")


def specs(_: Any, incomplete: str) -> list[str]:
    """Return shipped names and paths of specs; after PATH: the variants in it."""
    path, colon, _ = incomplete.rpartition(":")
    if colon and Path(path).is_file():
        return [f"{path}:{name}" for name in shelf.variants(_text(Path(path)))]
    return [*_paths(incomplete), *shipped()]


@cache
def shipped() -> tuple[str, ...]:
    """Return the shipped names, each family before its variants."""
    return tuple(name for path in shelf.files() for name in (path.stem, *shelf.variants(_text(path))))


def _paths(incomplete: str) -> Iterator[str]:
    """Give folders, with a slash after them, and spec files that a path may go on to."""
    folder, slash, start = incomplete.rpartition("/")
    for path in sorted(Path(folder + slash or ".").glob("*")):
        shown = f"{folder}{slash}{path.name}"
        if path.name.startswith(".") and not start:
            continue
        if path.is_dir():
            yield f"{shown}/"
        elif path.suffix in SUFFIXES:
            yield shown


def metrics(_: Any, incomplete: str) -> list[str]:
    """Return the metrics; those of one kind or collective, such as ``elementwise.add``, once a dot stands there."""
    if "." in incomplete:
        from symcost.metrics.metric import metrics as known

        return list(known())
    return sorted(name for name in _called("symcost.metrics", "Metric") if "." not in name)


def conventions(_: Any, incomplete: str) -> list[str]:
    """Return the conventions, after those that a list with commas already has: each is a file."""
    files = (path for path in _modules("symcost.metrics") if path.parent.name == "conventions")
    return _listed(sorted(path.stem for path in files if not path.stem.startswith("_")), incomplete)


def symbols(context: Any, incomplete: str) -> list[str]:
    """Return the symbols of the network, after those that a list with commas already has."""
    return _listed(_symbols_of(context), incomplete)


def _listed(names: Iterable[str], incomplete: str) -> list[str]:
    before, comma, _ = incomplete.rpartition(",")
    return [f"{before}{comma}{name}" for name in names if name not in before.split(",")]


def words(context: Any, incomplete: str) -> list[str]:
    """Return NAME= for symbols and settings; after it the values that there are, or the usual one."""
    own = _symbols_of(context)
    name, equals, _ = incomplete.partition("=")
    if equals:
        return [f"{name}={value}" for value in _values(name, own)]
    found = [each for each in (*own, *_settings()) if each.startswith(incomplete)]
    if len(found) == 1:  # two at least, or a shell puts a space behind the only one
        return [f"{found[0]}=", *(f"{found[0]}={value}" for value in _values(found[0], own))]
    return [f"{name}=" for name in found]


def words_of_one_or_both(context: Any, incomplete: str) -> list[str]:
    """Return NAME= for both networks of a comparison, or a.NAME= for one."""
    side, dot, rest = incomplete.partition(".")
    if dot and side in ("a", "b"):
        return [f"{side}.{word}" for word in words(context, rest)]
    return words(context, incomplete)


def _symbols_of(context: Any) -> dict[str, str]:
    """Return the symbols of the networks that a command line names so far, with their defaults."""
    named = [name for key in ("spec", "a", "b") if (name := context.params.get(key))]
    free = (word for word in context.args if "=" not in word and not word.startswith("-"))
    return {k: v for name in named or free for k, v in _symbols(name).items()}


def _symbols(spec: str) -> dict[str, str]:
    file = _file(spec)
    return shelf.symbols(_text(file)) if file is not None else {}


def _file(spec: str) -> Path | None:
    for path in (Path(spec), Path(spec.rpartition(":")[0] or spec), shelf.folder() / f"{spec}.yaml"):
        if path.is_file():
            return path
    return next((path for path in shelf.files() if spec in shelf.variants(_text(path))), None)


def _settings() -> list[str]:
    """Return the settings: fields of the sections of a setup."""
    files = [path for path in _modules("symcost") if path.name in ("section.py", "batching.py")]
    return [name for path in files for name in _fields(path)]


def _fields(path: Path) -> Iterator[str]:
    """Give the fields of the sections in a file."""
    for node in ast.walk(ast.parse(_text(path))):
        if isinstance(node, ast.ClassDef) and "Section" in map(_name, node.bases):
            fields = (step for step in node.body if isinstance(step, ast.AnnAssign))
            yield from (_name(step.target) for step in fields if _name(step.annotation) != "ClassVar")


def _values(name: str, own: dict[str, str]) -> Iterable[str]:
    """Return values for a name: all there are, or the usual one."""
    if name in own:
        return ("true", "false") if own[name] in ("true", "false") else [own[name]] if own[name] else ["1"]
    return (_SETS.get(name) or _told_of)(name)


def _devices(_: str) -> Iterable[str]:
    from symcost.devices import devices

    return devices()


def _precisions(_: str) -> Iterable[str]:
    from symcost.precisions.recipes import RECIPES

    return RECIPES


def _optimizers(_: str) -> Iterable[str]:
    return sorted(path.stem for path in _modules("symcost.optimizers") if "\nOPTIMIZER = " in _text(path))


_SETS = {"device": _devices, "precision": _precisions, "optimizer": _optimizers}


def _told_of(name: str) -> Iterable[str]:
    """Return the values of a setting by its type: words, true and false, or for a number the usual one."""
    from typing import get_args

    from symcost.setup import SECTIONS, settings

    if name not in settings():
        return ()
    field = SECTIONS[settings()[name]].model_fields[name]
    if field.annotation is bool:
        return ("true", "false")
    told = [str(value) for value in get_args(field.annotation) if isinstance(value, (str, int))]
    usual: Any = field.default
    return told or ([str(usual)] if isinstance(usual, (str, int)) and usual != "" else ["1"])


def _called(package: str, kind: str) -> set[str]:
    """Return the first arguments of calls, such as the names of metrics."""
    pattern = re.compile(rf"\b{kind}\(\s*\"([\w.]+)\"", re.ASCII)
    return {name for path in _modules(package) for name in pattern.findall(_text(path))}


def _modules(package: str) -> Iterator[Path]:
    """Give the files of a package."""
    found = find_spec(package)
    for place in (found.submodule_search_locations or ()) if found is not None else ():
        yield from sorted(Path(place).rglob("*.py"))


def _name(node: ast.expr) -> str:
    node = node.value if isinstance(node, ast.Subscript) else node
    return node.id if isinstance(node, ast.Name) else ""


def _text(path: Path) -> str:
    return path.read_text(encoding="utf-8", errors="replace")


def of(parameter: Any) -> Callable[[Any, str], list[str]] | None:
    """Return what gives candidates for an argument or option; its help tells what stands there."""
    shown = parameter.metavar or ""
    if "|" in shown:
        return lambda _context, _incomplete: shown.split("|")
    by_option = (_BY_OPTION.get(option) for option in parameter.opts)
    return next(filter(None, by_option), None) or _BY_METAVAR.get(shown)


_BY_OPTION: Mapping[str, Callable[[Any, str], list[str]]] = {
    "--metric": metrics,
    "--cut": metrics,
    "--keep": metrics,
    "--convention": conventions,
    "--conventions": conventions,
}
_BY_METAVAR: Mapping[str, Callable[[Any, str], list[str]]] = {
    "SPEC": specs,
    "A": specs,
    "B": specs,
    "WORD": lambda _, __: list(shipped()),
    "NAME": symbols,
    "NAMES": symbols,
    "UNKNOWNS": symbols,
    "AXIS": symbols,
    "EXPR": metrics,
    "BUDGET": metrics,
    "'METRIC = NUMBER'": metrics,
    "NAME=VALUE": words_of_one_or_both,
}
