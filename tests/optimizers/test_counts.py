"""What an optimizer keeps and does, against its rule written out in NumPy on numbers that count."""

from __future__ import annotations

from collections import Counter
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray

from symcost.ops.work import plus
from symcost.optimizers.optimizer import Update, Weight
from symcost.optimizers.reading import optimizers
from symcost.optimizers.section import Optimizing
from tests.optimizers import plain, plain_curvature, plain_matrices

Shapes = list[tuple[int, ...]]
MIXED: Shapes = [(3, 4), (5,), (2, 3, 2, 2), (4, 3), (), (1, 6)]
SETS: list[Shapes] = [MIXED, [(7,)], [(2, 5), (6, 2)], [(4, 2, 3, 3), (4,)]]

RULES: dict[str, tuple[type[plain.Plain], dict[str, Any]]] = {
    "gradient_descent": (plain.GradientDescent, {}),
    "sgd": (plain.GradientDescent, {}),
    "sgd:momentum=0.9": (plain.Momentum, {}),
    "sgd:momentum=0.9, dampening=0.3": (plain.Momentum, {"dampening": True}),
    "sgd:momentum=0.9, nesterov=true": (plain.Nesterov, {}),
    "momentum": (plain.Momentum, {}),
    "momentum:dampening=true": (plain.Momentum, {"dampening": True}),
    "nesterov": (plain.Nesterov, {}),
    "adagrad": (plain.Adagrad, {}),
    "adagrad:lr_decay=0.01": (plain.Adagrad, {"lr_decay": True}),
    "rmsprop": (plain.RmsProp, {}),
    "rmsprop:centered=true": (plain.RmsProp, {"centered": True}),
    "rmsprop:momentum=true": (plain.RmsProp, {"momentum": True}),
    "rmsprop:centered=true, momentum=0.9": (plain.RmsProp, {"centered": True, "momentum": True}),
    "adam": (plain.Adam, {}),
    "adam:amsgrad=true": (plain.Adam, {"amsgrad": True}),
    "adam:bias_correction=paper": (plain.Adam, {"bias_correction": "paper"}),
    "adam:bias_correction=rate": (plain.Adam, {"bias_correction": "rate"}),
    "adam:bias_correction=none": (plain.Adam, {"bias_correction": "none"}),
    "adamw": (plain.AdamW, {}),
    "adamw:amsgrad=true, bias_correction=paper": (plain.AdamW, {"amsgrad": True, "bias_correction": "paper"}),
    "adafactor": (plain_matrices.Adafactor, {}),
    "lion": (plain.Lion, {}),
    "muon": (plain_matrices.Muon, {}),
    "muon:nesterov=false, ns_steps=3": (plain_matrices.Muon, {"nesterov": False, "ns_steps": 3}),
    "lamb": (plain.Lamb, {}),
    "lbfgs:history=1": (plain_curvature.Lbfgs, {"history": 1}),
    "lbfgs:history=3": (plain_curvature.Lbfgs, {"history": 3}),
    "lbfgs:history=3, line_search=true": (plain_curvature.Lbfgs, {"history": 3, "line_search": True}),
    "newton": (plain_curvature.Newton, {}),
}
CLIP = 100.0
"""Never reached here, as the step is the same; what L-BFGS compares would not be gradients of one function."""
WITH: list[tuple[dict[str, Any], dict[str, Any]]] = [
    ({"weight_decay": "none"}, {}),
    ({"weight_decay": "coupled"}, {"decay": "coupled"}),
    ({"weight_decay": "decoupled"}, {"decay": "decoupled"}),
    ({"weight_decay": "none", "clip_norm": True}, {"clip": CLIP}),
    ({"weight_decay": "none", "ema": 0.99}, {"ema": 0.99}),
    (
        {"weight_decay": "coupled", "clip_norm": 1.0, "ema": True},
        {"decay": "coupled", "clip": CLIP, "ema": 0.99},
    ),
]


class Bowl:
    """A loss with curvature that differs from place to place and couples all weights."""

    def __init__(self, shapes: Shapes, seed: int) -> None:
        random = np.random.default_rng(seed)
        self.shapes = shapes
        self.size = sum(int(np.prod(shape)) for shape in shapes)
        self.bend = random.uniform(0.5, 4, self.size)
        self.at = random.normal(size=self.size)
        self.start = [random.normal(size=shape) for shape in shapes]

    @property
    def hessian(self) -> NDArray[np.float64]:
        return np.asarray(np.diag(self.bend) + 0.1)

    def __call__(self, weights: list[NDArray[np.float64]]) -> tuple[float, list[NDArray[np.float64]]]:
        gap = np.concatenate([np.ravel(w) for w in weights]) - self.at
        slope = self.hessian @ gap
        parts = np.split(slope, np.cumsum([int(np.prod(shape)) for shape in self.shapes])[:-1])
        return float(gap @ slope / 2), [part.reshape(shape) for part, shape in zip(parts, self.shapes, strict=True)]


def run(text: str, shapes: Shapes, options: dict[str, Any], steps: int = 5) -> tuple[plain.Plain, Counter[str]]:
    """Take some steps with a plain rule and return it with what the last took."""
    kind, own = RULES[text]
    bowl = Bowl(shapes, len(text))
    extra = {"hessian": bowl.hessian} if kind is plain_curvature.Newton else {}
    rule = kind(bowl.start, **own, **options, **extra)
    for _ in range(0 if extra else steps - 1):  # Newton's steps are all alike, and slow
        rule.step(bowl)
    return rule, rule.step(bowl)


def law(optimizing: Optimizing, shapes: Shapes) -> tuple[list[Update], Update]:
    size = sum(int(np.prod(shape)) for shape in shapes)
    return [optimizing.each(Weight(shape)) for shape in shapes], optimizing.once(size)


def same(text: str, shapes: Shapes, settings: dict[str, Any], options: dict[str, Any]) -> None:
    rule, took = run(text, shapes, options)
    if isinstance(rule, plain_curvature.Lbfgs) and rule.line_search:
        text += f", evaluations={rule.evaluations}"
    each, once = law(Optimizing(optimizer=text, **settings), shapes)
    assert took == plus(*(update.work for update in each), once.work)
    for kept, update in zip(rule.state, each, strict=True):
        assert {name: array.shape for name, array in kept.items()} == {n: s or (1,) for n, s in update.state.items()}
    assert {name: array.shape for name, array in rule.whole.items()} == once.state


@pytest.mark.parametrize("shapes", SETS, ids=str)
@pytest.mark.parametrize("text", RULES)
def test_state_and_arithmetic_are_those_of_the_rule_run(text: str, shapes: Shapes) -> None:
    same(text, shapes, *WITH[0])


@pytest.mark.parametrize(("settings", "options"), WITH[1:], ids=str)
@pytest.mark.parametrize("text", RULES)
def test_the_same_with_decay_clipping_and_averages(
    text: str, settings: dict[str, Any], options: dict[str, Any]
) -> None:
    same(text, MIXED, settings, options)


def test_lambs_own_decay_is_part_of_its_step() -> None:
    same("lamb", MIXED, {"weight_decay": 0.01}, {"decay": "in_step"})


def test_every_optimizer_is_run() -> None:
    assert {text.partition(":")[0] for text in RULES} == optimizers().keys()


def test_a_line_search_tried_several_points() -> None:
    rule, _ = run("lbfgs:history=3, line_search=true", MIXED, {}, steps=1)
    assert isinstance(rule, plain_curvature.Lbfgs) and rule.evaluations > 1


def test_nesterovs_form_with_a_point_ahead_counts_the_same() -> None:
    bowl = Bowl(MIXED, 1)
    rule = plain.Ahead(bowl.start)
    rule.step(bowl)
    assert rule.step(bowl) == plus(*(update.work for update in law(Optimizing(optimizer="nesterov"), MIXED)[0]))


def test_experts_are_matrices_of_their_own_to_muon() -> None:
    bowl = Bowl([(3, 2, 4)], 1)
    rule = plain_matrices.Muon(bowl.start, stack=1)
    muon = Optimizing(optimizer="muon", weight_decay=False)
    work = plus(muon.each(Weight((3, 2, 4), stack=1)).work, muon.once(24).work)
    assert rule.step(bowl) == work
    assert muon.each(Weight((3, 4), stack=1)).state.keys() == {"exp_avg", "exp_avg_sq"}


def test_a_table_of_tokens_is_adamws_to_muon() -> None:
    muon, adamw = Optimizing(optimizer="muon"), Optimizing(optimizer="adamw")
    assert muon.each(Weight((50, 8), hidden=False)) == adamw.each(Weight((50, 8)))
