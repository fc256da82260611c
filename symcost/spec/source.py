"""Find a spec and read it: a file, standard input or the text itself, in YAML or JSON, or plain data of Python."""

from __future__ import annotations

import codecs
import json
import re
import sys
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import replace
from fractions import Fraction
from os import strerror
from pathlib import Path
from typing import IO, Any, Literal

from pydantic import BaseModel

from symcost.errors import Problem, SpecError, did_you_mean
from symcost.ops.fields import shorten
from symcost.spec.document import Document, Marks, Tree
from symcost.spec.from_json import read_json
from symcost.spec.from_yaml import read_yaml
from symcost.spec.origin import Path as Place

__all__ = ["Document", "Marks", "Tree", "read"]

Kind = Literal["YAML", "JSON"]
LIMITS: dict[Kind, int] = {"YAML": 512 << 10, "JSON": 64 << 20}
"""Most bytes of a file: reading YAML takes about 5 seconds per MiB, reading JSON about 50 MiB per second."""

_SUFFIXES: dict[str, Kind] = {".yaml": "YAML", ".yml": "YAML", ".json": "JSON"}
_READERS = {"YAML": read_yaml, "JSON": read_json}
_JSON_START = re.compile(r'\s*\{\s*["}]')
_UTF_16 = (codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE)
_NO_TEXT = "is not a text file: it holds a zero byte"


def read(source: str | bytes | Path | Mapping[str, Any]) -> Document:
    """Read a spec from a path, ``-`` (standard input), text (bytes, or a str of several lines), or as YAML gives it.

    Raises:
        SpecError: there is no such file, it is not text or too large, the text is not YAML or JSON, or data is not
            plain.
    """
    if isinstance(source, Mapping):
        return _read_data(source)
    if isinstance(source, bytes):
        return _parse(source, "<text>")
    if isinstance(source, str) and ("\n" in source or source.lstrip().startswith("{")):
        return _parse(source.encode("utf-8", "surrogatepass"), "<text>")
    if source == "-":
        return _parse(_bounded(sys.stdin.buffer, "<stdin>", None), "<stdin>")
    return _read_file(Path(source))


class _Nowhere:
    """The marks of data that was never text: problems have paths, and no lines."""

    def locate(self, path: Place) -> tuple[int, int]:
        return 0, 0


def _read_data(data: Mapping[str, Any]) -> Document:
    """Read data of Python by way of JSON, which is one way to check it, whoever made it."""
    try:
        text = json.dumps(dict(data), default=_plain, allow_nan=False)
    except (TypeError, ValueError, RecursionError) as error:
        raise SpecError(f"a spec is plain data, steps and numbers: {error}") from None
    return replace(_parse(text.encode("utf-8", "surrogatepass"), "", "JSON"), marks=_Nowhere())


def _plain(value: object) -> object:
    """Return an object as JSON takes it: a step, a symbol or another part of a spec, or a fraction."""
    if isinstance(value, BaseModel):
        return value.model_dump(mode="json", by_alias=True)
    if isinstance(value, Fraction):
        return str(value)
    raise TypeError(f"{shorten(value)} is none of these")


def _read_file(path: Path) -> Document:
    file, kind = str(path), _SUFFIXES.get(path.suffix.lower())
    try:
        if path.is_dir():
            raise _error("is a directory; give a file in it", file)
        size = path.stat().st_size if path.is_file() else 0
        if size > LIMITS[kind or "JSON"]:
            raise _too_large(size, kind or "JSON", file)
        with path.open("rb") as stream:
            data = _bounded(stream, file, kind)
    except FileNotFoundError:
        raise _error(f"no such file{did_you_mean(path.name, _siblings(path))}", file) from None
    except OSError as error:
        raise _error(f"cannot be read: {strerror(error.errno or 0).lower()}", file) from None
    except ValueError:
        raise _error("is not a path", file) from None
    return replace(_parse(data, file, kind), path=path)


def _siblings(path: Path) -> Iterator[str]:
    with suppress(OSError):
        yield from (entry.name for entry in path.parent.iterdir())


def _bounded(stream: IO[bytes], file: str, kind: Kind | None) -> bytes:
    """Read a stream that may never end."""
    limit = LIMITS[kind or "JSON"]
    data = stream.read(limit + 1)
    if len(data) > limit:
        raise _too_large(len(data), kind or "JSON", file)
    return data


def _parse(data: bytes, file: str, kind: Kind | None = None) -> Document:
    text = _decode(data, file)
    if not text.strip():
        raise _error("is empty", file)
    kind = kind or ("JSON" if _JSON_START.match(text) else "YAML")
    if len(data) > LIMITS[kind]:
        raise _too_large(len(data), kind, file)
    document = _READERS[kind](text, file)
    _check_text(text, document)
    return document


def _decode(data: bytes, file: str) -> str:
    if data.startswith(_UTF_16):
        raise _error("is written in UTF-16; save it as UTF-8", file)
    if b"\0" in data:
        raise _error(_NO_TEXT, file)
    try:
        return data.decode("utf-8-sig")
    except UnicodeDecodeError as error:
        line = data.count(b"\n", 0, error.start) + 1
        start = data.rfind(b"\n", 0, error.start) + 1
        column = len(data[start : error.start].decode("utf-8", "replace")) + 1
        message = f"byte 0x{data[error.start]:02x} is not UTF-8"
        raise SpecError(Problem(message, file=file, line=line, column=column)) from None


def _check_text(text: str, document: Document) -> None:
    r"""Refuse half a surrogate pair, which only an escape such as ``\ud800`` can write, and nothing can print."""
    if re.search(r"\\[uU]", text) and (path := _unprintable(document.tree, ())) is not None:
        raise SpecError(document.problem(path, "holds half of a surrogate pair, which is not a character"))


def _unprintable(tree: Tree, path: Place) -> Place | None:
    """Return the path of the first text or key with a lone surrogate."""
    if isinstance(tree, str):
        return path if _is_broken(tree) else None
    if not isinstance(tree, (dict, list)):
        return None
    for key, value in tree.items() if isinstance(tree, dict) else enumerate(tree):
        here = (*path, key)
        if isinstance(key, str) and _is_broken(key):
            return here
        if (found := _unprintable(value, here)) is not None:
            return found
    return None


def _is_broken(text: str) -> bool:
    return not text.isascii() and any("\ud800" <= c <= "\udfff" for c in text)


def _too_large(size: int, kind: Kind, file: str) -> SpecError:
    limit = LIMITS[kind]
    most = f"{limit >> 20} MiB" if limit >> 20 else f"{limit >> 10} KiB"
    way_out = "; write a generated spec as JSON" if kind == "YAML" else "; write repetitions as 'repeat'"
    return _error(f"has {size:,} bytes, and a {kind} spec has at most {most}{way_out}", file)


def _error(message: str, file: str) -> SpecError:
    return SpecError(Problem(message, file=file))
