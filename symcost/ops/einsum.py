"""Sums of products, written with letters."""

import re
from dataclasses import dataclass, field, replace
from typing import Literal

from symcost.algebra.needs import Equal, Need
from symcost.algebra.poly import Num, constant
from symcost.ops.case import Case
from symcost.ops.facts import INPUT, Facts, Kept, Shape, Work, numel
from symcost.ops.op import Axes, Op, Refused, shown
from symcost.ops.work import plus


class Einsum(Op):
    """Multiply tensors and sum over the letters that the result does not have, as torch.einsum.

    Shapes:      one for each operand, a letter for each axis; equal letters are equal sizes, and a letter twice in one
                 operand takes its diagonal -> the sizes of the letters after ``->``, or without it those that are
                 there once, in alphabetical order
    Weights:     none
    MACs:        operands are joined from left to right. A join that sums a letter of both takes one MAC for each
                 combination of all letters of the two. A letter of one operand alone that no later operand and no
                 result has is summed before
    Elementwise: a join that sums nothing takes mul 1 for each element it makes; a sum of n to m elements add n - m
    Backward:    the MACs of each join for each of its two sides, or mul 1 for each and add n - m where a side of m
                 elements was stretched to n. Keeps the operands of each join
    Source:      torch.einsum, where opt_einsum is not there to choose another order
    """

    op: Literal["einsum"] = "einsum"
    takes = ("...",)
    many = True

    equation: str

    def emit(self, a: Axes) -> Facts:
        terms, result = self._read(len(a.ins))
        sizes, needs = _sizes(terms, a.ins)
        walk = _Walk(sizes)
        for index, letters in enumerate(terms):
            later = "".join(terms[index + 1 :])
            walk.join(index, "".join(dict.fromkeys(letters)), later + result)
        out = tuple(sizes[letter] for letter in result)
        return Facts(
            outs=(out,),
            work=plus(*walk.work),
            contracted=walk.contracted,
            grad_input=plus(*walk.back),
            keeps=tuple(walk.keeps),
            view=not plus(*walk.work),
            needs=needs,
        )

    def _read(self, given: int) -> tuple[list[str], str]:
        """Return the letters of the operands and of the result."""
        left, arrow, right = self.equation.replace(" ", "").partition("->")
        terms = left.split(",")
        if re.search(r"[^A-Za-z,]", left) or re.search(r"[^A-Za-z]", right):
            raise Refused(f"equation is {self.equation}; it has letters, commas and one ->, and names every axis")
        if len(terms) != given:
            raise Refused(f"equation {self.equation} has {len(terms)} operands, got {given} inputs")
        every = "".join(terms)
        result = right if arrow else "".join(sorted(letter for letter in every if every.count(letter) == 1))
        strange = next((x for x in result if x not in every or result.count(x) > 1), None)
        if strange is not None:
            raise Refused(f"equation {self.equation} has {strange} in its result, but not once and in an operand")
        return terms, result


def _sizes(terms: list[str], shapes: tuple[Shape, ...]) -> tuple[dict[str, Num], tuple[Need, ...]]:
    """Return the size of each letter, and the conditions that it is the same everywhere."""
    sizes: dict[str, Num] = {}
    needs: list[Need] = []
    for letters, shape in zip(terms, shapes, strict=True):
        if len(letters) != len(shape):
            raise Refused(f"operand {letters} has {len(letters)} axes, got {shown(shape)}")
        for letter, size in zip(letters, shape, strict=True):
            known = sizes.setdefault(letter, size)
            if constant(known - size):
                raise Refused(f"{letter} is {known} and {size}; a letter is one size")
            needs += [Equal(known, size)] if known != size else []
    return sizes, tuple(needs)


@dataclass
class _Walk:
    """The joins from left to right: the letters that are left, and what it has taken to come there."""

    sizes: dict[str, Num]
    letters: str | None = None
    work: list[Work] = field(default_factory=list)
    back: list[Work] = field(default_factory=list)
    keeps: list[Kept] = field(default_factory=list)
    left: Kept = INPUT
    contracted: Num = 0

    def join(self, index: int, right: str, wanted: str) -> None:
        """Join what there is with an operand; letters that nothing later wants are summed."""
        own = Kept("input", index)
        if self.letters is None:
            self.letters, self.left = self._summed(right, wanted, own)
            return
        left, kept = self._summed(self.letters, wanted + right, self.left)
        right, own = self._summed(right, wanted + left, own)
        every = left + "".join(x for x in right if x not in left)
        self.letters = "".join(x for x in every if x in wanted)
        self._multiply(left, right, every)
        self.keeps += [replace(kept, to=(index,)), replace(own, to=tuple(range(index)))]
        self.left = Kept(f"join {index}", shape=self._shape(self.letters))

    def _multiply(self, left: str, right: str, every: str) -> None:
        n = self._count(every)
        if self.letters != every:
            self.contracted += self._count(self.letters or "")
            self.work.append({"mac": n})
            self.back.append({"mac": 2 * n})
        else:
            self.work.append({"mul": n})
            self.back.append({"mul": 2 * n, "add": 2 * n - self._count(left) - self._count(right)})

    def _summed(self, letters: str, wanted: str, kept: Kept) -> tuple[str, Kept]:
        """Sum over the letters that nothing wants."""
        rest = "".join(x for x in letters if x in wanted)
        if rest == letters:
            return letters, kept
        self.work.append({"add": self._count(letters) - self._count(rest)})
        return rest, Kept(f"sum {kept.what} {kept.index}", shape=self._shape(rest) or (1,))

    def _shape(self, letters: str) -> Shape:
        return tuple(self.sizes[x] for x in letters)

    def _count(self, letters: str) -> Num:
        return numel(self._shape(letters))


CASES = (
    Case({"equation": "bhtd,bhsd->bhts"}, ("B h T q", "B h S q"), "B h T S", macs="B*h*T*S*q",
         source="scores of attention: Vaswani et al. 2017"),
    Case({"equation": "bij,bjk,bkl->bil"}, ("2 3 4", "2 4 5", "2 5 6"), "2 3 6", macs=300,
         source="left to right: 2*3*4*5, then 2*3*5*6"),
    Case({"equation": "bte,e->bte"}, ("B T E", "E"), "B T E", work={"mul": "B*T*E"}, source="nothing is summed"),
    Case({"equation": "btd,bsc->btc"}, ("2 3 4", "2 5 6"), "2 3 6", work={"mul": 36, "add": 66},
         source="letters of one operand alone are summed before"),
    Case({"equation": "bii"}, ("2 3 3",), "2", work={"add": 4}, source="the sum of a diagonal, without an arrow"),
    Case({"equation": "bij->bji"}, ("B T E",), "B E T", source="a transpose"),
)  # fmt: skip
