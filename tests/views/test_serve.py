"""How a decoder is served, as a verb shows it."""

from __future__ import annotations

import symcost
from symcost.kernels import serving
from symcost.views.serve import serve


def test_what_fits_is_certified() -> None:
    network = symcost.load("llama3_8b").under(device="h100", precision="bf16")
    answer, fits = serve(network, serving(network, 2048, 2, at={"B": "8"}), {"B": "8"})
    found = answer.data
    assert fits and found["fits"]
    cost = network.cost(decode=True)
    for size, others in (("B", {"S": 2049}), ("S", {"B": 8})):
        largest = found["largest"][size]
        most = largest["answer"][size]
        assert cost.at(**{size: most, **others}).infer_bytes == int(largest["value"]["infer_bytes"]) <= 80 * 10**9
        assert cost.at(**{size: most + 1, **others}).infer_bytes == int(largest["next"]["infer_bytes"]) > 80 * 10**9


def test_what_does_not_fit_is_told() -> None:
    network = symcost.load("llama3_70b").under(device="h100", precision="bf16")
    answer, fits = serve(network, serving(network, 8, 1), {})
    told = str(answer)
    assert not fits and "\n\ndoes not fit: infer_bytes is above the 80,000,000,000 bytes of h100\n\n" in told
    assert "sequences at once: no B meets infer_bytes <= 80000000000: the least" in told
    least = network.cost(decode=True).at(S=1).infer_bytes
    assert least > 2 * 70_553_706_496  # of its published parameters
    assert f"{least:,} bytes, at S = 1" in told
