"""What rows of published figures say of devices and time: a reader for each source."""

from __future__ import annotations

import re
from collections.abc import Callable
from fractions import Fraction

from symcost.algebra.poly import Num, evaluate
from symcost.devices import device
from symcost.hardware.spending import HOUR, carbon_kg, energy_kwh, money
from symcost.hardware.utilisation import utilization
from tests.devices.test_devices import PUBLISHED
from tests.metrics.test_step_time import STEPS
from tests.specs.claims import Claim, Printed, Row, Worked
from tests.specs.drawn import network
from tests.specs.sums import AGAIN, ATTENTION_MOVED, THRICE
from tests.specs.test_printed_tables import KORTHIKANTI

MT_NLG = {"L": 105, "E": 20_480, "h": 128, "T": 2048, "V": 51_200, "P": 2048}


def _peak(row: Row) -> Worked:
    name = PUBLISHED[row["id"].removeprefix("hw_")]
    return Worked(row, f"dense bf16 peak of `{name}`", lambda: device(name).peak("bf16"))


# --- utilisation ---------------------------------------------------------------------------------------------


def _palm(row: Row) -> Claim:
    """Section 4.1: 238.3 thousand tokens a second on 6144 chips."""
    convention = "palm:attention=left_out" if row["id"] == "palm_mfu0" else "palm"
    setup = {"device": "tpu_v4", "precision": "bf16", "measured_s": Fraction(6144 * 2048, 238_300)}
    if row["id"] == "palm_hfu":
        return Claim(row, "palm_540b", "hfu", convention, {"B": 1, "T": 2048}, setup={**setup, "checkpoint": "full"})
    return Claim(row, "palm_540b", "mfu", convention, {"B": 1, "T": 2048}, setup=setup)


def _mt_nlg(row: Row) -> Worked:
    """65.43 thousand tokens a second on 2,240 A100."""

    def share() -> Num:
        cost = network("gpt2").cost()
        params = Fraction(evaluate(cost.poly("params"), cost.bindings({**MT_NLG, "B": 1})))
        return utilization(6 * params * 65_430, 1, device("a100").peak("bf16"), 2240)

    return Worked(
        row, "`hardware.utilisation`: 6 params of `gpt2` at L = 105, E = 20480 a token, on 2240 `a100`", share
    )


def _llama_3(row: Row) -> Worked:
    rate = int(row["inputs"].split()[0])
    peak = device("h100").peak("bf16")
    how = f"`hardware.utilisation`: {rate} TFLOP/s of the peak of `h100`"
    return Worked(row, how, lambda: utilization(rate * 10**12, 1, peak))


ONCE = "the paper's formula has three passes of attention's core run again, where one is, which would be less"


def _korthikanti(row: Row) -> Worked:
    """Table 5, by the paper's formula; ``test_the_utilisation_of_korthikanti`` says how it differs from ours."""
    size = row["id"].removeprefix("kor_hfu_")
    depth, width, batch = KORTHIKANTI[size]
    seconds, devices = row["inputs"].removeprefix("t=").removesuffix(" s"), {4: 8}.get(batch, batch)
    at = {"B": batch, "T": 2048, "E": width, "L": depth, "h": STEPS[size][2], "V": 51_200, "P": 2048}
    step = Claim(row, "gpt2", THRICE, "megatron:recompute=attention", at)
    peak = device("a100").peak("bf16")
    how = f"`hardware.utilisation`: {step.counted}, in {seconds} s on {devices} `a100`; {ONCE}"
    return Worked(row, how, lambda: utilization(step.value(), Fraction(seconds), peak, devices))


# --- time ----------------------------------------------------------------------------------------------------


def _step(row: Row) -> Claim:
    """Table 5, all layers run again; 8 workers share out each layer's tensors."""
    layers, width, heads, stages, pieces, batch, often = STEPS[row["id"].removeprefix("kor_t5_full_")]
    setup = {
        "device": "a100", "precision": "mixed_bf16", "fused": True, "optimizer": "adam", "checkpoint": "full",
        "tensor_parallel": 8, "pipeline_parallel": stages, "interleave": pieces, "micro_batches": often,
    }  # fmt: skip
    at = {"E": width, "h": heads, "B": batch, "T": 2048, "V": 51_200, "P": 2048}
    return Claim(row, "gpt3_175b", "step_s", at=at, structure={"L": layers}, setup=setup)


def _from_rates(row: Row) -> Worked | None:
    """MT-NLG, all layers run again: work over what devices do at a rate of TFLOP/s that is told."""
    known = {
        "lla_MT-NLG_60.0": (1920, 1, 2240, 126),
        "lla_MT-NLG_50.2": (1920, 1, 2800, 121),
        "lla_MT-NLG_156": (1, 300 * 10**9 // 2048, 560, 171),
    }
    if row["id"] not in known:
        return None
    batch, steps, devices, rate = known[row["id"]]
    step = Claim(row, "gpt2", AGAIN, "megatron:recompute=full", {**MT_NLG, "B": batch}, times=Fraction(steps))
    how = f"{step.counted}, on {devices} devices at {rate} TFLOP/s"
    return Worked(row, how, lambda: Fraction(step.value()) / (devices * rate * 10**12))


def _days(row: Row) -> Worked:
    return Worked(row, "180,000 device hours over 2048 devices", lambda: Fraction(180_000 * HOUR, 2048))


def _moved(row: Row) -> Claim:
    name = "attention in steps" if row["id"].endswith("std") else "fused attention"
    return Claim(row, name, ATTENTION_MOVED, at={"B": 64, "T": 1024}, setup={"precision": "fp16"})


# --- energy and money ----------------------------------------------------------------------------------------


def _carbon(row: Row) -> Worked:
    """Touvron et al. 2023, section 6: a PUE of 1.1, 0.385 kg of CO2 equivalent a kWh, and 400 W if not said."""
    hours = int(re.findall(r"(\d+) (?:GPU|h )", row["inputs"])[0])
    watts = int((re.findall(r"(\d+)W", row["inputs"]) or ["400"])[0])
    kwh = energy_kwh(watts, hours * HOUR, pue=Fraction("1.1"))
    how = f"`hardware.spending`: {hours:,} hours of {watts} W, pue = 1.1, carbon = 0.385"
    return Worked(row, how, lambda: carbon_kg(kwh, Fraction("0.385")))


def _price(row: Row) -> Worked:
    return Worked(row, "`hardware.spending`: 2,788,000 hours at 2 $", lambda: money(2_788_000 * HOUR, 2))


READERS: dict[str, Callable[[Row], Printed | None]] = {
    "hw_": _peak,
    "palm_": _palm,
    "mtnlg_": _mt_nlg,
    "l3_mfu": _llama_3,
    "kor_hfu_": _korthikanti,
    "kor_t5_": _step,
    "lla_": _from_rates,
    "dsv3_days": _days,
    "fa_hbm": _moved,
    "llama1_co2": _carbon,
    "llama2_co2": _carbon,
    "dsv3_cost": _price,
}
"""How the rows of a source are read, by the start of their names."""
