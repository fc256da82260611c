"""Files that an answer is written to: whole, or not at all."""

from __future__ import annotations

import json
import os
import tempfile
from dataclasses import dataclass
from pathlib import Path
from typing import TYPE_CHECKING

from symcost.errors import UsageError, quoted, require

if TYPE_CHECKING:
    from collections.abc import Callable

    from matplotlib.axes import Axes

    from symcost.frontier import Frontier

PICTURES = (".png", ".svg", ".pdf")
TABLES = (".csv", ".json", ".parquet")
_NEEDS = {".parquet": ("pyarrow", "sweep"), **dict.fromkeys(PICTURES, ("matplotlib", "plot"))}
MOST_DRAWN = 3
DPI = 160
LARGEST = 2**63


@dataclass(frozen=True)
class Files:
    """What is to be written where; no path, no file.

    Attributes:
        plot: path of a picture.
        table: path of a table.
    """

    plot: Path | None
    table: Path | None

    @classmethod
    def of(cls, plot: str, table: str, goals: int) -> Files:
        """Read the paths, before anything is computed.

        Raises:
            UsageError: nothing can be written there, or so many goals cannot be drawn.
        """
        if plot and goals > MOST_DRAWN:
            raise UsageError(f"--plot shows two or three goals, and there are {goals}")
        return cls(picture_path(plot), _path("--output", table, TABLES))

    def write(self, frontier: Frontier) -> None:
        """Write the files."""
        if self.plot is not None:
            write_picture(self.plot, frontier.draw)
        if self.table is not None:
            replace(self.table, _table(frontier, self.table.suffix))


def picture_path(text: str) -> Path | None:
    """Read the path of a picture; none where the text is empty.

    Raises:
        UsageError: nothing can be written there.
    """
    return _path("--plot", text, PICTURES)


def _path(option: str, text: str, suffixes: tuple[str, ...]) -> Path | None:
    if not text:
        return None
    path = Path(text)
    if path.suffix not in suffixes:
        raise UsageError(f"{option} {quoted(text)}: the name ends in {', '.join(suffixes[:-1])} or {suffixes[-1]}")
    place(option, text)
    package, extra = _NEEDS.get(path.suffix, ("", ""))
    if package:
        require(package, extra, f"{option} {quoted(text)} needs")
    return path


def place(option: str, text: str) -> Path:
    """Read the path of a file to be written.

    Raises:
        UsageError: it is in no directory, or is one.
    """
    path = Path(text)
    if not path.parent.is_dir():
        raise UsageError(f"{option} {quoted(text)}: there is no directory {quoted(str(path.parent))}")
    if path.is_dir():
        raise UsageError(f"{option} {quoted(text)}: this is a directory; name a file in it")
    return path


def replace(path: Path, content: bytes) -> None:
    """Put a file in place in one step, so that what was there stays until the new one is whole."""
    handle, name = tempfile.mkstemp(dir=path.parent, prefix=f".{path.name}.")
    try:
        with os.fdopen(handle, "wb") as file:
            file.write(content)
        mode = path.stat().st_mode & 0o777 if path.exists() else 0o666 & ~_umask()
        Path(name).chmod(mode)
        Path(name).replace(path)
    except BaseException:
        Path(name).unlink(missing_ok=True)
        raise


def _umask() -> int:
    mask = os.umask(0)
    os.umask(mask)
    return mask


def write_picture(path: Path, draw: Callable[[Axes], object]) -> None:
    """Write a picture: whole, or not at all."""
    import io

    from matplotlib import rc_context
    from matplotlib.figure import Figure

    from symcost.picture import SIZE

    out = io.BytesIO()
    figure = Figure(figsize=SIZE, layout="constrained")
    draw(figure.subplots())
    undated = {".svg": {"Date": None}, ".pdf": {"CreationDate": None}}.get(path.suffix)
    with rc_context({"svg.hashsalt": "symcost"}):  # the same drawing gives the same bytes
        figure.savefig(out, format=path.suffix[1:], dpi=DPI, metadata=undated)
    replace(path, out.getvalue())


def _table(frontier: Frontier, suffix: str) -> bytes:
    import io

    if suffix == ".csv":
        return frontier.table().to_csv().encode()
    if suffix == ".json":
        return (json.dumps(frontier.to_json(), indent=2) + "\n").encode()
    frame = frontier.to_pandas().reset_index()
    for name in frame.columns:
        if not all(isinstance(value, int) and abs(value) < LARGEST for value in frame[name]):
            frame[name] = frame[name].map(str)  # exact, where the format has no number that is
    out = io.BytesIO()
    frame.to_parquet(out, index=False)
    return out.getvalue()
