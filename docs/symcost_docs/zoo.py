"""A page for each family of shipped networks, with what independent tools count of its members."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping

from symcost.architecture import variant_of
from symcost.catalog import files, shipped
from symcost.spec import Spec
from symcost_docs.cases import plain
from symcost_docs.markdown import ALONE, code, page, prose, table, terms
from symcost_docs.truth import Counted, counted, rows

HEAD = ("network", "counted", "params", "FLOPs", "sizes", "trained")
LEAD = """\
Every network that comes with symcost, by family. A family is one spec file and its members are variants of it: what
makes a member is set, and sizes stay symbols. `symcost list WORDS` finds networks, in any spelling.

The tables show what *other* tools count, and the tests hold every row equal to what symcost derives, at every size:
trained parameters, and FLOPs as torch's FlopCounterMode counts them (convention `torch`); where forward and backward
pass were counted together, these too ("trained"). The line shows the first size. Where it has an S, tokens were decoded
(`decode=true`). Parameters of Keras are all that it counts, statistics included.
What no tool was asked about is named below each table: it is compared with a plain interpreter of its spec, and
nothing else is claimed. Figures that papers print are on [a page of their own](../../published.md).
"""
WHY = {
    "timm/bat_resnext26ts": "no spec describes it",
    "timm/efficientformerv2_s0": "no spec describes it",
    "timm/vgg16": "it slides its head over larger images, which the spec of VGG does not",
}


def pages() -> dict[str, str]:
    """Return the page of each family, and that of all."""
    families = {path.stem: shipped(path) for path in files()}
    made = {f"zoo/{name}.md": _family(name, spec) for name, spec in families.items()}
    return {**made, "zoo/index.md": _index(families)}


def _members(name: str, spec: Spec) -> Iterator[tuple[str, str, tuple[Counted, ...]]]:
    """Yield the name of each member, what is said of it, and what was counted."""
    for variant in (None, *spec.variants):
        member = variant_of(spec, variant)
        about = spec.variants[variant].about if variant else ""
        yield variant or name, about, tuple(counted(variant or name, member.same_as))


def _index(families: Mapping[str, Spec]) -> str:
    lines, together = [], [0, 0, 0]
    for name, spec in families.items():
        found = [of for _, _, of in _members(name, spec)]
        sums = [len(found), sum(map(bool, found)), sum(one.sizes for of in found for one in of)]
        together = [a + b for a, b in zip(together, sums, strict=True)]
        lines.append((f"[{prose(spec.name)}]({name}.md)", code(name), *map(str, sums)))
    lines.append(("all", "", *(f"**{n:,}**" for n in together)))
    known = {other for name, spec in families.items() for other in _named(spec)}
    left = ((code(other), prose(WHY.get(other, "no spec names it"))) for other in sorted(rows().keys() - known))
    return page(
        "Networks",
        LEAD,
        table(("family", "spec", "networks", "counted by others", "at sizes"), lines, "  rrr"),
        "Counted and not described:\n",
        terms(left),
    )


def _named(spec: Spec) -> Iterator[str]:
    for variant in (None, *spec.variants):
        yield from variant_of(spec, variant).same_as


def _family(name: str, spec: Spec) -> str:
    found = list(_members(name, spec))
    lines = [_line(member, one) for member, _, of in found for one in of]
    rest = [code(member) for member, _, of in found if not of]
    parts = [f"{prose(spec.about)}\n" if spec.about else "", f"Source: {prose(spec.source)}\n"]
    parts += ["## Counted by others\n", table(HEAD, lines, "  rrrr")] if lines else []
    parts += [f"Counted by no other tool here: {', '.join(rest)}.\n"] if rest else []
    parts += ["## Symbols\n", _symbols(spec)]
    parts.append(f"## Spec\n\n```{{literalinclude}} /../specs/{name}.yaml\n:language: yaml\n```\n")
    return ALONE + page(prose(spec.name), f"[All networks](index.md) · `symcost report {name}`", *parts)


def _line(member: str, one: Counted) -> tuple[str, ...]:
    at = ", ".join(f"{letter} = {plain(value)}" for letter, value in one.at.items())
    counts = (f"{one.params:,}", f"{one.flops:,}", str(one.sizes), str(one.trained))
    return (code(member), f"{_made(one.by)} at {prose(at)}", *counts)


def _made(by: str) -> str:
    """Return the library's name of a network, or the call that makes it, without the modules' names."""
    if "(" not in by or "/" in by.partition("(")[0]:
        return prose(by)
    call = re.sub(r"\b(?:\w+\.)+(?=[A-Za-z_])", "", by)
    return prose(f"{re.split('[./]', by)[0]}: {re.sub(', *', ', ', call)}")


def _symbols(spec: Spec) -> str:
    lines = (
        (code(name), s.kind, "" if s.default is None else code(plain(s.default)), prose(s.about))
        for name, s in spec.symbols.items()
    )
    return table(("symbol", "kind", "default", "what it is"), lines)
