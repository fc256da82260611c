"""The verb ``schema``."""

from __future__ import annotations

from symcost.cli.output import give_json


def schema() -> None:
    """Print the JSON Schema of specs, for editors.

    symcost schema > schema.json
    """
    from symcost.spec.schema import json_schema

    give_json(json_schema())
