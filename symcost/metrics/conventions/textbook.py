"""The CNN guide's convention."""

from symcost.metrics.convention import Convention, Training

CONVENTION = Convention(
    name="textbook",
    about="2 FLOPs per MAC without bias; pooling by window; ReLU 1, batch norm 4 per element; other work 1, tanh 5",
    source="layer-by-layer tables of CNN courses: conv 2 C K^2 D H' W', max pool K^2 and average pool 2 K^2 per output",
    prices={"mac": 2, "tanh": 5},  # (e - 1)/(e + 1) with e = exp(2 x)
    other=1,
    by_op={
        "conv*": {},
        "linear": {},
        "bilinear": {},
        "*max_pool*": {"taps": 1},
        "*avg_pool*": {"taps": 2},
        "relu": {"out": 1},
        "batch_norm": {"out": 4},
    },
    training=Training("each gradient of a contraction is one more; other work at its prices"),
)
