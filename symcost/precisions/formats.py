"""Number formats, and how many bits a number of each takes in memory."""

from __future__ import annotations

from collections.abc import Mapping

FORMATS: Mapping[str, int] = {
    "fp64": 64,
    "fp32": 32,
    "bf16": 16,
    "fp16": 16,
    "fp8": 8,
    "int64": 64,
    "int32": 32,
    "int8": 8,
    "int4": 4,
    "bool": 8,
    "bit": 1,
    "none": 0,
}
"""Bits of one number: ``fp8`` is E4M3 or E5M2, ``bool`` a byte as in torch, ``bit`` a packed mask, ``none`` no copy."""
