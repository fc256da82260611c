"""The memory of training and inference as a verb shows it."""

from __future__ import annotations

import json

import pytest

import symcost
from symcost.checkpoints import checkpoint_interval
from symcost.cli.main import main
from symcost.table import Table
from symcost.table.model import Share
from symcost.views.bill import along
from symcost.views.memory import memory


def answer(name: str, **settings: object) -> tuple[str | Table, ...]:
    network = symcost.load(name).under(**settings)
    cost = network.cost()
    return memory(network, cost, cost.bindings(), 1, "B").parts


def test_roles_add_up_to_the_whole() -> None:
    bills = [part for part in answer("lenet5", precision="mixed_bf16") if isinstance(part, Table)]
    assert [bill.total[0] for bill in bills if bill.total] == ["train_bytes", "infer_bytes", "total"]
    for bill in bills[:2]:
        assert bill.total is not None
        assert sum(row[1] for row in bill.rows if isinstance(row[1], int)) == bill.total[1]
        assert sum(row[3].value for row in bill.rows if isinstance(row[3], Share)) == 1


def test_totals_are_shown_as_they_grow() -> None:
    cost = symcost.load("lenet5").cost()
    line = along(cost, cost.bindings(), "infer_bytes", "B")
    slope, start = (int(part.strip(" *B")) for part in line.partition(" = ")[2].split("+"))
    assert slope * 7 + start == cost.at(B=7).infer_bytes
    assert along(cost, cost.bindings(), "weight_bytes", "B") == ""


def test_a_setup_is_said() -> None:
    lead = answer("lenet5", optimizer="sgd", micro_batches=4)[0]
    assert "sgd" in str(lead)
    assert "4 micro-batches a step" in str(lead)


def test_layers_that_workers_do_not_share_out_are_named() -> None:
    said = " ".join(str(answer("resnet50", tensor_parallel=2)[-2]).split())
    assert said.startswith(
        "every tensor-parallel worker has all of 10 layers, as their parts would meet what needs the whole: "
        "stage.repeat.block.unit_3.conv2d, "
    )
    assert said.endswith("and 4 more")
    assert not any("every tensor-parallel" in str(part) for part in answer("gpt2", tensor_parallel=2))


def test_the_interval_of_checkpoints_is_shown() -> None:
    network = symcost.load("gpt2").under(precision="bf16")
    cost = network.cost()
    found = memory(network, cost, cost.bindings(), 1, "B", checkpoint_interval(network))
    tried, every = found.data["interval"]["step_peak_bytes"], found.data["interval"]["every"]
    assert f"a checkpoint every {every} rounds" in str(found)
    assert int(tried[str(every)]) == min(map(int, tried.values()))


def test_sizes_are_put_in_where_a_peak_has_too_many_forms(capsys: pytest.CaptureFixture[str]) -> None:
    sizes = symcost.load("inception_v3").fix(H=299, W=299, C=16, K=1000)
    want = sizes.cost().at(B=2).train_bytes
    assert main(["memory", "inception_v3", "B=2"]) == 0
    assert f"train_bytes      {want:,}" in capsys.readouterr().out
    assert main(["eval", "inception_v3", "B=2", "--metric", "train_bytes"]) == 0
    assert f"{want:,}" in capsys.readouterr().out
    assert main(["solve", "inception_v3", "--for", "B", "--budget", f"train_bytes <= {want}"]) == 0
    told = capsys.readouterr().out
    assert told.startswith(f"B = 2: {want:,} bytes") and "with H = 299, W = 299, C = 16, K = 1000 put" in told


def test_the_peak_of_a_training_step(capsys: pytest.CaptureFixture[str]) -> None:
    """What is in memory adds up to the metric; the logits and their gradient are most of it."""
    words = ["peak", "gpt2", "B=8", "precision=mixed_bf16", "checkpoint=full", "--training"]
    assert main([*words, "--json"]) == 0
    found = json.loads(capsys.readouterr().out)
    network = symcost.load("gpt2").under(precision="mixed_bf16", checkpoint="full")
    assert int(found["value"]) == network.cost().at(B=8).step_peak_bytes
    assert sum(int(live["bytes"]) for live in found["live"]) == int(found["value"])
    logits = 2 * 8 * 1024 * 50257
    assert [int(live["bytes"]) for live in found["live"] if live["node"] == "head"] == [logits, logits]
    assert main([*words, "--in", "T"]) == 2
    assert "ask for one" in capsys.readouterr().err


def test_a_device_that_has_no_part_is_told_by_its_name() -> None:
    network = symcost.load("lenet5").under(device="a100")
    cost = network.cost()
    found = memory(network, cost, cost.bindings(), 1, "B")
    assert "no part in this: device = a100\n" in f"{found.parts[0]}\n"
    assert found.data["setup"] == {"device": "a100"}
