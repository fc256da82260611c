"""What conventions differ in besides prices: switches, which a question can turn."""

from __future__ import annotations

import re
from collections.abc import Mapping
from typing import NamedTuple

from symcost.errors import UsageError, did_you_mean, quoted


class Switch(NamedTuple):
    """One of the ways in which conventions differ.

    Attributes:
        values: what it can be, the usual first, each with what it means.
        about: what it decides.
    """

    values: Mapping[str, str]
    about: str

    @property
    def usual(self) -> str:
        """The value where a convention says nothing."""
        return next(iter(self.values))


SWITCHES = {
    "causal": Switch(
        {
            "full": "all pairs of query and key",
            "half": "half of the pairs of this pass's tokens, all with those cached",
            "kept": "the pairs that the mask leaves, T (T + 1)/2 of T T",
        },
        "which pairs of attention under a causal or sliding mask are counted",
    ),
    "attention": Switch(
        {"counted": "as any other contraction", "left_out": "not at all"},
        "contractions of two activations, such as scores and their mixtures",
    ),
    "logits": Switch(
        {"counted": "as any other layer", "left_out": "not at all"},
        "the linear layer from the model to the vocabulary: its weight has the shape of the token table",
    ),
    "embedding": Switch(
        {"as_priced": "as the convention prices it", "left_out": "not at all"},
        "looking up rows of the token table",
    ),
    "elementwise": Switch(
        {"as_priced": "as the convention prices it", "left_out": "not at all"},
        "all that is not a contraction: biases, norms, pooling, activations",
    ),
    "recompute": Switch(
        {
            "none": "nothing",
            "full": "all but the logits once more",
            "attention": "contractions of two activations once more",
        },
        "what of the forward pass a step of training does again",
    ),
}
"""Every switch by name."""

CALLS = {
    "function": "called as functions, such as torch.nn.functional.relu, and not as modules",
    "own": "by a module of a library's own, which tools that know modules do not know",
    "fused": "together with others, as fused attention",
    "apart": "as a product, with the bias added apart",
    "composed": "by smaller ops, as attention by two products and a softmax, or pooling by a mean",
}
"""How code may call an op otherwise than as a module of torch; each is followed by the ops that are called so: patterns
over tags (``Pattern``), or over names of nodes with a ``/`` before them, as in ``relu+conv2d[stride=2]+/head.*``. What
a network computes is the same, but tools do not see it all."""

_CALLED = r"(?:/[\w*?.]+|[\w*?]+(?:\[[\w=]+\])?)"
_LIST = re.compile(rf"{_CALLED}(?:\+{_CALLED})*")

Settings = Mapping[str, str]
"""Name of a switch -> its value."""


def read_settings(text: str, convention: str) -> dict[str, str]:
    """Read what stands behind a convention's colon, such as ``causal=half, logits=left_out``.

    Raises:
        UsageError: there is no such switch, or it has no such value.
    """
    settings: dict[str, str] = {}
    for part in text.split(","):
        name, equals, value = (word.strip() for word in part.partition("="))
        if not equals or not name or not value:
            raise UsageError(
                f"convention {quoted(convention)}: {quoted(part.strip())} is not of the form SWITCH=VALUE, "
                "such as causal=half"
            )
        checked(name, value, convention)
        if settings.setdefault(name, value) != value:
            raise UsageError(f"convention {quoted(convention)}: {name} is {settings[name]} and {value}")
    return settings


def checked(name: str, value: str, convention: str) -> None:
    """Refuse a switch or a value that there is not.

    Raises:
        UsageError: as above.
    """
    if name in CALLS and _LIST.fullmatch(value):
        return
    if name in CALLS:
        raise UsageError(
            f"convention {quoted(convention)}: {name} takes ops such as relu+*_pool2d, not {quoted(value)}"
        )
    if name not in SWITCHES:
        known = (*SWITCHES, *CALLS)
        raise UsageError(
            f"convention {quoted(convention)}: there is no switch {quoted(name)}{did_you_mean(name, known)}; "
            f"there are {', '.join(known)}"
        )
    values = SWITCHES[name].values
    if value not in values:
        *others, last = values
        raise UsageError(
            f"convention {quoted(convention)}: {name} is {', '.join(others)} or {last}, not {quoted(value)}"
            f"{did_you_mean(value, values)}"
        )
