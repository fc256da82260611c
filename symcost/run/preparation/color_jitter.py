"""Change brightness, contrast and saturation of images at random."""

from symcost.algebra.division import div
from symcost.algebra.extent import integral
from symcost.errors import NoAnswer
from symcost.ops.facts import Work
from symcost.ops.work import plus, times
from symcost.run.preparing import Data, Preparation


def _work(data: Data) -> Work:
    """Blend an image of D numbers and P = D/3 pixels with another, ratio r drawn, and clamp it: three times.

    A blend is r x + (1 - r) y: mul 1 and add 1 for each number, the products with 1 - r apart; clamping compares twice.
    Brightness blends with black, whose D products are made too; contrast with the mean of grey; saturation with grey,
    P products. Grey is mul 3 and add 2 for each pixel, made for contrast and for saturation; its mean P - 1 additions
    and a division.
    """
    D = data.columns
    P = div(D, 3)
    if not integral(P):
        raise NoAnswer(f"preparation 'color_jitter' takes images of 3 channels, and 3 does not divide {D} columns")
    blend: Work = {"mul": D, "add": D + 1, "compare": 2 * D, "random": 1}
    grey: Work = {"mul": 3 * P, "add": 2 * P}
    brightness = plus(blend, {"mul": D})
    contrast = plus(blend, grey, {"add": P - 1, "div": 1, "mul": 1})
    saturation = plus(blend, grey, {"mul": P})
    return times(data.rows, plus(brightness, contrast, saturation))


STEP = Preparation(
    "color_jitter",
    "brightness, contrast and saturation, each a blend with another image that is clamped",
    "torchvision.transforms.ColorJitter, and _blend of its tensor functions",
    _work,
    growth="N*D",
    every_epoch=True,
)
