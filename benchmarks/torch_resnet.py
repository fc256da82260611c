"""ResNet-50 in torch, for counters that need a model (He et al. 2015, Table 1; stride in the 3x3)."""

from __future__ import annotations

import torch
from torch import Tensor, nn


def unit(c: int, d: int, k: int = 1, s: int = 1) -> nn.Sequential:
    """Return convolution and batch norm."""
    return nn.Sequential(nn.Conv2d(c, d, k, s, k // 2, bias=False), nn.BatchNorm2d(d))


class Bottleneck(nn.Module):
    """1x1, 3x3, 1x1 with a shortcut."""

    def __init__(self, c: int, d: int, s: int = 1) -> None:
        super().__init__()
        self.main = nn.Sequential(unit(c, d), nn.ReLU(), unit(d, d, 3, s), nn.ReLU(), unit(d, 4 * d))
        self.shortcut = unit(c, 4 * d, 1, s) if s != 1 or c != 4 * d else nn.Identity()

    def forward(self, x: Tensor) -> Tensor:
        """Return relu(main(x) + shortcut(x))."""
        return torch.relu(self.main(x) + self.shortcut(x))


def stage(c: int, d: int, n: int, s: int) -> nn.Sequential:
    """Return n bottlenecks, the first of stride s."""
    return nn.Sequential(Bottleneck(c, d, s), *(Bottleneck(4 * d, d) for _ in range(n - 1)))


def resnet50() -> nn.Sequential:
    """Return the network."""
    stem = (unit(3, 64, 7, 2), nn.ReLU(), nn.MaxPool2d(3, 2, 1))
    body = (stage(64, 64, 3, 1), stage(256, 128, 4, 2), stage(512, 256, 6, 2), stage(1024, 512, 3, 2))
    return nn.Sequential(*stem, *body, nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(2048, 1000))
