"""The schema that editors use is the language's: fresh, and right about what is a spec and what is not."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import jsonschema
import pytest

from symcost.catalog import files, folder
from symcost.spec.schema import json_schema
from symcost.spec.source import read


def validator() -> Any:
    return jsonschema.Draft202012Validator(json_schema())


def test_the_file_is_fresh() -> None:
    """If not: ``symcost schema > specs/schema.json``."""
    assert json.loads((folder() / "schema.json").read_text()) == json_schema()


def test_it_is_a_schema() -> None:
    jsonschema.Draft202012Validator.check_schema(json_schema())


@pytest.mark.parametrize("path", files(), ids=lambda path: path.stem)
def test_every_shipped_spec_keeps_to_it(path: Path) -> None:
    assert [error.message for error in validator().iter_errors(read(path).tree)] == []


@pytest.mark.parametrize(
    "step",
    [
        {"conv2d": {"out": 8, "kernal": 3}},
        {"conv2d": {"out": [8], "kernel": 3}},
        {"relu": ~0, "join": "sum"},
        {"repeat": 2, "do": "relu"},
        7,
        {},
    ],
)
def test_what_is_wrong_is_marked(step: Any) -> None:
    spec = {"symcost": 1, "name": "t", "inputs": {"x": [1, 3, 8, 8]}, "model": [step]}
    assert not validator().is_valid(spec)


def test_every_op_is_described() -> None:
    heads = json_schema()["$defs"]["step"]["anyOf"][1]["properties"]
    described = {
        name: json_schema()["$defs"][head["$ref"].rpartition("/")[2]] for name, head in heads.items() if "$ref" in head
    }
    assert all(op["description"] for op in described.values())
    assert {"conv2d", "relu", "gelu", "max_pool2d"} <= described.keys()
