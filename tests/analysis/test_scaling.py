# SPDX-License-Identifier: Apache-2.0
"""scaling: tables of studies for which the cost model is true."""

import re
import subprocess
import sys
import xml.etree.ElementTree as ElementTree
from pathlib import Path

import h5py
import numpy as np
import pytest

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "jobs"))

from made_up_study import made_up, rows_of  # noqa: E402
from table import write_csv, write_hdf5  # noqa: E402

from atnas_analysis.problem import Problem  # noqa: E402
from atnas_analysis.scaling.charts import Study, charts_of  # noqa: E402
from atnas_analysis.scaling.table import read  # noqa: E402


@pytest.fixture(scope="module")
def rows():
    return rows_of(made_up(ranks=(1, 2, 4), weights=(50_000,), repeats=2))


@pytest.fixture
def study(rows, tmp_path):
    write_hdf5(tmp_path / "table.h5", rows)
    return tmp_path / "table.h5"


def test_speed_up_efficiency_and_model(run, study):
    outcome = run("scaling", study)
    assert outcome.code == 0, outcome.err
    lines = outcome.out.splitlines()
    assert sum(line.startswith("deck50000, ") for line in lines) == 6
    for kind in ("strong", "weak"):
        one, two, four = ([word for word in re.split("  +", line)] for line in lines
                          if line.startswith(f"deck50000, {kind}"))
        assert one[1] == "1" and one[6:9] == ["1.00", "100.0 %", "100.0 %"]
        assert 1 < float(two[6]) < 2 and float(two[6]) < float(four[6]) < 4
        assert float(four[7][:-2]) == pytest.approx(100 * float(four[6]) / 4, abs=0.2)
        assert float(four[8][:-2]) == pytest.approx(float(four[7][:-2]), abs=1)  # the model is true here
    assert "model of deck50000: a task 50 ms, 4.0 % more" in outcome.out


def test_tables_of_csv_and_of_several_files(run, rows, tmp_path):
    for name, part in (("a", rows[::2]), ("b", rows[1::2])):
        write_csv(tmp_path / f"{name}.csv", part)
    write_hdf5(tmp_path / "all.h5", rows)
    several, one = (run("scaling", *names) for names in
                    ([tmp_path / "a.csv", tmp_path / "b.csv"], [tmp_path / "all.h5"]))
    assert several.code == one.code == 0 and several.out == one.out


def test_the_base_is_that_of_all_tables(rows):
    """Tables of single numbers of ranks say 1 as the speed-up of each: together they don't."""
    alone = [dict(row, speedup=1.0, efficiency=1.0) for row in rows]
    strong = next(curve for curve in Study.of(alone).curves if "strong" in curve.name)
    assert strong.column("speedup")[-1] > 2


def test_the_fewest_ranks_are_perfect_however_many(rows):
    for curve in Study.of([row for row in rows if row["ranks"] > 1]).curves:
        assert curve.column("efficiency")[0] == curve.column("speedup")[0] == curve.model[0] == 1
        assert curve.column("efficiency")[1] == pytest.approx(curve.column("speedup")[1] / 2)


@pytest.mark.parametrize("ending", ["svg", "html", "png", "pdf"])
def test_drawn(run, study, tmp_path, ending):
    path = tmp_path / f"scaling.{ending}"
    assert run("scaling", study, "-o", path).code == 0
    data = path.read_bytes()
    assert data.startswith({"svg": b"<svg", "html": b"<!DOCTYPE", "png": b"\x89PNG", "pdf": b"%PDF"}[ending])
    if ending == "svg":
        top = ElementTree.fromstring(data)
        texts = [text.text for text in top.iter("{http://www.w3.org/2000/svg}text")]
        assert "Parallel efficiency" in texts and texts.count("deck50000, weak") == 2


def test_perfect_is_drawn_from_the_fewest_ranks_of_each_series(rows):
    """Speed-up counts from there: two ranks are perfect at 1 where nothing ran on one."""
    later = [row for row in rows if row["kind"] == "strong" or row["ranks"] > 1]
    speedup, efficiency = charts_of(Study.of(later))
    lines = {series.x[0]: series for series in speedup.series if series.faint}
    assert {fewest: (line.x.tolist(), line.y.tolist()) for fewest, line in lines.items()} == {
        1: ([1, 2, 4], [1, 2, 4]), 2: ([2, 4], [1, 2])}
    assert [(series.x.tolist(), set(series.y)) for series in efficiency.series if series.faint] == [
        ([1, 2, 4], {100}), ([2, 4], {100})]
    points = next(series for series in speedup.series if series.name == "deck50000, weak")
    assert points.y[0] == lines[2].y[0] and (points.y <= lines[2].y).all()
    assert sum(series.faint for series in charts_of(Study.of(rows))[0].series) == 1


def test_the_range_of_repeats_is_drawn(rows):
    slow = [dict(row) for row in rows]
    for row in slow:
        if row["repeat"] == 1 and row["ranks"] == 4:
            row["tasks_per_s"] /= 2
    efficiency = charts_of(Study.of(slow))[1].series
    points = next(series for series in efficiency if series.name == "deck50000, strong")
    assert points.low[2] == pytest.approx(points.high[2] / 2)
    assert points.y[2] == pytest.approx((points.low[2] + points.high[2]) / 2)
    assert np.array_equal(points.low[:2], points.high[:2])


def test_a_study_that_the_model_cannot_be_fitted_to(run, rows, tmp_path):
    write_hdf5(tmp_path / "t.h5", [dict(row, forward_avg=0.0, backward_avg=0.0) for row in rows])
    outcome = run("scaling", tmp_path / "t.h5", "-o", tmp_path / "t.svg")
    assert outcome.code == 0 and "note: no model of deck50000" in outcome.out and (tmp_path / "t.svg").exists()


def test_refusals(run, refused, runs, study, tmp_path):
    refused("scaling", tmp_path / "no.h5", saying=("no scaling table", "collect.py"))
    refused("scaling", runs / "a/latest.h5", saying=("no scaling table", "atnas-checkpoint"))
    (tmp_path / "half.h5").write_bytes(study.read_bytes()[:3000])
    refused("scaling", tmp_path / "half.h5", saying="no scaling table")
    (tmp_path / "odd.csv").write_text("kind,ranks\nweak,2\n")
    refused("scaling", tmp_path / "odd.csv", saying="no column")
    for name in ("scaling.gif", "scaling"):
        outcome = run("scaling", study, "-o", tmp_path / name)
        assert outcome.code == 2 and "name it .svg" in outcome.err and len(outcome.err.splitlines()) == 1


@pytest.mark.parametrize("name, value, words", [
    ("tasks_per_s", 0.0, "tasks_per_s is 0.0, not positive"),
    ("population", 0, "population is 0, not positive"),
    ("fitness_tasks", 0, "fitness_tasks is 0, not positive"),
    ("ranks_per_node", 0, "ranks_per_node is 0, not positive"),
    ("generations", -1, "-1 generations"),
    ("reduction", "sloppy", "the reduction sloppy, known are exact, fast"),
    ("work", "hard", "the work hard, known are shared, static"),
    ("kind", "odd", "the kind odd, known are strong, weak"),
])
@pytest.mark.parametrize("ending", ["csv", "h5"])
def test_values_that_mean_nothing(refused, rows, tmp_path, ending, name, value, words):
    write = {"csv": write_csv, "h5": write_hdf5}[ending]
    write(tmp_path / f"t.{ending}", [*rows[:-1], {**rows[-1], name: value}])
    refused("scaling", tmp_path / f"t.{ending}", saying=("no scaling table", f"row {len(rows)}", words))


def test_damage_anywhere(study, tmp_path):
    """h5py raises errors of many kinds, RuntimeError among them."""
    data, path = study.read_bytes(), tmp_path / "damaged.h5"
    refused = 0
    for start in range(0, len(data), 24):
        path.write_bytes(data[:start] + b"\xff" * 8 + data[start + 8:])
        try:
            read(path)
        except Problem as problem:
            refused += str(problem).startswith(f"{path} is no scaling table")
    assert refused > 100


def test_counts_that_are_infinite(refused, study):
    with h5py.File(study, "r+") as file:
        values = file["points/batch"][()].astype(float)
        del file["points/batch"]
        file["points/batch"] = np.where(np.arange(len(values)) == 2, np.inf, values)
    refused("scaling", study, saying=("no scaling table", "row 3"))


def test_tables_are_read_without_pandas(study):
    """jobs/scaling needs numpy and h5py alone."""
    code = "import sys; sys.modules['pandas'] = None\nfrom atnas_analysis.scaling.table import read\nprint(len(read(%r)))"
    done = subprocess.run([sys.executable, "-c", code % str(study)], capture_output=True, text=True)
    assert done.returncode == 0 and int(done.stdout) == len(read(study)), done.stderr


def test_without_matplotlib(run, study, tmp_path, monkeypatch):
    monkeypatch.setitem(sys.modules, "matplotlib", None)
    outcome = run("scaling", study, "-o", tmp_path / "scaling.png")
    assert outcome.code == 2 and "atnas-analysis[figures]" in outcome.err and len(outcome.err.splitlines()) == 1
    assert not (tmp_path / "scaling.png").exists()


def test_rows_are_numbers(study):
    assert {type(row["ranks"]) for row in read(study)} == {int}
