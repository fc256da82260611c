"""Groups of channels: what grouped convolutions ask of their sizes."""

from symcost.algebra.needs import Divides, Need
from symcost.algebra.poly import Num
from symcost.ops.op import Refused


def divided(groups: Num, channels: Num, out_channels: Num) -> tuple[Need, ...]:
    """Return the conditions that a number of groups divides the channels in and out.

    Raises:
        Refused: it does not, whatever the symbols.
    """
    if groups == 1:
        return ()
    needs = (Divides(groups, channels), Divides(groups, out_channels))
    for need, which in zip(needs, ("in", "out"), strict=True):
        if need.decide({}) is False:
            raise Refused(f"groups = {groups} does not divide the channels {which}, {need.a}")
    return needs
