#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`atnas train` when it is killed and when the disk is full, while it searches and while it trains: nothing is lost but
what came after the last checkpoint, and nothing half-written has a final name."""

import os
import shutil
import signal
import time
import unittest

import h5py

from cli import BAD_DATA, DONE, STOPPED
from job import Job, command_on
from test_train import Train

# With a checkpoint at every boundary; a search and a training of a second or more each.
OFTEN = ("--evaluations=14", "--trial-steps=5", "--epochs=20", "--run.checkpoint_minutes=0.00001")
LONG = ("--evaluations=20", "--trial-steps=60", "--epochs=60", "--run.checkpoint_minutes=0.00001")
SEARCH, TRAINING = 0, 1  # counter train_phase


class Faults(Train):
    def phase(self, checkpoint):
        with h5py.File(checkpoint) as file:
            return int(file["counters"].attrs["train_phase"])

    def named(self, folder):
        """What could be taken for something whole."""
        return [name for name in self.names(folder) if name.endswith(".h5") and ".partial" not in name]


class Killed(Faults):
    def kill(self, words, output, ranks, phase):
        """Kills the last rank once it wrote a checkpoint of that phase."""
        run = self.folder / (output + ".run")
        # All checkpoints of a search are of iteration 0 and have one name.
        written = lambda: os.stat(run / "latest.h5").st_mtime_ns
        before = written() if (run / "latest.h5").exists() else None
        job = Job(command_on(ranks, "train", self.meta, "-o", output + ".h5", *words), self.folder)

        def is_there():
            try:
                return written() != before and self.phase(run / "latest.h5") == phase
            except OSError:  # pruned meanwhile
                return False

        try:
            pid = job.wait_for(lambda: job.pid_of_rank(ranks - 1), 30, "the last rank")
            job.wait_for(is_there, 60, "a checkpoint of phase %d" % phase)
            time.sleep(0.02)
            os.kill(pid, signal.SIGKILL)
            self.assertNotIn(job.wait(20), (DONE, STOPPED), job)
            self.assertEqual(job.left_behind(10), [])
        finally:
            job.end()
        self.assertFalse((self.folder / (output + ".h5")).exists())
        self.assertEqual(self.phase(run / "latest.h5"), phase, "it was killed too late\n%s" % job)

    def test_in_either_phase_and_gone_on_with(self):
        words = self.quick(*LONG, "--run.keep=3", "--data=" + self.images())
        self.assert_done(self.run_program("train", self.meta, "-o", "straight.h5", *words, timeout=180))
        for ranks in (1, 2):
            output = "killed%d" % ranks
            self.kill(words, output, ranks, SEARCH)
            self.kill([*words, "--restart=latest"], output, ranks, SEARCH if ranks == 1 else TRAINING)
            self.kill([*words, "--restart=latest"], output, 3 - ranks, TRAINING)
            outcome = self.run_program("train", self.meta, "-o", output + ".h5", *words, "--restart=latest", ranks=ranks,
                                       timeout=180)
            self.assert_done(outcome)
            self.assertIn("going on from", outcome.err)
            self.assert_same_network("straight.h5", output + ".h5")
            self.assertEqual(self.named(output + ".run"), [])


class FullDisk(Faults):
    def run_on(self, kib, *words, output="net.h5", folder="disk", ranks=1):
        shutil.rmtree(self.folder / "saved", ignore_errors=True)
        return self.run_program("train", self.meta, "-o", output, "--run.folder=" + folder, *words, ranks=ranks,
                                timeout=180, launcher=self.small_disk(kib))

    def test_before_the_first_checkpoint(self):
        words = self.quick(*OFTEN, "--data=" + self.images())
        for phase, more in ((SEARCH, ()), (TRAINING, ("--search=none",))):
            given = [word for word in words if not more or not word.startswith(("--evaluations", "--trial"))]
            for ranks in (1, 2):
                with self.subTest(phase=phase, ranks=ranks):
                    outcome = self.run_on(64, *given, *more, ranks=ranks)
                    self.assert_refused(outcome, BAD_DATA, "disk")
                    self.assertEqual([name for name in self.names("saved") if ".h5" in name], [])
                    self.assertFalse((self.folder / "net.h5").exists())

    def test_in_the_middle(self):
        words = self.quick(*OFTEN, "--run.keep=1000", "--data=" + self.images())
        self.assert_done(self.run_program("train", self.meta, "-o", "straight.h5", *words, timeout=180))
        met = set()
        # How much a checkpoint takes depends on more than is tested here.
        for kib in range(300, 4000, 100):
            outcome = self.run_on(kib, *words)
            self.assert_refused(outcome, BAD_DATA, ("disk/", "No space left on device"))
            self.assertFalse((self.folder / "net.h5").exists())
            self.assertEqual([name for name in self.names("saved") if "partial" in name], [])
            checkpoints = [name for name in self.names("saved") if name.startswith("checkpoint-")]
            if not checkpoints:
                continue
            self.assertEqual(os.readlink(self.folder / "saved/latest.h5"), max(checkpoints))
            phase = self.phase(self.folder / "saved" / max(checkpoints))
            if phase in met:
                continue
            met.add(phase)
            with self.subTest(phase=phase):
                outcome = self.run_program("train", self.meta, "-o", "net.h5", "--run.folder=saved", *words,
                                           "--restart=latest", timeout=180)
                self.assert_done(outcome)
                self.assertNotIn("damaged", outcome.err)
                self.assert_same_network("straight.h5", "net.h5")
                os.remove(self.folder / "net.h5")
            if len(met) == 2:
                break
        self.assertEqual(met, {SEARCH, TRAINING})

    def test_no_room_for_the_network(self):
        words = self.quick("--data=" + self.images(), "--run.checkpoint_minutes=0.00001")
        outcome = self.run_on(8, *words, output="disk/net.h5", folder="run")
        self.assert_refused(outcome, BAD_DATA, "disk/")
        self.assertEqual(self.on_small_disk(), [])
        # What was learned is in the newest checkpoint.
        self.assertEqual(self.phase(self.folder / "run/latest.h5"), TRAINING)
        self.assert_done(self.run_program("train", self.meta, "-o", "net.h5", "--run.folder=run", *words, "--restart=latest"))
        self.assertEqual(self.names("run"), ["metrics.jsonl"])


if __name__ == "__main__":
    unittest.main()
