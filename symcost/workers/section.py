"""The section of a setup that says how many workers there are, and what each of them has."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Annotated, ClassVar, Self, TypeAlias

from pydantic import BeforeValidator, Field, model_validator

from symcost.algebra.division import div
from symcost.algebra.needs import Divides, Need
from symcost.algebra.poly import Num
from symcost.errors import UsageError, quoted
from symcost.graph.model import Graph
from symcost.section import Rate, Section, Size
from symcost.workers.algorithms import ALGORITHMS, algorithm
from symcost.workers.collective import Algorithm
from symcost.workers.local import Degrees, Local, local
from symcost.workers.pipeline import held
from symcost.workers.zero import SHARED_OUT, Role, Stage


def _stage(value: object) -> object:
    if value == "fsdp":
        return 3
    return int(value) if isinstance(value, str) and value.isdigit() else value


def _way(value: object) -> object:
    try:
        return algorithm("all_reduce", value).name if isinstance(value, str) else value
    except UsageError as error:
        raise ValueError(str(error)) from None


def _pieces(value: object) -> object:
    try:
        found = int(str(value))
    except ValueError:
        found = 0
    if found < 1:
        raise ValueError(f"takes a whole number of at least 1, got {quoted(str(value))}")
    return found


ZeroStage: TypeAlias = Annotated[Stage, BeforeValidator(_stage)]
"""0 to 3, or ``fsdp`` for 3."""
Pieces: TypeAlias = Annotated[int, BeforeValidator(_pieces)]
"""How many pieces of layers; one and more are laid out in other ways, so that it is no formula."""
Way: TypeAlias = Annotated[str, BeforeValidator(_way)]
"""An algorithm of all-reduces."""


class Workers(Section):
    """How a network is trained on several workers.

    There are ``data_parallel`` groups with examples of their own, each of tensor_parallel * pipeline_parallel *
    context_parallel workers that run the network together; experts are shared out over the groups. Memory, work and
    bytes are those of one worker, of the first stage where there are several.
    """

    title: ClassVar = "workers"

    data_parallel: Size = Field(1, description="groups of workers that have examples of their own")
    zero: ZeroStage = Field(
        0,
        description="what they share out of states, as in ZeRO: 1 the optimizer's, 2 gradients "
        "too, 3 or fsdp parameters too",
    )
    all_reduce: Way = Field("ring", description="how gradients are added up")
    servers: Size = Field(1, description="of all_reduce = parameter_server, how many share the parameters")
    asynchronous: bool = Field(False, description="no worker waits for others: each pushes and pulls when it is done")
    tensor_parallel: Size = Field(1, description="workers that share out each layer's weights")
    sequence_parallel: bool = Field(False, description="they share out the tokens of what lies between layers too")
    pipeline_parallel: Size = Field(1, description="stages that the layers are shared out over")
    interleave: Pieces = Field(1, description="pieces of layers that each stage has")
    expert_parallel: Size = Field(1, description="groups that share out the experts, of the data-parallel ones")
    context_parallel: Size = Field(1, description="workers that share out each sequence's tokens")
    overlap_comm: bool = Field(False, description="bytes are sent while work is done, which hides the shorter of both")
    link_bandwidth: Rate = Field(
        0, description="bytes/s that a worker sends, and receives at once, where it is not the device's"
    )
    link_latency: Rate = Field(0, description="seconds until a message begins to arrive")  # fmt: skip

    @model_validator(mode="after")
    def _fits(self) -> Self:
        if self.sequence_parallel and self.tensor_parallel == 1:
            raise ValueError("sequence_parallel goes with tensor_parallel, which is 1")
        if self.interleave > 1 and self.pipeline_parallel == 1:
            raise ValueError("interleave goes with pipeline_parallel, which is 1")
        if self.asynchronous and self.all_reduce != "parameter_server":
            raise ValueError(f"asynchronous goes with all_reduce = parameter_server, got {self.all_reduce}")
        if self.zero and self.all_reduce == "parameter_server":
            raise ValueError(f"zero = {self.zero} shares states out over workers, parameter_server has them at servers")
        return self

    @classmethod
    def takes(cls) -> Mapping[str, str]:
        """Return what fields take that are neither quantities nor choices."""
        return {
            "zero": "0 | 1 | 2 | 3 | fsdp",
            "all_reduce": " | ".join(one.name for one in ALGORITHMS if one.collective == "all_reduce"),
            "interleave": "a whole number from 1",
        }

    def said(self) -> str:
        """Return how many workers there are and what they do."""
        return super().said() if self.given else "one worker"

    @property
    def given(self) -> bool:
        """Whether anything is not as usual."""
        return any(getattr(self, name) != field.default for name, field in type(self).model_fields.items())

    @property
    def degrees(self) -> Degrees:
        """Into how many parts the network is cut."""
        return Degrees(
            tensor=self.tensor_parallel,
            sequence=self.sequence_parallel,
            stages=self.pipeline_parallel,
            pieces=self.interleave,
            experts=self.expert_parallel,
            tokens=self.context_parallel,
        )

    @property
    def cuts(self) -> bool:
        """Whether a worker runs less than the network."""
        return self.degrees != Degrees()

    @property
    def total(self) -> Num:
        """How many workers there are; experts are shared out within the data-parallel groups."""
        return self.data_parallel * self.tensor_parallel * self.pipeline_parallel * self.context_parallel

    @property
    def reducing(self) -> Algorithm:
        """How gradients are added up."""
        return algorithm("all_reduce", self.all_reduce)

    def local(self, graph: Graph) -> Local:
        """Return what one worker runs of a network.

        Raises:
            SpecError: the network has nothing to be cut in a way that is asked for.
        """
        return local(graph, self.degrees)

    def part(self, role: Role, size: Num, *, experts: bool = False) -> Num:
        """Return the bytes of states that a worker holds, of those that belong to what it runs.

        Experts are at as many groups as there are for each that shares them out, and those share out their states.
        """
        if role not in SHARED_OUT[self.zero]:
            return size
        return div(size * self.expert_parallel if experts else size, self.data_parallel)

    def in_flight(self, kept: Num, micro_batches: Num) -> Num:
        """Return what a worker keeps at most for backward passes, of what it keeps of one micro-batch."""
        return held(kept * self.pipeline_parallel, self.pipeline_parallel, micro_batches, self.interleave)

    def needs(self, graph: Graph) -> Mapping[Need, str]:
        """Return that heads, layers, experts and tokens can be shared out evenly."""
        found = dict(self.local(graph).needs) if self.cuts else {}
        if self.expert_parallel != 1:
            found[Divides(self.expert_parallel, self.data_parallel)] = "expert_parallel"
        return found
