"""A JupyterLab of its own: on the loopback, behind a token, with settings of its own, this Python as kernel."""

from __future__ import annotations

import json
import os
import secrets
import subprocess
import sys
import time
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import TYPE_CHECKING, Any

import nbformat

if TYPE_CHECKING:
    from playwright.sync_api import Page

ROOT = Path(__file__).parents[2]
UNTIL_ORPHANED = """
import os, sys, threading
def watch():
    sys.stdin.read()
    os._exit(0)
threading.Thread(target=watch, daemon=True).start()
from jupyterlab.labapp import main
main()
"""
"""JupyterLab that ends once nobody holds its standard input, however that came about; its kernels end with it."""
QUIET = (
    "--no-browser",
    "--allow-root",
    "--ServerApp.ip=127.0.0.1",
    "--ServerApp.port=0",
    "--ServerApp.terminals_enabled=False",
    "--LabApp.expose_app_in_browser=True",
    "--LabApp.extension_manager=readonly",
    "--LabApp.news_url=None",
    "--LabApp.check_for_updates_class=jupyterlab.NeverCheckForUpdate",
)
NO_NEWS = {"fetchNews": "false", "checkForUpdates": False}
STARTED_WITHIN = 30
IDLE = "window.jupyterapp?.shell?.currentWidget?.sessionContext?.session?.kernel?.status === 'idle'"
ASK = """async ([expression, seconds]) => {
  const kernel = jupyterapp.shell.currentWidget.sessionContext.session.kernel;
  const reply = kernel.requestExecute({code: "", user_expressions: {asked: expression}, store_history: false}).done;
  const late = new Promise((_, fail) => setTimeout(() => fail(new Error("no answer")), seconds * 1000));
  const {content} = await Promise.race([reply, late]);
  const {status, data, evalue} = content.user_expressions.asked;
  return status === "ok" ? data["text/plain"] : `error: ${evalue}`;
}"""


@contextmanager
def lab(folder: Path) -> Iterator[str]:
    """Serve a folder, and give the address of a notebook in it, but for its name; everything ends with the block."""
    home = folder / ".home"
    places = {
        "JUPYTER_CONFIG_DIR": home / "config",
        "JUPYTER_DATA_DIR": home / "data",
        "JUPYTER_RUNTIME_DIR": home / "runtime",
        "JUPYTERLAB_SETTINGS_DIR": home / "settings",
        "JUPYTERLAB_WORKSPACES_DIR": home / "workspaces",
        "IPYTHONDIR": home / "ipython",
    }
    for place in places.values():
        place.mkdir(parents=True)
    settings = home / "settings" / "@jupyterlab" / "apputils-extension" / "notification.jupyterlab-settings"
    settings.parent.mkdir(parents=True)
    settings.write_text(json.dumps(NO_NEWS))
    token = secrets.token_hex(16)
    command = [sys.executable, "-c", UNTIL_ORPHANED, *QUIET, f"--IdentityProvider.token={token}"]
    path = os.pathsep.join(filter(None, (str(ROOT), os.environ.get("PYTHONPATH"))))
    env = {**os.environ, **{name: str(place) for name, place in places.items()}, "PYTHONPATH": path}
    command += [f"--ServerApp.root_dir={folder}"]
    with (
        (home / "log").open("w") as log,
        subprocess.Popen(command, env=env, stdin=subprocess.PIPE, stdout=log, stderr=log) as server,
    ):
        try:
            yield f"{_address(home, server)}lab/tree/{{}}?token={token}&reset"
        finally:
            _end(server)


def _end(server: subprocess.Popen[bytes]) -> None:
    server.terminate()
    try:
        server.wait(5)
    except subprocess.TimeoutExpired:
        server.kill()


def _address(home: Path, server: subprocess.Popen[bytes]) -> str:
    """Wait for the server's own word of where it listens."""
    end = time.monotonic() + STARTED_WITHIN
    while time.monotonic() < end and server.poll() is None:
        for file in (home / "runtime").glob("jpserver-*.json"):
            if text := file.read_text():
                url: str = json.loads(text)["url"]
                return url
        time.sleep(0.05)
    raise AssertionError(f"JupyterLab did not start:\n{(home / 'log').read_text()}")


def write_notebook(path: Path, cells: Sequence[str]) -> None:
    """Write a notebook of code cells."""
    notebook: Any = nbformat.v4.new_notebook(
        cells=[nbformat.v4.new_code_cell(cell) for cell in cells],
        metadata={"kernelspec": {"name": "python3", "display_name": "Python 3", "language": "python"}},
    )
    nbformat.write(notebook, path)


def run_all(page: Page) -> None:
    """Run all cells of the notebook that is open, once its kernel is there."""
    page.wait_for_function(IDLE)
    page.evaluate("void jupyterapp.commands.execute('notebook:run-all-cells')")


def ask(page: Page, expression: str) -> str:
    """Return how Python shows an expression in the kernel of the notebook that is open."""
    shown: str = page.evaluate(ASK, [expression, 20])
    return shown


def theme(page: Page, name: str) -> None:
    """Change to a theme, ``Light`` or ``Dark``, as its menu does."""
    page.evaluate(
        "name => void jupyterapp.commands.execute('apputils:change-theme', {theme: `JupyterLab ${name}`})", name
    )
    page.wait_for_function("light => document.body.dataset.jpThemeLight === light", arg=str(name == "Light").lower())
