"""The complexity that RegNet's code base computes."""

from symcost.metrics.convention import Convention

CONVENTION = Convention(
    name="pycls",
    about="1 per MAC of convolutions and linear layers and 1 per element of their biases; nothing else is counted",
    source="facebookresearch/pycls, gen_complexity functions in pycls/models/blocks.py; Radosavovic et al. 2020 "
    "(arXiv:2003.13678), section 3.1",
    prices={"mac": 1},
    unit="MACs",
    by_op={"conv*": {"bias": 1}, "linear": {"bias": 1}, "batch_norm": {}, "layer_norm": {}},
    closed=True,
)
