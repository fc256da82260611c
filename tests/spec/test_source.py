"""Reading the text of a spec: what YAML and JSON mean, where things stand, and what is refused."""

from __future__ import annotations

import io
import json
import time
from collections.abc import Iterator
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcost.errors import SpecError
from symcost.spec.document import Tree
from symcost.spec.from_json import read_json
from symcost.spec.from_yaml import read_yaml
from symcost.spec.source import read

SAMPLE = """\
# a small network
symcost: 1
name: tiny
symbols:
  H: 224
  C: {default: 64, about: "base: width"}
inputs: {image: [1, 3, H, H]}
model:
  - conv2d: {out: C, kernel: 3}
  - relu
  -
    linear: 1.50
"""


def message(source: str | bytes | Path) -> str:
    with pytest.raises(SpecError) as caught:
        read(source)
    assert all(line.isprintable() for line in str(caught.value).splitlines())
    return str(caught.value)


# --- YAML ---------------------------------------------------------------------------------------------------


def test_a_spec_is_plain_data() -> None:
    document = read(SAMPLE)
    assert document.file == "<text>"
    assert document.tree == {
        "symcost": 1,
        "name": "tiny",
        "symbols": {"H": 224, "C": {"default": 64, "about": "base: width"}},
        "inputs": {"image": [1, 3, "H", "H"]},
        "model": [{"conv2d": {"out": "C", "kernel": 3}}, "relu", {"linear": "1.50"}],
    }


@pytest.mark.parametrize(
    ("path", "place"),
    [
        ((), (1, 1)),
        (("symcost",), (2, 1)),
        (("symbols", "C", "about"), (6, 20)),
        (("inputs", "image", 2), (7, 24)),
        (("model",), (8, 1)),
        (("model", 0), (9, 3)),
        (("model", 0, "conv2d", "kernel"), (9, 22)),
        (("model", 1), (10, 3)),
        (("model", 2, "linear"), (12, 5)),
        (("model", 0, "conv2d", "no such field", 7), (9, 5)),
        (("model", 9), (8, 1)),
        (("nothing",), (1, 1)),
    ],
)
def test_every_part_has_its_place(path: tuple[str | int, ...], place: tuple[int, int]) -> None:
    assert read(SAMPLE).marks.locate(path) == place


def test_a_problem_is_written_with_its_place() -> None:
    document = read(SAMPLE)
    assert document.problem(("model", 0, "conv2d", "out"), "is wrong").text() == "<text>:9:14: is wrong"
    assert document.problem(("model", 0, "conv2d", "out"), "is wrong").path == "model[0].conv2d.out"


@pytest.mark.parametrize(
    ("word", "meaning"),
    [
        ("yes", "yes"), ("on", "on"), ("n", "n"), ("12:30", "12:30"), ("2001-01-01", "2001-01-01"), ("1_000", "1_000"),
        ("0o17", 15), ("0x1F", 31), ("010", 10), ("+7", 7), ("-7", -7), ("0", 0),
        ("1e9", "1e9"), ("1.50", "1.50"), (".5", ".5"), ("1.", "1."),
        ("~", None), ("null", None), ("", None), ("true", True), ("False", False), ("tRUE", "tRUE"),
        ("'1'", "1"), ('"true"', "true"), ("''", ""), ("n - 1", "n - 1"), ("4*c", "4*c"), ("-x", "-x"), ("+", "+"),
    ],
)  # fmt: skip
def test_words_mean_what_yaml_1_2_says(word: str, meaning: Tree) -> None:
    found = read(f"a: {word}\n").tree["a"]
    assert found == meaning
    assert type(found) is type(meaning)


SPLIT = "has no value: a comma ends an entry of { }; put [ ] or quotes around it all"
CUT = "is cut off by a comma; quote an expression with commas in [ ] or { }"
YAML_MESSAGES = {
    "a: &x [1]\n": "<text>:1:4: anchors are not read; write the value out where it is used, or make it a block",
    "a: 1\nb: *a\n": "<text>:2:4: aliases are not read; write the value out where it is used, or make it a block",
    "a: !!int 1\n": "<text>:1:4: tag 'tag:yaml.org,2002:int' is not read; leave it out",
    "a: !python/object:os.system {}\n": "<text>:1:4: tag '!python/object:os.system' is not read; leave it out",
    "a: 1\n<<: {b: 2}\n": "<text>:2:1: merge keys are not read; write the entries out, or make them a block",
    "a: 1\n---\nb: 1\n": "<text>:2:1: a second document starts here; a file holds one spec",
    "%YAML 1.1\n---\na: 1\n": "<text>:2:1: a directive is not read; a spec is YAML 1.2",
    "a: 1\nb: 2\na: 3\n": "<text>:3:1: key 'a' stands twice in the same mapping",
    "64: 1\n": "<text>:1:1: key '64' is not text; quote it",
    "true: 1\n": "<text>:1:1: key 'true' is not text; quote it",
    "? [a, b]\n: 1\n": "<text>:1:3: key '[' is not text; quote it",
    "a: {padding: 1, 2}\n": f"<text>:1:17: '2' {SPLIT}",
    "a: {c, s: 1}\n": f"<text>:1:5: 'c' {SPLIT}",
    "a: {k: max(c, 3), s: 1}\n": f"<text>:1:8: 'max(c' {CUT}",
    "a: [min(c, 3), 2]\n": f"<text>:1:5: 'min(c' {CUT}",
    "a: .inf\n": "<text>:1:4: .inf is not a finite number",
    f"a: -{'9' * 41}\n": "<text>:1:4: a number of 41 digits is more than 40",
    "a: b: c\n": "<text>:1:5: a ':' stands where none fits; check the indentation and quote text with ': '",
    "a:\n\t- b\n": "<text>:2:1: a tab stands where spaces are expected",
    "a: @b\n": "<text>:1:4: a text cannot start with this character; quote it",
    "a: 1\nb\n": "<text>:2:1: a key lacks its ':'",
    "a: [1, 2\n": "<text>:1:4: the bracket that starts here lacks a comma or its end",
    "a: {b: 1 c: 2}\n": "<text>:1:4: the bracket that starts here lacks a comma or its end",
    "a: 'b\n": "<text>:1:4: the quote that starts here is never closed",
    "a:\n  - b\n c: 1\n": "<text>:3:2: the indentation does not fit the lines above",
    "a: [}\n": "<text>:1:5: a value is missing here",
    "a: \x07\n": "<text>:1:4: control character 0x07 is not text",
    'a: "\\U00110000"\n': "<text>:1:5: an escape that is no character",
    'a: {b: "\\ud800"}\n': "<text>:1:5: holds half of a surrogate pair, which is not a character",
    "- relu\n- relu\n": "<text>:1:1: a spec is a mapping with the keys symcost, name, inputs, model",
    "# nothing\n": "<text>:1:1: is empty",
    f"a: {'[' * 60}\n": "<text>:1:63: values nest more than 60 deep",
    f"a: {'[' * 500_000}\n": "<text>:1:63: values nest more than 60 deep",
}


@pytest.mark.parametrize("text", YAML_MESSAGES, ids=lambda text: text[:30])
def test_messages_on_yaml(text: str) -> None:
    assert message(text) == YAML_MESSAGES[text]


def test_all_that_is_not_read_is_told_at_once() -> None:
    assert message("a: &x 1\nb: *x\na: !t 2\n").splitlines() == [
        "<text>:1:4: anchors are not read; write the value out where it is used, or make it a block",
        "<text>:3:1: key 'a' stands twice in the same mapping",
        "<text>:3:4: tag '!t' is not read; leave it out",
    ]
    assert len(message("a: [" + "*x, " * 1000 + "]\n").splitlines()) == 1
    assert len(message("a: [" + "!t x, " * 1000 + "]\n").splitlines()) == 20


def test_an_empty_argument_may_be_written_with_a_colon() -> None:
    assert read("args: {c: , s: 1}\n").tree == {"args": {"c": None, "s": 1}}
    assert read("args:\n  c:\n  s: 1\n").tree == {"args": {"c": None, "s": 1}}


def test_bom_and_line_ends_of_other_systems() -> None:
    assert read(b"\xef\xbb\xbfa: 1\r\nb: 2\r\n").tree == {"a": 1, "b": 2}


# --- JSON ---------------------------------------------------------------------------------------------------


def test_json_keeps_numbers_exact() -> None:
    assert read('{"a": 1.50, "b": 1E5, "c": [true, null, -3, "x"]}').tree == {
        "a": "1.50",
        "b": "1E5",
        "c": [True, None, -3, "x"],
    }


def test_places_in_json() -> None:
    text = '{"a": [1, {"b\\n": 2}],\n "c" : [\n  "]}", [], {}, 5\n ]}'
    marks = read(text).marks
    assert marks.locate(("a", 1, "b\n")) == (1, 12)
    assert marks.locate(("c",)) == (2, 2)
    assert [marks.locate(("c", i)) for i in range(4)] == [(3, 3), (3, 9), (3, 13), (3, 17)]
    assert marks.locate(("c", 9, "x")) == (2, 2)
    assert marks.locate(("c", 3, "x")) == (3, 17)


JSON_MESSAGES = {
    '{"a": 1, "b": {"a": 1}, "a": 2}': "<text>:1:25: key 'a' stands twice in the same object",
    '{"a": [{"b": 1, "b": 2}]}': "<text>:1:17: key 'b' stands twice in the same object",
    '{"a": "NaN",\n "b": NaN}': "<text>:2:7: NaN is not a number",
    '{"a": -Infinity}': "<text>:1:7: -Infinity is not a number",
    '{"a": ' + "1" * 5000 + "}": "<text>:1:7: a number of 5,000 digits is more than 40",
    '{"a": ' + "[" * 60 + "]" * 60 + "}": "<text>:1:66: brackets nest more than 60 deep",
    '{"a": ' + "[" * 300_000: "<text>:1:66: brackets nest more than 60 deep",
    '{"a": "\\ud800"}': "<text>:1:2: holds half of a surrogate pair, which is not a character",
    '{"a": 1} x': "<text>:1:10: is not JSON here: Extra data",
    '{"a":': "<text>:1:6: is not JSON here: Expecting value",
}


@pytest.mark.parametrize("text", JSON_MESSAGES, ids=lambda text: text[:30])
def test_messages_on_json(text: str) -> None:
    assert message(text) == JSON_MESSAGES[text]


def test_json_may_nest_60_deep() -> None:
    deep = "[" * 59 + "]" * 59
    assert read(f'{{"a": {deep}}}').tree == read(f"a: {deep}\n").tree


def test_a_list_is_no_spec(tmp_path: Path) -> None:
    path = tmp_path / "a.json"
    path.write_text("[1]")
    assert message(path) == f"{path}:1:1: a spec is an object with the keys 'symcost', 'name', 'inputs', 'model'"


def test_generated_json_of_a_hundred_thousand_layers_is_read_fast() -> None:
    layer = '{"op": "conv2d", "out_channels": 64, "kernel_size": 3, "dropout": 0.1}'
    text = '{"model": [' + ", ".join([layer] * 100_000) + "]}"
    start = time.perf_counter()
    document = read(text)
    assert document.marks.locate(("model", 99_999, "kernel_size"))[1] == text.rindex('"kernel_size"') + 1
    assert time.perf_counter() - start < 5


# --- where text comes from ----------------------------------------------------------------------------------


def test_files_by_suffix_and_by_look(tmp_path: Path) -> None:
    for name, text in {
        "a.yaml": "a: 1\n",
        "a.yml": "{a: 1}",
        "a.json": '{"a": 1}',
        "a.txt": '\n{"a": 1}',
        "a": "a: 1",
    }.items():
        path = tmp_path / name
        path.write_text(text)
        assert read(path).tree == read(str(path)).tree == {"a": 1}
        assert read(path).file == str(path)


def test_standard_input(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(b"a: *b\n")))
    assert message("-") == "<stdin>:1:4: aliases are not read; write the value out where it is used, or make it a block"


def test_files_that_cannot_be_read(tmp_path: Path) -> None:
    (tmp_path / "tiny.yaml").write_text("a: 1\n")
    assert message(tmp_path / "tny.yaml") == f"{tmp_path}/tny.yaml: no such file; did you mean 'tiny.yaml'?"
    assert message(tmp_path / "no" / "tiny.yaml") == f"{tmp_path}/no/tiny.yaml: no such file"
    assert message(tmp_path) == f"{tmp_path}: is a directory; give a file in it"
    assert message("a\0b") == r"a\x00b: is not a path"
    assert message("x" * 5000).endswith(": cannot be read: file name too long")


CONTENTS = {
    b"": "is empty",
    b" \n\t\n": "is empty",
    b"a: 1\0": "is not a text file: it holds a zero byte",
    "a: 1\n".encode("utf-16"): "is written in UTF-16; save it as UTF-8",
}


@pytest.mark.parametrize("data", CONTENTS)
def test_files_that_are_not_text(data: bytes, tmp_path: Path) -> None:
    path = tmp_path / "a.yaml"
    path.write_bytes(data)
    assert message(path) == f"{path}: {CONTENTS[data]}"


def test_bytes_that_are_not_utf_8_have_a_place() -> None:
    assert message("a: é\nb: é".encode() + b"\xff\n") == "<text>:2:5: byte 0xff is not UTF-8"


@pytest.mark.parametrize(
    ("name", "size", "reason"),
    [
        ("a.yaml", 10**8, "a YAML spec has at most 512 KiB; write a generated spec as JSON"),
        ("a.json", 10**8, "a JSON spec has at most 64 MiB; write repetitions as 'repeat'"),
        ("a", 10**8, "a JSON spec has at most 64 MiB; write repetitions as 'repeat'"),
    ],
)
def test_large_files_are_refused_unread(name: str, size: int, reason: str, tmp_path: Path) -> None:
    path = tmp_path / name
    with path.open("wb") as file:
        file.truncate(size)
    start = time.perf_counter()
    assert message(path) == f"{path}: has {size:,} bytes, and {reason}"
    assert time.perf_counter() - start < 1


def test_large_yaml_without_suffix_is_refused_too(tmp_path: Path) -> None:
    path = tmp_path / "a"
    path.write_text("a: 1\n" * 200_000)
    assert message(path).endswith(
        "has 1,000,000 bytes, and a YAML spec has at most 512 KiB; write a generated spec as JSON"
    )


# --- laws ---------------------------------------------------------------------------------------------------

WORDS = st.text(st.characters(codec="utf-8", exclude_categories=["Cc", "Zl", "Zp"]), max_size=8)
TREES = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**39), 10**39) | WORDS,
    lambda inner: (
        st.lists(inner, max_size=4) | st.dictionaries(WORDS.filter(lambda key: key != "<<"), inner, max_size=4)
    ),
    max_leaves=12,
)
MAPPINGS = st.dictionaries(WORDS.filter(lambda key: key != "<<"), TREES, min_size=1, max_size=4)


def _paths(tree: Tree) -> Iterator[tuple[str | int, ...]]:
    yield ()
    parts = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else ()
    for key, part in parts:
        yield from ((key, *rest) for rest in _paths(part))


@settings(deadline=None)
@given(MAPPINGS)
def test_yaml_and_json_agree_on_values_and_places(tree: dict[str, Tree]) -> None:
    text = json.dumps(tree, ensure_ascii=False)
    as_json, as_yaml = read_json(text, "a"), read_yaml(text, "a")
    assert as_json.tree == as_yaml.tree == tree
    for path in _paths(tree):
        assert as_json.marks.locate(path) == as_yaml.marks.locate(path)


@settings(deadline=None)
@given(st.text(max_size=60) | st.text("ab:-?[]{},&*!|>'\"%@# \n1", max_size=40).map(lambda text: f"a:\n{text}\n"))
def test_any_text_is_read_or_refused_in_printable_lines(text: str) -> None:
    data = text.encode("utf-8", "surrogatepass")
    reason = ""
    try:
        read(data)
    except SpecError as error:
        reason = str(error)
    assert all(line.isprintable() for line in reason.split("\n"))
