"""A page for each file of ops: what it does, its fields, its law, its cases."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from importlib import import_module
from types import ModuleType

import symcost.spec.read  # noqa: F401 - an op is known once it is defined
from symcost.ops.case import Case
from symcost.ops.op import MODIFIERS, Op
from symcost.spec.read import short_fields
from symcost_docs.cases import example, plain
from symcost_docs.markdown import ALONE, block, code, prose, sections, table, terms
from symcost_docs.takes import takes

FEW = 3
HEAD = """\
# Ops

Each op is one file: its fields are what a spec writes, its law gives shapes, weights and work, and its cases are
examples that the tests run and compare with PyTorch. A bare value stands for the first field. `symcost list --ops
WORDS` finds ops on the command line, and [Contributing](../../../project/contributing.md) says how to add one.

"""


def pages() -> dict[str, str]:
    """Return the pages of ops and their index."""
    modules = by_module()
    made = {f"reference/ops/{_stem(module)}.md": _page(import_module(module), ops) for module, ops in modules.items()}
    return {**made, "reference/ops/index.md": _index(modules)}


def by_module() -> dict[str, list[type[Op]]]:
    """Return the ops by the module that defines them."""
    found: dict[str, list[type[Op]]] = {}
    for _, op in sorted(Op.known.items()):
        ops = found.setdefault(op.__module__, [])
        if op not in ops:
            ops.append(op)
    return dict(sorted(found.items()))


def _stem(module: str) -> str:
    return module.rpartition(".")[2]


def _index(modules: Mapping[str, list[type[Op]]]) -> str:
    homes = {tag: (op, _stem(module)) for module, ops in modules.items() for op in ops for tag in op.tags()}
    rows = ((f"[{code(tag)}]({home}.md#op-{tag})", prose(_first(op))) for tag, (op, home) in sorted(homes.items()))
    return HEAD + table(("op", "what it does"), rows)


def _first(op: type[Op]) -> str:
    return sections(op.__doc__ or "")[0].partition("\n")[0]


def _page(module: ModuleType, ops: list[type[Op]]) -> str:
    title = (module.__doc__ or "").strip().partition("\n")[0].partition(": ")[0].rstrip(".")
    cases = list(cases_of(module, ops))
    return f"{ALONE}# {prose(title)}\n\n[All ops](index.md)\n\n" + "\n".join(
        _op(op, [case for case in cases if case[0] in op.tags()]) for op in ops
    )


def cases_of(module: ModuleType, ops: list[type[Op]]) -> Iterator[tuple[str, Case]]:
    """Yield the cases beside ops, each with the tag that it is of."""
    first = next(iter(ops[0].tags()))
    for case in getattr(module, "CASES", ()):
        yield case.op or first, case


def _op(op: type[Op], cases: list[tuple[str, Case]]) -> str:
    lead, said = sections(op.__doc__ or "")
    labels = "".join(f"(op-{tag})=\n" for tag in op.tags())
    named = ", ".join(map(code, op.tags())) if len(op.tags()) <= FEW else prose(op.__name__)
    parts = [f"{labels}## {named}\n", prose(lead) + "\n"]
    if len(op.tags()) > FEW:
        parts.append(f"Ops: {', '.join(map(code, op.tags()))}.\n")
    parts.append(terms((name, block(text)) for name, text in said.items()))
    parts += [f"**Fields**\n\n{fields}"] if (fields := _fields(op)) else []
    parts += [f"**Examples**\n\n{_examples(cases)}"] if cases else []
    parts.append(f"**The law**, as {code(op.__module__.replace('.', '/') + '.py')} has it\n\n{_source(op)}")
    return "\n".join(parts)


def _source(op: type[Op]) -> str:
    """Return the law as code: that of the class from which it has it, and the class where it is short."""
    owner = next(cls for cls in op.__mro__ if "emit" in vars(cls))
    path = owner.__module__.replace(".", "/")
    return (
        f"```{{literalinclude}} /../{path}.py\n:language: python\n:pyobject: {owner.__name__}.emit\n:dedent: 4\n```\n"
    )


def _fields(op: type[Op]) -> str:
    short = {full: name for name, full in short_fields().get(op.tags()[0], {}).items()}
    schema = op.model_json_schema(by_alias=False)
    rows = []
    for name, field in op.model_fields.items():
        if name == "op" or name in MODIFIERS:
            continue
        spelt = ", ".join(map(code, dict.fromkeys((short.get(name, name), name))))
        usual = "needed" if field.is_required() else code(plain(field.default))
        rows.append((spelt, prose(takes(schema["properties"][name], schema.get("$defs", {}))), usual))
    return table(("field", "takes", "default"), rows) if rows else ""


def _examples(cases: list[tuple[str, Case]]) -> str:
    return "\n".join(example(tag, case) for tag, case in cases)
