# SPDX-License-Identifier: Apache-2.0
"""Figures as a program for which the cost model is true would report them."""

import contextlib
import io
import json
import os
import sys
import tempfile
import unittest
from pathlib import Path
from unittest import mock

SCALING = Path(__file__).resolve().parents[2] / "jobs" / "scaling"
sys.path.insert(0, str(SCALING))
sys.dont_write_bytecode = True

import collect  # noqa: E402
import point  # noqa: E402

from atnas_analysis.problem import Problem  # noqa: E402
from atnas_analysis.scaling import cost  # noqa: E402
from atnas_analysis.scaling.series import compare  # noqa: E402

KNOWN = cost.Costs(task=0.05, contention=0.04, spread=0.2, latency=2e-5, bandwidth=1e9, optimizer=3e-9,
                   other=0.002, serial=0.004, fitness_task=0.03)


def result_of(setting, costs, iterations=40):
    """What the program would report if the model were true."""
    terms = cost.iteration(setting, costs)
    task = cost.task_seconds(setting, costs) * setting.batch / setting.ranks
    every = setting.generation_every
    evaluation, slowest = (value / every for value in cost.generation(setting, costs)) if every else (0.0, 0.0)
    times = {"forward": task / 3, "backward": task * 2 / 3, "optimizer": terms["optimizer"],
             "migration": cost.publishing(setting, costs) / every if every else 0.0,
             "reduction": terms["reduction"], "checkpoint": 0.0125,
             "waiting": cost.waiting(setting, costs) + terms["agreement"] + slowest - evaluation,
             "evaluation": evaluation}
    return {"ranks": setting.ranks, "seconds": iterations * (sum(terms.values()) + 0.0125), "host": "n1",
            "timed_iterations": iterations, "weights": setting.weights, "tasks_per_s": 1.0,
            "phases": {name: {"min": 0.9 * t * iterations, "avg": t * iterations,
                              "max": (1 if name == "checkpoint" else 1.1) * t * iterations}
                       for name, t in times.items()}}


def made_up(costs=KNOWN, ranks=(1, 2, 4, 8), weights=(50_000, 2_000_000), reduction="exact", every=0, repeats=1,
            kinds=point.KINDS, work="static"):
    """(settings, result) of both studies for decks of several sizes."""
    for size in weights:
        for kind in kinds:
            for number in ranks:
                for repeat in range(repeats):
                    share = number if kind == "weak" else max(ranks)
                    setting = cost.Setting(ranks=number, islands=share, batch=4 * share, weights=size,
                                           ranks_per_node=number, reduction=reduction, work=work,
                                           generation_every=every, population=4, fitness_tasks=10)
                    settings = {"kind": kind, "deck": "deck%d" % size, "reduction": reduction, "work": work,
                                "ranks": number, "islands": share, "batch": 4 * share, "repeat": repeat, "iterations": 40,
                                "ranks_per_node": number, "population": 4, "fitness_tasks": 10,
                                "generation_every": every}
                    yield settings, result_of(setting, costs)


def rows_of(points):
    rows = [collect.row_of(settings, result) for settings, result in points]
    compare(rows)
    return rows


# Plays atnas: answers --dump-deck, else writes figures for $STAND_IN_RANKS ranks and notes its words.
STAND_IN = """#!{python}
import json, os, sys
if "--dump-deck" in sys.argv:
    print("[runtime]\\nreduction = exact\\nwork = shared\\n[meta]\\nbatch = 4\\n[evo]\\nislands = 2\\npopulation = 4")
    print("fitness_tasks = 5\\ngeneration_every = 10")
    sys.exit(0)
words = [word[2:].split("=", 1) for word in sys.argv if word.startswith("--")]
keys = dict(words)
if len(keys) < len(words):
    sys.exit("error: a key was given twice (the program takes none twice), leave one out")
with open(os.environ["STAND_IN_LOG"], "a") as log:
    print(json.dumps(keys), file=log)
if os.environ.get("STAND_IN_FAILS"):
    sys.exit("error: no luck (it was asked for), try again")
phases = {{name: {{"min": 0.1, "avg": 0.2, "max": 0.3}} for name in {phases}}}
result = dict(ranks=int(os.environ.get("STAND_IN_RANKS", "1")), seconds=4.3, tasks_per_s=1.0, weights=10, host="n1",
              timed_iterations=int(keys["run.iterations"]), phases=phases)
result["task_cpu_seconds"] = dict(mean=0.5, busiest=0.75)
if os.environ.get("STAND_IN_OLD"):
    del result["phases"], result["task_cpu_seconds"]
if "h5py" in os.environ.get("STAND_IN_WRITES", ""):
    import h5py
    os.makedirs(keys["run.folder"])
    with h5py.File(keys["run.folder"] + "/latest.h5", "w") as file:
        file["weights/values"] = [1.0, float(os.environ.get("STAND_IN_RANKS", "1")) if "drift" in sys.argv[2] else 1.0]
        file["deck/work"] = str(keys.get("runtime.work"))
with open(keys["json"], "w") as file:
    json.dump(result, file)
"""


class Folder(unittest.TestCase):
    def setUp(self):
        folder = tempfile.TemporaryDirectory(prefix="atnas-test-")
        self.addCleanup(folder.cleanup)
        self.folder = Path(folder.name)

    def write_points(self, points, name="study"):
        (self.folder / name).mkdir(exist_ok=True)
        for settings, result in points:
            point.write_point(self.folder / name / point.file_name(settings), settings, result)
        return self.folder / name

    def run_main(self, main, *words):
        out = io.StringIO()
        with contextlib.redirect_stdout(out):
            self.assertEqual(main([str(word) for word in words]), 0)
        return out.getvalue()

    def assert_problem(self, words, call, *arguments):
        with self.assertRaises(Problem) as caught:
            call(*arguments)
        for word in words:
            self.assertIn(word, str(caught.exception))


class StandIn(Folder):
    """With a stand-in for the program."""

    def setUp(self):
        super().setUp()
        program = self.folder / "atnas"
        program.write_text(STAND_IN.format(python=sys.executable, phases=point.PHASES))
        program.chmod(0o755)
        self.log = self.folder / "log"
        patch = mock.patch.dict(os.environ, ATNAS_BIN=str(program), STAND_IN_LOG=str(self.log))
        patch.start()
        self.addCleanup(patch.stop)

    def calls(self):
        return [json.loads(line) for line in self.log.read_text().splitlines()] if self.log.exists() else []
