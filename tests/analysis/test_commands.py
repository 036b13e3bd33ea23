# SPDX-License-Identifier: Apache-2.0
"""genotype, diff, compare and watch."""

import json
import os
import subprocess
import sys
import time
import xml.etree.ElementTree as ElementTree

import h5py
import numpy as np
import pytest

import atnas_analysis
from atnas_analysis.comparison import compare
from atnas_analysis.comparison_charts import charts_of
from atnas_analysis.drawing import Layout, svg_of
from atnas_analysis.live_view import live_view

CELLS = ("normal=conv_3x3:0+skip_connect:1|max_pool_3x3:0+conv_3x3:2|sep_conv_3x3:1+dil_conv_3x3:3;"
         "reduce=conv_1x5_5x1:0+avg_pool_3x3:1|conv_3x3:1+sep_conv_3x3:2|max_pool_3x3:0+conv_3x3:1")


def test_genotype_as_text_and_json(run, runs):
    text = run("genotype", runs / "a")
    with atnas_analysis.open(runs / "a/latest.h5") as checkpoint:
        assert text.out.strip() == checkpoint.best["encode"]
    found = json.loads(run("genotype", runs / "a/latest.h5", "--format=json").out)
    assert found["encode"] == text.out.strip() and found["space"] == "cell"
    node = found["cells"]["reduce"][2]
    assert ("%s:%d+%s:%d" % (*node[0].values(), *node[1].values())) == text.out.strip().split("|")[-1]


def test_genotype_of_networks_and_evaluations(run, runs):
    for name in ("net.h5", "a/evaluation.h5"):
        assert run("genotype", runs / name).out.startswith("normal=")


def test_genotype_for_graphviz(run, runs):
    lines = run("genotype", "any", "--encode=" + CELLS, "--format=dot").out.splitlines()
    assert lines[0] == "digraph genotype {" and lines[-1] == "}"
    assert sum("->" in line and "label" in line for line in lines) == 12
    assert '    normal_3 -> normal_4 [label="dil_conv_3x3"];' in lines


def test_genotype_drawn(run, tmp_path):
    assert run("genotype", "any", "--encode=" + CELLS, "-o", tmp_path / "cells.svg").code == 0
    top = ElementTree.parse(tmp_path / "cells.svg").getroot()
    texts = [text.text for text in top.iter("{http://www.w3.org/2000/svg}text")]
    assert texts.count("conv_3x3") == 4 and texts.count("concat") == 2


def test_boxes_of_a_drawing_do_not_overlap():
    nodes = atnas_analysis.Genotype.parse(CELLS).cells["normal"]
    layout = Layout(nodes)
    for number, node in enumerate(nodes, 2):
        for edge in node:
            assert layout.x(number) - 13 - 26 - 118 > layout.exit(edge.source)
    rows = [layout.row(i) for i in range(6)]
    assert all(b - a > 26 for a, b in zip(rows, rows[1:]))
    width = float(ElementTree.fromstring(svg_of(atnas_analysis.Genotype.parse(CELLS))).get("width"))
    assert width >= layout.width


def test_conv4_has_no_picture(refused):
    refused("genotype", "any", "--encode=conv4", "--format=svg", saying="cannot be drawn")


def test_diff_of_equal_files(run, runs, copy):
    outcome = run("diff", runs / "a", copy("a/latest.h5"))
    assert outcome.code == 0 and outcome.out.startswith("equal bit by bit")


def test_diff_leaves_provenance_out(run, runs, changed):
    path = changed("a/latest.h5", lambda file: file["provenance"].attrs.modify("host", np.bytes_("elsewhere")))
    assert run("diff", runs / "a/latest.h5", path).code == 0


def test_diff_of_two_searches_of_one_seed(run, place):
    """Each in a folder of its own."""
    place.search("again", "--run.seed=1")
    outcome = run("diff", place.folder / "a", place.folder / "again")
    assert outcome.code == 0, outcome.out


def test_diff_of_decks(run, runs, changed):
    def change(file):
        text = file["deck/text"][0]
        file["deck/text"][0] = text.replace(b"keep = 5", b"keep = 6")

    assert "/deck/text" in run("diff", runs / "a/latest.h5", changed("a/latest.h5", change)).out


def test_diff_finds_the_first_place(run, runs, changed):
    def change(file):
        file["weights/values"][7] += 1e-4
        file["weights/values"][9] += 1e-3
        file["counters"].attrs["tasks"] = np.int64(61)

    path = changed("a/latest.h5", change)
    outcome = run("diff", runs / "a/latest.h5", path)
    assert outcome.code == 1
    lines = outcome.out.splitlines()
    assert lines[0] == "/counters@tasks: 60 and 61"
    assert "/weights/values: 2 of" in lines[1] and "the first at [7]" in lines[1] and "0.001" in lines[1]
    assert "the first at [9]" in run("diff", runs / "a/latest.h5", path, "--tolerance=5e-4").out
    assert "weights" not in run("diff", runs / "a/latest.h5", path, "--tolerance=0.01").out


def test_diff_sees_a_single_bit(run, runs, changed):
    def change(file):
        values = file["weights/values"]
        values[3] = np.nextafter(values[3], np.float32(1))

    outcome = run("diff", runs / "a/latest.h5", changed("a/latest.h5", change))
    assert outcome.code == 1 and "/weights/values: 1 of" in outcome.out


def test_diff_of_no_numbers(run, runs, changed):
    def change(file):
        file["islands/latency"][0, 0] = 3.0

    path = changed("a/latest.h5", change)
    for words in ((), ("--tolerance=100",)):
        outcome = run("diff", runs / "a/latest.h5", path, *words)
        assert outcome.code == 1 and "/islands/latency: 1 of 9" in outcome.out


def test_diff_of_other_shapes_and_kinds(run, runs):
    outcome = run("diff", runs / "a/checkpoint-00000004.h5", runs / "a/checkpoint-00000008.h5", "--limit=500")
    assert outcome.code == 1 and "/history/iteration_loss: shapes [4] and [8]" in outcome.out
    assert run("diff", runs / "a/latest.h5", runs / "net.h5").code == 1


def test_diff_of_programs_with_other_defaults(run, runs, changed):
    def change(file):
        text = file["deck/text"][0].decode()
        del file["deck/text"]
        file["deck/text"] = np.array([text.replace("  # default 8", "").replace("# default 200", "# default 100").encode()])

    outcome = run("diff", runs / "a/latest.h5", changed("a/latest.h5", change))
    assert outcome.code == 0, outcome.out


def test_compare_pairs_the_same_tasks(run, runs):
    frame = compare([runs / "a", runs / "b"])
    a, b = (atnas_analysis.open(runs / name / "evaluation.h5").tasks["accuracy"] for name in "ab")
    assert frame["paired"].tolist() == [False, True]
    assert frame["difference"][1] == pytest.approx((b - a).mean())
    assert frame["difference_ci95"][1] == pytest.approx(1.96 * (b - a).std() / 20**0.5)
    out = run("compare", runs / "a", runs / "b").out
    assert "(paired)" in out and "3-way 1-shot, 20 tasks" in out


def test_compare_does_not_pair_other_tasks(runs, changed):
    path = changed("b/evaluation.h5", lambda file: file.attrs.modify("seed", np.bytes_("8")))
    frame = compare([runs / "a", path])
    assert frame["paired"].tolist() == [False, False]
    assert frame["difference_ci95"][1] == pytest.approx((frame["ci95"][0]**2 + frame["ci95"][1]**2) ** 0.5)


def test_compare_does_not_pair_tasks_of_one_group_with_others(runs, changed):
    path = changed("b/evaluation.h5", lambda file: file.attrs.modify("within_group", 1))
    assert compare([runs / "a", path])["paired"].tolist() == [False, False]
    before = changed("b/evaluation.h5", lambda file: file.attrs.pop("within_group"))
    assert compare([runs / "a", before])["paired"].tolist() == [False, True]


def test_compare_does_not_pair_other_classes(runs, changed):
    """Of equal number."""

    def change(file):
        names = file["classes/names"][()]
        names[0] = b"another"
        del file["classes/names"]
        file["classes/names"] = names

    assert compare([runs / "a", changed("b/evaluation.h5", change)])["paired"].tolist() == [False, False]


def test_compare_pairs_files_of_before_which_list_no_classes(runs, changed):
    path = changed("b/evaluation.h5", lambda file: file.pop("classes"))
    assert compare([runs / "a", path])["paired"].tolist() == [False, True]


def test_compare_tells_runs_of_the_same_name_apart(runs, copy):
    again = copy("a")
    frame = compare([runs / "a", again, runs / "b"])
    assert frame["run"].tolist() == ["/".join(path.parts[-2:]) for path in (runs / "a", again)] + ["b"]
    assert compare([runs / "a/evaluation.h5", runs / "b/evaluation.h5"])["run"].tolist() == ["a/evaluation", "b/evaluation"]


def test_compare_drawn(run, runs, changed, tmp_path):
    frame = compare([runs / "a", runs / "b"])
    accuracy, difference = charts_of(frame)
    assert accuracy.rows == [(name, 100 * frame["accuracy"][i], 100 * frame["ci95"][i], 0) for i, name in enumerate("ab")]
    assert difference.rows == [("b", 100 * frame["difference"][1], 100 * frame["difference_ci95"][1], 0)]
    assert difference.zero and "task by task" in difference.note
    other = changed("b/evaluation.h5", lambda file: file.attrs.modify("seed", np.bytes_("8")))
    assert charts_of(compare([runs / "a", other]))[1].rows[0][3] != 0
    for ending in ("svg", "html", "png", "pdf"):
        assert run("compare", runs / "a", runs / "b", other, "-o", tmp_path / f"c.{ending}").code == 0
    texts = [text.text for text in ElementTree.parse(tmp_path / "c.svg").iter("{http://www.w3.org/2000/svg}text")]
    assert "Accuracy, 3-way 1-shot" in texts and "Difference from a, 3-way 1-shot" in texts and texts.count("b") == 2
    outcome = run("compare", runs / "a", "-o", tmp_path / "c.gif")
    assert outcome.code == 2 and "name it .svg" in outcome.err


def test_compare_of_one_run_has_no_differences(runs):
    assert [chart.slug for chart in charts_of(compare([runs / "a"]))] == ["accuracy-0"]


def test_compare_says_what_was_seen(run, changed, tmp_path):
    path = changed("a/evaluation.h5", lambda file: file.attrs.modify("seen_classes", np.int64(2)))
    assert "not the accuracy on unseen ones" in run("compare", path, "--csv", tmp_path / "table.csv").out
    assert (tmp_path / "table.csv").read_text().startswith("run,tasks,accuracy,")


def test_compare_of_a_run_without_evaluation(refused, copy):
    folder = copy("a")
    (folder / "evaluation.h5").unlink()
    refused("compare", folder, saying="atnas evaluate")


def test_watch_of_a_run_that_ended(run, runs):
    out = run("watch", runs / "a", "--once").out
    assert "generation 5, iteration 12 of 12" in out and "done" in out
    assert "last checkpoint: iteration 12 of 12, checkpoint-00000012.h5" in out
    assert len([line for line in out.splitlines() if "|" in line and "%" in line]) == 3  # islands


def test_watch_of_a_run_that_goes_on(copy):
    folder = copy("a")
    lines = (folder / "metrics.jsonl").read_text().splitlines()
    lines = [json.dumps({**json.loads(line), "tasks_per_s": 10.0}) for line in lines[:3]]
    (folder / "metrics.jsonl").write_text("\n".join(lines) + "\n{\"gener")
    # 6 of 12 iterations of 5 tasks at 10 tasks a second
    assert "about 3 s left" in live_view(folder)
    (folder / "metrics.jsonl").unlink()
    found = live_view(folder).splitlines()
    assert "metrics.jsonl is not there" in found[1] and len(found[3].split()[-1]) == 12  # the loss of each iteration
    for path in folder.glob("*.h5"):
        path.unlink()
    assert "no checkpoint yet" in live_view(folder)


def test_a_training_that_ended_has_metrics_alone(tmp_path, refused):
    (tmp_path / "metrics.jsonl").write_text(json.dumps({"phase": "training", "step": 9, "steps": 9, "loss": 0.5}) + "\n")
    refused("report", tmp_path, saying="a training that ended removes its checkpoints")
    assert "a training removes them when it ends" in live_view(tmp_path)


def test_watch_waits_for_the_folder(copy, tmp_path):
    command = [sys.executable, "-m", "atnas_analysis", "watch", str(tmp_path / "later"), "--interval=0.1"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        try:
            assert process.stdout.readline().startswith("waiting: ")
            os.rename(copy("a"), tmp_path / "later")
            end = time.monotonic() + 30
            while time.monotonic() < end and "generation 5" not in process.stdout.readline():
                pass
            assert time.monotonic() < end
        finally:
            process.terminate()


def test_more_than_it_shows_of_islands(changed, tmp_path):
    def change(file):
        history = file["history"]
        for name in ("generation", "iteration", "island", "best", "mean", "spread", "encodes"):
            values = np.arange(20) if name == "island" else np.ones(20, history[name].dtype)
            del history[name]
            history[name] = values

    path = changed("a/latest.h5", change)
    folder = tmp_path / "run"
    folder.mkdir()
    path.rename(folder / "latest.h5")
    assert "and 8 more islands" in live_view(folder)


def test_files_are_closed(runs):
    with atnas_analysis.open(runs / "a/latest.h5") as found:
        pass
    assert not found.file.id.valid
    assert h5py.is_hdf5(runs / "a/latest.h5")
