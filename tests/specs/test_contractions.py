"""What contractions write, in the networks that step through sequences: the elements that torch's products give out."""

from __future__ import annotations

import pytest

from symcost.algebra.poly import evaluate
from tests.specs.test_truth import cost, sizes, truth

COUNTERPARTS = {
    "mamba_130m": "transformers/mamba-130m",
    "mamba_370m": "transformers/mamba-370m",
    "mamba_790m": "transformers/mamba-790m",
    "mamba2_130m": "transformers/mamba2-130m",
    "sequencer2d_s": "timm/sequencer2d_s",
}


@pytest.mark.parametrize(("name", "other"), COUNTERPARTS.items())
def test_elements_are_those_of_torch(name: str, other: str) -> None:
    for row in truth()[other]:
        env = cost(name).bindings(sizes(row))
        assert evaluate(cost(name).poly("contraction_outputs"), env) == row["gemm_output_elems"], env
