"""The operation counts that torchvision prints beside its weights."""

from symcost.metrics.convention import Convention

CONVENTION = Convention(
    name="torchvision",
    about="1 MAC per MAC of convolutions and matrix products, which the tables call GFLOPS",
    source="torchvision 0.28, _ops in the metadata of weights; FlopCounterMode in test/common_extended_utils.py",
    prices={"mac": 1},
    unit="MACs",
)
