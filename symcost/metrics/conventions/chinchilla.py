"""Chinchilla's count."""

from symcost.metrics.convention import Convention, Training

CONVENTION = Convention(
    name="chinchilla",
    about="2 FLOPs per MAC, embedding as a product with one-hot rows, 3 per score for softmax",
    source="Hoffmann et al. 2022 (arXiv:2203.15556), appendix F; its Table A4 is reproduced without the embedding and "
    "the logits that the text counts (embedding=left_out, logits=left_out)",
    prices={"mac": 2},
    by_op={
        "linear": {},
        "matmul": {},
        "scaled_dot_product_attention": {"exp": 3},
        "softmax": {"out": 3},
        "embedding": {"params": 2},
        "position_embedding": {},
        "*norm": {},
        "bias": {},
    },
    closed=True,
    training=Training("appendix F: the backward pass takes twice the FLOPs of the forward pass", passes=3),
)
