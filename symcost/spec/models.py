"""The spec as pydantic models: what a file means once its sugar is resolved, and what Python code may build."""

from __future__ import annotations

from collections.abc import Mapping
from typing import TYPE_CHECKING, Annotated, Any, Literal, TypeAlias

from pydantic import (
    BaseModel,
    ConfigDict,
    Field,
    GetCoreSchemaHandler,
    PrivateAttr,
    ValidationError,
    field_validator,
    model_validator,
)
from pydantic_core import CoreSchema, PydanticCustomError, core_schema

import symcost.ops  # noqa: F401  (an op is known once it is defined)
from symcost.algebra.atoms import Number
from symcost.errors import Problem, SpecError
from symcost.ops.fields import Amount, Argument, Flag, Real, Size, Whole, shorten
from symcost.ops.op import Op, Step
from symcost.spec.origin import Origin, Path, dotted
from symcost.spec.symbols import Default, Symbol, Value, check_name
from symcost.spec.use import Use, with_used

if TYPE_CHECKING:
    AnyStep: TypeAlias = "Op | Call | Repeat | Residual | When | Branches | Experts"

Steps: TypeAlias = "tuple[AnyStep, ...]"


class Call(Step):
    """Apply a block; ``bottleneck: {c: 64}`` in a file."""

    op: Literal["call"] = "call"
    block: str
    args: dict[str, Argument] = {}


class Repeat(Step):
    """Apply a body again and again.

    Attributes:
        count: how often.
        do: the body.
        index: names the number of the round, from 0, in expressions.
    """

    op: Literal["repeat"] = "repeat"
    count: Amount
    do: Steps
    index: str | None = None


class Residual(Step):
    """Add what a body makes of the value to the value, or to what the shortcut makes of it.

    Attributes:
        main: the body.
        shortcut: what works on the other path; nothing does where it is left out.
    """

    op: Literal["residual"] = "residual"
    main: Steps
    shortcut: Steps = ()


class When(Step):
    """Apply one body or the other, as a condition on the structure says.

    Attributes:
        cond: in flags, constants and arguments.
        do: the body where it holds.
        else: the body where it does not; the value stays as it is where this is left out.
    """

    op: Literal["when"] = "when"
    cond: Flag
    do: Steps
    else_: Steps = Field(default=(), alias="else")


class Branches(Step):
    """Give the value to several bodies and join what they make of it.

    Attributes:
        branches: the bodies.
        join: ``concat`` along an axis, ``add``, ``mul``, or ``none`` where later steps read them by name.
        dim: the axis.
    """

    op: Literal["branches"] = "branches"
    branches: tuple[Steps, ...] = Field(min_length=1)
    join: Literal["concat", "add", "mul", "none"] = "concat"
    dim: Whole = 1


class Experts(Step):
    """Send every token to some of several experts, which are of one make with weights of their own, and mix their rows.

    Attributes:
        count: how many experts there are.
        top_k: how many of them see a token.
        capacity: how many tokens an expert has room for, over its fair share of them; no limit where not given.
        router: makes of (..., E) a score for each expert; a linear layer without bias and softmax where not given.
        gating: makes of the scores of the chosen ones their weights.
        do: one expert, applied to rows (R, E) of tokens.
    """

    op: Literal["experts"] = "experts"
    count: Size
    top_k: Size = 1
    capacity: Real | None = None
    router: Steps = ()
    gating: Steps = ()
    do: Steps = Field(min_length=1)


class Block(BaseModel):
    """A body with arguments; an argument without default is required.

    Attributes:
        args: default of each argument, None where it must be given.
        inputs: names of the values it takes, where there are several.
        body: its steps.
        outputs: names of the steps it gives back; the last value where empty.
        inline: its nodes are named as if its steps stood where it is applied, unless a name is given there.
        about: what it is, for people.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    args: dict[str, Argument | None] = {}
    inputs: tuple[str, ...] = ()
    body: Steps
    outputs: tuple[str, ...] = ()
    inline: bool = False
    about: str = ""

    _place: tuple[Origin, Path] | None = PrivateAttr(default=None)

    def __eq__(self, other: object) -> bool:
        """Compare what is declared, not the file it was read from."""
        return isinstance(other, Block) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]

    @property
    def place(self) -> tuple[Origin, Path] | None:
        """The file it was read from and its path there."""
        return self._place

    def placed(self, origin: Origin, path: Path) -> None:
        """Remember the file it was read from; one that came from another spec knows better."""
        self._place = self._place or (origin, path)


class Variant(BaseModel):
    """A member of a family.

    Attributes:
        set: values of symbols that make it what it is; they are no longer free.
        default: other defaults for symbols that stay free, such as the image size it was published with.
        same_as: the same network in other libraries, as ``library/model``.
        source: where it is described, if not where the family is.
        about: what it is, for people.
    """

    model_config = ConfigDict(extra="forbid", frozen=True)

    set: dict[str, Value] = {}
    default: dict[str, Default] = {}
    same_as: tuple[str, ...] = ()
    source: str = ""
    about: str = ""


class Spec(BaseModel):
    """An architecture, declared.

    Attributes:
        name: what it is called.
        source: where it is described: paper and table.
        about: what it is, for people.
        use: what to take from other specs, each a shipped name or a path relative to the file, in Python to the
            working directory. It is taken at once, with what it needs: ``blocks`` and ``symbols`` then hold it.
    """

    model_config = ConfigDict(extra="forbid", frozen=True, defer_build=True)

    symcost: Literal[1] = 1
    name: str
    source: str = ""
    about: str = ""
    use: dict[str, tuple[str, ...] | Use] = Field(default={}, exclude=True)
    symbols: dict[str, Symbol] = {}
    inputs: dict[str, tuple[Size, ...]] = Field(min_length=1)
    blocks: dict[str, Block] = {}
    model: Steps = Field(min_length=1)
    outputs: tuple[str, ...] = ()
    variants: dict[str, Variant] = {}
    same_as: tuple[str, ...] = ()

    _origin: Origin | None = PrivateAttr(default=None)

    @model_validator(mode="before")
    @classmethod
    def _take(cls, data: Any) -> Any:
        return with_used(data) if isinstance(data, dict) and data.get("use") else data

    @field_validator("symbols")
    @classmethod
    def _can_be_named_so(cls, symbols: dict[str, Symbol]) -> dict[str, Symbol]:
        for name in symbols:
            check_name(name)
        return symbols

    def __eq__(self, other: object) -> bool:
        """Compare what is declared, not the file it was read from."""
        return isinstance(other, Spec) and self.__dict__ == other.__dict__

    __hash__ = None  # type: ignore[assignment]

    def to_json(self) -> str:
        """Return the spec in canonical form, which ``read_spec`` reads back as the same spec."""
        return self.model_dump_json(by_alias=True, indent=1)

    def placed(self, origin: Origin) -> Spec:
        """Return the spec, knowing where its parts stand in a file; blocks that it uses know their own file."""
        self._origin = origin
        for name, block in self.blocks.items():
            block.placed(origin, ("blocks", name))
        return self

    def with_defaults(self, defaults: Mapping[str, Number | bool]) -> Spec:
        """Return the spec with other defaults for some of its symbols."""
        changed = {name: self.symbols[name].model_copy(update={"default": value}) for name, value in defaults.items()}
        return self.with_symbols({**self.symbols, **changed})

    def with_symbols(self, symbols: dict[str, Symbol]) -> Spec:
        """Return the spec with its symbols declared otherwise."""
        return self.model_copy(update={"symbols": symbols})

    @property
    def file(self) -> str:
        """The file it was read from; empty for a spec built in Python."""
        return self._origin.file if self._origin else ""

    def problem(self, message: str, path: tuple[str | int, ...]) -> SpecError:
        """Return an error about a place of this spec, with file, line and column where it was read from a file."""
        origin = self._origin
        block = self.blocks.get(str(path[1])) if path[:1] == ("blocks",) and len(path) > 1 else None
        if block is not None and block.place is not None:
            origin, start = block.place
            path = (*start, *path[2:])
        return SpecError(origin.problem(message, path) if origin else Problem(message, dotted(path)))


CONTROL = (Call, Repeat, Residual, When, Branches, Experts)
"""The steps that are not ops."""

_CONTROL_BY_TAG: dict[str, type[Step]] = {model.model_fields["op"].default: model for model in CONTROL}


def model_of(tag: str) -> type[Step] | None:
    """Return the model of the steps of a tag, of an op defined just now too; None where there is none."""
    return Op.known.get(tag) or _CONTROL_BY_TAG.get(tag)


def read_step(value: Any) -> Step:
    """Return a step as an instance of the model that its ``op`` names.

    A union over all models would say the same, at the price of validators for all ops where a spec uses ten.
    """
    if isinstance(value, Step):
        return value
    tag = value.get("op") if isinstance(value, dict) else None
    model = model_of(tag) if isinstance(tag, str) else None
    if model is None:
        raise PydanticCustomError(
            "step", "is no step: it needs an 'op' that is known, got {got}", {"got": shorten(tag)}
        )
    try:
        return model.model_validate(value)
    except ValidationError as error:
        raise PydanticCustomError("inside", "{tag}", {"tag": tag, "errors": error.errors(include_url=False)}) from None


class _ByTag:
    """Pydantic's view of a step."""

    def __get_pydantic_core_schema__(self, source: Any, handler: GetCoreSchemaHandler) -> CoreSchema:
        return core_schema.no_info_after_validator_function(read_step, core_schema.any_schema())


if not TYPE_CHECKING:
    AnyStep = Annotated[Step, _ByTag()]
