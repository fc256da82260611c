"""The memory of a training step against cells of memory that are written and read, round by round."""

from __future__ import annotations

import random
from pathlib import Path
from typing import Any

import pytest

import symcost
from symcost.algebra.poly import evaluate
from symcost.errors import NoAnswer
from symcost.graph.tape import tape
from tests.specs.naive.training import Layer, Training, layers

HEAD = """
symcost: 1
name: net
symbols: {{B: 2, C: 8, L: 3, M: 2}}
inputs: {{x: [B, C]}}
model:
{steps}
"""
WIDTHS = ("C", "2*C", "5*C", "3", "E_now", "E_now + 1")
PLAIN = ("linear", "linear", "linear", "relu", "relu", "gelu", "sigmoid", "dropout: 0.5", "layer_norm", "identity")


class Draw:
    """A net being drawn, as lines of a spec."""

    def __init__(self, seed: int) -> None:
        self.dice = random.Random(seed)  # noqa: S311
        self.left = 10

    def body(self, depth: int) -> list[str]:
        return [step for _ in range(self.dice.choice((1, 2, 2, 3))) for step in self.step(depth)]

    def step(self, depth: int) -> list[str]:
        self.left -= 1
        kind = self.dice.choice((*PLAIN, "residual", "residual", "gate", "start", "repeat", "repeat"))
        if kind == "linear" or (kind in ("residual", "gate", "repeat") and (self.left < 0 or depth > 2)):
            return [f"- linear: {self.dice.choice(WIDTHS[:-1] if depth else WIDTHS)}"]
        if kind == "repeat":
            return [f"- repeat: {self.dice.choice(('L', 'L', 'L - 1', 'M', '2', '3'))}", "  do:", *self.same(depth)]
        if kind == "residual":
            return ["- residual:", *self.same(depth)]
        if kind == "start":
            join = self.dice.choice(("add: ~", "mul: ~", "concat: 1"))
            return ["- linear: C", f"- {{{join}, from: [start, here]}}"]
        if kind == "gate":
            return ["- branches:", "    - [linear: C, sigmoid]", "    - [linear: C]", "  join: mul"]
        return [f"- {{{kind}}}" if ":" in kind else f"- {kind}"]

    def same(self, depth: int) -> list[str]:
        """Return a body, indented, that ends as wide as it begins: behind a layer that sets the width."""
        lines = [*self.body(depth + 1), "- linear: C"]
        return [f"    {line}" for line in lines]

    def text(self) -> str:
        lines = ["- {linear: C, name: start}"]
        for _ in range(self.dice.choice((2, 3))):
            made = self.step(0)
            lines += ["- linear: C", *made]
        return HEAD.format(steps="\n".join(f"  {line}" for line in lines))


def written(folder: Path, text: str, name: str = "net") -> Path:
    path = folder / f"{name}.yaml"  # the naive walk reads a path once
    path.write_text(text)
    return path


def segments(found: list[Layer], together: int) -> list[list[Layer]]:
    """Return the rounds of the outermost repetitions, some together, each the layers that run in them."""
    parts: dict[object, list[Layer]] = {}
    for layer in found:
        if layer.rounds:
            run, place = layer.rounds[0]
            parts.setdefault((run, place // together), []).append(layer)
    return list(parts.values())


SETUPS: dict[str, dict[str, Any]] = {
    "none": {},
    "full": {"checkpoint": "full"},
    "every 2": {"checkpoint": "every", "checkpoint_every": 2},
    "every n": {"checkpoint": "every", "checkpoint_every": "n"},
}


@pytest.mark.parametrize("start", [0, 6, 12])
@pytest.mark.parametrize("name", SETUPS)
def test_random_nets(start: int, name: str, tmp_path: Path) -> None:
    """For symbolic numbers of rounds, and again with the numbers put in before the walk."""
    seen = 0
    for seed in range(start, start + 6):
        path = written(tmp_path, Draw(seed).text(), f"net_{seed}")
        network = symcost.load(path).under(**SETUPS[name], micro_batches=1 + seed % 2)
        for L, C in ((1, 8), (2, 5), (4, 8), (9, 13)):
            at = {"B": 3, "C": C, "L": L, "M": 2, "n": 3 if L % 3 == 0 else 1}
            found, outputs, image = layers(path, B=3, C=C, L=L, M=2)
            again = segments(found, {"full": 1, "every 2": 2, "every n": at["n"]}[name]) if name != "none" else []
            if not again and name != "none":
                continue  # of nets without repetitions, blocks run again
            expected = Training(found, outputs, image, adds_up=seed % 2 == 1, again=again).peak()
            for cost in (network.cost(L=L, M=2), network.cost()):
                env = {key: value for key, value in at.items() if key in cost.symbols}
                try:
                    if not all(need.holds(env) for need, _ in cost.needs):
                        continue
                    assert evaluate(cost.poly("step_peak_bytes"), env) == expected, (seed, at)
                    seen += 1
                except NoAnswer:
                    assert cost.symbols.keys() & {"L", "M", "n"}, "rounds in plain numbers have a form"
    assert seen > 3, seen


GIVEN_BACK = """
  - {linear: C, name: start}
  - residual:
      - identity
      - residual: [{repeat: M, do: [linear: 2*C, linear: C]}, identity, linear: C]
      - linear: C
"""
DIFFERENT = """
  - {linear: C, name: start}
  - {concat: 1, from: [start, here]}
  - repeat: 3
    do: [linear: C, {mul: ~, from: [start, here]}, relu, linear: C]
  - linear: C
"""


@pytest.mark.parametrize(("steps", "name"), [(GIVEN_BACK, "none"), (DIFFERENT, "none"), (DIFFERENT, "full")])
def test_what_is_given_back_and_rounds_that_differ(steps: str, name: str, tmp_path: Path) -> None:
    """A tensor given back as it is has one gradient; a first round that reads another width is a segment too."""
    path = written(tmp_path, HEAD.format(steps=steps))
    found, outputs, image = layers(path, B=3, C=5, L=2, M=2)
    again = segments(found, 1) if name == "full" else []
    cost = symcost.load(path).under(**SETUPS[name]).cost(M=2)
    expected = Training(found, outputs, image, again=again).peak()
    assert evaluate(cost.poly("step_peak_bytes"), {"B": 3, "C": 5}) == expected


@pytest.mark.parametrize("name", ["yolov8n", "yolo11n"])
def test_what_only_evaluation_gives_back_is_no_part_of_a_step(name: str) -> None:
    """Boxes are not made in training: what they are made of is what a step gives back, and its gradient is added."""
    network = symcost.load(name)
    graph = network.cost().graph
    assert [graph.nodes[tensor.source].only for tensor in graph.outputs] == ["evaluation"]
    assert [value.maker.node.name for value in tape(graph).outputs if value.maker] == ["detect.concat"]
    found = network.cost().at()
    assert found.saved_bytes < found.step_peak_bytes < 2 * found.saved_bytes
