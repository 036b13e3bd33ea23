# SPDX-License-Identifier: Apache-2.0
"""tensorboard: what it writes, read back by TensorBoard's own reader."""

import datetime
import json
import sys

import h5py
import numpy as np
import pytest

import atnas_analysis


@pytest.fixture
def accumulated(needed):
    """Reads a folder of event files."""
    needed("tensorboard")
    from tensorboard.backend.event_processing.event_accumulator import EventAccumulator

    def reading(folder):
        found = EventAccumulator(str(folder), size_guidance={"tensors": 0})
        found.Reload()
        return found

    return reading


def values_of(found, tag):
    from tensorboard.util.tensor_util import make_ndarray

    return [(event.step, make_ndarray(event.tensor_proto).item()) for event in found.Tensors(tag)]


def test_read_back(accumulated, run, runs, tmp_path):
    outcome = run("tensorboard", runs / "a", "-o", tmp_path / "events")
    assert outcome.code == 0, outcome.err
    found = accumulated(tmp_path / "events")
    folder = atnas_analysis.open(runs / "a")
    metrics, checkpoint = folder.metrics, folder.latest()
    for column, tag in (("best_fitness", "fitness/best"), ("macs", "best/macs")):
        steps, values = zip(*values_of(found, tag))
        assert list(steps) == metrics["iteration"].tolist()
        assert list(values) == pytest.approx(metrics[column].tolist())
    assert [value for _, value in values_of(found, "loss/query")] == pytest.approx(checkpoint.iteration_loss.tolist())
    assert [step for step, _ in values_of(found, "loss/query")] == list(range(1, 13))
    second = checkpoint.history[checkpoint.history["island"] == 1]
    assert values_of(found, "islands/1/mean") == [(i, pytest.approx(x)) for i, x in
                                                  zip(second["iteration"], second["mean"])]
    accuracy = folder.evaluations().__next__().accuracy
    assert values_of(found, "accuracy/evaluation_3-way_1-shot") == [(12, pytest.approx(accuracy.mean))]
    assert values_of(found, "best/encode")[0][1].decode() == f"`{checkpoint.best['encode']}`"
    assert "[run]" in values_of(found, "deck")[0][1].decode()
    times = [event.wall_time for event in found.Tensors("fitness/best")]
    assert times == sorted(times) and times[-1] - times[0] == pytest.approx(
        metrics["seconds"].iloc[-1] - metrics["seconds"].iloc[0], abs=1e-4)


def test_accuracies_are_of_the_iteration_that_was_judged(accumulated, run, went_on, tmp_path):
    assert run("tensorboard", went_on, "-o", tmp_path / "events").code == 0
    found = accumulated(tmp_path / "events")
    for file, iteration in (("evaluation", 12), ("early", 8)):
        for ending in ("", "_ci95"):
            steps = [step for step, _ in values_of(found, f"accuracy/{file}_3-way_1-shot{ending}")]
            assert steps == [iteration]


def test_wall_times_go_on_after_a_restart(accumulated, run, copy, tmp_path):
    """Seconds of a line count from the start of its process, and the checkpoint says when the newest one started."""
    folder = copy("a")
    lines = [json.loads(line) for line in (folder / "metrics.jsonl").read_text().splitlines()]
    assert len(lines) >= 3
    for line, seconds in zip(lines, [100.0, *(10.0 + i for i in range(len(lines) - 1))]):
        line["seconds"] = seconds
    (folder / "metrics.jsonl").write_text("".join(json.dumps(line) + "\n" for line in lines))
    with h5py.File((folder / "latest.h5").resolve(), "r+") as file:
        file["provenance"].attrs["started"] = np.bytes_("2026-01-31T12:00:00Z")
    assert run("tensorboard", folder, "-o", tmp_path / "events").code == 0
    events = accumulated(tmp_path / "events").Tensors("fitness/best")
    newest = datetime.datetime(2026, 1, 31, 12, tzinfo=datetime.timezone.utc).timestamp()
    wanted = [newest - 100 + 100, *(newest + 10 + i for i in range(len(lines) - 1))]
    assert [event.wall_time for event in events] == pytest.approx(wanted, abs=1e-3)


def test_losses_that_are_not_finite_are_left_out(accumulated, run, changed, tmp_path):
    def change(file):
        file["history/iteration_loss"][3] = float("nan")
        file["history/best"][0] = -1

    path = changed("a/latest.h5", change)
    assert run("tensorboard", path, "-o", tmp_path / "events").code == 0
    found = accumulated(tmp_path / "events")
    assert [step for step, _ in values_of(found, "loss/query")] == [1, 2, 3, *range(5, 13)]
    assert len(values_of(found, "islands/0/best")) == len(values_of(found, "islands/1/best")) - 1


def test_one_folder_one_run(accumulated, run, refused, runs, tmp_path):
    assert run("tensorboard", runs / "a", "-o", tmp_path / "events").code == 0
    refused("tensorboard", runs / "b", "-o", tmp_path / "events", saying=("holds an event file", "another folder"))
    (tmp_path / "file").write_text("")
    refused("tensorboard", runs / "b", "-o", tmp_path / "file/events", saying="cannot write into")


def test_of_what_is_no_run(refused, runs, tmp_path):
    refused("tensorboard", runs / "data.h5", "-o", tmp_path / "events", saying="data set")
    assert not (tmp_path / "events").exists()


def test_without_tensorboard(run, runs, tmp_path, monkeypatch):
    for name in [name for name in sys.modules if name.split(".")[0] == "tensorboard"]:
        monkeypatch.delitem(sys.modules, name)
    monkeypatch.setitem(sys.modules, "tensorboard", None)
    outcome = run("tensorboard", runs / "a", "-o", tmp_path / "events")
    assert outcome.code == 2 and "atnas-analysis[tensorboard]" in outcome.err and len(outcome.err.splitlines()) == 1
    assert run("tensorboard", runs / "a").code == 2
