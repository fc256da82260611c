"""The op that CONTRIBUTING.md shows works as it stands, in a file of its own and without a registry."""

from __future__ import annotations

import re
import subprocess
import sys
from pathlib import Path

ROOT = Path(__file__).parent.parent
USE = """
import symcost
from symcost.architecture import variant_of

TEXT = b'''
symcost: 1
name: cut
symbols: {B: 1, C: 8, H: 4}
inputs: {image: [B, C, H, H]}
model: [tlu]
'''
cost = variant_of(symcost.read_spec(TEXT), None).cost()
print(cost.poly("params"), "|", cost.poly("elementwise"), "|", cost.at().flops)
"""


def test_an_op_in_one_file(tmp_path: Path) -> None:
    (code,) = re.findall(r"^```python\n(.*?)^```", (ROOT / "CONTRIBUTING.md").read_text(), re.MULTILINE | re.DOTALL)
    script = tmp_path / "tlu.py"
    script.write_text(code + USE)
    run = subprocess.run([sys.executable, str(script)], capture_output=True, text=True, check=False)
    assert (run.stdout.strip(), run.stderr) == ("C | B*C*H**2 | 128", "")
