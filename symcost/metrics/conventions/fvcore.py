"""fvcore's FlopCountAnalysis."""

from symcost.metrics.convention import Convention

CONVENTION = Convention(
    name="fvcore",
    about="1 per MAC, which it calls a flop; norms, adaptive pooling, resampling per element; no fused attention",
    source="fvcore 0.1.5, _DEFAULT_SUPPORTED_OPS in fvcore/nn/flop_count.py, rules in fvcore/nn/jit_handles.py",
    prices={"mac": 1},
    unit="MACs",
    by_op={
        "scaled_dot_product_attention": {"mac": 0},  # the operator has no handle
        "batch_norm": {"in": 1, "affine": 1},
        "group_norm": {"in": 4, "affine": 1},
        "layer_norm": {"in": 4, "affine": 1},
        "instance_norm": {"in": 4, "affine": 1},
        "adaptive_avg_pool2d": {"in": 1},
        "global_avg_pool": {"in": 1},
        "upsample[mode=nearest]": {"out": 1},
        "upsample[mode=bilinear]": {"out": 4},
        "bilinear": {"mac": 0},
        "std_conv2d[gain=true]": {"filters": 5},  # batch norm of the filters, as in training
        "std_conv2d": {"filters": 4},
        "lstm": {"mac": 0},
        "gru": {"mac": 0},
        "rnn": {"mac": 0},
    },
    untold=("multihead_attention",),  # of which it counts the projections only
    calls={"composed": {"scaled_dot_product_attention": {}, "linear": {}}, "fused": {}},
)
