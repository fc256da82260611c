"""Tables of exact numbers: shown to people with units and separators, given to programs as they are."""

from symcost.table.model import Cell, Column, Share, Table, kept

__all__ = ["Cell", "Column", "Share", "Table", "kept"]
