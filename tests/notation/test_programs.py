"""Generated programs give the exact values, in every language that can be run here."""

from __future__ import annotations

import json
import shutil
import subprocess
from fractions import Fraction
from pathlib import Path
from typing import Any

import pytest

from symcost.algebra.atoms import Number
from symcost.notation.c import c
from symcost.notation.function import Function
from symcost.notation.js import js
from symcost.notation.python import python
from tests.notation.functions import Point, cases, expected

CASES = list(cases())
CC, NODE = shutil.which("cc") or "", shutil.which("node") or ""


@pytest.mark.parametrize(("function", "points"), CASES, ids=[f.name for f, _ in CASES])
def test_python_is_exact(function: Function, points: list[Point]) -> None:
    space: dict[str, Any] = {}
    exec(compile(python(function), function.name, "exec"), space)  # noqa: S102
    made = space[function.name]
    assert len(points) > 1
    for point in points:
        value = made(**point)
        assert value == expected(function, point)
        assert type(value) is int


def test_python_has_the_defaults() -> None:
    function, (defaults, *_) = next((f, points) for f, points in CASES if f.name == "flops")
    space: dict[str, Any] = {}
    exec(python(function), space)  # noqa: S102
    assert space["flops"]() == expected(function, defaults)


@pytest.mark.skipif(not CC, reason="no C compiler")
def test_c_is_exact(tmp_path: Path) -> None:
    """One program of all functions, on 128-bit integers, that prints what differs."""
    checks = []
    for i, (function, points) in enumerate(CASES):
        (tmp_path / f"f{i}.c").write_text(c(function))
        checks += [_c_check(i, function, point) for point in points]
    parts = [f'#define {_c_name(f)} f{i}\n#include "f{i}.c"\n#undef {_c_name(f)}' for i, (f, _) in enumerate(CASES)]
    own = ("floor_div", "gcd", "int_pow", "make_divisible", "max")
    shared = "".join(f"\n#define {name} {name}_{{0}}" for name in own) + "\n{1}"
    undo = "".join(f"\n#undef {name}" for name in own)
    source = "".join(shared.format(i, part) + undo for i, part in enumerate(parts))
    source += "\nint main(void) {\nint wrong = 0;\n" + "\n".join(checks) + "\nreturn wrong;\n}\n"
    (tmp_path / "all.c").write_text(source)
    command = [
        "cc",
        "-std=c99",
        "-DINTEGER=__int128",
        "-Wall",
        "-Wno-unused-parameter",
        "-Werror",
        "all.c",
        "-o",
        "all",
    ]
    subprocess.run(command, cwd=tmp_path, check=True)
    assert subprocess.run([tmp_path / "all"], check=False).returncode == 0


def _c_name(function: Function) -> str:
    return f"{function.name}_" if function.name == "int" else function.name


def _c_check(i: int, function: Function, point: Point) -> str:
    value = expected(function, point)
    if abs(value) >= 1 << 120:
        return ""
    arguments = ", ".join(f"{n}" for n in _whole(function, point).values())
    high, low = divmod(value, 1 << 60)
    return f"wrong |= f{i}({arguments}) != (__int128){high}*{1 << 60} + {low};"


@pytest.mark.skipif(not CC, reason="no C compiler")
def test_c_takes_64_bits_by_itself(tmp_path: Path) -> None:
    function, (defaults, *_) = next((f, points) for f, points in CASES if f.name == "flops")
    arguments = ", ".join(map(str, defaults.values()))
    main = f"\nint main(void) {{ return flops({arguments}) != {expected(function, defaults)}; }}\n"
    (tmp_path / "one.c").write_text(c(function) + main)
    subprocess.run([CC, "-std=c99", "-pedantic", "-Werror", "one.c", "-o", "one"], cwd=tmp_path, check=True)
    assert subprocess.run([tmp_path / "one"], check=False).returncode == 0


@pytest.mark.skipif(not NODE, reason="no Node.js")
def test_javascript_is_exact(tmp_path: Path) -> None:
    blocks = [_js_block(function, points) for function, points in CASES]
    script = tmp_path / "all.js"
    script.write_text("const found = [];\n" + "\n".join(blocks) + "\nconsole.log(JSON.stringify(found));\n")
    done = subprocess.run([NODE, script], check=True, capture_output=True, text=True)
    assert json.loads(done.stdout) == [str(expected(f, point)) for f, points in CASES for point in points]


def _js_block(function: Function, points: list[Point]) -> str:
    calls = []
    for point in points:
        given = ", ".join(f"{name}: {value}n" for name, value in _whole(function, point).items())
        calls.append(f"found.push(String({function.name}({{ {given} }})));")
    return "{\n" + js(function) + "\n".join(calls) + "\n}"


def _whole(function: Function, point: Point) -> dict[str, Number]:
    """Return the arguments of a language without fractions."""
    arguments: dict[str, Number] = {}
    for name, argument in function.arguments.items():
        if argument.kind == "ratio":
            above, below = Fraction(point[name]).as_integer_ratio()
            arguments |= {f"{name}_num": above, f"{name}_den": below}
        else:
            arguments[name] = point[name]
    return arguments
