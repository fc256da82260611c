"""The law of reading boxes off maps."""

from __future__ import annotations

from tests.specs.naive.terms import Misfit, Value


class Boxes:
    """What is read off maps at places that another tensor gives; part of the laws of the layers."""

    def roi_align(self, ins: Value, output_size: int, sampling_ratio: int) -> Value:
        *maps, (n, corners) = ins
        if corners != 5 or any(shape[:2] != maps[0][:2] for shape in maps) or sampling_ratio < 1:
            raise Misfit(f"boxes of {ins}")
        return ((n, maps[0][1], output_size, output_size),)
