"""Names in force at a place of the walk: of numbers, of tensors, of nodes."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field, replace

from symcost.algebra.poly import Num
from symcost.errors import did_you_mean
from symcost.graph.model import Choice, Loop, Tensor
from symcost.ops.op import Only, Refused

Value = tuple[Tensor, ...]
Env = Mapping[str, Num | bool]
Path = tuple[str | int, ...]


@dataclass
class Scope:
    """One body being walked.

    Attributes:
        env: symbols, arguments and loop indices by name.
        prefix: what node names begin with.
        tensors: what named steps, inputs and named outputs stand for.
        loops: repetitions around this body.
        shared: prefix of shared weights, None where weights are the node's own.
        shared_prefix: what node names began with where the sharing was declared.
        tied: how many of the outermost ``loops`` were around the declaration, whose rounds have the same weights.
        only: when this body runs, where it does not always.
        frozen: whether its weights are not trained.
        experts: choices of experts around this body, the innermost first.
        calls: blocks being applied, with their arguments, outermost first.
    """

    env: dict[str, Num | bool]
    prefix: str = ""
    tensors: dict[str, Value] = field(default_factory=dict)
    loops: tuple[Loop, ...] = ()
    shared: str | None = None
    shared_prefix: str = ""
    tied: int = 0
    only: Only | None = None
    frozen: bool = False
    experts: tuple[Choice, ...] = ()
    calls: tuple[tuple[object, ...], ...] = ()

    def inner(self, *, prefix: str | None = None, env: Env | None = None, loop: Loop | None = None) -> Scope:
        """Return the scope of a body inside this one: its names are its own, and it sees those around it."""
        return replace(
            self,
            env={**self.env, **(env or {})},
            prefix=self.prefix if prefix is None else prefix,
            tensors=dict(self.tensors),
            loops=self.loops if loop is None else (*self.loops, loop),
        )

    def look_up(self, name: str) -> Value:
        """Return what a reference means; ``name.0`` is one output of several.

        Raises:
            Refused: no step before this one has the name.
        """
        if name in self.tensors:
            return self.tensors[name]
        stem, _, pick = name.rpartition(".")
        if pick.isdecimal() and stem in self.tensors:
            value = self.tensors[stem]
            if int(pick) < len(value):
                return (value[int(pick)],)
            raise Refused(f"reads '{name}', and '{stem}' has outputs 0 to {len(value) - 1}")
        raise Refused(f"reads '{name}', which no earlier node makes{did_you_mean(name, self.tensors)}")


def sizes_now(value: Value, when: str) -> dict[str, Num | bool]:
    """Return the names for the sizes of the tensor at hand: C, H, W are axes 1, 2, 3 and E the last."""
    if not value:
        return {}
    shape = value[0].shape
    sizes: dict[str, Num | bool] = {f"{letter}_{when}": size for letter, size in zip("CHW", shape[1:4], strict=False)}
    if shape:
        sizes[f"E_{when}"] = shape[-1]
    return sizes
