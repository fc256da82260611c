"""Go through a grid block by block, keeping the frontier of what has been seen."""

from __future__ import annotations

from collections import Counter
from collections.abc import Iterator, Mapping
from importlib.util import find_spec
from itertools import islice, product
from typing import TYPE_CHECKING, Any

from symcost.algebra.poly import Num
from symcost.batch import Block, arrays, blocks, plain
from symcost.batch.bound import fits
from symcost.errors import NoAnswer, UsageError
from symcost.frontier.entry import Entry
from symcost.frontier.plain import Values, merged
from symcost.frontier.question import Question
from symcost.frontier.sample import kept, share_of
from symcost.frontier.sheet import Sheet

if TYPE_CHECKING:
    from symcost.frontier.front import Front

LARGEST = 10_000_000_000
LARGEST_PLAIN = 2_000_000
"""Designs of a grid, with NumPy and without."""
MOST_POINTS = {2: 200_000, 3: 200_000}
MOST_POINTS_OF_MANY = 20_000
"""Points of a frontier by the number of goals, and of more than three."""
STEP = 4096
"""Designs that are looked at between two reports of progress, without NumPy."""


class Survey:
    """A grid, partly seen.

    Attributes:
        question: what is asked.
        seen: designs looked at.
        at: values of the sizes off the grid.
        left_out: designs that break a condition, by its words.
        share: of the designs that are kept as a sample, in parts of 2**64.
        sample: values at some of the designs, goals negated where the greatest is asked for.
    """

    def __init__(self, question: Question, *, points: int | None = None, numpy: bool | None = None) -> None:
        """Prepare to look.

        Raises:
            UsageError: the grid is too large.
        """
        self.question = question
        self.points = points
        self.numpy = find_spec("numpy") is not None if numpy is None else numpy
        self.seen = 0
        self.at: Mapping[str, Num] = {}
        self.left_out: Counter[str] = Counter()
        self.sample: list[Values] = []
        self._front: dict[Values, Entry] = {}
        self._open: tuple[Sheet, Front] | None = None
        self.share = share_of(question.size)
        self._refuse_large()

    def entries(self) -> dict[Values, Entry]:
        """Return the frontier of what has been seen: the designs at each of its points."""
        if self._open is None:
            return self._front
        return _joined(self._front, *self._open)

    def run(self) -> Iterator[None]:
        """Look at all designs, with a pause after each block.

        Raises:
            NoAnswer: the frontier has too many points.
            SpecError: there is no network for any design.
        """
        for sheet in self.question.sheets():
            if isinstance(sheet, tuple):
                self.left_out[sheet[0]] += sheet[1]
                self.seen += sheet[1]
                yield
                continue
            self.at = self.at or sheet.at
            if self.numpy and sheet.names:
                yield from self._by_arrays(sheet)
            else:
                yield from self._one_by_one(sheet)

    def _refuse_large(self) -> None:
        size, most = self.question.size, LARGEST if self.numpy else LARGEST_PLAIN
        if size > most:
            way_out = "" if self.numpy else "; NumPy lifts that (pip install 'symcost[num]')"
            raise UsageError(f"the grid has {size:,} designs; at most {most:,} are compared{way_out}")

    def _refuse_many(self, count: int) -> None:
        most = MOST_POINTS.get(len(self.question.goals), MOST_POINTS_OF_MANY)
        if count > most:
            raise NoAnswer(f"more than {most:,} points are on the frontier; make the grid coarser")

    def _by_arrays(self, sheet: Sheet) -> Iterator[None]:
        from symcost.frontier.front import Front

        looker = _Looker(self, sheet)
        front = Front(len(self.question.goals))
        self._open = sheet, front
        for block in blocks(sheet.lengths, *(() if self.points is None else (self.points,))):
            looker.look(block, front)
            self._refuse_many(len(front.entries))
            yield
        self._open = None
        self._front = _joined(self._front, sheet, front)

    def _one_by_one(self, sheet: Sheet) -> Iterator[None]:
        goals, conditions = plain(sheet.goals.program), plain(sheet.conditions.program)
        designs = product(*(range(n) for n in sheet.lengths))
        while some := list(islice(designs, STEP)):
            found = []
            for place in some:
                env = {n: c[i] for n, c, i in zip(sheet.names, sheet.coordinates, place, strict=True)}
                broken = (words for words, holds in sheet.conditions.tested(conditions, env) if not holds)
                reason = next(broken, None)
                if reason is not None:
                    self.left_out[reason] += 1
                    continue
                where = sheet.offset + sum(i * s for i, s in zip(place, sheet.strides, strict=True))
                values = sheet.goals.values(sheet.goals.columns(goals.run(env)))
                found.append((values, Entry(1, (where,))))
                if kept(where, self.share):
                    self.sample.append(values)
            self._front = merged(self._front, found)
            self._refuse_many(len(self._front))
            self.seen += len(some)
            yield


class _Looker:
    """Looks at blocks of a sheet, by arrays."""

    def __init__(self, survey: Survey, sheet: Sheet) -> None:
        import numpy as np

        self.survey, self.sheet, self.np = survey, sheet, np
        programs = (sheet.goals.program, sheet.conditions.program)
        self.kinds = [not fits(program) for program in programs]
        self.goals, self.conditions = (
            arrays(program, wide=wide) for program, wide in zip(programs, self.kinds, strict=True)
        )

    def look(self, block: Block, front: Front) -> None:
        """Take the designs of a block into account."""
        allowed = self._allowed(block)
        self.survey.seen += len(block)
        if not allowed.any():
            return
        columns = self.sheet.goals.columns(self.goals.run(self._env(block, wide=self.kinds[0])))
        places = self._places(block)
        front.add(columns, allowed, places)
        self._sample(columns, allowed, places)

    def _allowed(self, block: Block) -> Any:
        np = self.np
        allowed = np.ones(block.shape, dtype=bool)
        for words, holds in self.sheet.conditions.tested(self.conditions, self._env(block, wide=self.kinds[1])):
            if np.all(holds):
                continue
            broken = int(np.count_nonzero(allowed & ~np.asarray(holds)))
            if broken:
                self.survey.left_out[words] += broken
            allowed = allowed & holds
        return allowed

    def _env(self, block: Block, *, wide: bool) -> dict[str, Any]:
        """Return an array for every symbol, along an axis of its own."""
        np = self.np
        kind = object if wide else np.int64
        spans = [c[start:end] for c, (start, end) in zip(self.sheet.coordinates, block.spans, strict=True)]
        each = [np.array(list(span) if wide else span, dtype=kind) for span in spans]
        return dict(zip(self.sheet.names, np.ix_(*each), strict=True))

    def _places(self, block: Block) -> list[Any]:
        """Return what each index along an axis adds to the place in the grid."""
        steps = [self.np.arange(*span) * s for span, s in zip(block.spans, self.sheet.strides, strict=True)]
        return [steps[0] + self.sheet.offset, *steps[1:]] if steps else []

    def _sample(self, columns: list[Any], allowed: Any, places: list[Any]) -> None:
        np = self.np
        place = np.add.reduce(np.broadcast_arrays(*np.ix_(*places)))
        at = np.nonzero(kept(place.astype(np.uint64), self.survey.share, np.uint64) & allowed)
        rows = (np.broadcast_to(column, allowed.shape)[at].tolist() for column in columns)
        self.survey.sample += [self.sheet.goals.values(row) for row in zip(*rows, strict=True)]


def _joined(front: Mapping[Values, Entry], sheet: Sheet, new: Front) -> dict[Values, Entry]:
    """Return a frontier joined with that of a sheet, whose points get their exact values here."""
    valued = ((sheet.goals.values(row), entry) for row, entry in new.entries.items())
    return merged(front, valued) if front else dict(valued)
