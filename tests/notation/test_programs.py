"""Generated programs give the exact values, in every language that can be run here, for every shipped network."""

from __future__ import annotations

import json
import re
import shutil
import subprocess
from collections.abc import Sequence
from fractions import Fraction
from math import floor
from pathlib import Path
from typing import Any

import pytest
import sympy

from symcost import load
from symcost.algebra.atoms import Number
from symcost.algebra.extent import ceil_div, floor_div
from symcost.algebra.poly import symbol
from symcost.algebra.to_sympy import to_sympy
from symcost.notation.c import PARTS, c
from symcost.notation.function import Argument, Function
from symcost.notation.js import js
from symcost.notation.numpy import numpy
from symcost.notation.python import python
from tests.notation.functions import Case, Point, cases, expected

CC, NODE = shutil.which("cc") or "", shutil.which("node") or ""
each_case = pytest.mark.parametrize("case", cases(), ids=[case.name for case in cases()])


def made(source: str, name: str) -> Any:
    space: dict[str, Any] = {}
    exec(compile(source, name, "exec"), space)  # noqa: S102
    return space[name]


def whole(function: Function, point: Point) -> dict[str, Number]:
    """Return the arguments of a language without fractions."""
    arguments: dict[str, Number] = {}
    for name, argument in function.arguments.items():
        if argument.kind == "ratio":
            arguments[f"{name}_num"], arguments[f"{name}_den"] = Fraction(point[name]).as_integer_ratio()
        else:
            arguments[name] = point[name]
    return arguments


@each_case
def test_python_is_exact(case: Case) -> None:
    call = made(python(case.function), case.function.name)
    for point in case.points:
        value = call(**point)
        assert value == expected(case.function, point)
        assert type(value) is int


def test_python_has_the_defaults() -> None:
    case = next(case for case in cases() if case.name == "resnet-flops")
    assert made(python(case.function), "flops")() == expected(case.function, case.points[0])


@each_case
def test_numpy_is_exact(case: Case) -> None:
    np = pytest.importorskip("numpy")
    call = made(numpy(case.function), "int_" if case.name == "int" else case.function.name)
    rows = [whole(case.function, point) for point in case.points]
    values = [expected(case.function, point) for point in case.points]
    found = call(**{name: np.array([row[name] for row in rows]) for name in rows[0]})
    assert np.broadcast_to(found, len(rows)).tolist() == values
    assert [call(**row) for row in rows] == values


@pytest.mark.skipif(not CC, reason="no C compiler")
def test_c_is_exact(tmp_path: Path) -> None:
    """One program of all functions, on 128-bit integers, that prints the numbers of the calls that are wrong."""
    calls = [(case, point) for case in cases() for point in case.points]
    checks = [_check(n, case, point, 120) for n, (case, point) in enumerate(calls)]
    assert sum(map(bool, checks)) > len(calls) * 0.9
    assert _run_c(tmp_path, cases(), checks, "-DINTEGER=__int128") == ""


@pytest.mark.skipif(not CC, reason="no C compiler")
def test_c_takes_64_bits_by_itself(tmp_path: Path) -> None:
    """The functions of all networks at their default sizes, with what the compiler does where nothing is said."""
    shipped = [case for case in cases() if "-" in case.name]
    checks = [_check(n, case, case.points[0], 62) for n, case in enumerate(shipped)]
    assert all(checks)
    assert _run_c(tmp_path, shipped, checks, "-pedantic") == ""


def _run_c(folder: Path, chosen: Sequence[Case], checks: list[str], option: str) -> str:
    parts = []
    for case in chosen:
        name = _c_name(case)
        (folder / f"{name}.h").write_text(c(case.function))
        renamed = {**{part: f"{part}_{name}" for part in PARTS}, _c_function(case): name}
        define = "".join(f"#define {old} {new}\n" for old, new in renamed.items())
        parts.append(f'{define}#include "{name}.h"\n' + "".join(f"#undef {old}\n" for old in renamed))
    main = "int main(void) {\n" + "\n".join(checks) + "\nreturn 0;\n}\n"
    (folder / "all.c").write_text("#include <stdio.h>\n" + "".join(parts) + main)
    warnings = ["-Wall", "-Wno-unused-parameter", "-Werror"]
    subprocess.run([CC, "-std=c99", option, *warnings, "all.c", "-o", "all"], cwd=folder, check=True)
    return subprocess.run([folder / "all"], check=True, capture_output=True, text=True).stdout


def _c_name(case: Case) -> str:
    return f"the_{case.name.replace('-', '_')}"


def _c_function(case: Case) -> str:
    return "int_" if case.function.name == "int" else case.function.name


def _check(n: int, case: Case, point: Point, bits: int) -> str:
    value = expected(case.function, point)
    if abs(value) >= 1 << bits:
        return ""
    arguments = ", ".join(map(_literal, whole(case.function, point).values()))
    return f'if ({_c_name(case)}({arguments}) != {_literal(value)}) printf("{n} ");'


def _literal(value: Number) -> str:
    high, low = divmod(int(value), 1 << 60)
    return f"((INTEGER){high}*{1 << 60} + {low})" if high else str(low)


@pytest.mark.skipif(not NODE, reason="no Node.js")
def test_javascript_is_exact(tmp_path: Path) -> None:
    blocks = [_js_block(case) for case in cases()]
    found = _run_js(tmp_path, "const found = [];\n" + "\n".join(blocks) + "\nconsole.log(JSON.stringify(found));\n")
    assert found == [str(expected(case.function, point)) for case in cases() for point in case.points]


def _js_block(case: Case) -> str:
    calls = []
    for point in case.points:
        given = ", ".join(f"{name}: {value}n" for name, value in whole(case.function, point).items())
        calls.append(f"found.push(String({case.function.name}({{ {given} }})));")
    return "{\n" + js(case.function) + "\n".join(calls) + "\n}"


def _run_js(folder: Path, source: str) -> Any:
    (folder / "all.js").write_text(source)
    done = subprocess.run([NODE, folder / "all.js"], check=True, capture_output=True, text=True)
    return json.loads(done.stdout)


@pytest.mark.skipif(not NODE, reason="no Node.js")
def test_sympy_rounds_floors_wrongly_in_javascript(tmp_path: Path) -> None:
    """Why there is a printer of our own: SymPy's multiplies by 1/q first, which is no exact number in binary."""
    q = 49
    value = floor_div(symbol("x"), q)
    theirs = sympy.jscode(to_sympy(value))
    assert theirs == "Math.floor((1/49)*x)"
    ours = js(Function("f", value, {"x": Argument()}))
    compare = "const wrong = [];\nfor (let x = 1; x < 1000; x++) if (%s !== Number(f({ x: BigInt(x) }))) wrong.push(x);"
    found = _run_js(tmp_path, ours + compare % theirs + "\nconsole.log(JSON.stringify(wrong));\n")
    assert found == [x for x in range(1, 1000) if floor((1 / q) * x) != x // q] != []
    exact = ours + "console.log(JSON.stringify([...Array(1000).keys()].map(x => String(f({ x: BigInt(x) })))));\n"
    assert _run_js(tmp_path, exact) == [str(x // q) for x in range(1000)]


@pytest.mark.skipif(not NODE, reason="no Node.js")
def test_sympy_loses_digits_beyond_53_bits_in_javascript(tmp_path: Path) -> None:
    value = symbol("x") ** 2 + ceil_div(symbol("x"), 2)
    x = 10**10 + 1
    theirs = f"const x = {x};\nconsole.log(JSON.stringify(String({sympy.jscode(to_sympy(value))})));\n"
    ours = js(Function("f", value, {"x": Argument()})) + f"console.log(JSON.stringify(String(f({{ x: {x}n }}))));\n"
    assert int(_run_js(tmp_path, ours)) == x**2 + (x + 1) // 2
    assert int(float(_run_js(tmp_path, theirs))) != x**2 + (x + 1) // 2


def test_programs_of_a_network_say_what_they_compute() -> None:
    from symcost.views.formula import formula

    made_up = formula(load("alexnet").cost(), "macs")
    for notation, mark in (("python", "#"), ("numpy", "#"), ("c", "//"), ("js", "//")):
        source = made_up.to(notation)
        assert source.startswith(f"{mark} AlexNet: macs in MACs, multiply-accumulates of contractions\n")
        assert f"{mark} holds for H >= 63, W >= 63\n" in source
        assert not re.search(r"[ \t]+$", source, re.MULTILINE)
