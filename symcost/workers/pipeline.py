"""Pipelines: p workers with a stage of the layers each, and m micro-batches that pass through them.

With interleaving every worker has v pieces of the layers in place of one, each p times v-th part; a micro-batch then
goes round v times. Source: Narayanan et al. 2021 (arXiv:2104.04473), section 2.2; memory of the first stage:
Korthikanti et al. 2022 (arXiv:2205.05198), section 4.2.3.
"""

from symcost.algebra.division import div
from symcost.algebra.maximum import minimum
from symcost.algebra.poly import Num


def bubble(stages: Num, micro_batches: Num, pieces: Num = 1) -> Num:
    """Return the time in which a worker waits over the time in which it works: (p - 1)/(v m)."""
    return div(stages - 1, pieces * micro_batches)


def seconds(work: Num, each: Num, stages: Num, micro_batches: Num, pieces: Num = 1) -> Num:
    """Return the time of a worker for a batch that is cut into m micro-batches: (1 + (p - 1)/(v m)) (W + m c).

    More of them leave less to wait for, and each costs something whatever its size, such as launches, messages and
    reading the weights. So the time is least at m = sqrt((p - 1) W/(v c)), which ``symcost.least`` gives.

    Args:
        work: W, the time of the whole batch where nothing waits.
        each: c, what a micro-batch takes besides its share of the work.
        stages: p.
        micro_batches: m.
        pieces: v.
    """
    return (1 + bubble(stages, micro_batches, pieces)) * (work + each * micro_batches)


def held(layers: Num, stages: Num, micro_batches: Num, pieces: Num = 1) -> Num:
    """Return what the first stage keeps for the backward pass, of what L layers keep of a micro-batch.

    One forward, one backward: p micro-batches are on their way when the first comes back, so that it is as much as all
    layers keep; with v > 1 pieces v p + p - 1 of p v, 1 + (p - 1)/(p v) times as much. Fewer micro-batches are less.

    Args:
        layers: what all layers keep of one micro-batch, in any unit.
        stages: p.
        micro_batches: m.
        pieces: v; more than one are for numbers of micro-batches that p divides.
    """
    on_their_way = stages if pieces == 1 else stages * pieces + stages - 1
    return div(layers * minimum((on_their_way, micro_batches * pieces), None), stages * pieces)


def handed_on(tensor: Num, micro_batches: Num, pieces: Num = 1) -> Num:
    """Return the bytes that a worker between two others sends in a step, of those that a layer hands on.

    Each piece sends its activations on and a gradient of the same size back, for every micro-batch.
    """
    return 2 * pieces * micro_batches * tensor
