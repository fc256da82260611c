"""JavaScript as users run it, without a browser where Node.js is there."""

from __future__ import annotations

import json
import shutil
import subprocess
from pathlib import Path
from typing import Any

import pytest

from symcost.explorer import joined
from tests.explorer.points import Faults

HERE = Path(__file__).parent
ASK = """
const [core, check, data] = process.argv.slice(1);
const load = (path) => import(require("url").pathToFileURL(path));
Promise.all([load(core), load(check)]).then(([module, { faults }]) =>
  console.log(JSON.stringify(faults(module, JSON.parse(require("fs").readFileSync(data))))));
"""


@pytest.fixture(scope="session")
def faults(tmp_path_factory: pytest.TempPathFactory) -> Faults:
    """What a check of ``tests/explorer`` finds wrong with the joined modules, in Node.js."""
    node = shutil.which("node")
    if node is None:
        pytest.skip("there is no Node.js here to run the page's module; `python3 dev.py browser` runs it in Chromium")
    folder = tmp_path_factory.mktemp("explorer")
    core = folder / "core.mjs"
    core.write_text(joined("engine.js"), encoding="utf-8")

    def found(check: str, cases: Any) -> list[str]:
        copied, data = folder / f"{check}.mjs", folder / f"{check}.json"
        copied.write_text((HERE / f"{check}.js").read_text(encoding="utf-8"), encoding="utf-8")
        data.write_text(json.dumps(cases), encoding="utf-8")
        run = subprocess.run(
            [node, "-e", ASK, str(core), str(copied), str(data)],
            capture_output=True,
            text=True,
            check=False,
            timeout=120,
        )
        assert run.returncode == 0, run.stderr
        return json.loads(run.stdout)  # type: ignore[no-any-return]

    return found
