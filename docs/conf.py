"""The documentation: pages by hand, and pages made from what symcost holds (``symcost_docs``)."""

import sys
from pathlib import Path

HERE = Path(__file__).resolve().parent
sys.path[:0] = [str(HERE.parent), str(HERE)]

import symcost  # noqa: E402 - found by the lines above

project = "symcost"
author = "symcost developers"
release = version = symcost.__version__
project_copyright = author

extensions = [
    "myst_nb",
    "sphinx.ext.autodoc",
    "sphinx.ext.napoleon",
    "symcost_docs",
    "symcost_docs.fields",
    "symcost_docs.mathml",
    "symcost_docs.lexer",
]
exclude_patterns = ["_build", "jupyter_execute"]  # the second is where MyST-NB puts pictures of notebooks
nitpicky = True
smartquotes = False  # -- is an option, not a dash

# Markdown: formulas between dollars, and links to headings.
myst_enable_extensions = ["deflist", "dollarmath"]
myst_heading_anchors = 4
nb_execution_mode = "off"  # notebooks keep their outputs, and the tests hold them
nb_ipywidgets_js: dict[str, object] = {}  # no page loads anything from elsewhere

autodoc_default_options = {"members": True, "inherited-members": False}
autodoc_typehints = (
    "none"  # types stand in the signature's place of the text: names of inner modules would lead nowhere
)
autodoc_member_order = "bysource"
strip_signature_backslash = True  # so that a parameter such as ``for_`` keeps its last letter
nitpick_ignore_regex = [("py:.*", ".*")]  # names of Python are links where there is a page for them

html_theme = "furo"
html_title = "symcost"
html_static_path = ["_static"]
html_css_files = ["symcost.css"]
html_js_files = ["symcost.js"]
html_copy_source = False
html_show_sourcelink = False
html_show_copyright = False
html_last_updated_fmt = None  # the same sources give the same pages
