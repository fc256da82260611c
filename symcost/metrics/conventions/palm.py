"""PaLM's model FLOPs utilization."""

from symcost.metrics.convention import Convention, Training

CONVENTION = Convention(
    name="palm",
    about="2 FLOPs per parameter and token, each tensor once, and 2 per MAC of attention, all pairs; 6 N + 12 L h q T "
    "for training",
    source="Chowdhery et al. 2022 (arXiv:2204.02311), appendix B",
    prices={"mac": 2},
    by_op={
        "*[reused]": {"mac": 0},
        "matmul": {},
        "scaled_dot_product_attention": {},
        "linear": {"mac": 0, "params": 2},
        "embedding": {"params": 2},
        "position_embedding": {"params": 2},
        "*norm": {"params": 2},
        "bias": {"params": 2},
    },
    closed=True,
    training=Training("the same: 6 N + 12 L h q T for each token", passes=3),
)
