"""DeepSpeed's flops profiler."""

from symcost.metrics.convention import Convention, Training

CONVENTION = Convention(
    name="deepspeed",
    about="2 FLOPs per MAC, biases of convolutions 1; per element norms 5, batch norm 2, activations, pooling 1",
    source="DeepSpeed 0.19, the functions patched in deepspeed/profiling/flops_profiler/profiler.py; calflops 0.3.2 "
    "counts by the same rules",
    prices={"mac": 2},
    by_op={
        "conv_transpose*": {},
        "conv*": {"bias": 1},
        "batch_norm": {"in": 1, "affine": 1},
        "layer_norm": {"in": 4, "affine": 1},
        "group_norm": {"in": 4, "affine": 1},
        "instance_norm": {"in": 4, "affine": 1},
        "relu": {"in": 1},
        "elu": {"in": 1},
        "prelu": {"in": 1},
        "leaky_relu": {"in": 1},
        "gelu": {"in": 1},
        "silu": {"in": 1},
        "softmax": {"in": 1},
        "upsample[size=none]": {"out": 1},
        "upsample": {"grid": 1},  # with a size it leaves out examples and channels
        "std_conv2d[gain=true]": {"bias": 1, "filters": 5},  # batch norm of the filters, as in training
        "std_conv2d": {"bias": 1, "filters": 4},
        "*_pool*": {"in": 1},
        "lstm": {"add": 1, "tanh": -3},  # the first of 8 sums of products has nothing to add to: 2 for each unit less
        "gru": {"add": 1, "tanh": -6},
        "rnn": {"add": 1, "tanh": -2, "compare": -2},
        "bilinear": {"mac": 0},
    },
    calls={"composed": {"scaled_dot_product_attention": {"exp": 1}, "linear": {"biases": 1}}},
    training=Training("the same: the backward pass takes twice the FLOPs of the forward pass", passes=3),
)
