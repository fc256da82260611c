"""A precision recipe is data: for each role that a tensor plays in memory, the number format in which it is held."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from fractions import Fraction

from symcost.algebra.atoms import Number, exact
from symcost.defined import named
from symcost.errors import UsageError, did_you_mean, quoted
from symcost.precisions.formats import FORMATS

ROLES: Mapping[str, str] = {
    "weight": "trained parameters, as the passes read them",
    "matrix": "weights of hidden layers that are contracted with: all but tables, the logits' layer, biases and norms",
    "gradient": "gradients of weights, of which a step has one set",
    "master": "a second copy of the weights that the optimizer updates",
    "moment": "what the optimizer keeps for each weight",
    "buffer": "state that is not trained, such as batch norm's statistics",
    "activation": "what the passes compute, and what is kept of it for the backward pass",
    "mask": "which elements pass, as dropout keeps it",
    "index": "places, as pooling keeps them, and tokens",
    "kv": "keys and values that are held for the next token",
}
"""The roles that a tensor plays, each with what it is. ``matrix`` is as ``weight`` where a recipe does not say."""


@dataclass(frozen=True)
class Scales:
    """What quantised matrices hold besides their numbers.

    Attributes:
        bits: of all scales and zero points that belong to one group.
        group: how many numbers of a row share them; 0 where a whole row does.
    """

    bits: int
    group: int = 0

    @property
    def bytes(self) -> Number:
        """The bytes of one group's scales and zero points."""
        return exact(Fraction(self.bits, 8))


@dataclass(frozen=True)
class Precision:
    """In which formats tensors are held.

    Attributes:
        name: what it is asked for by; with formats changed, as in ``mixed_bf16:gradient=fp32``.
        about: one line.
        source: where it says so.
        formats: of roles; of ``matrix`` that of ``weight`` where it is not told.
        scales: of matrices, where these are quantised.
        products: format in which products are done, where it is not that of activations.
        trains: whether networks are trained in it.
    """

    name: str
    about: str
    source: str
    formats: Mapping[str, str]
    scales: Scales | None = None
    products: str = ""
    trains: bool = True
    changed: Mapping[str, str] = field(default_factory=dict)

    def format(self, role: str) -> str:
        """Return the format of a role."""
        if role not in ROLES:
            raise KeyError(f"'{role}' is no role of a tensor")
        if role == "matrix":
            return self.formats.get("matrix", self.format("weight"))
        return self.formats.get(role, DEFAULTS.get(role, self.formats["activation"]))

    def bits(self, role: str) -> int:
        """Return the bits of one number of a role."""
        return FORMATS[self.format(role)]

    def bytes(self, role: str) -> Number:
        """Return the bytes of one number of a role, a fraction where these are not whole: half a byte for int4."""
        return exact(Fraction(self.bits(role), 8))

    @property
    def computes(self) -> str:
        """The format in which products are done, which a device's peak depends on."""
        return self.products or self.format("activation")

    def turned(self, formats: Mapping[str, str]) -> Precision:
        """Return the recipe with other formats; what it was told comes to stand in its name."""
        changed = {role: name for role, name in formats.items() if self.format(role) != name}
        if not changed:
            return self
        told = {**self.changed, **changed}
        words = ",".join(f"{role}={name}" for role, name in told.items())
        scales = None if "matrix" in changed or "weight" in changed else self.scales
        own = {role: name for role, name in self.formats.items() if role != "matrix" or "weight" not in changed}
        return replace(
            self, name=f"{self.name.partition(':')[0]}:{words}", formats={**own, **changed}, scales=scales, changed=told
        )

    def __str__(self) -> str:
        return self.name


DEFAULTS: Mapping[str, str] = {"mask": "bool", "index": "int64", "master": "none"}
"""Formats of roles of which a recipe says nothing; all other roles are held as activations are."""


def precision(text: str) -> Precision:
    """Return a recipe by name, with formats changed as in ``mixed_bf16:gradient=fp32,kv=fp8``.

    Raises:
        UsageError: there is no such recipe, role or format.
    """
    from symcost.precisions.recipes import RECIPES

    name, colon, said = text.partition(":")
    recipe = named("precision", name.strip(), RECIPES)
    return recipe.turned(_read(said, text)) if colon else recipe


def _read(said: str, whole: str) -> dict[str, str]:
    formats: dict[str, str] = {}
    for part in said.split(","):
        role, equals, name = (word.strip() for word in part.partition("="))
        if not equals or not role or not name:
            raise _wrong(whole, f"{quoted(part.strip())} is not of the form ROLE=FORMAT, such as gradient=fp32")
        for kind, word, known in (("role", role, ROLES), ("format", name, FORMATS)):
            if word not in known:
                way_out = f"{did_you_mean(word, known)}; there are {', '.join(known)}"
                raise _wrong(whole, f"there is no {kind} {quoted(word)}{way_out}")
        if formats.setdefault(role, name) != name:
            raise _wrong(whole, f"{role} is {formats[role]} and {name}")
    return formats


def _wrong(whole: str, what: str) -> UsageError:
    return UsageError(f"precision {quoted(whole)}: {what}")
