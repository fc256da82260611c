"""dev.py's choices: what it trusts, how it makes an environment, what it refuses."""

import importlib.util
import json
from pathlib import Path
from types import ModuleType

import pytest

SCRIPT = Path(__file__).resolve().parents[1] / "dev.py"


@pytest.fixture
def dev(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> ModuleType:
    monkeypatch.setenv("SYMCOST_VENV", str(tmp_path / "venv"))
    spec = importlib.util.spec_from_file_location("dev", SCRIPT)
    assert spec is not None
    assert spec.loader is not None
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def finish(dev: ModuleType) -> None:
    """Leave the environment as a finished installation does."""
    program = Path(dev.tool("python"))
    program.parent.mkdir(parents=True)
    program.touch()
    dev.stamp({"test": "digest"})


def names(dev: ModuleType, *, modules: set[str], programs: set[str]) -> list[str]:
    found = dev.ways("python3", modules.__contains__, lambda name: name if name in programs else None)
    return [name for name, _ in found]


def test_a_finished_environment_is_trusted(dev: ModuleType) -> None:
    finish(dev)
    assert dev.installed() == {"test": "digest"}


@pytest.mark.parametrize("text", ["", "{}", "[1", json.dumps({"identity": "another", "extras": {}})])
def test_an_unfinished_or_foreign_environment_is_not_trusted(dev: ModuleType, text: str) -> None:
    finish(dev)
    dev.STAMP.write_text(text)
    assert dev.installed() is None


def test_an_environment_without_its_python_is_not_trusted(dev: ModuleType) -> None:
    finish(dev)
    Path(dev.tool("python")).unlink()
    assert dev.installed() is None


def test_clearing_leaves_only_the_mark_of_unfinished_work(dev: ModuleType) -> None:
    finish(dev)
    dev.clear()
    assert [entry.name for entry in dev.VENV.iterdir()] == [dev.STAMP.name]
    assert dev.installed() is None


def test_a_folder_of_somebody_else_is_left_alone(dev: ModuleType) -> None:
    (dev.VENV / "lib").mkdir(parents=True)
    with pytest.raises(dev.SetupError, match="was not made by"):
        dev.clear()
    assert (dev.VENV / "lib").exists()


def test_ways_to_make_an_environment(dev: ModuleType) -> None:
    assert names(dev, modules={"venv", "ensurepip"}, programs={"uv"}) == ["uv", "venv"]
    assert names(dev, modules={"venv", "virtualenv", "pip"}, programs=set()) == [
        "virtualenv",
        "venv and another pip",
    ]
    assert names(dev, modules={"venv"}, programs={"pip"}) == ["venv and another pip"]
    assert names(dev, modules={"venv"}, programs=set()) == []


def test_no_way_to_make_an_environment(dev: ModuleType, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(dev, "ways", lambda base, has: iter(()))
    with pytest.raises(dev.SetupError, match="apt install python3-venv"):
        dev.make()


def test_packages_are_installed_by_uv_or_pip(dev: ModuleType) -> None:
    assert dev.installer("/bin/uv")[:3] == ["/bin/uv", "pip", "install"]
    assert dev.installer(None)[1:4] == ["-m", "pip", "install"]


def test_programs_on_windows(dev: ModuleType) -> None:
    assert Path(dev.tool("python", windows=True)) == dev.VENV / "Scripts" / "python.exe"
    assert Path(dev.tool("python", windows=False)) == dev.VENV / "bin" / "python"


@pytest.mark.parametrize("args", [["tests"], ["lint", "--fix"], ["examples", "more"]])
def test_usage(dev: ModuleType, args: list[str], capsys: pytest.CaptureFixture[str]) -> None:
    assert dev.main(args) == 2
    told = capsys.readouterr().err
    assert told.startswith(f"dev.py: cannot do '{' '.join(args)}'\n")
    assert "python3 dev.py test [ARGS]" in told
    assert not dev.VENV.exists()
