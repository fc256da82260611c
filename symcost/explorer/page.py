"""One HTML file that shows a network's cost: formulas to read, sliders to move. It asks nothing of any network."""

from __future__ import annotations

import json
import re
from base64 import b64encode
from collections.abc import Iterator, Mapping, Sequence
from hashlib import sha256
from html import escape
from pathlib import Path
from typing import Any

from symcost.algebra.atoms import Env, Number
from symcost.algebra.poly import evaluate
from symcost.architecture import Architecture, load
from symcost.cost import Cost
from symcost.explorer.formulas import formulas
from symcost.explorer.model import model_of
from symcost.explorer.module import asset, joined, packed
from symcost.table.cells import shown
from symcost.views.sizes import listed

STYLES = ("explorer.css", "page.css")
_SPACE = re.compile(r"/\*.*?\*/|\s+(?=[{}])|(?<=[{};:,])\s+|;\s*(?=})", re.DOTALL)


def page(
    network: Cost | Architecture | str | Path,
    metrics: Sequence[str] = (),
    at: Mapping[str, Number | str] | None = None,
    *,
    convention: str = "symcost",
) -> str:
    """Return a network's cost as an HTML document that needs no other file.

        >>> Path("resnet50.html").write_text(symcost.page("resnet50"), encoding="utf-8")

    Args:
        network: a cost, or a network, which is costed under its own setup, or the name or path of one.
        metrics: names of the metrics; those of ``model`` where none are given.
        at: where the sliders start; defaults fill the rest.
        convention: by which FLOPs of a network are counted; a cost has its own.

    Raises:
        NoAnswer: a metric that was asked for has no formula.
        SpecError: the spec describes no network, or a value is refused or missing.
        UsageError: there is no such metric, or convention.
    """
    if isinstance(network, Cost):
        return _written(network, None, metrics, at)
    known = network if isinstance(network, Architecture) else load(network)
    return _written(known.cost(convention), known, metrics, at)


def _written(
    cost: Cost, network: Architecture | None, metrics: Sequence[str], at: Mapping[str, Number | str] | None
) -> str:
    data, env = model_of(cost, network, metrics, at), cost.bindings(at)
    names = [metric["name"] for metric in data["metrics"]]
    sections = (
        *_header(data),
        f'<div id="explorer">{_totals(cost, names, env)}</div>',
        f'<section aria-labelledby="formulas"><h2 id="formulas">Formulas</h2>{formulas(cost, names, env)}</section>',
        *_footer(data),
    )
    script = joined("loader.js").replace("PACKED", packed("page.js"))
    style = _SPACE.sub("", "".join(map(asset, STYLES)))
    return "\n".join(
        ("<!doctype html>", '<html lang="en">', *_head(data, script, style), *_body(sections, data, script))
    )


def _head(data: Mapping[str, Any], script: str, style: str) -> Iterator[str]:
    """Give what a browser must know first: it may run this very text and what that unpacks, and ask for nothing."""
    allowed = f"default-src 'none'; script-src {_sum(script)} blob:; style-src {_sum(style)}; img-src data:"
    yield '<head><meta charset="utf-8">'
    yield f"<meta http-equiv=\"Content-Security-Policy\" content=\"{allowed}; base-uri 'none'; form-action 'none'\">"
    yield '<meta name="viewport" content="width=device-width, initial-scale=1">'
    yield '<meta name="color-scheme" content="light dark">'
    yield f"<title>{escape(data['name'])}: what it costs</title>"
    yield f"<style>{style}</style></head>"


def _sum(text: str) -> str:
    """Return the name by which a Content Security Policy knows a text."""
    return f"'sha256-{b64encode(sha256(text.encode()).digest()).decode()}'"


def _body(sections: Sequence[str], data: Mapping[str, Any], script: str) -> Iterator[str]:
    yield '<body class="symcost-explorer"><main>'
    yield from sections
    written = json.dumps(data, separators=(",", ":"), ensure_ascii=False).replace("<", "\\u003c")
    yield f'</main><script type="application/json" id="model">{written}</script>'
    yield f'<script type="module">{script}</script></body></html>\n'


def _header(data: Mapping[str, Any]) -> Iterator[str]:
    yield f"<header><h1>{escape(data['name'])}</h1>"
    yield f"<p>{escape(data['title'])}</p>" if data["title"] else ""
    lines = {"Source": data["source"], "Convention": f"{data['convention']['name']}: {data['convention']['about']}"}
    lines |= {"Setup": "; ".join(data["setup"]), "Fixed": listed(data["fixed"])}
    shown_lines = (f"<dt>{name}</dt><dd>{escape(text)}</dd>" for name, text in lines.items() if text)
    yield f'<dl class="facts">{"".join(shown_lines)}</dl></header>'


def _totals(cost: Cost, names: Sequence[str], env: Env) -> str:
    """Return the totals as they are at the start, for readers without scripts."""
    rows = (
        f'<tr><th scope="row">{escape(name)}</th><td>{escape(shown(evaluate(cost.poly(name), env)))}</td>'
        f"<td>{escape(cost.units(name))}</td></tr>"
        for name in names
    )
    place = f" at {listed(env)}" if env else ""
    table = f"<table><caption>Totals{escape(place)}</caption><tbody>{''.join(rows)}</tbody></table>"
    return f"{table}<p>Sliders need scripts, and a browser of 2024 or later.</p>"


def _footer(data: Mapping[str, Any]) -> Iterator[str]:
    from symcost import __version__

    left_out = "".join(f"<li>{escape(one['name'])}: {escape(one['why'])}</li>" for one in data["left_out"])
    yield "<footer>"
    yield f"<p>Not shown:</p><ul>{left_out}</ul>" if left_out else ""
    yield f"<p>Made by symcost {__version__}. Numbers are exact; drawings and numbers with a prefix are rounded.</p>"
    yield "</footer>"
