"""Commands run behind a terminal that is none, as people run them."""

from __future__ import annotations

import os
import struct
import subprocess
import sys
from pathlib import Path
from typing import NamedTuple

import pytest

ROOT = Path(__file__).parents[2]


class Shown(NamedTuple):
    """What came of a command.

    Attributes:
        code: its exit code.
        terminal: what stood on the terminal.
        out: what went into the pipe, if standard output was one.
    """

    code: int
    terminal: str
    out: str


def on_terminal(
    *args: str, width: int = 100, out: bool = True, err: bool = True, code: str = "", **environment: str
) -> Shown:
    """Run a command with a terminal behind standard output, standard error or both, pipes behind the rest."""
    pty = pytest.importorskip("pty", reason="no terminals to be had here")
    import fcntl
    import termios

    ours, theirs = pty.openpty()
    fcntl.ioctl(theirs, termios.TIOCSWINSZ, struct.pack("HHHH", 50, width, 0, 0))
    env = {key: value for key, value in os.environ.items() if key not in ("COLUMNS", "NO_COLOR", "FORCE_COLOR")}
    env |= {"TERM": "xterm-256color", "PYTHONPATH": str(ROOT), **environment}
    program = ["-c", code] if code else ["-m", "symcost"]
    with subprocess.Popen(
        [sys.executable, *program, *args],
        stdin=theirs,
        stdout=theirs if out else subprocess.PIPE,
        stderr=theirs if err else subprocess.PIPE,
        cwd=ROOT,
        env=env,
    ) as process:
        os.close(theirs)
        piped, _ = (b"", b"") if out else process.communicate(timeout=60)
        shown = _read(ours)
    return Shown(process.returncode, shown.decode().replace("\r\n", "\n"), piped.decode())


def _read(end: int) -> bytes:
    found = b""
    try:
        while part := os.read(end, 1 << 16):
            found += part
    except OSError:  # how Linux says that the other end is closed
        pass
    os.close(end)
    return found
