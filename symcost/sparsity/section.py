"""The section of a setup that says which weights are zero, and how they are stored."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from fnmatch import fnmatchcase
from fractions import Fraction
from functools import cached_property
from typing import Annotated, ClassVar, Literal, NamedTuple, Self, TypeAlias

from pydantic import Field, field_validator, model_validator

from symcost.algebra.extent import ceil
from symcost.algebra.needs import Need
from symcost.algebra.poly import Num, constant, symbol
from symcost.errors import UsageError, did_you_mean, quoted
from symcost.graph.assumptions import box_of
from symcost.graph.model import Graph, Node
from symcost.graph.pattern import Pattern
from symcost.section import Quantity, Section, Share, Size
from symcost.sparsity.pruning import fits_two_four, left, prunable
from symcost.sparsity.storing import storages

Given: TypeAlias = Annotated[Num | None, Quantity("dimension", 1)]
"""A whole number of at least 1 that has no usual value."""
HALF = Fraction(1, 2)


class Chosen(NamedTuple):
    """Nodes by a pattern, and the density of their weights."""

    pattern: str
    density: Num

    def speaks_of(self, node: Node) -> bool:
        """Tell whether a node is one of them: a pattern over ops, or over names where it begins with ``/``."""
        if self.pattern.startswith("/"):
            return fnmatchcase(f"/{node.name}", self.pattern)
        return Pattern.parse(self.pattern).matches(node)


class Sparsity(Section):
    """Which weights of contractions are zero.

    * unstructured: of each tensor of n weights ceil(density n) are left, anywhere.
    * 2:4: of every four weights along the input channels two are left, where 4 divides these; other tensors stay dense.
    * structured: of each width named in ``widths`` a share of channels is left, ceil(density C), on both sides.
    """

    title: ClassVar = "sparsity"

    density: Share = Field(1, description="share of the weights of contractions that are not zero")
    densities: str = Field("", description="other densities by op or name, as in conv2d=1/2, /head*=1")
    pruning: Literal["unstructured", "structured", "2:4"] = Field("unstructured", description="what may be zero")
    widths: str = Field("", description="widths whose channels are removed, as in C, F")
    storage: str = Field("dense", description="how pruned weights are stored: dense, csr, coo, bitmap, 2:4, ...")
    index_bits: Size = Field(32, description="bits of an index in sparse storage")
    codebook_bits: Given = Field(None, description="bits b where weights share 2**b values of each tensor")
    input_density: Share = Field(1, description="share of the network's inputs that are not zero")

    @field_validator("storage")
    @classmethod
    def _known(cls, name: str) -> str:
        if name not in storages():
            known = storages()
            raise ValueError(
                f"there is no storage {quoted(name)}{did_you_mean(name, known)}; there are {', '.join(known)}"
            )
        return name

    @field_validator("densities")
    @classmethod
    def _readable(cls, text: str) -> str:
        list(_read(text))
        return text

    @model_validator(mode="after")
    def _of_one_piece(self) -> Self:
        if self.pruning == "2:4" and (constant(self.density) not in (1, HALF) or self._told - {1, HALF}):
            raise ValueError("2:4 leaves half of the weights: leave density out, or say 1/2")
        if self.pruning == "structured" and (self.densities or not self.widths):
            raise ValueError("structured pruning takes density and the widths that become smaller, as in widths=C")
        if self.widths and self.pruning != "structured":
            raise ValueError("widths are of pruning=structured")
        if self.storage == "2:4" and self.pruning != "2:4":
            raise ValueError("storage 2:4 is of pruning=2:4")
        return self

    @cached_property
    def chosen(self) -> tuple[Chosen, ...]:
        """What ``densities`` says."""
        return tuple(_read(self.densities))

    @property
    def _told(self) -> set[Num]:
        return {one.density for one in self.chosen}

    def of(self, graph: Graph, node: Node) -> Num:
        """Return the density of a node's prunable weights; 1 where they stay dense."""
        if self.pruning == "structured" or not prunable(node):
            return 1
        usual = HALF if self.pruning == "2:4" else self.density
        density = next((one.density for one in self.chosen if one.speaks_of(node)), usual)
        if self.pruning == "2:4" and any(need.decide(box_of(graph)) is False for need in fits_two_four(node)):
            return 1
        return density

    def left(self, graph: Graph, node: Node) -> Mapping[str, Num]:
        """Return the numbers that are left of each prunable tensor of a node."""
        density = self.of(graph, node)
        in_fours = self.pruning == "2:4"
        return {name: left(shape, density, in_fours=in_fours) for name, shape in prunable(node).items()}

    def narrowed(self, graph: Graph) -> dict[str, Num]:
        """Return what structured pruning leaves of each width, as a multiple of what the width is a multiple of.

        Raises:
            UsageError: the network has no free width of a name.
        """
        found: dict[str, Num] = {}
        for name in filter(None, (word.strip() for word in self.widths.split(","))):
            if name not in graph.symbols:
                raise UsageError(
                    f"widths: there is no free symbol {quoted(name)}{did_you_mean(name, graph.symbols)}; "
                    f"there are {', '.join(graph.symbols)}"
                )
            step = graph.symbols[name].step
            found[name] = step * ceil(self.density * symbol(name) * Fraction(1, step))
        return found

    def needs(self, graph: Graph) -> Mapping[Need, str]:
        """Return that 4 divides the input channels of tensors pruned 2:4, where that is open."""
        if self.pruning != "2:4":
            return {}
        box = box_of(graph)
        pruned = (node for node in graph.nodes if self.of(graph, node) != 1)
        return {need: "pruning" for node in pruned for need in fits_two_four(node) if need.decide(box) is None}

    @classmethod
    def takes(cls) -> Mapping[str, str]:
        """Return what fields take that are neither quantities nor choices."""
        return {
            "densities": "PATTERN=SHARE, PATTERN=SHARE, ...",
            "widths": "names of the network's free sizes",
            "storage": " | ".join(storages()),
        }

    def said(self) -> str:
        """Return what is zero, and how it is stored."""
        if self.pruning == "2:4":
            what = "2 of 4 weights left"
        elif self.pruning == "structured":
            what = f"{self.density} of the channels {self.widths} left"
        else:
            what = f"density {self.density}" if self.density != 1 or self.densities else "no weight zero"
        more = (
            f"; {self.densities}" if self.densities else "",
            f", stored as {self.storage}" if self.storage != "dense" else "",
            "" if self.codebook_bits is None else f", 2**{self.codebook_bits} shared values a tensor",
            f", inputs of density {self.input_density}" if self.input_density != 1 else "",
        )
        return what + "".join(more)


def _read(text: str) -> Iterator[Chosen]:
    """Yield what a text such as ``conv2d=1/2, linear[logits]=1`` says.

    Raises:
        ValueError: it is not of this form, or a density is no share.
    """
    for part in _parts(text):
        pattern, equals, share = part.rpartition("=")
        if not equals or not pattern.strip():
            raise ValueError(f"{quoted(part.strip())} is not of the form PATTERN=SHARE, such as conv2d=1/2")
        density = Quantity("ratio", 0, 1).read(share.strip())
        if constant(density) is None:
            raise ValueError(f"{quoted(part.strip())}: the density of a pattern is a number")
        if not pattern.strip().startswith("/"):
            Pattern.parse(pattern.strip())
        yield Chosen(pattern.strip(), density)


def _parts(text: str) -> Iterator[str]:
    """Yield what stands between commas that are not in brackets."""
    depth, begun = 0, 0
    for place, letter in enumerate(text):
        depth += (letter == "[") - (letter == "]")
        if letter == "," and depth == 0:
            yield text[begun:place]
            begun = place + 1
    if text[begun:].strip():
        yield text[begun:]
