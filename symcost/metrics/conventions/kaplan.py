"""Scaling laws of Kaplan et al."""

from symcost.metrics.convention import Convention, Training

CONVENTION = Convention(
    name="kaplan",
    about="2 N + 2 L T E FLOPs per token without embedding and logits; 6 N for training, attention left out",
    source="Kaplan et al. 2020 (arXiv:2001.08361), Table 1 and equation 2.2; biases, norms and the like are left out, "
    "and attention is charged 1 FLOP per MAC of scores and mixture, half of their price",
    prices={"mac": 2},
    by_op={
        "linear": {},
        "matmul": {"mac": 1},
        "scaled_dot_product_attention": {"mac": 1},
        "embedding": {},
        "position_embedding": {},
        "*norm": {},
        "bias": {},
    },
    closed=True,
    settings={"logits": "left_out"},
    training=Training("section 2.1: C is about 6 N", passes=3, settings={"attention": "left_out"}),
)
