"""The page of the spec language: every key of a file, from the models that read it."""

from __future__ import annotations

from pydantic import BaseModel

from symcost.algebra.arithmetic import FUNCTIONS
from symcost.ops.op import MODIFIERS, Step
from symcost.spec.models import CONTROL, Block, Spec, Variant
from symcost.spec.schema import json_schema
from symcost.spec.symbols import Symbol
from symcost.spec.use import Use
from symcost_docs.cases import plain
from symcost_docs.markdown import attributes, code, page, prose, sections, table

LEAD = """\
A spec is YAML 1.2, or JSON. `symcost schema` prints its JSON Schema, which `specs/schema.json` holds for editors:
completion, and what is wrong while it is written. `symcost check FILE` looks at a spec and all its variants. Unknown
keys are errors.
"""
STEPS = """\
## Steps that are not ops

What stands first in a table stands after the step's name in a file: `repeat: L`, `when: flag`, `residual: [...]`. A
block is applied by its name: `unit: C`, `unit: {c: C}`.
"""
EXPRESSIONS = """\
## Expressions

Sizes are expressions in symbols and arguments: whole numbers and fractions, `+ - * / // % **`, comparisons,
`and or not`, `a if c else b`, and functions. Quote one that has a comma. `C_now`, `H_now`, `E_now` and so on are the
sizes that a step reads, by the letters of its op; `C_in` those of the block around it. Nothing of a text is ever run as
Python.
"""
NAMED = (Symbol, Block, Variant, Use)


def pages() -> dict[str, str]:
    """Return the page of the spec language."""
    steps = [
        _model(code(_tag(model)), model, skip=(*MODIFIERS, "op"), level=3) for model in CONTROL if _tag(model) != "call"
    ]
    return {
        "reference/spec.md": page(
            "The spec language",
            LEAD,
            _top(),
            *(_model(prose(model.__name__), model) for model in NAMED),
            _model("Any step", Step),
            STEPS,
            *steps,
            _functions(),
        )
    }


def _tag(model: type[Step]) -> str:
    return str(model.model_fields["op"].default)


def _top() -> str:
    described = {name: one.get("description", "") for name, one in json_schema()["properties"].items()}
    said = {name: described.get(name) or text for name, text in {**described, **attributes(Spec.__doc__ or "")}.items()}
    rows = ((code(name), prose(said.get(name, "")), _usual(Spec, name)) for name in Spec.model_fields)
    return f"## The file\n\n{table(('key', 'what it is', 'default'), rows)}"


def _model(title: str, model: type[BaseModel], skip: tuple[str, ...] = (), level: int = 2) -> str:
    lead, _ = sections(model.__doc__ or "")
    said = attributes(model.__doc__ or "")
    names = [name for name in model.model_fields if name not in skip]
    about = {name: said.get(name) or said.get(name.rstrip("_"), "") for name in names}
    rows = ((code(name.rstrip("_")), prose(about[name].rstrip(".")), _usual(model, name)) for name in names)
    return f"{'#' * level} {title}\n\n{prose(lead)}\n\n{table(('key', 'what it is', 'default'), rows)}"


def _usual(model: type[BaseModel], name: str) -> str:
    field = model.model_fields[name]
    if field.is_required():
        return "needed"
    return code(plain(field.default)) if isinstance(field.default, (int, str)) and field.default != "" else ""


def _functions() -> str:
    return f"{EXPRESSIONS}\nFunctions: {', '.join(map(code, sorted(FUNCTIONS)))}.\n"
