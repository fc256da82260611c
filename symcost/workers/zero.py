"""What a step of data-parallel training keeps at each of n workers and sends between them, by the stages of ZeRO.

Every worker works on its own examples with the same parameters. Stage 0 keeps all states at each; the later ones keep
an n-th part each of the optimizer's state (1), of the gradients too (2), and of the parameters too (3, FSDP).
Source: Rajbhandari et al. 2020 (arXiv:1910.02054), sections 5 and 7.
"""

from __future__ import annotations

from collections.abc import Mapping
from typing import Literal

from symcost.algebra.division import div
from symcost.algebra.poly import Num, total

Role = Literal["parameters", "gradients", "optimizer"]
Stage = Literal[0, 1, 2, 3]

SHARED_OUT: Mapping[Stage, tuple[Role, ...]] = {
    0: (),
    1: ("optimizer",),
    2: ("optimizer", "gradients"),
    3: ("optimizer", "gradients", "parameters"),
}
"""Of which states each worker holds only its part."""


def held(states: Mapping[Role, Num], stage: Stage, n: Num) -> Num:
    """Return the bytes of states that one of n workers holds, of the bytes that a worker alone would.

    ``optimizer`` is all that only the update reads: moments, and a copy of the parameters in more digits.
    """
    return total((div(size, n) if role in SHARED_OUT[stage] else size, 1) for role, size in states.items())


def exchanged(
    parameters: Num, gradients: Num, stage: Stage, micro_batches: Num = 1
) -> tuple[tuple[str, Num, Num], ...]:
    """Return the collectives of a step among data-parallel workers: which, of how many bytes in all, and how often.

    Gradients of micro-batches are added up at each worker first; from stage 2 on no worker has room for all of them, so
    that each micro-batch is a round of its own. Parameters come together for the step, in stage 3 for each pass.

    Args:
        parameters: bytes of the parameters that layers work with.
        gradients: bytes of the gradients.
        stage: of ZeRO.
        micro_batches: forward and backward passes before an update.
    """
    if stage == 0:
        return (("all_reduce", gradients, 1),)
    rounds: Num = 1 if stage == 1 else micro_batches
    gathers: Num = 2 * micro_batches if stage == 3 else 1
    return (("reduce_scatter", gradients * rounds, rounds), ("all_gather", parameters * gathers, gathers))
