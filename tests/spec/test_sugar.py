"""From the short spellings of YAML to the canonical form, and back to the places of the source."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import Any

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from symcost.spec.document import Tree
from symcost.spec.sugar import Canonical, canonical

OPS = {
    "conv2d": "out_channels",
    "linear": "out_features",
    "reshape": "shape",
    "concat": "dim",
    "relu": None,
}
SHORT = {"conv2d": {"out": "out_channels", "kernel": "kernel_size"}, "linear": {"out": "out_features"}}
BLOCKS: dict[str, Tree] = {
    "unit": {"args": {"c": None, "k": 1}, "body": [{"conv2d": {"out": "c", "kernel": "k"}}]},
    "act": {"body": ["relu"]},
}
Path = tuple[str | int, ...]


def read(*steps: Any, **more: Any) -> Canonical:
    return canonical({"blocks": BLOCKS, "model": list(steps), **more}, OPS, SHORT)


def model(*steps: Any) -> Any:
    result = read(*steps)
    assert result.problems == ()
    return result.tree["model"]


@pytest.mark.parametrize(
    ("sugar", "plain"),
    [
        ("relu", {"op": "relu"}),
        ({"relu": None}, {"op": "relu"}),
        ({"linear": "K"}, {"op": "linear", "out_features": "K"}),
        ({"reshape": ["B", 4]}, {"op": "reshape", "shape": ["B", 4]}),
        (
            {"conv2d": {"out": "c", "kernel": 3, "bias": False}},
            {"op": "conv2d", "out_channels": "c", "kernel_size": 3, "bias": False},
        ),
        ({"conv2d": {"out_channels": "c"}}, {"op": "conv2d", "out_channels": "c"}),
        (
            {"conv2d": 8, "name": "stem", "from": ["a", "b"], "weights": "w"},
            {"op": "conv2d", "out_channels": 8, "name": "stem", "from": ["a", "b"], "weights": "w"},
        ),
        ("act", {"op": "call", "block": "act", "args": {}}),
        ({"unit": {"c": "4*c"}}, {"op": "call", "block": "unit", "args": {"c": "4*c"}}),
        ({"unit": 64, "name": "u"}, {"op": "call", "block": "unit", "args": {"c": 64}, "name": "u"}),
        ({"act": None}, {"op": "call", "block": "act", "args": {}}),
        (
            {"repeat": "n - 1", "do": ["relu"], "index": "i", "name": "r"},
            {"op": "repeat", "count": "n - 1", "do": [{"op": "relu"}], "index": "i", "name": "r"},
        ),
        ({"residual": ["relu"]}, {"op": "residual", "main": [{"op": "relu"}]}),
        (
            {"residual": {"main": ["relu"], "shortcut": [{"linear": 1}]}},
            {"op": "residual", "main": [{"op": "relu"}], "shortcut": [{"op": "linear", "out_features": 1}]},
        ),
        (
            {"when": "s != 1", "do": ["relu"], "else": []},
            {"op": "when", "cond": "s != 1", "do": [{"op": "relu"}], "else": []},
        ),
        (
            {"branches": [["relu"], []], "join": "concat", "dim": 1},
            {"op": "branches", "branches": [[{"op": "relu"}], []], "join": "concat", "dim": 1},
        ),
        ({"op": "conv2d", "out": 8, "name": "x"}, {"op": "conv2d", "out_channels": 8, "name": "x"}),
        ({"op": "repeat", "count": 2, "do": ["relu"]}, {"op": "repeat", "count": 2, "do": [{"op": "relu"}]}),
        ({"op": "branches", "branches": [["relu"]]}, {"op": "branches", "branches": [[{"op": "relu"}]]}),
        (
            {"repeat": 2, "do": [{"when": True, "do": [{"residual": ["relu"]}]}]},
            {
                "op": "repeat",
                "count": 2,
                "do": [{"op": "when", "cond": True, "do": [{"op": "residual", "main": [{"op": "relu"}]}]}],
            },
        ),
    ],
)
def test_every_spelling_has_one_canonical_form(sugar: Any, plain: Any) -> None:
    assert model(sugar) == [plain]
    assert model(plain) == [plain]


def test_canonical_steps_are_shared_with_the_source() -> None:
    step = {"op": "conv2d", "out_channels": 8}
    assert model(step)[0] is step


def test_bodies_of_blocks_are_rewritten_and_the_rest_is_left() -> None:
    tree = read("relu", symbols={"C": "64"}).tree
    assert tree["blocks"] == {
        "unit": {
            "args": {"c": None, "k": 1},
            "body": [{"op": "conv2d", "out_channels": "c", "kernel_size": "k"}],
        },
        "act": {"body": [{"op": "relu"}]},
    }
    assert tree["symbols"] == {"C": "64"}


MESSAGES: list[tuple[Any, Path, str]] = [
    ("rellu", (), "no op or block is named 'rellu'; did you mean 'relu'?"),
    ("unt", (), "no op or block is named 'unt'; did you mean 'unit'?"),
    ({"conv2": 3}, ("conv2",), "no op or block is named 'conv2'; did you mean 'conv2d'?"),
    ({"op": "conv2"}, ("op",), "no op or block is named 'conv2'; did you mean 'conv2d'?"),
    ({"op": "unit"}, ("op",), "'unit' is a block; write {op: call, block: unit, args: ...}"),
    ({"op": 3}, ("op",), "the name of an op is needed here"),
    ({"op": "call", "block": "unt"}, ("block",), "no block is named 'unt'; did you mean 'unit'?"),
    (None, (), "a step names an op or a block, this is empty"),
    (3, (), "a step names an op or a block, this is 3"),
    (["relu"], (), "a step names an op or a block, this is a list"),
    ({}, (), "a step names an op or a block, this has no key"),
    ({"name": "x"}, (), "a step names an op or a block, this has name"),
    (
        {"conv2d": 1, "relu": None},
        ("relu",),
        "a step has one op, and this has 'conv2d' and 'relu'; start each with '- '",
    ),
    ({"unit": 1, "act": None}, ("act",), "a step has one op, and this has 'unit' and 'act'; start each with '- '"),
    ({"conv2d": 1, "nme": "x"}, ("nme",), "'nme' has no meaning beside 'conv2d'; did you mean 'name'?"),
    (
        {"conv2d": None, "bias": False},
        ("bias",),
        "'bias' has no meaning beside 'conv2d'; write it inside conv2d: {...} if it belongs to it",
    ),
    ({"repeat": 3, "do": [], "else": []}, ("else",), "'else' has no meaning beside 'repeat'"),
    ({"do": []}, ("do",), "'do' is part of a step with repeat, when or experts; inside [ ], put { } around both"),
    ({"conv2d": {"out": 1, "name": "x"}}, ("conv2d", "name"), "'name' stands beside 'conv2d', not inside it"),
    ({"conv2d": {"op": "linear"}}, ("conv2d", "op"), "'op' stands beside 'conv2d', not inside it"),
    ({"relu": 3}, ("relu",), "'relu' takes no value"),
    ({"act": 3}, ("act",), "block 'act' has no arguments"),
    ("repeat", (), "'repeat' needs a value"),
    ({"repeat": ["relu"]}, ("repeat",), "'repeat' takes how often, with 'do' beside it"),
    ({"when": None, "do": []}, ("when",), "'when' takes a condition, with 'do' beside it"),
    ({"repeat": 3, "do": "relu"}, ("do",), "a list of steps is needed here, each starting with '- '"),
    ({"residual": "relu"}, ("residual",), "a list of steps is needed here, each starting with '- '"),
    ({"residual": {"man": []}}, ("residual", "man"), "'man' has no meaning in 'residual'; did you mean 'main'?"),
    ({"branches": {"a": []}}, ("branches",), "a list of branches is needed here, each a list of steps"),
    ({"branches": ["relu"]}, ("branches", 0), "a list of steps is needed here, each starting with '- '"),
    ({"op": "when", "do": ["rellu"]}, ("do", 0), "no op or block is named 'rellu'; did you mean 'relu'?"),
]


@pytest.mark.parametrize(("step", "path", "message"), MESSAGES)
def test_messages(step: Any, path: Path, message: str) -> None:
    assert read("relu", step).problems == ((("model", 1, *path), message),)


def test_a_field_is_given_once() -> None:
    message = "and its other spelling are both given; give one"
    assert {problem for _, problem in read({"conv2d": {"out": 1, "out_channels": 2}}).problems} == {
        f"'out' {message}",
        f"'out_channels' {message}",
    }


BLOCK_MESSAGES: list[tuple[Any, Path, str]] = [
    ({"relu": {"body": []}}, ("relu",), "block 'relu' is named like an op of the language; name it otherwise"),
    ({"repeat": {"body": []}}, ("repeat",), "block 'repeat' is named like a step of the language; name it otherwise"),
    ({"name": {"body": []}}, ("name",), "block 'name' is named like a key of steps; name it otherwise"),
    ({"b": ["relu"]}, ("b",), "a block is a mapping with the keys 'args' and 'body'"),
    (
        {"b": {"args": ["c"], "body": []}},
        ("b", "args"),
        "a mapping of arguments to defaults is needed here, as in {c: ~, k: 1}",
    ),
    ({"b": {"body": "relu"}}, ("b", "body"), "a list of steps is needed here, each starting with '- '"),
    (["b"], (), "a mapping of names to blocks is needed here"),
]


@pytest.mark.parametrize(("blocks", "path", "message"), BLOCK_MESSAGES)
def test_messages_on_blocks(blocks: Any, path: Path, message: str) -> None:
    assert read(blocks=blocks).problems == ((("blocks", *path), message),)


def test_all_problems_are_told_at_once() -> None:
    result = read("rellu", {"repeat": 2, "do": ["unt", {"conv2d": 1, "relu": 2}]}, blocks={"unit": {"body": [3]}})
    assert [path for path, _ in result.problems] == [
        ("blocks", "unit", "body", 0),
        ("model", 0),
        ("model", 1, "do", 0),
        ("model", 1, "do", 1, "relu"),
    ]


def test_a_file_of_problems_is_given_up_after_a_hundred() -> None:
    assert len(read(*["rellu"] * 1000).problems) == 100


# --- the way back -------------------------------------------------------------------------------------------

NESTED = {"repeat": 2, "do": [{"when": "f", "do": ["relu"], "else": [{"residual": [{"unit": {"k": 3}}]}]}]}


@pytest.mark.parametrize(
    ("step", "path", "source"),
    [
        ({"conv2d": {"out": 1}}, ("out_channels",), ("conv2d", "out")),
        ({"conv2d": {"out": 1}}, ("conv2d", "out_channels", "int"), ("conv2d", "out", "int")),
        ({"conv2d": {"out_channels": 1}}, ("out_channels",), ("conv2d", "out_channels")),
        ({"conv2d": {"out": 1}, "from": "x"}, ("conv2d", "from"), ("from",)),
        ({"conv2d": None}, ("conv2d", "out_channels"), ("conv2d",)),
        ({"linear": 1}, ("out_features",), ("linear",)),
        ({"op": "conv2d", "out": 1}, ("conv2d", "out_channels"), ("out",)),
        ({"op": "conv2d", "out_channels": 1}, ("out_channels",), ("out_channels",)),
        ("relu", ("relu", "inplace"), ()),
        ({"unit": {"c": 1}}, ("call", "args", "c"), ("unit", "c")),
        ({"unit": {"c": 1}}, ("block",), ("unit",)),
        ({"repeat": 2, "do": []}, ("repeat", "count"), ("repeat",)),
        ({"repeat": 2, "do": []}, ("repeat", "index"), ("index",)),
        ({"branches": [["relu", {"linear": 1}]]}, ("branches", "branches", 0, 1, "linear"), ("branches", 0, 1)),
        (
            {"branches": [["relu", {"linear": {"out": 1}}]]},
            ("branches", 0, 1, "out_features"),
            ("branches", 0, 1, "linear", "out"),
        ),
        ({"branches": [], "join": "x"}, ("branches", "join"), ("join",)),
        ({"residual": {"main": [], "shortcut": [{"linear": 1}]}}, ("shortcut", 0), ("residual", "shortcut", 0)),
        ({"residual": [{"linear": 1}]}, ("residual", "main", 0, "linear", "out_features"), ("residual", 0, "linear")),
        (NESTED, ("do", 0, "else", 0, "main", 0, "args", "k"), ("do", 0, "else", 0, "residual", 0, "unit", "k")),
        (
            NESTED,
            ("repeat", "do", 0, "when", "else", 0, "residual", "main", 0, "call", "args", "k"),
            ("do", 0, "else", 0, "residual", 0, "unit", "k"),
        ),
        ({"no": 1}, ("x", 1), ("no",)),
    ],
)
def test_the_source_of_a_part(step: Any, path: Path, source: Path) -> None:
    result = read("relu", step)
    assert result.source(("model", 1, *path))[: 2 + len(source)] == ("model", 1, *source)


def test_the_source_of_other_parts() -> None:
    source = read().source
    assert source(("symbols", "C", "default")) == ("symbols", "C", "default")
    assert source(("blocks", "unit", "body", 0, "conv2d", "kernel_size")) == (
        "blocks",
        "unit",
        "body",
        0,
        "conv2d",
        "kernel",
    )
    assert source(("blocks", "nowhere", "body", 0)) == ("blocks", "nowhere", "body", 0)
    assert source(("model",)) == ("model",)
    assert source(("model", 7, "relu")) == ("model", 7)
    assert source(()) == ()


# --- laws ---------------------------------------------------------------------------------------------------

VALUES = st.integers(0, 9) | st.sampled_from(["c", "4*c"])
LEAVES = st.one_of(
    st.sampled_from(["relu", "act"]),
    st.builds(lambda v: {"linear": v}, VALUES),
    st.builds(
        lambda v, key: {"conv2d": {key: v, "kernel": 3}, "name": "x"}, VALUES, st.sampled_from(["out", "out_channels"])
    ),
    st.builds(lambda v: {"op": "conv2d", "out": v}, VALUES),
    st.builds(lambda v: {"unit": {"c": v}}, VALUES),
)


def _controls(inner: st.SearchStrategy[Any]) -> st.SearchStrategy[Any]:
    steps = st.lists(inner, max_size=3)
    return st.one_of(
        st.builds(lambda n, body: {"repeat": n, "do": body}, VALUES, steps),
        st.builds(lambda n, body: {"op": "repeat", "count": n, "do": body}, VALUES, steps),
        st.builds(lambda a, b: {"when": "c > 1", "do": a, "else": b}, steps, steps),
        st.builds(lambda a: {"residual": a}, steps),
        st.builds(lambda a, b: {"residual": {"main": a, "shortcut": b}}, steps, steps),
        st.builds(lambda a, b: {"branches": [a, b], "join": "add"}, steps, steps),
    )


STEPS = st.lists(st.recursive(LEAVES, _controls, max_leaves=8), max_size=4)


def _leaves(tree: Any) -> Iterator[tuple[Path, Any]]:
    parts = tree.items() if isinstance(tree, dict) else enumerate(tree) if isinstance(tree, list) else None
    if parts is None:
        yield (), tree
    for key, part in parts or ():
        yield from (((key, *path), leaf) for path, leaf in _leaves(part))


def _longest(tree: Any, path: Path) -> Any:
    for step in path:
        try:
            tree = tree[step]
        except (KeyError, IndexError, TypeError):
            return tree
    return tree


@settings(deadline=None)
@given(STEPS)
def test_canonical_form_is_a_fixed_point(steps: list[Any]) -> None:
    before = json.dumps(steps)
    once = model(*steps)
    assert model(*once) == once
    assert json.dumps(steps) == before


@settings(deadline=None)
@given(STEPS)
def test_every_value_is_traced_to_itself(steps: list[Any]) -> None:
    result = read(*steps)
    for path, leaf in _leaves(result.tree["model"]):
        if path[-1] not in {"op", "block"}:
            assert _longest({"model": steps}, result.source(("model", *path))) == leaf
