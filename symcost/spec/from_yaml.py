"""Read YAML 1.2 as plain data with the place of every part.

ruamel.yaml splits the text into events; what they mean is settled here, since a spec is less than YAML: no anchors and
aliases, tags, merge keys or further documents, no key twice, and keys are text.
"""

from __future__ import annotations

import re
from typing import Any, NoReturn, TypeAlias

from symcost.errors import Problem, SpecError, quoted
from symcost.spec.document import MAX_NESTING, Document, Tree
from symcost.spec.origin import Path
from symcost.spec.yaml_scalars import UnreadableScalar, resolve

Spots: TypeAlias = "dict[str | int, tuple[int, int, Spots]]"
"""Line and column of each child, and the spots inside it."""

_MAX_PROBLEMS = 20
_NO_CHARACTER = re.compile(r"\\U(?!000|0010)")
_CUT = re.compile(r"\s*,")
_REASONS = (
    ("mapping values are not allowed", "a ':' stands where none fits; check the indentation and quote text with ': '"),
    (r"character '\t'", "a tab stands where spaces are expected"),
    ("cannot start any token", "a text cannot start with this character; quote it"),
    ("could not find expected ':'", "a key lacks its ':'"),
    ("unexpected end of stream", "the quote that starts here is never closed"),
    ("expected ',' or", "the bracket that starts here lacks a comma or its end"),
    ("expected <block end>", "the indentation does not fit the lines above"),
    ("expected the node content", "a value is missing here"),
)
"""Part of a message of ruamel.yaml, and what it means in a spec."""

_STARTS = ("a key lacks", "the quote that starts here", "the bracket that starts here")


def read_yaml(text: str, file: str) -> Document:
    """Read a YAML mapping.

    Raises:
        SpecError: the text is not YAML, or uses more of YAML than specs do; all such uses at once.
    """
    from ruamel.yaml.error import MarkedYAMLError
    from ruamel.yaml.reader import ReaderError

    reader = _Reader(text, file)
    try:
        tree, spots = reader.document()
    except MarkedYAMLError as error:
        reader.stop(*_explain(error))
    except ReaderError as error:
        reader.stop(f"control character 0x{error.character:02x} is not text", *_place(text, error.position))
    except (ValueError, OverflowError):  # ruamel.yaml gives any escape to chr
        found = _NO_CHARACTER.search(text)
        reader.stop("an escape that is no character", *_place(text, found.start() if found else 0))
    if not isinstance(tree, dict):
        reader.stop("a spec is a mapping with the keys symcost, name, inputs, model", 1, 1)
    return Document(tree, file, YamlMarks(spots))


class YamlMarks:
    """Places in a YAML text, noted while reading."""

    def __init__(self, spots: Spots) -> None:
        self._spots = spots

    def locate(self, path: Path) -> tuple[int, int]:
        """Return the line and column of the key or element at a path, or of the last one on the way to it."""
        line, column, spots = 1, 1, self._spots
        for step in path:
            if step not in spots:
                break
            line, column, spots = spots[step]
        return line, column


def _explain(error: Any) -> tuple[str, int, int]:
    """Return message and place of an error of ruamel.yaml."""
    problem = error.problem or error.context or ""
    reason = next((reason for part, reason in _REASONS if part in problem), f"is not YAML here: {problem}")
    mark = error.problem_mark or error.context_mark
    if reason.startswith(_STARTS):
        mark = error.context_mark or mark
    return (reason, mark.line + 1, mark.column + 1) if mark else (reason, 1, 1)


def _place(text: str, offset: int) -> tuple[int, int]:
    return text.count("\n", 0, offset) + 1, offset - text.rfind("\n", 0, offset)


class _Reader:
    """One text being read: events come in, plain data and spots go out, problems are kept until the end."""

    def __init__(self, text: str, file: str) -> None:
        from ruamel.yaml import YAML, events

        self.kinds = events
        self.text, self.file = text, file
        self.next = YAML(typ="safe", pure=True, plug_ins=[]).parse(text).__next__
        self.problems: list[Problem] = []
        self.shares = False

    def document(self) -> tuple[Tree, Spots]:
        """Read the one document of the text."""
        self.next()  # the stream starts
        start = self.next()
        if not isinstance(start, self.kinds.DocumentStartEvent):
            self.stop("is empty", 1, 1)
        if start.tags or start.version not in {None, (1, 2)}:
            self.note(start, "a directive is not read; a spec is YAML 1.2")
        found = self.value(self.next(), 0)
        self.next()  # the document ends
        further = self.next()
        if not isinstance(further, self.kinds.StreamEndEvent):
            self.note(further, "a second document starts here; a file holds one spec")
        if self.problems:
            raise SpecError(*self.problems)
        return found

    def note(self, event: Any, message: str) -> None:
        """Keep a problem, and go on unless there are many."""
        mark = event.start_mark
        self.problems.append(Problem(message, file=self.file, line=mark.line + 1, column=mark.column + 1))
        if len(self.problems) >= _MAX_PROBLEMS:
            raise SpecError(*self.problems)

    def stop(self, message: str, line: int, column: int) -> NoReturn:
        """Raise what was noted, and a problem that ends reading."""
        raise SpecError(*self.problems, Problem(message, file=self.file, line=line, column=column)) from None

    def value(self, event: Any, depth: int) -> tuple[Tree, Spots]:
        """Read the value that an event starts."""
        if isinstance(event, self.kinds.AliasEvent):
            self.note_sharing(event, "aliases")
            return None, {}
        self.check_plain(event)
        if isinstance(event, self.kinds.ScalarEvent):
            return self.scalar(event), {}
        if depth >= MAX_NESTING:
            mark = event.start_mark
            self.stop(f"values nest more than {MAX_NESTING} deep", mark.line + 1, mark.column + 1)
        if isinstance(event, self.kinds.SequenceStartEvent):
            return self.sequence(event, depth + 1)
        return self.mapping(event, depth + 1)

    def check_plain(self, event: Any) -> None:
        """Note an anchor or a tag."""
        if event.anchor is not None:
            self.note_sharing(event, "anchors")
        if event.tag is not None:
            self.note(event, f"tag {quoted(event.tag)} is not read; leave it out")

    def note_sharing(self, event: Any, what: str) -> None:
        """Note the first anchor or alias; the others are the same mistake."""
        if not self.shares:
            self.note(event, f"{what} are not read; write the value out where it is used, or make it a block")
        self.shares = True

    def scalar(self, event: Any) -> Tree:
        """Read text, or what a plain word stands for."""
        text: str = event.value
        if event.style:
            return text
        if text.count("(") > text.count(")") and _CUT.match(self.text, event.end_mark.index):
            self.note(event, f"{quoted(text)} is cut off by a comma; quote an expression with commas in [ ] or {{ }}")
            return None
        try:
            return resolve(text)
        except UnreadableScalar as error:
            self.note(event, str(error))
            return None

    def sequence(self, start: Any, depth: int) -> tuple[Tree, Spots]:
        """Read a list up to its end; the place of an element is its dash."""
        tree: list[Tree] = []
        spots: Spots = {}
        while not isinstance(event := self.next(), self.kinds.SequenceEndEvent):
            value, inner = self.value(event, depth)
            mark, dash = event.start_mark, start.start_mark
            spots[len(tree)] = mark.line + 1, (mark if start.flow_style else dash).column + 1, inner
            tree.append(value)
        return tree, spots

    def mapping(self, start: Any, depth: int) -> tuple[Tree, Spots]:
        """Read a mapping up to its end."""
        tree: dict[str, Tree] = {}
        spots: Spots = {}
        while not isinstance(event := self.next(), self.kinds.MappingEndEvent):
            problems = len(self.problems)
            key, _ = self.value(event, depth)
            following = self.next()
            if len(self.problems) == problems:
                self.check_key(event, key, tree, bool(start.flow_style) and self.lacks_colon(event, following))
            value, inner = self.value(following, depth)
            if isinstance(key, str):
                mark = event.start_mark
                tree[key], spots[key] = value, (mark.line + 1, mark.column + 1, inner)
        return tree, spots

    def lacks_colon(self, key: Any, value: Any) -> bool:
        """Tell whether an entry of a flow mapping is a word between commas."""
        return ":" not in self.text[key.end_mark.index : value.start_mark.index]

    def check_key(self, event: Any, key: Tree, tree: dict[str, Tree], lacks_colon: bool) -> None:
        """Note a key that is no text, stands twice, merges, or came about by a comma."""
        shown = quoted(self.text[event.start_mark.index : event.end_mark.index])
        if lacks_colon:
            if shown.count(")") <= shown.count("("):  # else the expression was noted where the comma cut it
                self.note(
                    event, f"{shown} has no value: a comma ends an entry of {{ }}; put [ ] or quotes around it all"
                )
        elif not isinstance(key, str):
            self.note(event, f"key {shown} is not text; quote it")
        elif key == "<<":
            self.note(event, "merge keys are not read; write the entries out, or make them a block")
        elif key in tree:
            self.note(event, f"key {shown} stands twice in the same mapping")
