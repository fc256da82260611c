"""The spec language in plain numbers: an oracle for symcost that shares no code with it.

Every size is an integer, every repetition is gone through round by round, every block is walked where it is called, and
each layer adds a few products of its own to the totals. The laws of the layers are those of torch's documentation.
What has no meaning here is an error.
"""

from __future__ import annotations

from collections.abc import Callable, Sequence
from dataclasses import dataclass, field, replace
from functools import cache
from pathlib import Path
from typing import Any

from ruamel.yaml import YAML

from tests.specs.naive.columns import whole
from tests.specs.naive.expressions import evaluate
from tests.specs.naive.layers import Layers
from tests.specs.naive.memory import Memory
from tests.specs.naive.terms import Misfit, Names, Shape, Steps, Totals, Value

SHIPPED = Path(__file__).parents[3] / "specs"


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
    scope = Scope({**symbols, **sizes_of(start, "in")}, dict(tensors))
    value = walk.run(spec["model"], start, scope)
    outputs = sum(map(scope.read, spec["outputs"]), ()) if "outputs" in spec else value
    return replace(walk.layers.totals, peak_activations=walk.memory.peak(outputs))


@cache
def read(path: Path) -> dict[str, Any]:
    """Return a spec with the blocks that it uses, each with those around it and what a variant sets, and their symbols.

    A symbol that the spec does not declare is declared as where it comes from.
    """
    spec: dict[str, Any] = YAML(typ="safe").load(path)
    for source, taken in spec.get("use", {}).items():
        used, variant = borrowed(source, path.parent)
        asked = taken if isinstance(taken, dict) else {"blocks": taken}
        wanted = asked["blocks"] if isinstance(asked["blocks"], dict) else {name: name for name in asked["blocks"]}
        sets = used["variants"][variant].get("set", {}) if variant else {}
        sets = {**{name: sets[name] for name in sets.keys() - spec["symbols"].keys()}, **asked.get("set", {})}
        home = {"home": used["blocks"], "sets": sets}
        spec["blocks"] = {**spec.get("blocks", {}), **{here: home | used["blocks"][wanted[here]] for here in wanted}}
        left = {name: symbol for name, symbol in declared(used, variant).items() if name not in home["sets"]}
        spec["symbols"] = {**left, **spec["symbols"]}
    return spec


def borrowed(source: str, folder: Path) -> tuple[dict[str, Any], str | None]:
    """Return the spec of a relative path or of a shipped file, and the variant in it."""
    path = folder / source if source.endswith(".yaml") else SHIPPED / f"{source}.yaml"
    if path.exists():
        return read(path), None
    texts = {path: path.read_text().partition("\nvariants:")[2] for path in SHIPPED.glob("*.yaml")}
    return read(next(path for path, text in texts.items() if f"\n  {source}:" in text)), source


def bind(spec: Names, variant: str | None, values: Names) -> Names:
    """Return the value of every symbol: the one given, that of the variant, or its default."""
    symbols = declared(spec, variant)
    plain = {name: values.get(name, symbol.get("default")) for name, symbol in symbols.items()}
    structural = {name: plain[name] for name, symbol in symbols.items() if symbol.get("kind") in ("flag", "constant")}
    bound = {name: evaluate(value, structural) for name, value in plain.items()}
    for name, symbol in symbols.items():
        if not allowed(bound[name], symbol, bound):
            raise Misfit(f"{name} = {bound[name]}")
    return bound


def declared(spec: Names, variant: str | None) -> dict[str, dict[str, Any]]:
    """Return how symbols are declared, the values of a variant as their defaults."""
    chosen = spec["variants"][variant] if variant else {}
    values = {**chosen.get("default", {}), **chosen.get("set", {})}
    plain = {name: s if isinstance(s, dict) else {"default": s} for name, s in spec["symbols"].items()}
    return {name: {**s, "default": values.get(name, s.get("default"))} for name, s in plain.items()}


def allowed(value: Any, symbol: Names, symbols: Names) -> bool:
    kind = symbol.get("kind", "dimension")
    if kind == "flag":
        return isinstance(value, bool)
    least = evaluate(symbol.get("min", 1 if kind == "dimension" else value), symbols)
    greatest = evaluate(symbol.get("max", value), symbols)
    fits = value > 0 if kind == "ratio" else whole(value)
    multiple = "multiple_of" not in symbol or value % evaluate(symbol["multiple_of"], symbols) == 0
    return fits and multiple and least <= value <= greatest


def sizes_of(value: Value, when: str) -> dict[str, int]:
    """Return what expressions call the sizes of the first tensor: axes 1, 2, 3 and the last."""
    shape = value[0] if value else ()
    sizes = {f"{letter}_{when}": size for letter, size in zip("CHW", shape[1:4], strict=False)}
    return {**sizes, f"E_{when}": shape[-1]} if shape else sizes


def checked(shape: Sequence[Any]) -> Shape:
    if not all(whole(size) and size > 0 for size in shape):
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
    """The walk through a spec, the layers it came by, and the names of weights that have been counted."""

    symbols: Names
    blocks: Names
    layers: Layers = field(default_factory=Layers)
    shared: set[str] = field(default_factory=set)
    memory: Memory = field(default_factory=Memory)
    inside: Names = field(default_factory=dict)  # what the block that was applied last calls its tensors

    def run(self, steps: Steps, value: Value, scope: Scope) -> Value:
        for step in steps:
            value = self.step({step: None} if isinstance(step, str) else dict(step), value, scope)
        return value

    def step(self, words: dict[str, Any], value: Value, scope: Scope) -> Value:
        """Apply one step; what evaluation skips leaves the value as it was."""
        name, source, only, shared, frozen = (words.pop(key, None) for key in KEYS)
        names = [source] if isinstance(source, str) else source
        ins = value if names is None else sum((value if n == "here" else scope.read(n) for n in names), ())
        skipped = only in ("training", "never") and not self.layers.training
        self.layers.training |= skipped
        params = self.layers.totals.params
        words |= {"once": True} if shared is not None and "repeat" in words else {}
        self.inside = {}
        outs = self.act(words, ins, scope)
        self.layers.training ^= skipped
        if frozen:
            self.layers.totals.buffers += self.layers.totals.params - params
        if frozen or shared in self.shared:
            self.layers.totals.params = params
        self.shared |= {shared} - {None}
        if name is not None:
            scope.tensors.update({f"{name}.{inner}": tensors for inner, tensors in self.inside.items()})
            scope.tensors[name] = outs
        return value if skipped else outs

    def act(self, words: dict[str, Any], value: Value, scope: Scope) -> Value:
        for word, control in CONTROLS.items():
            if word in words:
                beside = {"otherwise" if key == "else" else key: part for key, part in words.items() if key != word}
                return control(self, words[word], value, scope, **beside)
        ((word, given),) = words.items()
        return (self.call if word in self.blocks else self.apply)(word, given, value, scope)

    def repeat(
        self, times: Any, value: Value, scope: Scope, do: Steps, index: str | None = None, once: bool = False
    ) -> Value:
        """Go through the rounds; of those that share their weights, the first counts them."""
        rounds = here(times, value, scope)
        if not whole(rounds) or rounds < 0:
            raise Misfit(f"{rounds} rounds")
        value = self.memory.enter(value) if rounds else value
        for i in range(rounds):
            params, start = self.layers.totals.params, self.memory.now
            value = self.run(do, value, scope.inner(**({index: i} if index else {})))
            if self.memory.now > start:
                self.memory.handed_on(value)
            if once and i > 0:
                self.layers.totals.params = params
        if rounds:
            self.memory.leave()
        return value

    def when(self, condition: Any, value: Value, scope: Scope, do: Steps = (), otherwise: Steps = ()) -> Value:
        return self.run(do if here(condition, value, scope) else otherwise, value, scope)

    def residual(self, bodies: Any, value: Value, scope: Scope) -> Value:
        main, shortcut = (bodies["main"], bodies.get("shortcut", ())) if isinstance(bodies, dict) else (bodies, ())
        return self.branches([main, shortcut], value, scope, join="add")

    def branches(self, bodies: Any, value: Value, scope: Scope, join: str = "concat", dim: int = 1) -> Value:
        outs: Value = sum((self.run(body, value, scope.inner()) for body in bodies), ())
        return outs if join == "none" else self.apply(join, dim if join == "concat" else None, outs, scope)

    def experts(
        self,
        count: Any,
        value: Value,
        scope: Scope,
        do: Steps,
        top_k: Any = 1,
        capacity: Any = None,
        router: Steps = (),
        gating: Steps = (),
    ) -> Value:
        """Choose experts for each token, and run one on all rows: each of the others has as many parameters."""
        n, k = here(count, value, scope), here(top_k, value, scope)
        room = {} if capacity is None else {"capacity": here(capacity, value, scope)}
        scores = self.run(router or [{"linear": {"out": n, "bias": False}}, "softmax"], value, scope.inner())
        chosen, places = self.apply("topk", k, scores, scope)
        weights = self.run(gating, (chosen,), scope.inner())
        rows = self.apply("dispatch", {"experts": n, **room}, (*value, places), scope)
        totals = self.layers.totals
        params, buffers = totals.params, totals.buffers
        made = self.run(do, rows, scope.inner())
        totals.params, totals.buffers = params + n * (totals.params - params), buffers + n * (totals.buffers - buffers)
        return self.apply("combine", None, (*made, *weights, places), scope)

    def call(self, word: str, given: Any, value: Value, scope: Scope) -> Value:
        block = self.blocks[word]
        defaults = block.get("args", {})
        args = given if isinstance(given, dict) else {} if given is None else {next(iter(defaults)): given}
        assert args.keys() <= defaults.keys(), word
        symbols = {
            **self.symbols,
            **{name: evaluate(part, self.symbols) for name, part in block.get("sets", {}).items()},
        }
        numbers = {**symbols, **sizes_of(value, "in")}
        for name, default in defaults.items():
            numbers[name] = here(args[name], value, scope) if name in args else evaluate(default, numbers)
        inner = Scope(numbers, {name: (each,) for name, each in zip(block.get("inputs", ()), value, strict=False)})
        around = self.blocks, self.symbols
        self.blocks, self.symbols = block.get("home", self.blocks), symbols
        out = self.run(block["body"], value, inner)
        (self.blocks, self.symbols), self.inside = around, inner.tensors
        return sum(map(inner.read, block["outputs"]), ()) if "outputs" in block else out

    def apply(self, word: str, given: Any, value: Value, scope: Scope) -> Value:
        fields = given if isinstance(given, dict) else {}
        bare = [] if given is None or given is fields else [here(given, value, scope)]
        named = {key: part if part in WORDS else here(part, value, scope) for key, part in fields.items()}
        outs: Value = getattr(self.layers, word)(value, *bare, **named)
        if self.layers.training:  # which may ask for larger images
            return outs
        return self.memory.ran(word, value, tuple(map(checked, outs)))


def here(written: Any, value: Value, scope: Scope) -> Any:
    return evaluate(written, {**scope.numbers, **sizes_of(value, "now")} if isinstance(written, str | list) else {})


KEYS = ("name", "from", "only", "weights", "frozen")
CONTROLS: dict[str, Callable[..., Value]] = {
    "repeat": Walk.repeat, "when": Walk.when, "residual": Walk.residual, "branches": Walk.branches,
    "experts": Walk.experts,
}  # fmt: skip
WORDS = ("same", "tanh", "bilinear", "bicubic", "reflect")
"""Settings of layers that are words, and no expressions."""
