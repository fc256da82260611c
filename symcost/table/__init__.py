"""Tables of exact numbers: shown to people with units and separators, given to programs as they are."""

from symcost.table.model import Cell, Column, Folded, Rate, Share, Table, kept, share_of
from symcost.table.tabled import Tabled

__all__ = ["Cell", "Column", "Folded", "Rate", "Share", "Table", "Tabled", "kept", "share_of"]
