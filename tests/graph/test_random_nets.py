"""Random nets with repetitions inside one another: closed against unrolled, in every metric, peak memory too."""

from __future__ import annotations

import random
import re
from typing import Any

import pytest

from symcost.algebra.atoms import Number
from symcost.algebra.poly import evaluate
from symcost.cost import Cost
from symcost.errors import NoAnswer, SpecError, UsageError
from symcost.graph.build import build
from symcost.metrics.convention import convention
from symcost.metrics.metric import metrics
from tests.graph.nets import Step, branches, op, repeat, residual, spec, when
from tests.specs.naive.expressions import evaluate as plain

SYMBOLS = {"B": 1, "C": 8, "k": 3, "n": {"min": 0}, "m": {"min": 0}, "f": {"kind": "flag", "default": True}}
COUNTS = ("n", "m", "n - 1", "n + 1", "2*n", "m + n", 2, 3, 6)
COUNTS_BY_INDEX = ("{i} + 1", "{i}", "2*{i} + 1", "n - {i}")
WIDTHS = (
    "C", "k", "C_now", "C_now", "C_now + k", "2*C_now", "3*C_now - C", "2*C", 8, "C_now//2 + 1",
    "make_divisible(C, 8)", "max(C, k)",
)  # fmt: skip
WIDTHS_BY_INDEX = (
    "C + {i}*k", "C*({i} + 1)", "C_now + {i}", "C*2**{i}", "C + 7*{i}//3", "make_divisible(24 + 5*{i}, 8)", "20 - {i}",
    "C + {i}*{i}", "gcd({i}, 4) + C", "C_now + 2**{i}", "C*({i}//2 + 1)", "k*({i} + 1)",
)  # fmt: skip
SAID = {"hardware", "run"}
"""Sections without defaults: a device and a data set are said, or there is no answer."""
Totals = dict[str, Number | None]


class Draw:
    """A net being drawn: its dice, the indices and names that can be used, and how many steps are left."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311
        self.indices: list[str] = []
        self.names: list[str] = []
        self.made, self.left = 0, 9

    def pick(self, always: tuple[Any, ...], by_index: tuple[str, ...]) -> Any:
        return self.dice.choice([*always, *(text.format(i=i) for text in by_index for i in self.indices)])

    def linear(self, **fields: Any) -> Step:
        return op("linear", out=self.pick(WIDTHS, WIDTHS_BY_INDEX), **fields)

    def body(self, depth: int) -> list[Step]:
        kept = list(self.names)
        steps = [self.step(depth) for _ in range(self.dice.choice((1, 1, 2, 3)))]
        self.names = kept
        return steps

    def step(self, depth: int) -> Step:
        self.left -= 1
        simple = depth == 3 or self.left < 0
        kinds = ["linear", "linear", "act", "name", "use", "train", "weights"]
        kind = self.dice.choice(kinds if simple else [*kinds, "repeat", "repeat", "residual", "branches", "when"])
        return self.inside(kind, depth) or self.linear(**self.fields(kind))

    def fields(self, kind: str) -> Step:
        """Return what a linear layer says besides its width."""
        self.made += 1
        if kind == "name":
            self.names.append(f"t{self.made}")
        return {"name": {"name": f"t{self.made}"}, "train": {"only": "training"}, "weights": {"weights": "w"}}.get(
            kind, {}
        )

    def inside(self, kind: str, depth: int) -> Step | None:
        """Return a step that is no linear layer."""
        match kind:
            case "act":
                return op(self.dice.choice(("relu", "relu", "gelu", "dropout", "layer_norm", "detach")))
            case "use" if self.names:
                return op("concat", dim=1, reads=["here", self.dice.choice(self.names)])
            case "repeat":
                return self.repeat(depth)
            case "residual":
                return residual(*self.body(depth + 1), op("linear", out="C_now"))
            case "branches":
                return branches(self.body(depth + 1), [] if self.dice.random() < 0.5 else self.body(depth + 1))
            case "when":
                return when("f", *self.body(depth + 1), otherwise=tuple(self.body(depth + 1)))
        return None

    def repeat(self, depth: int) -> Step:
        self.made += 1
        count, index = self.pick(COUNTS, COUNTS_BY_INDEX), f"i{self.made}"
        self.indices.append(index)
        body = self.body(depth + 1)
        self.indices.pop()
        shared = {"weights": f"s{self.made}"} if self.dice.random() < 0.12 else {}
        return repeat(count, *body, index=index, **shared)


def unrolled(steps: list[Step], env: dict[str, Any]) -> list[Step]:
    """Return the steps with every round written out, as a body of its own, and its number put in."""
    return [_unrolled(step, env) for step in steps]


def _unrolled(step: Step, env: dict[str, Any]) -> Step:
    if step["op"] == "repeat":
        rounds = plain(step["count"], env)
        if rounds < 0:
            raise SpecError
        shared = {"weights": step["weights"]} if "weights" in step else {}
        bodies = (unrolled(_put(step["do"], step["index"], i), env) for i in range(rounds))
        return repeat(min(rounds, 1), *(repeat(1, *body, **shared) for body in bodies))
    bodies_in = {key: part for key, part in step.items() if key in ("main", "shortcut", "do", "else")}
    inside: Step = {key: unrolled(part, env) for key, part in bodies_in.items()}
    if step["op"] == "branches":
        inside["branches"] = [unrolled(body, env) for body in step["branches"]]
    return {**step, **inside}


def _put(part: Any, index: str, value: int) -> Any:
    match part:
        case str():
            return re.sub(rf"\b{index}\b", f"({value})", part)
        case list() | tuple():
            return [_put(each, index, value) for each in part]
        case dict():
            return {key: _put(each, index, value) for key, each in part.items()}
    return part


def totals(steps: list[Step], fixed: dict[str, int], at: dict[str, int]) -> Totals | None:
    """Return every total, None where the peak has no form; None for all where the net is refused."""
    try:
        found = Cost(build(spec(*steps, symbols=SYMBOLS, inputs={"x": ["B", "C"]}), fixed), convention("symcost"))
        env = found.bindings({name: value for name, value in at.items() if name in found.symbols})
    except SpecError:
        return None
    return {name: total(found, name, env) for name, m in metrics().items() if not SAID & {*m.under}}


def total(found: Cost, name: str, env: dict[str, Number]) -> Number | None:
    try:
        return evaluate(found.poly(name), env)
    except (NoAnswer, UsageError):  # without a form, or of a device that is not named
        return None


@pytest.mark.parametrize("start", [0, 30, 60])
def test_closed_is_unrolled(start: int) -> None:
    """A formula takes no sizes that the net refuses, and in plain numbers it takes all that the net takes."""
    seen = 0
    for seed in range(start, start + 30):
        draw = Draw(seed)
        steps, dice = [*draw.body(2), draw.repeat(0)], random.Random(seed)  # noqa: S311
        for _ in range(3):
            at = {"B": 2, "C": dice.choice((5, 8, 16)), "k": dice.choice((1, 3, 7))}
            counts = {"n": dice.randrange(7), "m": dice.randrange(4)}
            try:
                expected = totals(unrolled(steps, counts), {**at, **counts}, {})
            except SpecError:
                expected = None
            assert totals(steps, {**at, **counts}, {}) == expected, (seed, at, counts)
            found = totals(steps, {}, {**at, **counts})
            if found is not None:
                assert expected is not None, (seed, at, counts)
                assert {name: found[name] in (None, expected[name]) for name in found} == dict.fromkeys(found, True), (
                    seed, at, counts,
                )  # fmt: skip
                seen += 1
    assert seen > 20
