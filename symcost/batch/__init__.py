"""Evaluate formulas at many points at once, exactly: compiled once, guarded against overflow, run on arrays."""

from symcost.batch.blocks import Block, blocks
from symcost.batch.machine import Machine, arrays, plain
from symcost.batch.program import Program, compiled

__all__ = ["Block", "Machine", "Program", "arrays", "blocks", "compiled", "plain"]
