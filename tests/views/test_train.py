"""What training takes, as a verb shows it."""

from __future__ import annotations

from fractions import Fraction

import pytest

import symcost
from symcost.cli import main
from symcost.views.train import train

RUN = {"precision": "mixed_bf16", "device": "a100", "examples": 1000, "epochs": 3}


def told(name: str, **settings: object) -> dict[str, Fraction]:
    network = symcost.load(name).under(**settings)
    cost = network.cost()
    answer, _ = train(network, cost, cost.bindings())
    return {metric: Fraction(value) for metric, value in answer.data["total"].items()}


def test_as_much_is_told_as_is_said() -> None:
    plain, timed = told("lenet5"), told("lenet5", device="h100")
    run = told("lenet5", **RUN)
    assert "step_s" not in plain and "step_s" in timed and "run_s" not in timed
    assert {"steps", "run_s", "run_kwh"} <= run.keys()
    assert not {"run_usd", "run_co2_kg"} & run.keys()
    assert {"run_usd", "run_co2_kg"} <= told("lenet5", **RUN, price=2, carbon="0.385").keys()


def test_a_step_is_the_sum_of_its_times() -> None:
    found = told("gpt2", **RUN, data_parallel=8, pipeline_parallel=4, micro_batches=8, link_latency="1e-6")
    parts = ("passes_s", "waiting_s", "comm_s", "updating_s")
    assert found["step_s"] == sum(found[part] for part in parts)
    assert found["run_s"] == found["steps"] * found["step_s"]


def test_times_of_a_run_say_that_evaluation_is_not_in_them(capsys: pytest.CaptureFixture[str]) -> None:
    said = "the whole run, of all workers; times, and what follows from them, are without evaluation\n"
    for words, told_so in ((["eval_share=1/2"], True), ([], False)):
        assert main(["train", "lenet5", "device=h100", "examples=60000", *words]) == 0
        assert (said in capsys.readouterr().out) is told_so


def test_a_worker_whose_memory_is_too_small_is_a_no(capsys: pytest.CaptureFixture[str]) -> None:
    assert main(["train", "llama3-8b", "device=h100"]) == 1
    assert "does not fit: train_bytes is above the 80,000,000,000 bytes of h100" in capsys.readouterr().out
    fitting = ["precision=bf16", "checkpoint=full", "T=2048"]
    assert main(["train", "llama3-8b", "device=h100", *fitting]) == 0
    assert "% of the 80,000,000,000 bytes of h100" in capsys.readouterr().out


def test_a_measured_step_says_how_well_devices_are_used(capsys: pytest.CaptureFixture[str]) -> None:
    words = ["gpt2", "precision=mixed_bf16", "device=a100", "measured_s=1/10"]
    assert main(["train", *words, "--convention", "torch"]) == 0
    found = symcost.load("gpt2").cost("torch").at().train_flops
    share = 100 * found / (Fraction(1, 10) * 312 * 10**12)
    said = " ".join(capsys.readouterr().out.split())
    assert f"{float(share):.1f} % of the peak's FLOPs in a step are the model's (MFU)" in said
    assert ", as measured" in said
