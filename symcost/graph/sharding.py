"""One network on several workers that each hold a part of its weights: which tensors are cut, and what is exchanged.

A layer whose input is whole makes a part of its outputs at each worker, one whose input is cut makes a sum over its
part, which is added up between the workers (Shoeybi et al. 2019, arXiv:1909.08053, section 3). What stands between
them carries cut tensors on where it can: how, each op says itself (``Op.shard``). A layer whose parts would meet an op
that needs all of them, as a norm does or a sum with a whole tensor, is left whole: every worker then does all of it.

What a worker runs is a network of its own, the same nodes with smaller sizes, so whatever is asked of a network can be
asked of a worker.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from functools import lru_cache

from symcost.algebra.needs import Need
from symcost.algebra.poly import Num
from symcost.graph.cutting import Attempt, Denied, Origin
from symcost.graph.exchange import Exchange
from symcost.graph.model import Graph


@dataclass(frozen=True, eq=False)
class Sharding:
    """How a network is shared out.

    Attributes:
        graph: what one worker runs.
        exchanges: what the workers send each other in a forward and a backward pass.
        whole: nodes with weights that every worker has all of.
        needs: what the sizes must be for the parts to be equal, each with the node that asks.
    """

    graph: Graph
    exchanges: tuple[Exchange, ...]
    whole: tuple[str, ...]
    needs: Mapping[Need, str]


@lru_cache(maxsize=16)
def by_tensors(graph: Graph, workers: Num, sequence: bool = False) -> Sharding:
    """Share out the weights of a network, and with ``sequence`` the tokens of what stays whole between cut layers.

    Sequence parallelism: Korthikanti et al. 2022 (arXiv:2205.05198), section 4.2.2. It takes tensors of three axes,
    the second of which are tokens.
    """
    return _shared(graph, workers, tensor=True, sequence=sequence)


@lru_cache(maxsize=16)
def by_tokens(graph: Graph, workers: Num) -> Sharding:
    """Share out the tokens of a network, the second axis of its inputs; every worker has all weights.

    Attention reads keys and values of all tokens, which go around a ring (Liu et al. 2023, arXiv:2310.01889).
    """
    return _shared(graph, workers, tensor=False, sequence=False)


def _shared(graph: Graph, workers: Num, *, tensor: bool, sequence: bool) -> Sharding:
    denied: frozenset[Origin] = frozenset()
    while True:
        attempt = Attempt(graph, workers, denied, tensor=tensor, sequence=sequence)
        try:
            attempt.run()
        except Denied as error:
            denied |= error.origins
            continue
        return Sharding(attempt.local(), tuple(attempt.exchanges), tuple(attempt.whole()), attempt.needs)
