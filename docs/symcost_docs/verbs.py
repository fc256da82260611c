"""A page for each verb of the command line: what `--help` prints."""

from __future__ import annotations

import io
from contextlib import redirect_stdout

from symcost.cli.app import VERBS
from symcost.cli.main import main
from symcost_docs.markdown import code, fenced, page, prose, table

LEAD = """\
`symcost VERB --help` prints what stands here. SPEC is a path, `PATH:VARIANT`, `-` for standard input, or a shipped name
in any spelling; `NAME=VALUE` words set symbols and settings. Every verb that answers takes `--json`: data on standard
output, talk on standard error, exact integers as strings.

| exit code | means |
|---|---|
| 0 | done |
| 1 | the answer is no: nothing fits, a check failed |
| 2 | the question has no meaning: usage |
| 3 | the spec is not one, or a value breaks a bound or a condition |

On a terminal, tables are in colours and as wide as it is, 100 columns at most; `NO_COLOR=1` leaves the colours out,
`FORCE_COLOR=1` writes them into pipes too. Pipes and files get plain text of at most 100 columns. What takes longer
than a second says what it is doing, on standard error and only where that is a terminal. Where an encoding lacks a
letter, the closest stands in its place.

`symcost --install-completion` teaches Bash, Zsh, Fish and PowerShell to complete verbs, options, names of networks and
their variants, paths of specs, metrics, conventions, the symbols of the network that is named, settings and their
values; `symcost --show-completion` prints what it would install.
"""


def pages() -> dict[str, str]:
    """Return the page of the command line."""
    rows = ((f"[{code(verb)}](#verb-{verb})", prose(_first(verb))) for verb in VERBS)
    return {
        "reference/cli.md": page(
            "Command line", LEAD, table(("verb", "what it does"), rows), fenced(said("--help")), *map(_verb, VERBS)
        )
    }


def _first(verb: str) -> str:
    """Return what a verb does in one line."""
    return (VERBS[verb].__doc__ or "").strip().partition("\n")[0].removesuffix(".")


def _verb(verb: str) -> str:
    return f"(verb-{verb})=\n## {code(verb)}\n\n{fenced(said(verb, '--help'))}"


def said(*words: str) -> str:
    """Return what a command prints."""
    out = io.StringIO()
    with redirect_stdout(out):
        code = main(words)
    assert code == 0, f"symcost {' '.join(words)} ended with {code}"
    return out.getvalue()
