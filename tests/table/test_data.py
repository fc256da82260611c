"""Tables for programs: every number comes back exactly as it was, from every format."""

from __future__ import annotations

import csv
import io
import json
import sys
from fractions import Fraction
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcost import UsageError, load, solve
from symcost.algebra.poly import symbol
from symcost.table import Cell, Column, Folded, Rate, Table
from tests.table.test_html import hostile
from tests.table.test_table import HUGE, TABLE

B = symbol("B")
numbers = st.one_of(st.integers(), st.integers(-(2**130), 2**130), st.fractions())
tables = st.lists(st.tuples(hostile, numbers, st.integers(-(2**130), 2**130) | st.none()), max_size=5).map(
    lambda rows: Table((Column("name", kind="text"), Column("x"), Column("n")), tuple(rows))
)


def test_csv_is_exact_and_no_spreadsheet_runs_it() -> None:
    assert list(csv.reader(io.StringIO(TABLE.to_csv()))) == [
        ["block", "params", "macs"], ["stem", "9408", str(HUGE)], ["a<b>|&", "1/2", ""],
    ]  # fmt: skip
    risky = Table((Column("name", kind="text"), Column("n")), (("=1+1", -5),))
    assert risky.to_csv() == "name,n\n'=1+1,-5\n"


def test_json_is_exact() -> None:
    assert json.loads(json.dumps(TABLE.to_json())) == [
        {"block": "stem", "params": "9408", "macs": str(HUGE)}, {"block": "a<b>|&", "params": "1/2", "macs": None},
    ]  # fmt: skip


@given(tables)
def test_numbers_come_back_from_csv_and_json(table: Table) -> None:
    read = list(csv.DictReader(io.StringIO(table.to_csv(), newline="")))
    objects = json.loads(json.dumps(table.to_json()))
    for row, line, entry in zip(table.rows, read, objects, strict=True):
        name, x, n = row
        assert line["name"].removeprefix("'") == str(name).removeprefix("'")
        assert entry["name"] == name
        assert Fraction(line["x"]) == Fraction(entry["x"]) == x
        assert (int(line["n"]) if line["n"] else None) == (int(entry["n"]) if entry["n"] else None) == n


@given(tables)
def test_polars_and_pandas_hold_the_same_numbers(table: Table) -> None:
    pytest.importorskip("pandas")
    pytest.importorskip("polars")
    frame, other = table.to_polars(), table.to_pandas().reset_index()
    assert frame.columns == list(other.columns)
    for i, (name, x, n) in enumerate(table.rows):
        assert frame["name"][i] == other["name"][i] == name
        assert Fraction(frame["x"][i]) == other["x"][i] == x
        assert (None if frame["n"][i] is None else int(frame["n"][i])) == other["n"][i] == n


def test_pandas_keeps_integers_of_any_size() -> None:
    pytest.importorskip("pandas")
    frame = TABLE.to_pandas()
    assert list(frame.columns) == ["params", "macs"]
    assert frame.loc["stem", "macs"] == HUGE
    assert type(frame.loc["stem", "macs"]) is int
    formulas = Table((Column("metric", kind="text"), Column("formula", kind="formula")), (("macs", 3 * B),))
    assert str(formulas.to_pandas().loc["macs", "formula"]) == "3*B"


@pytest.mark.parametrize(
    ("cells", "kind", "values"),
    [
        ((1, None, 2**63 - 1), "Int64", [1, None, 2**63 - 1]),
        ((1, 2**63), "Int128", [1, 2**63]),
        ((-(2**127), 2**127 - 1), "Int128", [-(2**127), 2**127 - 1]),
        ((1, 2**127), "String", ["1", str(2**127)]),
        ((1, Fraction(1, 3)), "String", ["1", "1/3"]),
        ((True, False), "Boolean", [True, False]),
        ((True, 2), "String", ["true", "2"]),
        ((3 * B, None), "String", ["3*B", None]),
        ((Rate(Fraction(1, 7)),), "String", ["1/7"]),
        ((Folded("layer", B),), "String", ["layer"]),
        ((), "Int64", []),
    ],
)
def test_polars_takes_the_least_type_that_is_exact(cells: tuple[Cell, ...], kind: str, values: list[Any]) -> None:
    pl = pytest.importorskip("polars")
    column = Table((Column("x"),), tuple((cell,) for cell in cells)).to_polars()["x"]
    assert column.dtype == getattr(pl, kind)
    assert column.to_list() == values


def test_columns_of_one_name_are_told_apart() -> None:
    table = Table((Column("n"), Column("n"), Column("n_2")), ((1, 2, 3),))
    assert table.to_json() == [{"n": "1", "n_2": "2", "n_2_2": "3"}]
    assert table.to_csv().splitlines()[0] == "n,n_2,n_2_2"


def test_every_answer_is_given_to_programs_alike() -> None:
    pytest.importorskip("polars")
    cost = load("lenet5").cost()
    assert cost.to_polars(by="op", names=["macs"])["macs"].sum() == cost.at().macs
    assert cost.to_csv(names=["macs"]).splitlines()[0] == "block,count,macs"
    totals = cost.at()
    assert dict(totals.to_polars()["metric", "total"].iter_rows()) == dict(totals.values)
    found = solve(cost, for_="B", budgets=["macs <= 2e9"])
    assert found.to_polars()["B"].to_list() == [found.answer, found.answer + 1]


@pytest.mark.parametrize(
    ("method", "package", "message"),
    [
        ("to_pandas", "pandas", "a data frame needs pandas: pip install 'symcost[num]'"),
        ("to_polars", "polars", "a data frame of Polars needs polars: pip install 'symcost[polars]'"),
        ("draw", "matplotlib", "a picture needs matplotlib: pip install 'symcost[plot]'"),
    ],
)
def test_what_an_extra_brings_is_asked_for(
    method: str, package: str, message: str, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setitem(sys.modules, package, None)
    with pytest.raises(UsageError) as error:
        getattr(load("lenet5").cost(), method)()
    assert str(error.value) == message
