"""ptflops, with its default backend."""

from symcost.metrics.convention import Convention

_TWICE = {"in": 2}
"""By the hook of the module, and again by that of the function that the module calls."""

CONVENTION = Convention(
    name="ptflops",
    about="1 per MAC, and 1 per element of biases, batch norm (2 with weights), pooling and activations, "
    "2 where a module calls a function that is counted as well",
    source="ptflops 0.7.5, backend pytorch: MODULES_MAPPING and FUNCTIONAL_MAPPING in ptflops/pytorch_ops.py",
    prices={"mac": 1},
    unit="MACs",
    by_op={
        "conv*": {"bias": 1},
        "linear": {"bias": 1},
        "continuous_position_bias": {"compare": 3},  # a hidden layer's bias, and its ReLU twice
        "lstm": {"add": 1, "tanh": 1},  # 10 for each unit, where there are 8 additions and 2 tanh, and biases
        "gru": {"add": 1},
        "rnn": {"add": 1},
        "batch_norm": {"in": 1, "affine": 1},
        "instance_norm": {"in": 1, "affine": 1},
        "group_norm": {"in": 1, "affine": 1},
        "layer_norm": {"in": 1},  # it looks for `affine`, which this module calls elementwise_affine
        "relu": _TWICE,
        "relu6": {"in": 1},
        "elu": _TWICE,
        "prelu": _TWICE,
        "gelu": _TWICE,
        "leaky_relu": {"in": 1},
        "silu": {"in": 1},
        "softmax": {"in": 1},
        "scaled_dot_product_attention": {"exp": 1, "out": 1},  # as nn.MultiheadAttention, which scales queries
        "multihead_attention[bias=true]": {"exp": 1, "out": 5},
        "multihead_attention": {"exp": 1, "out": 2},
        "max_pool*": _TWICE,
        "avg_pool*": _TWICE,
        "adaptive_*_pool*": _TWICE,
        "global_*_pool": _TWICE,
        "upsample": {"out": 2},
        "*": {"mac": 0},
    },
    calls={
        "function": {
            "relu": {"in": 1},
            "relu6": {"in": 1},
            "elu": {"in": 1},
            "prelu": {"in": 1},
            "gelu": {"in": 1},
            "silu": {"in": 1},
            "softmax": {"in": 1},
            "*_pool*": {"mac": 0, "in": 1},
            "upsample": {"out": 1},
            "matmul": {"mac": 1},
            "mul": {"out": 1},  # torch.mul; a product written with * is not seen
            "add": {"out": 1},
        },
        "own": {},
        "fused": {},
        "composed": {"scaled_dot_product_attention": {"exp": 1}, "linear": {"biases": 1}},
    },
)
