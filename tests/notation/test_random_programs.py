"""Programs of random formulas, at small and at very large sizes, against the exact value."""

from __future__ import annotations

import json
import random
import subprocess
from fractions import Fraction
from math import floor
from pathlib import Path

import pytest
from hypothesis import given
from hypothesis import strategies as st

from symcost.algebra.atoms import Number
from symcost.algebra.poly import Num, atoms_of, evaluate, substitute, symbol, total
from symcost.algebra.power import Power
from symcost.notation.c import c
from symcost.notation.function import Argument, Function
from symcost.notation.js import js
from symcost.notation.numpy import numpy
from symcost.notation.python import python
from tests.notation.polys import PIECES, polys, products
from tests.notation.test_programs import CC, NODE, made, whole

ARGUMENTS = {"A": Argument(), "B": Argument(), "G": Argument(), "r": Argument("ratio")}
sizes = st.one_of(st.integers(1, 99), st.integers(10**5, 10**14))
points = st.fixed_dictionaries(
    {"A": sizes, "B": st.integers(1, 200), "G": sizes, "r": st.fractions(Fraction(1, 9), 9, max_denominator=99)}
)


@given(st.one_of(polys, products), st.lists(points, min_size=1, max_size=3))
def test_python_and_numpy_round_the_exact_value_down(x: Num, asked: list[dict[str, Number]]) -> None:
    np = pytest.importorskip("numpy")
    function = Function("f", x, ARGUMENTS)
    values = [floor(evaluate(x, point)) for point in asked]
    assert [made(python(function), "f")(**point) for point in asked] == values
    rows = [whole(function, point) for point in asked]
    arrays = {name: np.array([row[name] for row in rows]) for name in rows[0]}
    assert made(numpy(function), "f")(**arrays).tolist() == values


def test_the_test_reaches_arrays_of_both_kinds() -> None:
    np = pytest.importorskip("numpy")
    call = made(numpy(Function("f", symbol("A") ** 3, {"A": Argument()})), "f")
    assert (call(np.array([99])).dtype, call(np.array([10**14])).dtype) == (np.int64, object)


def _formulas(n: int) -> list[Function]:
    """Return sums of products of pieces, with fractions before them."""
    chance = random.Random(11)  # noqa: S311
    pieces = [substitute(piece, {"r": Fraction(7, 4)}) for piece in PIECES]
    bounded = [p for p in pieces if not any(isinstance(atom, Power) for atom in atoms_of(p))]
    terms = (
        (chance.choice(pieces) * chance.choice(bounded), Fraction(chance.randint(-99, 99), 6)) for _ in range(3 * n)
    )
    return [Function(f"f{i}", total([next(terms) for _ in range(3)]), _whole()) for i in range(n)]


def _whole() -> dict[str, Argument]:
    return {name: Argument() for name in ("A", "B", "G")}


def _points(n: int) -> list[dict[str, int]]:
    chance = random.Random(13)  # noqa: S311
    return [{"A": chance.randint(1, 10**6), "B": chance.randint(1, 40), "G": chance.randint(1, 99)} for _ in range(n)]


@pytest.mark.skipif(not NODE, reason="no Node.js")
def test_javascript(tmp_path: Path) -> None:
    functions, asked = _formulas(60), _points(8)
    calls = [f"(() => {{ {js(f)}\nreturn {json.dumps(asked)}.map(_call({f.name})); }})()" for f in functions]
    head = "const _call = f => p => String(f({ A: BigInt(p.A), B: BigInt(p.B), G: BigInt(p.G) }));\n"
    (tmp_path / "all.js").write_text(f"{head}console.log(JSON.stringify([{', '.join(calls)}]));\n")
    done = subprocess.run([NODE, tmp_path / "all.js"], check=True, capture_output=True, text=True)
    assert json.loads(done.stdout) == [[str(floor(evaluate(f.value, point))) for point in asked] for f in functions]


@pytest.mark.skipif(not CC, reason="no C compiler")
def test_c(tmp_path: Path) -> None:
    functions, asked = _formulas(60), _points(8)
    found = _c_values(tmp_path, functions, asked)
    assert found == [floor(evaluate(f.value, point)) for f in functions for point in asked]


def _c_values(folder: Path, functions: list[Function], asked: list[dict[str, int]]) -> list[int]:
    """Return values of C functions on 128-bit integers, which are printed as two halves."""
    helpers = ("floor_div", "gcd", "int_pow", "make_divisible", "max")
    source = '#include <stdio.h>\nstatic void show(__int128 v) { printf("%lld %llu\\n", (long long)(v >> 64), '
    source += "(unsigned long long)v); }\n"
    for i, f in enumerate(functions):
        source += "".join(f"#define {name} {name}_{i}\n" for name in helpers) + c(f)
        source += "".join(f"#undef {name}\n" for name in helpers)
    calls = [f"show({f.name}({p['A']}, {p['B']}, {p['G']}));" for f in functions for p in asked]
    (folder / "all.c").write_text(source + "int main(void) {\n" + "\n".join(calls) + "\nreturn 0;\n}\n")
    subprocess.run([CC, "-std=c99", "-DINTEGER=__int128", "all.c", "-o", "all"], cwd=folder, check=True)
    lines = subprocess.run([folder / "all"], check=True, capture_output=True, text=True).stdout.splitlines()
    return [(int(high) << 64) + int(low) for high, low in map(str.split, lines)]
