"""The rules that are counted are torch's, or else timm's: both go the same way, and keep the same."""

from __future__ import annotations

from collections.abc import Callable
from importlib import import_module
from itertools import pairwise
from typing import Any

import numpy as np
import pytest

from symcost.optimizers.muon import Muon
from symcost.optimizers.optimizer import Weight
from symcost.optimizers.reading import optimizer
from tests.ops.counting import uncounted
from tests.optimizers.plain import DECAY, EPS, FADE, FADE2, RATE
from tests.optimizers.plain_curvature import Lbfgs
from tests.optimizers.test_counts import MIXED, RULES, Bowl, Shapes

torch = pytest.importorskip("torch")
pytestmark = pytest.mark.oracle

FADING = {"momentum": FADE}
AVERAGED = {"betas": (FADE, FADE2), "eps": EPS}
TORCH: dict[str, tuple[str, dict[str, Any]]] = {
    "gradient_descent": ("SGD", {}),
    "momentum": ("SGD", FADING),
    "momentum:dampening=true": ("SGD", {**FADING, "dampening": 0.3}),
    "nesterov": ("SGD", {**FADING, "nesterov": True}),
    "adagrad": ("Adagrad", {"eps": EPS}),
    "adagrad:lr_decay=0.01": ("Adagrad", {"eps": EPS, "lr_decay": 0.01}),
    "rmsprop": ("RMSprop", {"alpha": FADE2, "eps": EPS}),
    "rmsprop:centered=true": ("RMSprop", {"alpha": FADE2, "eps": EPS, "centered": True}),
    "rmsprop:momentum=true": ("RMSprop", {"alpha": FADE2, "eps": EPS, **FADING}),
    "rmsprop:centered=true, momentum=0.9": ("RMSprop", {"alpha": FADE2, "eps": EPS, "centered": True, **FADING}),
    "adam": ("Adam", AVERAGED),
    "adam:amsgrad=true": ("Adam", {**AVERAGED, "amsgrad": True}),
    "adam:bias_correction=paper": ("Adam", AVERAGED),
    "adamw": ("AdamW", {**AVERAGED, "weight_decay": 0}),
    "adafactor": ("Adafactor", {"eps": (EPS, 1e-3), "d": 1.5}),
}
"""By text: torch's class, and its arguments."""
DECOUPLED = {"AdamW", "Adafactor", "Muon"}
MATRICES: Shapes = [(3, 4), (5, 2), (4, 4)]


def timms() -> Any:
    """Return timm's optimizers, for those that torch does not have."""
    try:
        return import_module("timm.optim")
    except (ImportError, RuntimeError) as error:  # torchvision, which timm wants, may be of another torch
        pytest.skip(f"timm is not to be had: {error}")


def both(text: str, name: str, arguments: dict[str, Any], shapes: Shapes, **options: Any) -> None:
    """Take five steps with the rule and with torch's, and compare weights and state."""
    kind, own = RULES[text]
    bowl = Bowl(shapes, 3)
    rule = kind(bowl.start, **own, **options)
    weights = [torch.nn.Parameter(torch.tensor(w)) for w in bowl.start]
    home = torch.optim if hasattr(torch.optim, name) else timms()
    made = getattr(home, name)(weights, lr=RATE, **arguments)
    for _ in range(5):
        rule.step(bowl)
        for w, g in zip(weights, bowl([w.detach().numpy() for w in weights])[1], strict=True):
            w.grad = torch.tensor(g)
        if "clip" in options:
            torch.nn.utils.clip_grad_norm_(weights, options["clip"])
        made.step()
        for ours, theirs in zip(rule.weights, weights, strict=True):
            np.testing.assert_allclose(uncounted(ours).ravel(), theirs.detach().numpy().ravel(), rtol=1e-9, atol=1e-12)
    for w in weights:
        kept = {key: tuple(v.shape) for key, v in made.state[w].items() if key != "step" and v is not None}
        assert kept == optimizer(text).each(Weight(tuple(w.shape))).state


@pytest.mark.parametrize("text", TORCH)
def test_the_rule_is_torchs(text: str) -> None:
    both(text, *TORCH[text], MIXED)


@pytest.mark.parametrize("text", [text for text in TORCH if TORCH[text][0] not in DECOUPLED])
def test_coupled_weight_decay_is_torchs(text: str) -> None:
    name, arguments = TORCH[text]
    both(text, name, {**arguments, "weight_decay": DECAY}, MIXED, decay="coupled")


@pytest.mark.parametrize("text", ["adamw", "adafactor"])
def test_decoupled_weight_decay_is_torchs(text: str) -> None:
    name, arguments = TORCH[text]
    both(text, name, {**arguments, "weight_decay": DECAY}, MIXED, decay="decoupled")


@pytest.mark.parametrize("decay", [None, "decoupled"])
def test_lion_is_timms(decay: str | None) -> None:
    both("lion", "Lion", {"betas": (FADE, FADE2), "weight_decay": DECAY if decay else 0}, MIXED, decay=decay)


@pytest.mark.parametrize("decay", [None, "in_step"])
def test_lamb_is_timms(decay: str | None) -> None:
    arguments = {**AVERAGED, "max_grad_norm": None, "always_adapt": True, "weight_decay": DECAY if decay else 0}
    both("lamb", "Lamb", arguments, MIXED, decay=decay)


def test_clipping_is_torchs() -> None:
    both("momentum", "SGD", FADING, MIXED, clip=0.5)


@pytest.mark.parametrize("text", ["muon", "muon:nesterov=false, ns_steps=3"])
def test_muon_on_matrices_is_torchs(text: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(torch.Tensor, "bfloat16", lambda tensor: tensor.clone())  # torch iterates in a lower precision
    own = optimizer(text)
    assert isinstance(own, Muon)
    steps = {"nesterov": own.nesterov, "ns_steps": own.ns_steps}
    arguments = {**FADING, **steps, "weight_decay": DECAY}
    both(text, "Muon", arguments, MATRICES, decay="decoupled")


@pytest.mark.parametrize("history", [1, 3])
def test_lbfgs_is_torchs(history: int) -> None:
    bowl = Bowl(MIXED, 3)
    rule = Lbfgs(bowl.start, history=history)
    weights = [torch.nn.Parameter(torch.tensor(w)) for w in bowl.start]
    made = torch.optim.LBFGS(weights, lr=RATE, max_iter=1, history_size=history)

    def closure() -> Any:
        loss, gradients = bowl([w.detach().numpy() for w in weights])
        for w, g in zip(weights, gradients, strict=True):
            w.grad = torch.tensor(g)
        return torch.tensor(loss)

    first = float(np.abs(rule.flat([g * 1.0 for g in map(np.atleast_1d, bowl(bowl.start)[1])])).sum())
    made.param_groups[0]["lr"] = RATE * max(1.0, first)  # torch shortens the first step
    for _ in range(6):
        rule.step(bowl)
        made.step(closure)
        made.param_groups[0]["lr"] = RATE
        for ours, theirs in zip(rule.weights, weights, strict=True):
            np.testing.assert_allclose(uncounted(ours).ravel(), theirs.detach().numpy().ravel(), rtol=1e-7, atol=1e-9)


def test_an_average_of_the_weights_is_torchs() -> None:
    kind, own = RULES["sgd"]
    bowl = Bowl(MIXED, 3)
    rule = kind(bowl.start, **own, ema=0.99)
    module = torch.nn.ParameterList([torch.tensor(w) for w in bowl.start])
    averaged = torch.optim.swa_utils.AveragedModel(
        module, multi_avg_fn=None, avg_fn=torch.optim.swa_utils.get_ema_avg_fn(0.99)
    )
    for _ in range(4):
        rule.step(bowl)
        for parameter, w in zip(module, rule.weights, strict=True):
            parameter.data = torch.tensor(uncounted(w)).reshape(parameter.shape)
        averaged.update_parameters(module)
    for state, theirs in zip(rule.state, averaged.module, strict=True):
        np.testing.assert_allclose(uncounted(state["ema"]).ravel(), theirs.detach().numpy().ravel(), rtol=1e-12)


@pytest.mark.filterwarnings("ignore:.torch.jit.script. is deprecated:DeprecationWarning")  # torch's own jvp calls it
def test_a_product_with_the_hessian_takes_two_passes_forward_and_back() -> None:
    """Forward over reverse, torch takes just that; reverse over reverse, two products less in the first layer."""
    sizes, batch = (7, 11, 13, 5), 17
    weights = [torch.randn(n, m, requires_grad=True) for m, n in pairwise(sizes)]
    along = tuple(map(torch.randn_like, weights))
    first = batch * sizes[0] * sizes[1]

    def loss(*layers: Any) -> Any:
        x = torch.ones(batch, sizes[0])
        for layer in layers:
            x = torch.tanh(x @ layer.t())
        return x.square().sum()

    def reverse() -> None:
        gradients = torch.autograd.grad(loss(*weights), weights, create_graph=True)
        torch.autograd.grad(gradients, weights, along)

    gradient = macs(lambda: torch.autograd.grad(loss(*weights), weights))
    ahead = macs(lambda: torch.func.jvp(torch.func.grad(loss, argnums=(0, 1, 2)), tuple(weights), along))
    assert ahead - gradient == 2 * gradient
    assert macs(reverse) - gradient == 2 * gradient - 2 * first


def macs(run: Callable[[], Any]) -> int:
    with import_module("torch.utils.flop_counter").FlopCounterMode(display=False) as counter:
        run()
    found: int = counter.get_total_flops()
    return found // 2
