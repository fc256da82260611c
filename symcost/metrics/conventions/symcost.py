"""The default convention."""

from symcost.metrics.convention import Convention, Training

CONVENTION = Convention(
    name="symcost",
    about="2 FLOPs per MAC, 1 per elementwise operation of any kind",
    source="symcost's own; an operation is one arithmetic operation of the op's definition",
    prices={"mac": 2},
    other=1,
    training=Training("what each op's docstring states of its gradients"),
)
