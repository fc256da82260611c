"""The verb ``export``: where a document goes, and that it is whole or not there at all."""

from __future__ import annotations

import io
import sys
from pathlib import Path

import pytest

from symcost import load
from symcost.cli import main

SPEC = b"symcost: 1\nname: my/own net\nsymbols: {C: 4}\ninputs: {a: [1, C]}\nmodel: [linear: C]\n"


@pytest.fixture(autouse=True)
def _here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)


def on_terminal(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(sys.stdout, "isatty", lambda: True, raising=False)


def test_into_a_file(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    Path("net.html").write_text("old")
    assert main(["export", "lenet5", "H=64", "--to", "html", "-o", "net.html"]) == 0
    out, err = capsys.readouterr()
    text = Path("net.html").read_text()
    assert (out, err) == ("", f"wrote net.html, {len(text.encode()) / 1000:.0f} kB\n")
    assert "H = 64" in text
    assert [path.name for path in tmp_path.iterdir()] == ["net.html"]


def test_to_a_pipe(capsys: pytest.CaptureFixture[str], tmp_path: Path) -> None:
    assert main(["export", "lenet5", "--to", "html"]) == 0
    out, err = capsys.readouterr()
    assert (out[:15], out[-8:], err) == ("<!doctype html>", "</html>\n", "")
    assert list(tmp_path.iterdir()) == []


def test_from_standard_input(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(SPEC)))
    assert main(["export", "-", "C=8", "--to", "html", "-o", "-"]) == 0
    assert "<h1>my/own net</h1>" in capsys.readouterr().out


def test_on_a_terminal_a_page_goes_into_a_file(
    capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    (tmp_path / "net.yaml").write_bytes(SPEC)
    on_terminal(monkeypatch)
    assert main(["export", "net.yaml", "--to", "html"]) == 0
    assert Path("my-own-net.html").read_text().startswith("<!doctype html>")
    assert main(["export", "net.yaml", "--to", "html"]) == 2
    assert capsys.readouterr().err.splitlines()[1] == (
        "my-own-net.html is there already: -o my-own-net.html replaces it, -o FILE writes another, -o - prints it"
    )


@pytest.mark.parametrize(
    ("words", "message"),
    [
        ([], "export writes html, mermaid or dot, as in --to html"),
        (["--to", "htlm"], "there is no format 'htlm'; did you mean 'html'?"),
        (["--to", "pdf"], "there is no format 'pdf'; export writes html, mermaid or dot, as in --to html"),
        (
            ["--to", "html", "--depth", "2"],
            "--depth and --shapes are of drawings, as in --to mermaid, and --to html is none",
        ),
        (["--to", "html", "-o", "no/net.html"], "--output 'no/net.html': there is no directory 'no'"),
        (["--to", "html", "-o", "."], "--output '.': this is a directory; name a file in it"),
    ],
)
def test_what_cannot_be_written(
    capsys: pytest.CaptureFixture[str], tmp_path: Path, words: list[str], message: str
) -> None:
    assert main(["export", "lenet5", *words]) == 2
    assert capsys.readouterr().err.strip() == message
    assert list(tmp_path.iterdir()) == []


def test_drawings_have_the_values_given(capsys: pytest.CaptureFixture[str], monkeypatch: pytest.MonkeyPatch) -> None:
    on_terminal(monkeypatch)
    graph = load("gpt2").fix(T=128).graph()
    assert main(["export", "gpt2", "T=128", "--to", "mermaid"]) == 0
    assert capsys.readouterr().out == graph.to_mermaid()
    assert main(["export", "gpt2", "T=128", "--to", "dot", "--depth", "2", "--shapes"]) == 0
    text = capsys.readouterr().out
    assert text == graph.to_dot(2, shapes=True)
    assert "(B, 128, E)" in text


def test_a_file_stays_as_it_is_where_the_new_one_fails(monkeypatch: pytest.MonkeyPatch) -> None:
    Path("net.html").write_text("old")
    monkeypatch.setattr("pathlib.Path.replace", lambda *_: (_ for _ in ()).throw(OSError("no space left")))
    assert main(["export", "lenet5", "--to", "html", "-o", "net.html"]) == 74
    assert [path.read_text() for path in Path().iterdir()] == ["old"]
