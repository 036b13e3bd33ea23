# SPDX-License-Identifier: Apache-2.0
"""jobs/scaling: studies and their table. Neither atnas nor MPI is needed: a stand-in plays both."""

import json
import os
import subprocess
import sys
import unittest
from pathlib import Path
from unittest import mock

from made_up_study import KNOWN, SCALING, Folder, StandIn, made_up, rows_of

import cluster
import collect
import point
import study
import table

from atnas_analysis.scaling import cost, fit
from atnas_analysis.scaling.table import read


class Collecting(Folder):
    def test_table_as_csv_and_hdf5(self):
        place = self.write_points(made_up(weights=(50_000,), repeats=3, every=10))
        text = self.run_main(collect.main, place)
        self.assertIn("24 points", text)
        from_csv, from_hdf5 = read(place / "table.csv"), read(place / "table.h5")
        self.assertEqual(from_csv, from_hdf5)
        self.assertEqual(len(from_csv), 24)
        self.assertEqual(set(from_csv[0]), set(table.COLUMNS))
        for row in from_csv:
            setting = fit.setting_of(row)
            self.assertAlmostEqual(row["seconds_per_iteration"], cost.seconds(setting, KNOWN), 9)
            self.assertAlmostEqual(row["tasks_per_s"], row["batch"] / row["seconds_per_iteration"], 9)
            self.assertEqual(row["generations"], 4)
            self.assertLess(row["forward_min"], row["forward_avg"])
            if row["ranks"] == 1:
                self.assertAlmostEqual(row["efficiency"], 1.0)
        two = next(row for row in from_csv if row["kind"] == "strong" and row["ranks"] == 2)
        one = next(row for row in from_csv if row["kind"] == "strong" and row["ranks"] == 1)
        self.assertAlmostEqual(two["speedup"], one["seconds_per_iteration"] / two["seconds_per_iteration"], 9)
        self.assertAlmostEqual(two["efficiency"], two["speedup"] / 2, 9)

    def test_a_table_is_there_whole_or_not_at_all(self):
        rows = rows_of(made_up(weights=(50_000,), kinds=("strong",)))
        for name, write in (("t.csv", table.write_csv), ("t.h5", table.write_hdf5)):
            path = self.folder / name
            write(path, rows)
            before = path.read_bytes()
            with self.assertRaises((ValueError, TypeError)):
                write(path, [*rows, dict(rows[0], speedup="x", odd=1)])
            self.assertEqual(path.read_bytes(), before)
        self.assertEqual(sorted(path.name for path in self.folder.iterdir()), ["t.csv", "t.h5"])

    def test_efficiency_of_weak_scaling_is_the_ratio_of_times(self):
        rows = {row["ranks"]: row for row in rows_of(made_up(weights=(50_000,), kinds=("weak",), ranks=(2, 4)))}
        ratio = rows[2]["seconds_per_iteration"] / rows[4]["seconds_per_iteration"]
        self.assertAlmostEqual(rows[4]["efficiency"], ratio)

    def test_ranks_of_a_node_are_those_that_the_program_counted(self):
        points = list(made_up(weights=(50_000,), kinds=("strong",), ranks=(1, 4)))
        self.assertIn("note: 1 point(s) do not say", self.run_main(collect.main, self.write_points(points)))
        self.assertEqual([row["ranks_per_node"] for row in read(self.folder / "study" / "table.h5")], [1, 4])
        # Spread over two nodes, whatever the study took them for.
        said = [(settings, dict(result, ranks_per_host=max(1, settings["ranks"] // 2))) for settings, result in points]
        self.assertNotIn("note:", self.run_main(collect.main, self.write_points(said)))
        self.assertEqual([row["ranks_per_node"] for row in read(self.folder / "study" / "table.h5")], [1, 2])

    def test_several_studies_in_one_table(self):
        places = [self.write_points(made_up(weights=(size,)), "study%d" % size) for size in (1000, 2000)]
        self.run_main(collect.main, *places, "-o", self.folder / "both")
        self.assertEqual({row["deck"] for row in read(self.folder / "both.csv")}, {"deck1000", "deck2000"})

    def test_malformed_points(self):
        settings, result = next(made_up())
        old = {key: value for key, value in result.items() if key != "phases"}
        lame = dict(result, phases=dict(result["phases"], waiting={"min": 0}))
        for words, text in ((("no 'phases'", "too old"), {"settings": settings, "result": old}),
                            (("phases.waiting",), {"settings": settings, "result": lame}),
                            (("'weights'",), {"settings": settings, "result": dict(result, weights=0)}),
                            (("ran on 3", "launcher"), {"settings": settings, "result": dict(result, ranks=3)}),
                            (("'ranks_per_host'", "it is 2"), {"settings": settings,
                                                               "result": dict(result, ranks_per_host=2)}),
                            (("settings.kind",), {"settings": dict(settings, kind="odd"), "result": result}),
                            (("settings.ranks",), {"settings": dict(settings, ranks="2"), "result": result}),
                            (("no point of a study",), [])):
            place = self.folder / "bad"
            place.mkdir(exist_ok=True)
            (place / "strong-r00001-n000.json").write_text(json.dumps(text))
            self.assert_problem(words, collect.collect, [place])
        (place / "strong-r00001-n000.json").write_text('{"settings": ')
        self.assert_problem(("cannot be read",), collect.collect, [place])
        self.assert_problem(("holds no points",), collect.collect, [self.folder])

    def test_a_person_sees_no_traceback(self):
        process = subprocess.run([sys.executable, SCALING / "collect.py", self.folder], capture_output=True, text=True)
        self.assertEqual(process.returncode, 4)
        self.assertTrue(process.stderr.startswith("error: "), process.stderr)
        self.assertNotIn("Traceback", process.stderr)


class Studying(StandIn):
    def setUp(self):
        super().setUp()
        self.place = self.folder / "study"

    def study(self, *words):
        return self.run_main(study.main, "deck.ini", "--folder=%s" % self.place,
                             "--launcher=env STAND_IN_RANKS={ranks}", *words)

    def test_points_are_measured_and_collected(self):
        self.study("--ranks=1,4", "--repeats=2", "--iterations=20", "--meta.inner_steps=3")
        self.assertEqual(sorted(path.name for path in self.place.iterdir()),
                         sorted("%s-r0000%d-n00%d.json" % key for key in
                                ((kind, ranks, n) for kind in point.KINDS for ranks in (1, 4) for n in (0, 1))))
        calls = self.calls()
        # Repeats are outermost, every second one backwards.
        self.assertEqual([(call["evo.islands"], call["meta.batch"]) for call in calls[:4]],
                         [("4", "4"), ("1", "2"), ("4", "4"), ("4", "8")])
        islands = [call["evo.islands"] for call in calls]
        self.assertEqual(islands[4:], islands[3::-1])
        for call in calls:
            self.assertEqual((call["run.iterations"], call["run.checkpoint_every"], call["evo.generation_every"],
                              call["meta.inner_steps"]), ("20", "0", "21", "3"))
        self.assertEqual(len(collect.collect([self.place])[0]), 8)

    def test_a_study_goes_on_and_never_mixes(self):
        self.study("--ranks=1,2", "--repeats=1")
        self.assertIn("measured before", self.study("--ranks=1,2", "--repeats=2"))
        self.assertEqual(len(self.calls()), 8)
        self.assert_problem(("iterations = 40, now 41", "one folder holds one study"), self.study, "--ranks=1,2",
                            "--iterations=41")
        self.assert_problem(("keys = , now --meta.inner_steps=3",), self.study, "--ranks=1,2,4", "--meta.inner_steps=3")

    def test_options_act(self):
        self.study("--ranks=2", "--repeats=2", "--repeat=1", "--kinds=strong", "--islands=6", "--batch=12",
                   "--generations", "--checkpoints=7")
        (call,) = self.calls()
        self.assertEqual((call["evo.islands"], call["meta.batch"], call["evo.generation_every"],
                          call["run.checkpoint_every"]), ("6", "12", "10", "7"))
        self.study("--ranks=2", "--repeats=1", "--kinds=weak", "--islands-per-rank=2", "--batch-per-rank=6",
                   "--generations")
        self.assertEqual((self.calls()[1]["evo.islands"], self.calls()[1]["meta.batch"]), ("4", "12"))
        self.assertEqual(self.study("--ranks=1,2", "--repeats=1", "--list").count("\n"), 4)
        self.assertEqual(len(self.calls()), 2)

    def test_no_more_ranks_than_cores_unless_asked_for(self):
        words = ["deck.ini", "--folder=%s" % self.place, "--ranks=100000", "--list"]
        self.assert_problem(("--oversubscribe",), study.main, words)
        self.run_main(study.main, *words, "--oversubscribe")

    def test_failures_are_told(self):
        with mock.patch.dict(os.environ, STAND_IN_OLD="1"):
            self.assert_problem(("no 'phases'", "too old"), self.study, "--ranks=1")
        with mock.patch.dict(os.environ, STAND_IN_FAILS="1"):
            self.assert_problem(("ended with code 1", "no luck"), self.study, "--ranks=1")
        self.assert_problem(("ran on 1 rank(s), 2",), study.main,
                            ["deck.ini", "--folder=%s" % self.place, "--ranks=2", "--launcher=env"])
        self.assert_problem(("launcher does not start",), study.main,
                            ["deck.ini", "--folder=%s" % self.place, "--ranks=2", "--launcher=/no/launcher"])
        self.assert_problem(("every island needs a task",), self.study, "--ranks=4", "--islands=4", "--batch=2")
        self.assert_problem(("40 evaluations",), self.study, "--ranks=41", "--islands=2", "--batch=4")
        self.assert_problem(("left no figures",), study.main,
                            ["deck.ini", "--folder=%s" % self.place, "--ranks=2", "--launcher=true"])
        with mock.patch.dict(os.environ, ATNAS_BIN="/no/program"):
            self.assert_problem(("ATNAS_BIN",), self.study, "--ranks=1")
        self.assertEqual([p.name for p in self.place.glob("*.json")], [])

    def test_submitting_makes_one_array_per_number_of_ranks(self):
        site = self.folder / "site.conf"
        site.write_text("[queue]\naccount = physics   # a comment\nqos =\noptions =\n  --mem=0\n[node]\ncores = 48\n")
        submission = ("--ranks=4,64", "--repeats=5", "--submit", "--dry-run", "--meta.inner_steps=2")
        with mock.patch.dict(os.environ, ATNAS_SITE=str(site)):
            text = self.study(*submission, "--ranks-per-node=32", "--time=01:00:00")
            self.assertIn("--nodes=2 --ntasks-per-node=48", self.study(*submission))
            site.write_text("no section")
            self.assert_problem(("cannot be read",), self.study, *submission)
        lines = text.splitlines()
        self.assertEqual(len(lines), 2)
        for words in ("sbatch --ntasks=64 --array=0-4 --nodes=2 --ntasks-per-node=32 --account=physics --mem=0",
                      " --time=01:00:00 jobs/scaling/scaling.sbatch ", "--islands=64",
                      "--batch=64", "--islands-per-rank=1", "--batch-per-rank=2", "--meta.inner_steps=2",
                      "--repeats=5"):
            self.assertIn(words, lines[1])
        self.assertIn("--islands=64", lines[0])
        self.assertEqual(self.calls(), [])

    def bound(self, launcher, setup="true", variable="SLURM_CPU_BIND"):
        """The variable as the ranks of a job get it."""
        script = "unset SLURM_CPU_BIND; %s\necho $%s" % (
            cluster.shell({"launcher": launcher, "setup": setup}, "/atnas"), variable)
        return subprocess.run(["bash", "-c", script], capture_output=True, text=True, check=True).stdout.strip()

    def test_ranks_keep_their_cores_unless_the_site_says_otherwise(self):
        self.assertEqual(self.bound("srun --mpi=pmix"), "cores")
        self.assertEqual(self.bound("srun", setup="export SLURM_CPU_BIND=none"), "none")
        self.assertEqual(self.bound("srun --hint=nomultithread"), "")
        self.assertEqual(self.bound("/opt/mpi/bin/mpirun"), "")
        for variable in ("OMPI_MCA_hwloc_base_binding_policy", "PRTE_MCA_hwloc_default_binding_policy"):
            with mock.patch.dict(os.environ):
                os.environ.pop(variable, None)
                self.assertEqual(self.bound("mpirun", variable=variable), "core:overload-allowed")
                self.assertEqual(self.bound("mpirun", "export %s=none" % variable, variable), "none")
                self.assertEqual(self.bound("srun", variable=variable), "")

    def test_the_job_script_measures_its_repeat(self):
        log = self.folder / "srun.log"
        repository = self.folder / "repository"
        (repository / "jobs").mkdir(parents=True)
        (repository / "jobs" / "scaling").symlink_to(SCALING)
        (repository / "slurm").mkdir()
        (repository / "slurm" / "site.conf").write_text(
            "[job]\nprogram = %s\nlauncher = srun\nsetup =\n  export MODULES=loaded\n" % os.environ["ATNAS_BIN"])
        srun = self.folder / "bin" / "srun"
        srun.parent.mkdir()
        srun.write_text('#!/bin/sh\necho "$1$2 $MODULES $SLURM_CPU_BIND" >> "%s"\nshift 2\nSTAND_IN_RANKS=2 exec "$@"\n'
                        % log)
        srun.chmod(0o755)
        paths = (srun.parent, Path(sys.executable).parent, os.environ["PATH"])
        env = dict(os.environ, SLURM_SUBMIT_DIR=str(repository), SLURM_ARRAY_TASK_ID="1", SLURM_NTASKS="2",
                   SLURM_JOB_NUM_NODES="2", PATH="%s:%s:%s" % paths)
        for name in ("ATNAS_LAUNCHER", "ATNAS_SITE", "ATNAS_BIN", "SLURM_CPU_BIND"):
            env.pop(name, None)
        command = ["bash", SCALING / "scaling.sbatch", "deck.ini", "--folder=%s" % self.place, "--ranks=2"]
        process = subprocess.run([*command, "--repeats=3"], env=env, capture_output=True, text=True)
        self.assertEqual(process.returncode, 0, process.stderr)
        self.assertEqual(log.read_text(), "-n2 loaded cores\n-n2 loaded cores\n")
        # The environment overrides the site, and neither need say anything.
        (repository / "slurm" / "site.conf").unlink()
        env.update(SLURM_ARRAY_TASK_ID="0", ATNAS_BIN=os.environ["ATNAS_BIN"], ATNAS_LAUNCHER="srun --tasks {ranks}")
        process = subprocess.run([*command, "--repeats=1"], env=env, capture_output=True, text=True)
        self.assertEqual(process.returncode, 0, process.stderr)
        self.assertTrue(log.read_text().endswith("\n--tasks2  cores\n--tasks2  cores\n"), log.read_text())
        self.assertEqual(sorted(path.name for path in self.place.iterdir()),
                         ["%s-r00002-n00%d.json" % key for key in
                          (("strong", 0), ("strong", 1), ("weak", 0), ("weak", 1))])
        settings, _ = point.read_point(self.place / "weak-r00002-n001.json")
        self.assertEqual(settings["ranks_per_node"], 1)


if __name__ == "__main__":
    unittest.main()
