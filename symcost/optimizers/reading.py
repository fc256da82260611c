"""Optimizers by name, with options."""

from __future__ import annotations

from functools import cache
from typing import TYPE_CHECKING

from symcost.defined import defined_in, named
from symcost.errors import UsageError, did_you_mean, quoted

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails

    from symcost.optimizers.optimizer import Optimizer


@cache
def optimizers() -> dict[str, type[Optimizer]]:
    """Return every optimizer by name: each is defined in a file of ``symcost.optimizers``."""
    from symcost import optimizers as package

    return {kind.name: kind for kind in defined_in(package, "OPTIMIZER")}


def optimizer(text: str) -> Optimizer:
    """Return an optimizer by name, with options as in ``lbfgs:history=20, evaluations=2``.

    Raises:
        UsageError: there is none of this name, or no such option.
    """
    from pydantic import ValidationError

    name, colon, said = text.partition(":")
    kind = named("optimizer", name.strip(), optimizers())
    options = _options(said, text, kind) if colon else {}
    try:
        return kind.model_validate(options)
    except ValidationError as error:
        raise UsageError(*(f"optimizer {quoted(text)}: {_told(e)}" for e in error.errors())) from None


def _options(said: str, text: str, kind: type[Optimizer]) -> dict[str, str]:
    known, options = kind.model_fields, dict[str, str]()
    for part in said.split(","):
        key, equals, value = (word.strip() for word in part.partition("="))
        if not equals or not key or not value:
            raise UsageError(f"optimizer {quoted(text)}: {quoted(part.strip())} is not of the form OPTION=VALUE")
        if key not in known:
            there = f"there are {', '.join(known)}" if known else f"{kind.name} has none"
            raise UsageError(
                f"optimizer {quoted(text)}: there is no option {quoted(key)}{did_you_mean(key, known)}; {there}"
            )
        if options.setdefault(key, value) != value:
            raise UsageError(f"optimizer {quoted(text)}: {key} is {options[key]} and {value}")
    return options


def _told(error: ErrorDetails) -> str:
    where = f"{error['loc'][0]}: " if error["loc"] else ""
    context = error.get("ctx", {})
    if error["type"] == "literal_error":
        return f"{where}takes {context['expected']}, got {quoted(str(error['input']))}"
    return f"{where}{context.get('error', error['msg'])}"
