"""Collectives played message by message: what each of n workers has, who sends what to whom, and what that takes.

A round is a set of messages that go at once; a worker sends and receives at most one message in each, as the model of
the formulas has it. A round lasts as long as its longest message. Every play ends with what the collective promises.
"""

from __future__ import annotations

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

Block = dict[int, int]
"""Parts of the data by number; each a sum of what workers put in, worker w's part i being 10**w (i + 1)."""
Message = tuple[int, int, Block]
"""From whom, to whom, and what."""


@dataclass
class Play:
    """A play among n workers: what each has, and what was sent.

    Attributes:
        has: parts by worker.
        longest: elements of the longest message of every round.
        sent: elements that each worker sent.
    """

    has: list[Block]
    longest: list[int] = field(default_factory=list)
    sent: list[int] = field(default_factory=list)

    def round(self, messages: Iterable[Message], join: Callable[[int, int], int] = lambda _, new: new) -> None:
        """Send messages at once; what arrives is joined with what is there."""
        going = [(sender, to, dict(block)) for sender, to, block in messages]
        assert len({sender for sender, *_ in going}) == len({to for _, to, _ in going}) == len(going)
        self.sent = self.sent or [0] * len(self.has)
        for sender, to, block in going:
            self.sent[sender] += len(block)
            for part, value in block.items():
                there = self.has[to]
                there[part] = join(there[part], value) if part in there else value
        self.longest.append(max((len(block) for *_, block in going), default=0))


def value(worker: int, part: int) -> int:
    return (part + 1) * int(10**worker)


def everywhere(n: int, parts: int) -> Play:
    """Start with all parts at every worker, each its own."""
    return Play([{part: value(w, part) for part in range(parts)} for w in range(n)])


def whole(n: int, part: int) -> int:
    return sum(value(w, part) for w in range(n))


def add(a: int, b: int) -> int:
    return a + b


def only(block: Block, parts: Iterable[int]) -> Block:
    return {part: block[part] for part in parts}


# --- rings ----------------------------------------------------------------------------------------------------


def ring_reduce_scatter(n: int) -> Play:
    play = everywhere(n, n)
    for step in range(n - 1):
        play.round([(w, (w + 1) % n, only(play.has[w], [(w - step) % n])) for w in range(n)], join=add)
    for w in range(n):
        assert play.has[w][(w + 1) % n] == whole(n, (w + 1) % n)
    return play


def ring_all_gather(n: int) -> Play:
    play = Play([{w: value(w, w)} for w in range(n)])
    _gather_around(play, 0)
    return play


def _gather_around(play: Play, first: int) -> None:
    n = len(play.has)
    for step in range(n - 1):
        play.round([(w, (w + 1) % n, only(play.has[w], [(w + first - step) % n])) for w in range(n)])


def ring_all_reduce(n: int) -> Play:
    play = ring_reduce_scatter(n)
    _gather_around(play, 1)
    for block in play.has:
        assert block == {part: whole(n, part) for part in range(n)}
    return play


# --- trees ----------------------------------------------------------------------------------------------------


def tree_broadcast(n: int) -> Play:
    play = Play([{0: 7} if w == 0 else {} for w in range(n)])
    _tell(play)
    return play


def _tell(play: Play) -> None:
    n, reach = len(play.has), 1
    while reach < n:
        play.round([(w, w + reach, play.has[w]) for w in range(reach) if w + reach < n])
        reach *= 2
    assert all(block == play.has[0] for block in play.has)


def tree_all_reduce(n: int) -> Play:
    play = everywhere(n, 1)
    reach = 1 << (n - 1).bit_length() >> 1
    while reach:
        play.round([(w + reach, w, play.has[w + reach]) for w in range(reach) if w + reach < n], join=add)
        reach //= 2
    assert play.has[0] == {0: whole(n, 0)}
    _tell(play)
    return play


def scatter_all_gather(n: int) -> Play:
    """Halve what is sent on at each step of a tree, then pass parts around a ring."""
    play = Play([{part: part for part in range(n)} if w == 0 else {} for w in range(n)])
    reach = n // 2
    while reach:
        play.round([(w, w + reach, only(play.has[w], range(w + reach, w + 2 * reach))) for w in range(0, n, 2 * reach)])
        reach //= 2
    for w, block in enumerate(play.has):
        play.has[w] = only(block, [w])
    _gather_around(play, 0)
    assert all(len(block) == n for block in play.has)
    return play


# --- doubling and halving -------------------------------------------------------------------------------------


def doubling_all_reduce(n: int) -> Play:
    play, reach = everywhere(n, 1), 1
    while reach < n:
        play.round([(w, w ^ reach, play.has[w]) for w in range(n)], join=add)
        reach *= 2
    assert all(block == {0: whole(n, 0)} for block in play.has)
    return play


def halving_reduce_scatter(n: int) -> Play:
    play, reach = everywhere(n, n), n // 2
    while reach:
        theirs = {w: [part for part in play.has[w] if (part ^ w) & reach] for w in range(n)}
        play.round([(w, w ^ reach, only(play.has[w], theirs[w])) for w in range(n)], join=add)
        for w in range(n):
            play.has[w] = {part: v for part, v in play.has[w].items() if part not in theirs[w]}
        reach //= 2
    assert all(play.has[w] == {w: whole(n, w)} for w in range(n))
    return play


def doubling_all_gather(n: int) -> Play:
    play = Play([{w: value(w, w)} for w in range(n)])
    _double(play)
    return play


def _double(play: Play) -> None:
    n, reach = len(play.has), 1
    while reach < n:
        play.round([(w, w ^ reach, play.has[w]) for w in range(n)])
        reach *= 2
    assert all(len(block) == n for block in play.has)


def halving_doubling_all_reduce(n: int) -> Play:
    play = halving_reduce_scatter(n)
    _double(play)
    return play


def bruck_all_gather(n: int) -> Play:
    play, reach = Play([{w: value(w, w)} for w in range(n)]), 1
    while reach < n:
        more = min(reach, n - reach)
        play.round([(w, (w - reach) % n, only(play.has[w], [(w + i) % n for i in range(more)])) for w in range(n)])
        reach *= 2
    assert all(len(block) == n for block in play.has)
    return play


# --- all to all -----------------------------------------------------------------------------------------------


def pairwise_all_to_all(n: int) -> Play:
    """Part ``w n + i`` is what worker w has for worker i."""
    play = Play([{w * n + i: 1 for i in range(n)} for w in range(n)])
    for step in range(1, n):
        play.round([(w, (w + step) % n, only(play.has[w], [w * n + (w + step) % n])) for w in range(n)])
    assert all(w * n + i in play.has[i] for w in range(n) for i in range(n))
    return play


def bruck_all_to_all(n: int) -> Play:
    """At each step, what has still to go an odd multiple of the step goes on by the step."""
    play = Play([{w * n + i: 1 for i in range(n)} for w in range(n)])
    reach = 1
    while reach < n:
        going = {w: [part for part in play.has[w] if ((part % n - w) % n) & reach] for w in range(n)}
        leaving = [(w, (w + reach) % n, only(play.has[w], going[w])) for w in range(n)]
        for w in range(n):
            play.has[w] = {part: v for part, v in play.has[w].items() if part not in going[w]}
        play.round(leaving)
        reach *= 2
    assert all(set(play.has[i]) == {w * n + i for w in range(n)} for i in range(n))
    return play


def direct_message(n: int) -> Play:
    play = Play([{0: 1}, *({} for _ in range(n - 1))])
    play.round([(0, 1, play.has[0])])
    return play


PLAYS: dict[tuple[str, str], tuple[Callable[[int], Play], Callable[[int], int]]] = {
    ("all_reduce", "ring"): (ring_all_reduce, lambda n: n),
    ("all_reduce", "tree"): (tree_all_reduce, lambda _: 1),
    ("all_reduce", "recursive_doubling"): (doubling_all_reduce, lambda _: 1),
    ("all_reduce", "halving_doubling"): (halving_doubling_all_reduce, lambda n: n),
    ("reduce_scatter", "ring"): (ring_reduce_scatter, lambda n: n),
    ("reduce_scatter", "recursive_halving"): (halving_reduce_scatter, lambda n: n),
    ("all_gather", "ring"): (ring_all_gather, lambda n: n),
    ("all_gather", "recursive_doubling"): (doubling_all_gather, lambda n: n),
    ("all_gather", "bruck"): (bruck_all_gather, lambda n: n),
    ("broadcast", "tree"): (tree_broadcast, lambda _: 1),
    ("broadcast", "scatter_all_gather"): (scatter_all_gather, lambda n: n),
    ("all_to_all", "pairwise"): (pairwise_all_to_all, lambda n: n),
    ("all_to_all", "bruck"): (bruck_all_to_all, lambda n: n),
    ("point_to_point", "direct"): (direct_message, lambda _: 1),
}
"""How each is played, and of how many parts S is made."""
