"""Formulas as MathML in the page itself: no script draws them, and nothing is loaded."""

from __future__ import annotations

from typing import Any

from docutils.nodes import SkipNode
from docutils.utils.math import MathError, latex2mathml
from sphinx.util import logging


def setup(app: Any) -> dict[str, Any]:
    """Tell Sphinx how to write formulas."""
    app.add_html_math_renderer("mathml", (_inline, None), (_block, None))
    app.config.html_math_renderer = "mathml"
    return {"version": "1", "parallel_read_safe": True, "parallel_write_safe": True}


def _inline(writer: Any, node: Any) -> None:
    writer.body.append(_written(node))
    raise SkipNode


def _block(writer: Any, node: Any) -> None:
    writer.body.append(f'<div class="math">{_written(node, as_block=True)}</div>\n')
    raise SkipNode


def _written(node: Any, *, as_block: bool = False) -> str:
    text = node.astext()
    aligned = as_block and r"\\" in text
    try:
        markup = latex2mathml.tex2mathml(rf"\begin{{align}}{text}\end{{align}}" if aligned else text, as_block=as_block)
    except (AttributeError, MathError) as error:  # the first: rows outside of an environment
        logging.getLogger(__name__).warning("a formula cannot be written as MathML: %s: %s", error, text, location=node)
        raise SkipNode from None
    return "".join(line.strip() for line in markup.splitlines())
