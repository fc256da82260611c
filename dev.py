#!/usr/bin/env python3
"""Set up and run symcost from a checkout, with nothing but Python 3.11 or newer.

python3 dev.py                 derive the cost of ResNet-50, then invert it
python3 dev.py test [ARGS]     run the tests; ARGS go to pytest
python3 dev.py browser [ARGS]  run the tests that look at pages in Chromium, which the machine must have
python3 dev.py docs            build the documentation into docs/_build
python3 dev.py notebooks [01]  run notebooks, all or by how their names begin, and keep what they show
python3 dev.py lint            check style, types and layers
python3 dev.py bench [ARGS]    run the benchmarks
python3 dev.py run ARGS        run the symcost command line

The first run makes a virtual environment in .venv (or in $SYMCOST_VENV); later runs reuse it.
"""

from __future__ import annotations

import hashlib
import importlib.util
import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent
VENV = Path(os.environ.get("SYMCOST_VENV") or ROOT / ".venv").resolve()
STAMP = VENV / "symcost-dev.json"  # which extras are installed, and from what; empty while work is under way
# The interpreter outside any virtual environment, which may be the one about to be replaced.
BASE = getattr(sys, "_base_executable", None) or sys.executable

EXAMPLES = (
    ["formula", "resnet50", "--metric", "macs"],
    ["solve", "resnet50", "--for", "C", "--budget", "macs <= 2G"],
)

EXTRAS = {"browser": ["test", "browser"], "docs": ["docs"], "lint": ["test", "lint"]}  # of other jobs: test


class SetupError(Exception):
    """End with this one line."""


def main(args: list[str]) -> int:
    """Do what the arguments ask and return the exit status."""
    if sys.version_info < (3, 11):
        raise SetupError(f"symcost needs Python 3.11 or newer, and this is {sys.version.split()[0]}")
    verb, rest = (args[0], args[1:]) if args else ("examples", [])
    if verb in {"-h", "--help", "help"}:
        print(__doc__.strip())
        return 0
    if verb not in JOBS or (rest and verb in {"docs", "examples", "lint"}):
        print(f"dev.py: cannot do '{' '.join(args)}'\n\n{__doc__.strip()}", file=sys.stderr)
        return 2
    prepare(EXTRAS.get(verb, ["test"]))
    return JOBS[verb](rest)


# --- jobs ---------------------------------------------------------------------------------------------------


def examples(_: list[str]) -> int:
    """Run the two examples; stop at the first that fails."""
    for example in EXAMPLES:
        print("$ symcost", *(f"'{word}'" if " " in word else word for word in example), flush=True)
        if status := python("-m", "symcost", *example):
            return status
    return 0


def test(args: list[str]) -> int:
    """Run pytest on all cores, unless it is to stop in the debugger."""
    cores = [] if "--pdb" in args else ["-n", "auto"]
    return python("-m", "pytest", *cores, *args)


def browser(args: list[str]) -> int:
    """Run the tests that look at pages, one at a time: browsers take all cores by themselves."""
    return python("-m", "pytest", "-m", "browser", *(args or ["tests/browser"]))


def docs(_: list[str]) -> int:
    """Build the documentation; a warning is an error."""
    return python("-m", "sphinx", "--fail-on-warning", "--keep-going", "--quiet", "docs", "docs/_build")


def notebooks(args: list[str]) -> int:
    """Run notebooks and keep what they show."""
    return python("-m", "tests.notebooks", *args)


def lint(_: list[str]) -> int:
    """Run every check, and fail if one does."""
    checks = (
        [tool("ruff"), "check"],
        [tool("ruff"), "format", "--check"],
        [tool("mypy")],
        [tool("lint-imports"), "--no-logo"],
    )
    failures = [check for check in checks if call(check, cwd=ROOT)]
    return int(bool(failures))


def bench(args: list[str]) -> int:
    """Run the benchmarks."""
    return python("-m", "benchmarks", *args)


def run(args: list[str]) -> int:
    """Run the command line where the user stands, so that paths mean what they say."""
    return call([tool("python"), "-m", "symcost", *args])


JOBS: dict[str, Callable[[list[str]], int]] = {
    "examples": examples,
    "test": test,
    "browser": browser,
    "docs": docs,
    "notebooks": notebooks,
    "lint": lint,
    "bench": bench,
    "run": run,
}


def python(*args: str) -> int:
    """Run the environment's Python in the project's folder."""
    return call([tool("python"), *args], cwd=ROOT)


def call(command: list[str], **options: Any) -> int:
    """Run a command to its end."""
    return subprocess.run(command, check=False, **options).returncode


def works(command: list[str]) -> bool:
    """Run a command, and show what it said only if it fails."""
    done = subprocess.run(command, check=False, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
    if done.returncode:
        print(done.stdout, end="", file=sys.stderr, flush=True)
    return done.returncode == 0


def tool(name: str, windows: bool = os.name == "nt") -> str:
    """Give the path of a program in the environment."""
    return str(VENV / "Scripts" / f"{name}.exe" if windows else VENV / "bin" / name)


def say(text: str) -> None:
    """Tell of progress where it does not mix with answers."""
    print(f"dev.py: {text}", file=sys.stderr, flush=True)


# --- the virtual environment --------------------------------------------------------------------------------


def prepare(extras: list[str]) -> None:
    """Make the environment, or what it lacks, under a lock; trust only what a finished run has stamped."""
    with alone():
        done = installed()
        if done is None:
            make()
            done = {}
        digest = digest_of((ROOT / "pyproject.toml").read_bytes())
        if missing := [extra for extra in extras if done.get(extra) != digest]:
            STAMP.write_text("{}")
            install(missing)
            stamp({**done, **dict.fromkeys(missing, digest)})


def installed() -> dict[str, str] | None:
    """Read which extras are in the environment; None if it is missing, unfinished or not for this Python."""
    try:
        found = json.loads(STAMP.read_text())
    except (OSError, ValueError):
        return None
    usable = Path(tool("python")).exists() and found.get("identity") == identity()
    return dict(found["extras"]) if usable else None


def identity() -> str:
    """Name what an environment is tied to: the interpreter and the place of the checkout."""
    return digest_of(f"{sys.version} {sys.base_prefix} {ROOT}".encode())


def digest_of(data: bytes) -> str:
    """Shorten bytes to a name that changes when they do."""
    return hashlib.sha256(data).hexdigest()


def stamp(extras: dict[str, str]) -> None:
    """Declare the environment finished, in one step."""
    draft = STAMP.with_suffix(".draft")
    draft.write_text(json.dumps({"identity": identity(), "extras": extras}))
    draft.replace(STAMP)


def make() -> None:
    """Make an empty environment with pip, in the first way that works."""
    for name, commands in ways(BASE, has=lambda module: importlib.util.find_spec(module) is not None):
        say(f"making {VENV} with {name}")
        clear()
        if all(works(command) for command in commands):
            return
    raise SetupError("no virtual environment can be made here; on Debian or Ubuntu: apt install python3-venv")


def ways(
    base: str, has: Callable[[str], bool], which: Callable[[str], str | None] = shutil.which
) -> Iterator[tuple[str, list[list[str]]]]:
    """Give the ways to make an environment with pip that this machine has, best first, as commands.

    Debian leaves ensurepip out of its Python, so plain venv may be there and not work.
    """
    place = str(VENV)
    if uv := which("uv"):
        yield "uv", [[uv, "venv", "--seed", "--allow-existing", "--python", base, place]]
    if has("venv") and has("ensurepip"):
        yield "venv", [[base, "-m", "venv", place]]
    if has("virtualenv"):
        yield "virtualenv", [[base, "-m", "virtualenv", place]]
    outer = which("pip3") or which("pip")
    pip = [base, "-m", "pip"] if has("pip") else [outer] if outer else []
    if has("venv") and pip:
        bare = [base, "-m", "venv", "--without-pip", place]
        yield "venv and another pip", [bare, [*pip, "--python", tool("python"), "install", "pip"]]


def clear() -> None:
    """Empty the environment's folder, if dev.py made it, and mark it as unfinished."""
    VENV.mkdir(parents=True, exist_ok=True)
    if any(VENV.iterdir()) and not STAMP.exists():
        raise SetupError(f"{VENV} was not made by dev.py: remove it, or set SYMCOST_VENV to another place")
    STAMP.write_text("{}")
    for entry in VENV.iterdir():
        if entry.is_dir() and not entry.is_symlink():
            shutil.rmtree(entry)
        elif entry != STAMP:
            entry.unlink()


def install(extras: list[str]) -> None:
    """Install symcost, editable, with these extras."""
    uv = shutil.which("uv")
    package = f"{ROOT}[{','.join(extras)}]"
    say(f"installing symcost[{','.join(extras)}] with {'uv' if uv else 'pip'}; later runs skip this")
    if not works([*installer(uv), "--editable", package]):
        raise SetupError("the installation failed, as told above")
    python("-m", "compileall", "-q", "symcost")  # pip compiles what it copies, and leaves a checkout as it is


def installer(uv: str | None) -> list[str]:
    """Choose what installs packages."""
    if uv:
        return [uv, "pip", "install", "--python", tool("python")]
    return [tool("python"), "-m", "pip", "install", "--disable-pip-version-check"]


@contextmanager
def alone() -> Iterator[None]:
    """Let one run at a time work on the environment; the lock ends with the process, however it ends."""
    VENV.parent.mkdir(parents=True, exist_ok=True)
    with VENV.with_name(f"{VENV.name}.lock").open("w") as lock:
        try:
            import fcntl
        except ImportError:  # Windows: two first runs at once are not guarded against
            yield
        else:
            fcntl.flock(lock, fcntl.LOCK_EX)
            yield


if __name__ == "__main__":
    try:
        sys.exit(main(sys.argv[1:]))
    except SetupError as error:
        say(str(error))
        sys.exit(1)
    except KeyboardInterrupt:
        sys.exit(130)
