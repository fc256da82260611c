"""THOP, "PyTorch-OpCounter"."""

from symcost.metrics.convention import Convention

CONVENTION = Convention(
    name="thop",
    about="1 per MAC of layers; norms 4 per element (2 without weights), pooling, softmax and resampling by size; "
    "no attention, and nothing that is called as a function",
    source="thop 0.1.1, register_hooks in thop/profile.py, rules in thop/vision/calc_func.py",
    prices={"mac": 1},
    unit="MACs",
    by_op={
        "conv*": {"mac": 0, "window": 1},  # of a transposed convolution, too, at every output
        "linear": {},
        "continuous_position_bias": {},
        "lstm": {"add": 1},  # beside MACs as many for each unit as there are additions, those of biases too
        "gru": {"add": 1},
        "rnn": {"add": 1},
        "batch_norm": {"in": 2, "affine": 2},
        "layer_norm": {"in": 2, "affine": 2},
        "instance_norm": {"in": 2, "affine": 2},
        "softmax": {"exp": 1, "div": 1, "compare": 1},
        "avg_pool*": {"out": 1},
        "adaptive_avg_pool*": {"in": 1, "out": 1},
        "global_avg_pool": {"in": 1, "out": 1},
        "prelu": {"in": 1},
        "upsample[mode=nearest]": {"out": 1},
        "upsample[mode=linear]": {"out": 5},
        "upsample[mode=bilinear]": {"out": 11},
        "upsample[mode=bicubic]": {"out": 259},
        "*": {"mac": 0},
    },
    calls={"function": {}, "own": {}, "composed": {}, "fused": {}},
)
