"""Pages that are made have all that there is to say something about: what is found by being there."""

from __future__ import annotations

import re
from functools import cache
from pathlib import Path

import pytest
import symcost_docs
from symcost_docs.markdown import prose, sections, table
from symcost_docs.truth import counted, rows

import symcost
from symcost.catalog import names
from symcost.cli.app import VERBS
from symcost.devices import devices
from symcost.metrics.convention import conventions
from symcost.metrics.metric import metrics
from symcost.metrics.switches import SWITCHES
from symcost.ops.op import Op
from symcost.optimizers.reading import optimizers
from symcost.precisions.recipes import RECIPES
from symcost.setup import settings
from symcost.sparsity.storing import storages

REFERENCE = "reference"


@cache
def made() -> dict[str, str]:
    return symcost_docs.pages("front", "live", "pictures")


def headed(page: str) -> list[str]:
    """The code in headings of the second level of a page."""
    return re.findall(r"^## `(.+)`$", made()[f"{REFERENCE}/{page}.md"], re.MULTILINE)


def listed(page: str) -> list[str]:
    """The code in the first cells of a page's tables."""
    return re.findall(r"^\| \[?`([^`]+)`", made()[f"{REFERENCE}/{page}.md"], re.MULTILINE)


@pytest.mark.parametrize(
    ("page", "known"),
    [
        ("conventions", [*conventions()]),
        ("devices", [*devices()]),
        ("optimizers", sorted(optimizers())),
        ("precisions", [*RECIPES]),
        ("cli", [*VERBS]),
    ],
)
def test_each_has_a_part(page: str, known: list[str]) -> None:
    assert headed(page) == known


@pytest.mark.parametrize(
    ("page", "known"),
    [("metrics", metrics()), ("settings", settings()), ("storage", storages()), ("ops/index", Op.known)],
)
def test_each_is_in_a_table(page: str, known: dict[str, object]) -> None:
    found = listed(page)
    assert len(found) == len(set(found))
    assert set(found) == known.keys()


def test_every_switch_is_there() -> None:
    assert {f"### `{name}`" for name in SWITCHES} <= {*made()["reference/conventions.md"].splitlines()}


def test_every_op_has_its_law_and_its_cases() -> None:
    pages = {name: text for name, text in made().items() if name.startswith("reference/ops/") and "index" not in name}
    labels = [label for text in pages.values() for label in re.findall(r"^\(op-(.+)\)=$", text, re.MULTILINE)]
    assert sorted(labels) == sorted(Op.known)
    for text in pages.values():
        assert text.count("**The law**") == len(re.findall(r"^## ", text, re.MULTILINE))
        assert "**Examples**" in text
        assert "\nSource\n: " in text


def test_every_public_name_is_there() -> None:
    pages = "".join(text for name, text in made().items() if name.startswith("reference/python/"))
    assert sorted(re.findall(r"auto\w+:: symcost\.(\w+)", pages)) == sorted(symcost.__all__)


def test_every_network_is_in_the_zoo() -> None:
    """With what others count of it, or among those that no tool counted."""
    pages = [text for name, text in made().items() if name.startswith("zoo/") and "index" not in name]
    line = re.compile(r"^\| `([\w.]+)` \| .+ \| [\d,]+ \| [\d,]+ \| \d+ \| \d+ \|$", re.MULTILINE)
    counted = [name for text in pages for name in line.findall(text)]
    others = [
        line for text in pages for line in re.findall(r"^Counted by no other tool here: (.+)$", text, re.MULTILINE)
    ]
    rest = [name for line in others for name in re.findall(r"`([\w.]+)`", line)]
    assert {*counted, *rest} == set(names())
    assert not {*counted} & {*rest}


def test_a_line_says_all_sizes_that_its_numbers_are_of() -> None:
    for name in ("fasterrcnn_resnet50_fpn", "llama3_8b"):
        for line in counted(name, symcost.load(name).same_as):
            flags = {"decode": True} if "S" in line.at else {}
            found = symcost.load(name).cost("torch", **flags).at(**line.at)
            assert (found.params, found.flops) == (line.params, line.flops)


def test_what_was_counted_and_is_not_described_is_said() -> None:
    known = {other for name in names() for other in symcost.load(name).same_as}
    assert {f"`{other}`" for other in rows().keys() - known} <= {*made()["zoo/index.md"].splitlines()}


def test_every_list_says_where_figures_are_from() -> None:
    for page in ("devices", "conventions", "optimizers", "precisions"):
        text = made()[f"{REFERENCE}/{page}.md"]
        assert len(re.findall(r"^Source\n: ", text, re.MULTILINE)) == len(headed(page))


def test_pages_are_written_once(tmp_path: Path) -> None:
    symcost_docs.write(tmp_path, {"a/b.md": "1", "c.md": "2"})
    before = (tmp_path / "a/b.md").stat().st_mtime_ns
    symcost_docs.write(tmp_path, {"a/b.md": "1"})
    assert (tmp_path / "a/b.md").stat().st_mtime_ns == before
    assert not (tmp_path / "c.md").exists()


def test_text_reads_as_it_stands() -> None:
    assert prose("a*b_c $1 ``x*y`` arXiv:1512.03385") == (
        r"a\*b\_c \$1 `x*y` [arXiv:1512.03385](https://arxiv.org/abs/1512.03385)"
    )
    assert table(("a", "b"), [("x|y", "z")], " r") == "| a | b |\n| --- | ---: |\n| x\\|y | z |\n"


def test_sections_of_a_docstring() -> None:
    text = "Do.\n\nShapes:      (B) -> (B)\nSource:      one\n             two"
    assert sections(text) == ("Do.", {"Shapes": "(B) -> (B)", "Source": "one\ntwo"})
