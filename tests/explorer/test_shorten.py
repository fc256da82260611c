"""Scripts in fewer signs do the same: by hand, and run in Node.js where it is there."""

from __future__ import annotations

import shutil
import subprocess

import pytest

from symcost.explorer.shorten import shortened

RUN = """
const first = 1, PATTERN = /[/"'`]+\\/ */g;
const half = (whole) => whole / 2 / 1;
function point({ left, right: other = 3, ...rest }, [head, ...tail] = [7]) {
  const made = { left, other, "key": 4, half: half(8), method(value) { return value + left; }, ...rest };
  for (const [key, value] of Object.entries(made)) if (key === "left") made.left = +value + +first;
  return { made, text: `a ${made.left > 1 ? `b ${other}` : {}.x} {c} ${tail.length}`, head };
}
const label = "left: first";
let count = 0;
do { count++; } while (count < 3);
const chosen = count ? first : half;
try { null.x; } catch (error) { count += error instanceof TypeError ? 1 : 0; }
const found = point({ left: 5, more: [first, ...[2]] });
console.log(JSON.stringify([found, found.made.method(1), label, count, chosen, half(10)]));
console.log(count - -first, count + +first, typeof half, count-- / first, 'a"b`/c'.replace(PATTERN, "-"));
"""


@pytest.mark.parametrize(
    ("script", "expected"),
    [
        ("const value = 1;\nlet other = value;\n", "let a=1;let b=a;"),
        ("const f = (x) => x.length;", "let b=a=>a.length;"),
        (
            "function f({ name, key: k = 2 }) { return { name, k }; }",
            "function c({name:a,key:b=2}){return{name:a,k:b}}",
        ),
        (
            "const name = 1; const t = `name ${name} { ${ {name}.name } }`;",
            "let a=1;let b=`name ${a} { ${{name:a}.name} }`;",
        ),
        (
            "const name = 1; const s = 'name' + /name/.test(window.name);",
            "let a=1;let b='name'+/name/.test(window.name);",
        ),
        ("const x = 4; const y = x / 2 / x;", "let a=4;let b=a/2/a;"),
        ("const x = 4; const y = x - -x + + x;", "let a=4;let b=a- -a+ +a;"),
        ("const a = {}; const m = { get(a) { return a; }, a };", "let a={};let b={get(a){return a},a};"),
    ],
)
def test_by_hand(script: str, expected: str) -> None:
    assert shortened(script) == expected


def test_it_does_the_same() -> None:
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node.js to run scripts with")
    said = [
        subprocess.run([node, "-e", script], capture_output=True, text=True, check=True).stdout
        for script in (RUN, shortened(RUN))
    ]
    assert said[0] == said[1]
    assert len(said[0].splitlines()) == 2
    assert len(shortened(RUN)) < 0.75 * len(RUN)
