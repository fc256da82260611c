"""Tables of exact numbers: shown to people with units and separators, given to programs as they are."""

from symcost.table.model import Cell, Column, Folded, Rate, Share, Table, kept, share_of
from symcost.table.tabled import Tabled, Told

__all__ = ["Cell", "Column", "Folded", "Rate", "Share", "Table", "Tabled", "Told", "kept", "share_of"]
