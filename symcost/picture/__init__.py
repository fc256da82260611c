"""What all pictures share: axes, colours, ticks, labels and places for text; matplotlib is imported when one is drawn.

A picture is drawn on axes that are given, or on new ones, and these are returned; nothing global is changed.
"""

from symcost.picture.colours import FAINT, GREY, INK, SAFE, Sign, sign
from symcost.picture.frame import SIZE, axes, finish, laid_out
from symcost.picture.numbers import amount, near, share
from symcost.picture.scale import mark, scale, wide

__all__ = [
    "FAINT",
    "GREY",
    "INK",
    "SAFE",
    "SIZE",
    "Sign",
    "amount",
    "axes",
    "finish",
    "laid_out",
    "mark",
    "near",
    "scale",
    "share",
    "sign",
    "wide",
]
