"""The memory of a training step against torch: every storage that a step on a CPU allocates, until it is freed.

The step is that of a micro-batch that is not the first: weights have gradients already, so new ones are made and added.
The peaks are the same to the byte. Torch's schedule differs from ours in what follows; the nets and the loss here are
made so that it does not show:

* Torch's caller holds what the network gives back, and its gradient, through all of the backward pass. The loss here
  lets go of both, as ours does.
* The gradient of a bias is made after the layer has let go of what it keeps; ours is made beside it.
* On a CPU, dropout keeps its mask as numbers, not as bytes: here a precision says so.
* ``checkpoint`` in its older, reentrant form holds what the segment makes until the segment's backward pass has ended;
  compared is the newer form.
"""

from __future__ import annotations

import importlib
import weakref
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from typing import Any, NamedTuple

import pytest

import symcost
from symcost.algebra.poly import evaluate

DISPATCH = "torch.utils._python_dispatch"
torch = pytest.importorskip("torch")
pytestmark = pytest.mark.oracle
nn: Any = torch.nn
Module: Any = nn.Module
Function: Any = torch.autograd.Function
TorchDispatchMode: Any = importlib.import_module(DISPATCH).TorchDispatchMode
Build = Callable[[], Any]
LOSS = 8
"""Bytes of the loss and of its gradient."""


class Allocations(TorchDispatchMode):
    """Storages that ops make, as long as they are there."""

    def __init__(self, *known: Any) -> None:
        super().__init__()
        self.seen = {id(t.untyped_storage()) for t in known}
        self.alive: dict[int, tuple[int, Any]] = {}
        self.here: int = 0
        self.peak: int = 0

    def __torch_dispatch__(self, func: Any, types: Any, args: Any = (), kwargs: Any = None) -> Any:
        out = func(*args, **(kwargs or {}))
        for tensor in out if isinstance(out, (tuple, list)) else (out,):
            if isinstance(tensor, torch.Tensor):
                self.note(tensor.untyped_storage())
        return out

    def note(self, storage: Any) -> None:
        if id(storage) in self.alive or id(storage) in self.seen or not storage.nbytes():
            return
        gone = weakref.ref(storage, partial(self.free, id(storage)))
        self.alive[id(storage)] = storage.nbytes(), gone
        self.here += storage.nbytes()
        self.peak = max(self.peak, self.here)

    def free(self, key: int, _: Any) -> None:
        size, _ref = self.alive.pop(key)
        self.here -= size


class Loss(Function):
    """Reads the outputs once more when their gradient is made, and then lets go of both."""

    @staticmethod
    def forward(ctx: Any, out: Any) -> Any:
        ctx.save_for_backward(out)
        return out.new_zeros(())

    @staticmethod
    def backward(ctx: Any, _: Any) -> Any:
        (out,) = ctx.saved_tensors
        return torch.ones_like(out)


def measured(net: Any, data: Any) -> int:
    """Return the most bytes that a step allocates at once, its input among them."""
    for weight in net.parameters():
        weight.grad = torch.zeros_like(weight)
    state = [*net.parameters(), *net.buffers(), *(weight.grad for weight in net.parameters())]
    net.train()
    with Allocations(data, *state) as found:
        Loss.apply(net(data)).backward()
    peak: int = found.peak + data.untyped_storage().nbytes() - LOSS
    return peak


def ours(folder: Path, net: Net) -> int:
    path = folder / "net.yaml"
    steps = "".join(f"  - {step}\n" for step in net.steps)
    path.write_text(f"symcost: 1\nname: net\nsymbols: {net.symbols}\ninputs: {{x: {net.shape}}}\nmodel:\n{steps}")
    cost = symcost.load(path).under(micro_batches=2, **net.setup).cost()
    return int(evaluate(cost.poly("step_peak_bytes"), cost.bindings()))


class Residual(Module):
    def __init__(self, *steps: Any) -> None:
        super().__init__()
        self.main = nn.Sequential(*steps)

    def forward(self, x: Any) -> Any:
        return x + self.main(x)


class Checkpointed(Residual):
    def forward(self, x: Any) -> Any:
        from torch.utils.checkpoint import checkpoint, set_checkpoint_early_stop

        with set_checkpoint_early_stop(False):
            return checkpoint(self.main, x, use_reentrant=False, preserve_rng_state=False)


class Net(NamedTuple):
    """A net in our words and in torch's.

    Attributes:
        steps: of the spec.
        build: torch's.
        setup: what it is trained with.
        image: whether it takes images.
        rounds: the value of L.
    """

    steps: tuple[str, ...]
    build: Build
    setup: Mapping[str, Any] = {}
    image: bool = False
    rounds: int = 3

    @property
    def symbols(self) -> str:
        return f"{{B: {B}, C: {C}, H: 32, W: 32, L: {self.rounds}}}"

    @property
    def shape(self) -> str:
        return "[B, 3, H, W]" if self.image else "[B, C]"

    def data(self) -> Any:
        return torch.randn((B, 3, 32, 32) if self.image else (B, C))


B, C = 16, 24


def dense(n: int, m: int) -> Any:
    return nn.Linear(n, m, bias=False)


def conv(n: int, m: int, kernel: int = 3, stride: int = 1) -> Any:
    return nn.Conv2d(n, m, kernel, stride, padding=(kernel - 1) // 2, bias=False)


def block() -> Any:
    return Residual(nn.LayerNorm(C), dense(C, 4 * C), nn.GELU(), dense(4 * C, C))


def normed(n: int, m: int, stride: int = 1) -> tuple[Any, ...]:
    return conv(n, m, 3, stride), nn.BatchNorm2d(m)


def pooled(n: int) -> tuple[Any, ...]:
    return nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(n, 10)


def dense_step(out: str) -> str:
    return f"linear: {{out: {out}, bias: false}}"


def conv_step(out: str, stride: int = 1) -> str:
    return f"conv2d: {{out: {out}, kernel: 3, stride: {stride}, padding: same, bias: false}}"


BLOCK = f"residual: [layer_norm, {dense_step('4*C')}, gelu, {dense_step('C')}]"
DEEP = (dense_step("C"), f"{{repeat: L, do: [{BLOCK}]}}", dense_step("10"))
NETS = {
    "written over": Net(
        (dense_step("4*C"), "relu", dense_step("C"), "relu", "linear: 10"),
        lambda: nn.Sequential(dense(C, 4 * C), nn.ReLU(True), dense(4 * C, C), nn.ReLU(True), nn.Linear(C, 10)),
    ),
    "outputs kept": Net(
        (dense_step("2*C"), "sigmoid", dense_step("3*C"), "tanh", dense_step("50*C")),
        lambda: nn.Sequential(dense(C, 2 * C), nn.Sigmoid(), dense(2 * C, 3 * C), nn.Tanh(), dense(3 * C, 50 * C)),
    ),
    "dropout": Net(
        (dense_step("4*C"), "dropout: 0.5", dense_step("C"), "dropout: 0.5", dense_step("2*C")),
        lambda: nn.Sequential(dense(C, 4 * C), nn.Dropout(), dense(4 * C, C), nn.Dropout(), dense(C, 2 * C)),
        {"precision": "fp32:mask=fp32"},
    ),
    "residual": Net(DEEP, lambda: nn.Sequential(dense(C, C), *(block() for _ in range(3)), dense(C, 10))),
    "many rounds": Net(
        DEEP, lambda: nn.Sequential(dense(C, C), *(block() for _ in range(12)), dense(C, 10)), rounds=12
    ),
    "checkpoints": Net(
        DEEP,
        lambda: nn.Sequential(dense(C, C), *(Checkpointed(block()) for _ in range(3)), dense(C, 10)),
        {"checkpoint": "full"},
    ),
    "checkpoints of two": Net(
        DEEP,
        lambda: nn.Sequential(dense(C, C), *(Checkpointed(block(), block()) for _ in range(4)), dense(C, 10)),
        {"checkpoint": "every", "checkpoint_every": 2},
        rounds=8,
    ),
    "convolutions": Net(
        (conv_step("C"), "batch_norm", "relu", conv_step("2*C", 2), "batch_norm", "relu", "global_avg_pool",
         "linear: 10"),
        lambda: nn.Sequential(
            *normed(3, C), nn.ReLU(True), *normed(C, 2 * C, 2), nn.ReLU(True), *pooled(2 * C)
        ),
        image=True,
    ),
    "residual convolutions": Net(
        (conv_step("C"), "batch_norm", "relu",
         f"{{repeat: L, do: [{{residual: [{conv_step('C')}, batch_norm, relu, {conv_step('C')}, batch_norm]}}, relu]}}",
         "global_avg_pool", "linear: 10"),
        lambda: nn.Sequential(
            *normed(3, C),
            nn.ReLU(True),
            *(nn.Sequential(Residual(*normed(C, C), nn.ReLU(True), *normed(C, C)), nn.ReLU(True)) for _ in range(3)),
            *pooled(C),
        ),
        image=True,
    ),
    "pooling": Net(
        (conv_step("C"), "relu", "max_pool2d: {kernel: 3, stride: 2, padding: 1}", conv_step("2*C"), "relu",
         "global_avg_pool", "linear: 10"),
        lambda: nn.Sequential(
            conv(3, C), nn.ReLU(True), nn.MaxPool2d(3, 2, 1), conv(C, 2 * C), nn.ReLU(True), *pooled(2 * C)
        ),
        image=True,
    ),
}  # fmt: skip


@pytest.mark.parametrize("name", NETS)
def test_peak_is_that_of_torch(name: str, tmp_path: Path) -> None:
    net = NETS[name]
    torch.manual_seed(0)
    assert ours(tmp_path, net) == measured(net.build(), net.data())
