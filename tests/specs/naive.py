"""The spec language in plain numbers: an oracle for symcost that shares no code with it.

Every size is an integer, every repetition is gone through round by round, every block is walked where it is called, and
each layer adds a few products of its own to the totals. The laws of the layers are those of torch's documentation.
What has no meaning here is an error.
"""

from __future__ import annotations

import ast
import math
import operator
from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction
from functools import cache
from itertools import pairwise
from pathlib import Path
from typing import Any, TypeAlias

from ruamel.yaml import YAML

Shape: TypeAlias = tuple[int, ...]
Value: TypeAlias = tuple[Shape, ...]
"""The shapes of what passes from step to step: one tensor, or several."""
Names: TypeAlias = Mapping[str, Any]
Steps: TypeAlias = Sequence[Any]


class Misfit(ValueError):
    """There is no such network at these sizes."""


@dataclass
class Totals:
    """Trainable elements, elements of state, multiply-accumulates, and elements that contractions write."""

    params: int = 0
    buffers: int = 0
    macs: int = 0
    contraction_outputs: int = 0


def count(path: Path, variant: str | None = None, **values: object) -> Totals:
    """Count a spec, or one of its variants, at these values of symbols and its own for the rest.

    Raises:
        Misfit: a symbol does not take its value, or the sizes do not fit together.
    """
    spec = read(path)
    symbols = bind(spec, variant, values)
    tensors = {name: (checked(evaluate(sizes, symbols)),) for name, sizes in spec["inputs"].items()}
    start = next(iter(tensors.values())) if len(tensors) == 1 else ()
    walk = Walk(symbols, spec.get("blocks", {}))
    walk.run(spec["model"], start, Scope({**symbols, **sizes_of(start, "in")}, dict(tensors)))
    return walk.layers.totals


@cache
def read(path: Path) -> dict[str, Any]:
    spec: dict[str, Any] = YAML(typ="safe").load(path)
    return spec


def bind(spec: Names, variant: str | None, values: Names) -> Names:
    """Return the value of every symbol: the one given, that of the variant, or its default."""
    chosen = spec["variants"][variant] if variant else {}
    given = {**chosen.get("default", {}), **chosen.get("set", {}), **values}
    declared = {name: s if isinstance(s, dict) else {"default": s} for name, s in spec["symbols"].items()}
    bound = {name: evaluate(given.get(name, symbol.get("default")), {}) for name, symbol in declared.items()}
    for name, symbol in declared.items():
        if not allowed(bound[name], symbol, bound):
            raise Misfit(f"{name} = {bound[name]}")
    return bound


def allowed(value: Any, symbol: Names, symbols: Names) -> bool:
    kind = symbol.get("kind", "dimension")
    if kind == "flag":
        return isinstance(value, bool)
    least = evaluate(symbol.get("min", 1 if kind == "dimension" else value), symbols)
    greatest = evaluate(symbol.get("max", value), symbols)
    fits = value > 0 if kind == "ratio" else isinstance(value, int)
    multiple = "multiple_of" not in symbol or value % evaluate(symbol["multiple_of"], symbols) == 0
    return fits and multiple and least <= value <= greatest


# --- expressions ---


def evaluate(written: Any, names: Names) -> Any:
    """Return the exact value of what stands in a spec: of each part of a list, of an expression, or itself."""
    if isinstance(written, list):
        return [evaluate(part, names) for part in written]
    value = worth(parse(written), names) if isinstance(written, str) else written
    if isinstance(value, float):
        value = Fraction(str(value))
    return int(value) if isinstance(value, Fraction) and value.denominator == 1 else value


@cache
def parse(text: str) -> ast.expr:
    return ast.parse(text, mode="eval").body


def worth(node: ast.expr, names: Names) -> Any:
    """Return the value of an expression: that of its parts, put together."""
    if isinstance(node, ast.Constant):
        return node.value if isinstance(node.value, int) else Fraction(str(node.value))
    if isinstance(node, ast.Name):
        return WORDS[node.id] if node.id in WORDS else names[node.id]
    parts = [worth(part, names) for part in ast.iter_child_nodes(node) if isinstance(part, ast.expr)]
    match node:
        case ast.IfExp():
            return parts[1] if parts[0] else parts[2]
        case ast.Compare(ops=ops):
            return all(OPERATORS[type(op)](*two) for op, two in zip(ops, pairwise(parts), strict=True))
        case ast.Call():
            return parts[0](*parts[1:])
        case ast.BinOp(op=op) | ast.BoolOp(op=op) | ast.UnaryOp(op=op):
            return OPERATORS[type(op)](*parts)
    raise TypeError(f"no meaning: {ast.dump(node)}")


def make_divisible(v: Fraction, divisor: int, min_value: int | None = None) -> int:
    """Return torchvision's _make_divisible, in exact numbers."""
    rounded = max(min_value or divisor, int(v + Fraction(divisor, 2)) // divisor * divisor)
    return rounded + divisor if rounded < Fraction(9, 10) * v else rounded


WORDS: Names = {
    "true": True, "false": False, "make_divisible": make_divisible, "ceil": math.ceil, "floor": math.floor,
    "min": min, "max": max, "gcd": math.gcd,
}  # fmt: skip
OPERATORS: Mapping[type[ast.AST], Callable[..., Any]] = {
    ast.Add: operator.add, ast.Sub: operator.sub, ast.Mult: operator.mul, ast.Div: lambda a, b: Fraction(a) / b,
    ast.FloorDiv: operator.floordiv, ast.Mod: operator.mod, ast.Pow: lambda a, b: Fraction(a) ** b,
    ast.USub: operator.neg, ast.Eq: operator.eq, ast.NotEq: operator.ne, ast.Lt: operator.lt, ast.LtE: operator.le,
    ast.Gt: operator.gt, ast.GtE: operator.ge, ast.Not: operator.not_, ast.And: lambda *parts: all(parts),
    ast.Or: lambda *parts: any(parts),
}  # fmt: skip


# --- layers ---


def pair(value: Any) -> tuple[Any, Any]:
    high, wide = value if isinstance(value, list) else (value, value)
    return high, wide


def divide(size: Any, parts: Any) -> Any:
    if not isinstance(parts, int) or size % parts:
        raise Misfit(f"{parts} parts of {size}")
    return size // parts


def window(size: int, kernel: int, stride: int, padding: int, dilation: int = 1, ceil_mode: bool = False) -> int:
    """Return how many places a window has; in ceil mode none of them starts in the padding after the input."""
    last = Fraction(size + 2 * padding - dilation * (kernel - 1) - 1, stride)
    places = (math.ceil(last) if ceil_mode else math.floor(last)) + 1
    return places - 1 if ceil_mode and (places - 1) * stride >= size + padding else places


@dataclass
class Layers:
    """The laws of the layers, and what they have added up to."""

    totals: Totals = field(default_factory=Totals)
    training: bool = False

    def contract(self, out: Shape, params: int, macs: int) -> Value:
        self.totals.params += params
        if not self.training:
            self.totals.macs += macs
            self.totals.contraction_outputs += math.prod(out)
        return (out,)

    def conv2d(
        self, ins: Value, out: int, kernel: Any, stride: Any = 1, padding: Any = 0, dilation: Any = 1, groups: Any = 1,
        bias: bool = True,
    ) -> Value:  # fmt: skip
        ((B, C, *sizes),) = ins
        steps, (high, wide) = pair(stride), pair(kernel)
        if padding == "same":
            rows, columns = (math.ceil(Fraction(size, step)) for size, step in zip(sizes, steps, strict=True))
        else:
            rows, columns = map(window, sizes, (high, wide), steps, pair(padding), pair(dilation))
        weight = groups * divide(out, groups) * divide(C, groups) * high * wide
        return self.contract((B, out, rows, columns), weight + bias * out, B * rows * columns * weight)

    def conv_transpose2d(self, ins: Value, out: int, kernel: int, stride: int = 1, bias: bool = True) -> Value:
        ((B, C, H, W),) = ins
        rows, columns = ((size - 1) * stride + kernel for size in (H, W))
        weight = C * out * kernel * kernel
        return self.contract((B, out, rows, columns), weight + bias * out, B * H * W * weight)

    def linear(self, ins: Value, out: int, bias: bool = True) -> Value:
        ((*rest, E),) = ins
        return self.contract((*rest, out), E * out + bias * out, math.prod(rest) * E * out)

    def batch_norm(self, ins: Value) -> Value:
        self.totals.params += 2 * ins[0][1]
        self.totals.buffers += 2 * ins[0][1] + 1
        return ins

    def avg_pool2d(
        self, ins: Value, kernel: int, stride: int | None = None, padding: int = 0, ceil_mode: bool = False
    ) -> Value:
        ((B, C, *sizes),) = ins
        return ((B, C, *(window(n, kernel, stride or kernel, padding, ceil_mode=ceil_mode) for n in sizes)),)

    def global_avg_pool(self, ins: Value, keepdim: bool = False) -> Value:
        ((B, C, *sizes),) = ins
        return ((B, C, *(1 for _ in sizes if keepdim)),)

    def adaptive_avg_pool2d(self, ins: Value, size: Any) -> Value:
        return ((*ins[0][:2], *pair(size)),)

    def crop(self, ins: Value, size: Any) -> Value:
        if any(map(operator.gt, pair(size), ins[0][2:])):
            raise Misfit(f"{size} of {ins}")
        return ((*ins[0][:2], *pair(size)),)

    def upsample(self, ins: Value, scale_factor: Any) -> Value:
        return ((*ins[0][:2], *(math.floor(size * scale_factor) for size in ins[0][2:])),)

    def flatten(self, ins: Value) -> Value:
        return ((ins[0][0], math.prod(ins[0][1:])),)

    def split(self, ins: Value, sizes: list[int], dim: int = 1) -> Value:
        if sum(sizes) != ins[0][dim]:
            raise Misfit(f"parts {sizes} of {ins}")
        return tuple((*ins[0][:dim], size, *ins[0][dim + 1 :]) for size in sizes)

    def chunk(self, ins: Value, chunks: int, dim: int = 1) -> Value:
        return self.split(ins, [divide(ins[0][dim], chunks)] * chunks, dim)

    def concat(self, ins: Value, dim: int = 1) -> Value:
        if len({(*shape[:dim], *shape[dim + 1 :]) for shape in ins}) > 1:
            raise Misfit(f"{ins} beside one another")
        return ((*ins[0][:dim], sum(shape[dim] for shape in ins), *ins[0][dim + 1 :]),)

    def add(self, ins: Value) -> Value:
        axes = [set(sizes) - {1} or {1} for sizes in zip(*ins, strict=True)]
        if any(len(sizes) > 1 for sizes in axes):
            raise Misfit(f"{ins} element by element")
        return (tuple(size for sizes in axes for size in sizes),)

    def channel_shuffle(self, ins: Value, groups: int) -> Value:
        divide(ins[0][1], groups)
        return ins

    def relu(self, ins: Value, _setting: object = None) -> Value:
        return ins

    max_pool2d, mul, dropout = avg_pool2d, add, relu
    relu6 = leaky_relu = silu = hardswish = tanh = sigmoid = hardsigmoid = relu


# --- steps ---


def sizes_of(value: Value, when: str) -> dict[str, int]:
    """Return what expressions call the sizes of the first tensor: axes 1, 2, 3 and the last."""
    shape = value[0] if value else ()
    sizes = {f"{letter}_{when}": size for letter, size in zip("CHW", shape[1:4], strict=False)}
    return {**sizes, f"E_{when}": shape[-1]} if shape else sizes


def checked(shape: Sequence[Any]) -> Shape:
    if not all(isinstance(size, int) and size > 0 for size in shape):
        raise Misfit(f"a tensor of {shape}")
    return tuple(shape)


@dataclass
class Scope:
    """What the numbers and the tensors of one body are called."""

    numbers: Names
    tensors: dict[str, Value]

    def inner(self, **numbers: int) -> Scope:
        return Scope({**self.numbers, **numbers}, dict(self.tensors))

    def read(self, name: str) -> Value:
        """Return what a reference means: a named value, or ``name.0``, one of several."""
        if name in self.tensors:
            return self.tensors[name]
        stem, _, place = name.rpartition(".")
        return (self.tensors[stem][int(place)],)


@dataclass
class Walk:
    """The walk through a spec, and the layers it came by."""

    symbols: Names
    blocks: Names
    layers: Layers = field(default_factory=Layers)

    def run(self, steps: Steps, value: Value, scope: Scope) -> Value:
        for step in steps:
            value = self.step({step: None} if isinstance(step, str) else dict(step), value, scope)
        return value

    def step(self, words: dict[str, Any], value: Value, scope: Scope) -> Value:
        """Apply one step; what is there for training only leaves the value as it was."""
        name, source, only = (words.pop(modifier, None) for modifier in ("name", "from", "only"))
        names = [source] if isinstance(source, str) else source
        ins = value if names is None else sum((value if n == "here" else scope.read(n) for n in names), ())
        skipped = only == "training" and not self.layers.training
        self.layers.training |= skipped
        outs = self.act(words, ins, scope)
        self.layers.training ^= skipped
        if name is not None:
            ends = next((self.blocks[word].get("outputs", ()) for word in words if word in self.blocks), ())
            scope.tensors.update({f"{name}.{end}": (out,) for end, out in zip(ends, outs, strict=False)})
            scope.tensors[name] = outs
        return value if skipped else outs

    def act(self, words: dict[str, Any], value: Value, scope: Scope) -> Value:
        for word, control in CONTROLS.items():
            if word in words:
                beside = {"otherwise" if key == "else" else key: part for key, part in words.items() if key != word}
                return control(self, words[word], value, scope, **beside)
        ((word, given),) = words.items()
        return (self.call if word in self.blocks else self.apply)(word, given, value, scope)

    def repeat(self, times: Any, value: Value, scope: Scope, do: Steps, index: str | None = None) -> Value:
        rounds = here(times, value, scope)
        if not isinstance(rounds, int) or rounds < 0:
            raise Misfit(f"{rounds} rounds")
        for i in range(rounds):
            value = self.run(do, value, scope.inner(**({index: i} if index else {})))
        return value

    def when(self, condition: Any, value: Value, scope: Scope, do: Steps = (), otherwise: Steps = ()) -> Value:
        return self.run(do if here(condition, value, scope) else otherwise, value, scope)

    def residual(self, bodies: Any, value: Value, scope: Scope) -> Value:
        main, shortcut = (bodies["main"], bodies.get("shortcut", ())) if isinstance(bodies, dict) else (bodies, ())
        return self.branches([main, shortcut], value, scope, join="add")

    def branches(self, bodies: Any, value: Value, scope: Scope, join: str = "concat", dim: int = 1) -> Value:
        outs: Value = sum((self.run(body, value, scope.inner()) for body in bodies), ())
        return outs if join == "none" else self.apply(join, dim if join == "concat" else None, outs, scope)

    def call(self, word: str, given: Any, value: Value, scope: Scope) -> Value:
        block = self.blocks[word]
        defaults = block.get("args", {})
        args = given if isinstance(given, dict) else {} if given is None else {next(iter(defaults)): given}
        assert args.keys() <= defaults.keys(), word
        numbers = {**self.symbols, **sizes_of(value, "in")}
        for name, default in defaults.items():
            numbers[name] = here(args[name], value, scope) if name in args else evaluate(default, numbers)
        inner = Scope(numbers, {name: (each,) for name, each in zip(block.get("inputs", ()), value, strict=False)})
        out = self.run(block["body"], value, inner)
        return sum(map(inner.read, block["outputs"]), ()) if "outputs" in block else out

    def apply(self, word: str, given: Any, value: Value, scope: Scope) -> Value:
        fields = given if isinstance(given, dict) else {}
        bare = [] if given is None or given is fields else [here(given, value, scope)]
        named = {key: part if part == "same" else here(part, value, scope) for key, part in fields.items()}
        outs: Value = getattr(self.layers, word)(value, *bare, **named)
        return outs if self.layers.training else tuple(map(checked, outs))  # training may ask for larger images


def here(written: Any, value: Value, scope: Scope) -> Any:
    return evaluate(written, {**scope.numbers, **sizes_of(value, "now")} if isinstance(written, str | list) else {})


CONTROLS: dict[str, Callable[..., Value]] = {
    "repeat": Walk.repeat, "when": Walk.when, "residual": Walk.residual, "branches": Walk.branches,
}  # fmt: skip
