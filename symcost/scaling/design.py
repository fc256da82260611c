"""The largest network whose training on the best number of tokens stays within a budget."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction

from symcost.algebra.atoms import Number
from symcost.algebra.poly import evaluate
from symcost.cost import Cost
from symcost.errors import UsageError
from symcost.scaling.law import Allocation, law
from symcost.solver import Solution, solve


@dataclass(frozen=True)
class Design:
    """A network for a budget.

    Attributes:
        allocation: what the law says: parameters, tokens and loss, approximate.
        tokens: whole tokens to train on.
        solution: the largest size within the budget, with its certificate: exact.
        params: parameters of the network found.
        train_flops: FLOPs of training it on these tokens, recomputation left out; exact.
    """

    allocation: Allocation
    tokens: int
    solution: Solution
    params: Number
    train_flops: Number

    def __str__(self) -> str:
        return f"{self.solution}\n{self.params:,} parameters, {self.tokens:,} tokens"


def compute_optimal(
    cost: Cost, by: str, flops: float, for_: str, at: Mapping[str, Number | str] | None = None
) -> Design:
    """Return the largest size of a network that can be trained on D*(C) tokens within C FLOPs.

    What a token costs is the network's own exact ``train_flops`` under the cost's convention, not 6 N.

    Args:
        cost: of a language model, in sequences B of T tokens.
        by: name of the law that says how many tokens are best.
        flops: the budget C.
        for_: the size to find; others may follow it, as in ``at={"F": "4*E"}``.
        at: values of other sizes.

    Raises:
        UsageError: the network has no B or no T; or there is no such law or size.
        NoAnswer: no size is small enough.
        SpecError: a value is refused.
    """
    if missing := [name for name in ("B", "T") if name not in cost.symbols]:
        raise UsageError(f"{cost.name} has no {missing[0]}: a scaling law speaks of B sequences of T tokens")
    given = {"B": 1, **(at or {})}
    split = law(by).at(flops)
    tokens = int(split.tokens)
    plain = {name: value for name, value in given.items() if name != for_ and not _follows(value)}
    length = Fraction(cost.bindings(plain)["T"]) * Fraction(str(given["B"]))
    found = solve(cost, for_, f"train_flops <= {int(Fraction(flops) * length / tokens)}", given)
    env = {**found.at, found.unknown: found.answer}
    env |= {name: evaluate(size, env) for name, size in found.following.items()}
    step = evaluate(cost.poly("train_flops"), env)
    return Design(split, tokens, found, evaluate(cost.poly("params"), env), Fraction(step) * tokens / length)


def _follows(value: Number | str) -> bool:
    return isinstance(value, str) and not value.replace("/", "").replace(".", "").isdigit()
