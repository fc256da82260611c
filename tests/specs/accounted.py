"""Every row of the published figures: what is claimed of it, or why nothing is."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from functools import cache

from symcost.catalog import names
from tests.specs import readers, readers_hardware, readers_training
from tests.specs.claims import Claim, Printed, Row, rows
from tests.specs.drawn import TEXTS

Readers = Mapping[str, Callable[[Row], Printed | None]]
TRAINING: Readers = {**readers_training.READERS, **readers_hardware.READERS}


@cache
def of_training() -> list[Printed]:
    """Return what rows say of training, memory, workers and hardware."""
    return [claim for row in rows() if (claim := _read(row, TRAINING))]


@cache
def of_networks() -> list[Printed]:
    """Return what the other rows say of networks."""
    taken = {claim.row["id"] for claim in of_training()}
    return [claim for row in rows() if row["id"] not in taken and (claim := _read(row, readers.READERS))]


def claims() -> list[Printed]:
    """Return what every row says that a reader takes."""
    return [*of_networks(), *of_training()]


def _read(row: Row, known: Readers) -> Printed | None:
    reader = next((reader for start, reader in known.items() if row["id"].startswith(start)), None)
    claim = reader(row) if reader else None
    shipped = not isinstance(claim, Claim) or claim.network in names() or claim.network in TEXTS
    return claim if shipped else None
