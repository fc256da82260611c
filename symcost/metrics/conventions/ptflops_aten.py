"""ptflops, with its other backend."""

from symcost.metrics.convention import Convention

CONVENTION = Convention(
    name="ptflops_aten",
    about="1 per MAC of convolutions and matrix products, 1 per output for their biases",
    source="ptflops 0.7.5, backend aten: ATEN_OPS_MAPPING in ptflops/aten_ops.py",
    prices={"mac": 1},
    unit="MACs",
    by_op={
        "conv*": {"bias": 1},
        "std_conv2d": {"bias": 1},
        "linear": {"bias": 1},
        "continuous_position_bias": {"compare": 1},  # one for each hidden unit that has a bias
        "lstm": {"add": 1, "tanh": -4},  # of the additions those of biases: 8 for each unit, which has 2 tanh
        "gru": {"add": 1, "tanh": -7},
        "rnn": {"add": 1, "tanh": -1, "compare": -1},
        "bilinear": {"mac": 0},
    },
    calls={"apart": {"linear": {}}},
)
