"""What one application of an op is and costs, stated exactly and before any convention puts a price on it."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, replace
from functools import lru_cache
from typing import Literal

from symcost.algebra.needs import Need
from symcost.algebra.poly import Num

Shape = tuple[Num, ...]
Work = Mapping[str, Num]
"""Kind of work -> how often it is done."""

KINDS = {
    "mac": "one multiply and one add in a contraction",
    "add": "addition or subtraction",
    "mul": "multiplication",
    "div": "division",
    "compare": "comparison, maximum or minimum",
    "exp": "exponential",
    "log": "logarithm",
    "sqrt": "square root",
    "pow": "power with a real exponent",
    "tanh": "hyperbolic tangent",
    "erf": "error function",
    "random": "random number drawn",
}
"""Every kind of work there is; ``mac`` is contraction, all others are elementwise."""


Dtype = Literal["float", "bool", "index"]
WEIGHTS = -1
"""Among the inputs that a gradient is for: the weights."""


@dataclass(frozen=True, slots=True)
class Kept:
    """A tensor that the backward pass reads.

    Attributes:
        what: ``input`` or ``output`` (with ``index``), or the name of a tensor made for the purpose, such as ``mask``.
        index: which input or output.
        shape: shape of a tensor made for the purpose; empty for inputs and outputs, whose shapes are known.
        dtype: ``float`` for the precision of the computation, ``bool`` for a mask, ``index`` for positions.
        to: the inputs of which some gradient reads it, and ``WEIGHTS`` for those of weights; empty where all do.
    """

    what: str
    index: int = 0
    shape: Shape = ()
    dtype: Dtype = "float"
    to: tuple[int, ...] = ()


INPUT, OUTPUT = Kept("input"), Kept("output")
INPUT_FOR_WEIGHTS = Kept("input", to=(WEIGHTS,))
NO_WORK: Work = {}


@dataclass(frozen=True, slots=True)
class Facts:
    """The exact facts of one application of an op.

    Attributes:
        outs: shapes of the outputs.
        work: forward work by kind.
        weights: trainable tensors by name.
        buffers: tensors that are state but not trained, by name.
        grad_input: work of the gradient with respect to the inputs.
        grad_weight: work of the gradient with respect to the weights.
        shared: of the work in ``grad_weight``, what the gradient with respect to the inputs needs as well, where
            gradients go through an op of several products.
        again: forward work that the backward pass does once more, where its result is not kept.
        keeps: tensors the backward pass reads.
        keeps_over: what it reads instead where the output was written over the input; empty where that is no help.
        contracted: elements that contractions write, where these are not the outputs.
        taps: window cells read, counting each output's window in full (pooling); conventions may charge by them.
        masked: of the forward MACs, those for pairs of query and key that a causal or sliding mask discards; a
            convention may take them off.
        cached: tensors that are held for the next pass, as a decoder's keys and values are.
        read: of weights and buffers, by name, how many elements a pass reads, where these are not all: rows of a table
            are looked up.
        between: elements that one step of the op writes and a later one reads, where it is not done in one piece.
        stops: whether no gradient passes to the inputs.
        view: whether the output shares the memory of the input.
        copies: whether a training step writes the output anew although it is a view in evaluation, as dropout does.
        inplace: whether the output can take the place of the input, as with torch's ``inplace=True``.
        needs: conditions under which the op can be applied.
    """

    outs: tuple[Shape, ...]
    work: Work = field(default_factory=dict)
    weights: Mapping[str, Shape] = field(default_factory=dict)
    buffers: Mapping[str, Shape] = field(default_factory=dict)
    grad_input: Work = field(default_factory=dict)
    grad_weight: Work = field(default_factory=dict)
    shared: Work = field(default_factory=dict)
    again: Work = field(default_factory=dict)
    keeps: tuple[Kept, ...] = ()
    keeps_over: tuple[Kept, ...] = ()
    contracted: Num | None = None
    taps: Num = 0
    masked: Num = 0
    cached: tuple[Shape, ...] = ()
    read: Mapping[str, Num] = field(default_factory=dict)
    between: Num = 0
    stops: bool = False
    view: bool = False
    copies: bool = False
    inplace: bool = False
    needs: tuple[Need, ...] = ()

    def amounts(self) -> Iterator[Num]:
        """Find every amount that may be added up: elements of what is made or held, work of each pass, and the rest."""
        yield from map(numel, (*self.outs, *self.weights.values(), *self.buffers.values(), *self.cached))
        for work in (self.work, self.grad_input, self.grad_weight, self.shared, self.again):
            yield from work.values()
        yield from (*self.read.values(), self.contracted or 0, self.taps, self.masked, self.between)

    def kinds(self) -> set[str]:
        """Return the kinds of work in it."""
        return {*self.work, *self.grad_input, *self.grad_weight, *self.shared, *self.again}

    def frozen(self) -> Facts:
        """Return the same with weights that are not trained: they are state, and nothing finds their gradient."""
        through = {kind: self.shared.get(kind, 0) + n for kind, n in self.grad_input.items()}
        return replace(
            self,
            weights={},
            buffers={**self.weights, **self.buffers},
            grad_input={**self.shared, **through},
            grad_weight={},
            shared={},
        )


def numel(shape: Shape) -> Num:
    """Return the number of elements of a shape; 1 for the empty shape."""
    plain, symbolic = 1, []
    for size in shape:
        if type(size) is int:
            plain *= size
        else:
            symbolic.append(size)
    return _product(tuple(symbolic)) * plain if symbolic else plain


@lru_cache(maxsize=1 << 12)
def _product(sizes: Shape) -> Num:
    result: Num = 1
    for size in sizes:
        result = size * result
    return result
