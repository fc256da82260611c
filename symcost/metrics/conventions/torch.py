"""PyTorch's FlopCounterMode."""

from symcost.metrics.convention import Convention, Training

CONVENTION = Convention(
    name="torch",
    about="2 FLOPs per MAC of convolutions and matrix products; nothing else is counted",
    source="torch.utils.flop_counter.FlopCounterMode, PyTorch 2.13",
    prices={"mac": 2},
    by_op={"bilinear": {"mac": 0}},  # aten::_trilinear is not among the operators it knows
    training=Training("the same operators, in the backward pass"),
)
