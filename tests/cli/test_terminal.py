"""Colours, widths, pipes and letters: what a stream is decides how an answer comes."""

from __future__ import annotations

import io
import os
import subprocess
import sys
from fractions import Fraction

import pytest

from symcost.cli.letters import CLOSEST, closest, show_all, shows
from symcost.cli.terminal import coloured, columns, many_colours, moving
from symcost.table.cells import shown
from symcost.table.model import Share
from symcost.table.terminal import ACCENT, STYLES
from tests.cli.terminals import ROOT, on_terminal

HEADING = "\x1b[1;38;5;31m"


class Terminal(io.StringIO):
    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize(
    ("environment", "terminal", "pipe"),
    [
        ({"TERM": "xterm"}, True, False),
        ({"TERM": "dumb"}, False, False),
        ({"TERM": "xterm", "NO_COLOR": "1"}, False, False),
        ({"TERM": "xterm", "NO_COLOR": ""}, True, False),
        ({"TERM": "dumb", "FORCE_COLOR": "1"}, True, True),
        ({"TERM": "xterm", "FORCE_COLOR": "0"}, True, False),
        ({"TERM": "xterm", "FORCE_COLOR": "1", "NO_COLOR": "1"}, False, False),
    ],
)
def test_who_gets_colours(
    monkeypatch: pytest.MonkeyPatch, environment: dict[str, str], terminal: bool, pipe: bool
) -> None:
    for name in ("NO_COLOR", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    for name, value in environment.items():
        monkeypatch.setenv(name, value)
    assert coloured(Terminal()) is terminal
    assert coloured(io.StringIO()) is pipe


def test_moving_lines_are_for_terminals_that_are_not_dumb(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("TERM", "xterm")
    assert moving(Terminal())
    assert not moving(io.StringIO())
    monkeypatch.setenv("TERM", "dumb")
    assert not moving(Terminal())


def test_widths(monkeypatch: pytest.MonkeyPatch) -> None:
    for width, found in (("60", 60), ("200", 100), ("10", 40)):
        monkeypatch.setenv("COLUMNS", width)
        assert columns(Terminal(), 100) == found
        assert columns(io.StringIO(), 100) == 100


def test_terminals_of_few_colours_get_none(monkeypatch: pytest.MonkeyPatch) -> None:
    for name in ("COLORTERM", "FORCE_COLOR"):
        monkeypatch.delenv(name, raising=False)
    monkeypatch.setenv("TERM", "linux")
    assert not many_colours()
    monkeypatch.setenv("TERM", "screen-256color")
    assert many_colours()


def contrast(one: tuple[int, int, int], other: tuple[int, int, int]) -> float:
    """Return the contrast of two colours as WCAG 2 has it."""

    def light(colour: tuple[int, int, int]) -> float:
        parts = [c / 12.92 if c <= 0.03928 else ((c + 0.055) / 1.055) ** 2.4 for c in (c / 255 for c in colour)]
        return 0.2126 * parts[0] + 0.7152 * parts[1] + 0.0722 * parts[2]

    low, high = sorted((light(one), light(other)))
    return (high + 0.05) / (low + 0.05)


BACKGROUNDS = {"white": (255, 255, 255), "black": (0, 0, 0), "light": (253, 246, 227), "dark": (0, 43, 54)}


@pytest.mark.parametrize("background", BACKGROUNDS)
def test_no_colour_vanishes(background: str) -> None:
    from rich.color import Color

    triplet = Color.parse(ACCENT).get_truecolor()
    assert contrast((triplet.red, triplet.green, triplet.blue), BACKGROUNDS[background]) > 3
    assert {word for style in STYLES.values() for word in style.split()} <= {"bold", "dim", ACCENT}


def test_a_terminal_shows_colours_and_a_pipe_does_not() -> None:
    found = on_terminal("report", "lenet5")
    assert found.code == 0
    assert HEADING in found.terminal
    assert "\x1b[38;5;31m█" in found.terminal
    piped = on_terminal("report", "lenet5", out=False)
    assert "\x1b" not in piped.out
    assert "61,706" in piped.out
    plain = on_terminal("report", "lenet5", err=False, NO_COLOR="1")
    assert "\x1b" not in plain.terminal
    assert plain.terminal.rstrip("\n") == piped.out.rstrip("\n")


def test_narrow_terminals_are_filled_to_their_width() -> None:
    found = on_terminal("eval", "lenet5", width=60, err=False, NO_COLOR="1")
    assert 50 < max(map(len, found.terminal.splitlines())) <= 60


def test_colours_are_forced_into_pipes() -> None:
    assert HEADING in on_terminal("eval", "lenet5", out=False, FORCE_COLOR="1").out
    assert "\x1b" not in on_terminal("eval", "lenet5", "--json", out=False, FORCE_COLOR="1").out


def test_a_reader_that_goes_away_is_no_error() -> None:
    for environment in ({}, {"FORCE_COLOR": "1"}):
        command = [sys.executable, "-m", "symcost", "list", "--ops"]
        env = {**os.environ, "PYTHONPATH": str(ROOT), **environment}
        with subprocess.Popen(command, cwd=ROOT, env=env, stdout=-1, stderr=-1) as process:
            assert process.stdout is not None
            assert process.stderr is not None
            process.stdout.close()
            assert process.stderr.read() == b""
        assert process.returncode == 141


def test_letters_that_a_stream_lacks_have_others_in_their_place() -> None:
    raw = io.BytesIO()
    stream = io.TextIOWrapper(raw, encoding="ascii")
    show_all(stream)
    stream.write("███▌ 35 %, naïve – 2×3 ≤ 7 … 中 \udc80\n")
    stream.flush()
    assert raw.getvalue() == b"#### 35 %, naive - 2x3 <= 7 ... ? ?\n"
    assert not shows(stream, "é")
    assert shows(stream, "e")


def test_bars_keep_their_width_in_ascii() -> None:
    for eighths in range(1, 41):
        bar = shown(Share(Fraction(eighths, 40)))
        plain = "".join(c if c.isascii() else closest(c) for c in bar)
        assert len(plain) == len(bar)
        assert plain.isascii()
    assert all(text.isascii() for text in CLOSEST.values())


def test_output_without_unicode_still_comes() -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "cp1252"}
    command = [sys.executable, "-m", "symcost", "report", "lenet5"]
    done = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, timeout=60)
    assert b"61,706" in done.stdout
    assert b"  ###" in done.stdout
    assert b"?" not in done.stdout


def test_markup_is_exact_in_every_encoding() -> None:
    env = {**os.environ, "PYTHONPATH": str(ROOT), "PYTHONIOENCODING": "ascii"}
    command = [sys.executable, "-m", "symcost", "formula", "mobilenet_v1", "--format", "mathml"]
    done = subprocess.run(command, cwd=ROOT, env=env, check=True, capture_output=True, text=True, timeout=60)
    assert "&#945;" in done.stdout  # alpha
    assert "?" not in done.stdout
