"""Megatron-LM's model FLOPs."""

from symcost.metrics.convention import Convention, Training

CONVENTION = Convention(
    name="megatron",
    about="2 FLOPs per MAC of a transformer's matrix products, all pairs of attention and the logits among them",
    source="Narayanan et al. 2021 (arXiv:2104.04473), appendix: 72 B T L E^2 (1 + T/(6 E) + V/(12 L E)) for a step, "
    "96 and V/(16 L E) where layers run again (recompute=full); Megatron-LM now counts causal=half",
    prices={"mac": 2},
    by_op={
        "linear": {},
        "matmul": {},
        "scaled_dot_product_attention": {},
        "embedding": {},
        "position_embedding": {},
        "*norm": {},
        "bias": {},
    },
    closed=True,
    training=Training("the same: the backward pass takes twice the FLOPs of the forward pass", passes=3),
)
