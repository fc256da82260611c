"""Serving a decoder: a pass over the prompt, and then a pass for every token, each after all tokens before it.

The first does the work of many tokens for one reading of the weights; the others read all weights, and keys and values
of all tokens before, for one token of each sequence, so that they are bound by memory until the batch is large (Pope et
al. 2022, arXiv:2211.05102, section 2). Batching of sequences that come and go is not modelled: all of a batch begin and
end together.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass
from fractions import Fraction
from typing import Any

from symcost.algebra.atoms import Number, exact
from symcost.algebra.poly import evaluate, substitute
from symcost.architecture import Architecture
from symcost.cost import Cost
from symcost.errors import UsageError
from symcost.table import Column, Table, Tabled

DECODE, CACHED, NEW, BATCH = "decode", "S", "T", "B"
"""The flag of a pass that goes on after a cache, and sizes of cache, pass and batch, as shipped decoders call them."""


@dataclass(frozen=True)
class Serving(Tabled):
    """How a batch of sequences is served.

    Attributes:
        name: of the network.
        device: what it runs on, in words.
        batch: sequences.
        prompt: tokens that each begins with.
        generated: tokens that each is given.
        prefill_s: seconds until the first token.
        decode_s: seconds of all other tokens.
        kv_bytes: bytes of keys and values at the end.
        weight_bytes: bytes of the weights.
    """

    name: str
    device: str
    batch: int
    prompt: int
    generated: int
    prefill_s: Fraction
    decode_s: Fraction
    kv_bytes: Number
    weight_bytes: Number

    @property
    def token_s(self) -> Fraction:
        """Seconds from one token of a sequence to the next, on average; 0 where there is only one."""
        return self.decode_s / (self.generated - 1) if self.generated > 1 else Fraction(0)

    @property
    def tokens_per_s(self) -> Fraction:
        """Tokens of all sequences that are made in a second, the time over the prompt included."""
        return self.batch * self.generated / (self.prefill_s + self.decode_s)

    def table(self) -> Table:
        """Return what is measured of serving, a row each."""
        columns = (Column("of serving", kind="text"), Column("amount"), Column("unit", kind="text"))
        rows = (
            ("first token", exact(self.prefill_s), "seconds"),
            ("each token after it", exact(self.token_s), "seconds"),
            ("all tokens", exact(self.prefill_s + self.decode_s), "seconds"),
            ("rate", exact(self.tokens_per_s), "tokens/s"),
            ("weights", self.weight_bytes, "bytes"),
            ("keys and values at the end", self.kv_bytes, "bytes"),
        )
        sequences = f"{self.batch} sequence{'s' * (self.batch != 1)}"
        said = f"{self.name}: {sequences} of {self.prompt} tokens, {self.generated} more each; {self.device}"
        return Table(columns, rows, said)


def serving(
    network: Architecture, prompt: int, generated: int, *, at: Mapping[str, Number | str] | None = None
) -> Serving:
    """Return how a batch of sequences is served by a decoder under a setup with a device.

    Args:
        network: a decoder with a flag ``decode`` and sizes B, T and S.
        prompt: tokens that each sequence begins with, at least 1.
        generated: tokens that each is given, at least 1; the first comes with the pass over the prompt.
        at: values of other sizes; defaults fill the rest.

    Raises:
        UsageError: the network is no such decoder, a number of tokens is none, no device is named, or workers do not
            have all layers and weights.
        SpecError: a value is refused.
    """
    if min(prompt, generated) < 1:
        raise UsageError(f"a prompt and what follows it have at least 1 token, got {prompt} and {generated}")
    _whole(network)
    first, after = _passes(network)
    begun = first.bindings({**(at or {}), NEW: prompt})
    ends = after.bindings({**(at or {}), NEW: 1, CACHED: prompt + generated - 1})
    once = after.poly("forward_s")
    held = first.poly("kv_bytes"), begun
    if generated > 1:
        held = after.poly("kv_bytes"), {**ends, CACHED: prompt + generated - 2}
    grows = substitute(once, {size: value for size, value in ends.items() if size != CACHED})
    later = (evaluate(grows, {CACHED: prompt + made}) for made in range(generated - 1))
    return Serving(
        name=network.name,
        device=network.setup.hardware.said(),
        batch=int(begun[BATCH]),
        prompt=prompt,
        generated=generated,
        prefill_s=Fraction(evaluate(first.poly("forward_s"), begun)),
        decode_s=sum(map(Fraction, later), Fraction(0)),
        kv_bytes=evaluate(*held),
        weight_bytes=evaluate(first.poly("weight_bytes"), begun),
    )


def _whole(network: Architecture) -> None:
    """Refuse workers whose pass is not that of a token: of one stage, or without weights that others hold."""
    workers = network.setup.workers
    if workers.pipeline_parallel != 1:
        raise UsageError("pipeline_parallel: a token passes all stages, and serving is told of one; leave it out")
    if workers.zero == 3 and workers.data_parallel != 1:
        raise UsageError("zero = 3: every token would wait for weights of other workers; leave it out of serving")


def _passes(network: Architecture) -> tuple[Cost, Cost]:
    """Return the costs of a pass over a prompt and of one after a cache."""
    flags = {name for name, declared in network.spec.symbols.items() if declared.kind == "flag"}
    if DECODE not in flags:
        raise UsageError(f"{network.name} is no decoder that goes on after a cache: it has no flag '{DECODE}'")
    last: dict[str, Any] = {"last_logits": True} if "last_logits" in flags else {}
    first, after = network.cost(**last), network.cost(decode=True)
    for cost, names in ((first, (BATCH, NEW)), (after, (BATCH, NEW, CACHED))):
        if missing := [name for name in names if name not in cost.symbols]:
            raise UsageError(f"{network.name} has no size {missing[0]} to serve with")
    return first, after
