#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Stopping in time: by signal, by file and by wall time; checkpoints on demand; what a run says of itself."""

import json
import os
import shutil
import signal
import time
import unittest

import h5py

from cli import BAD_DECK, DONE, FAILED, STOPPED
from job import Job, command_on
from tiny_search import SearchTest

# Long enough to be met in the middle; whole generations take as long as many iterations.
LONG = ["--run.iterations=2000", "--run.checkpoint_every=0", "--runtime.backend=reference", "--evo.generation_every=7"]


class StopTest(SearchTest):
    def start(self, place, *words, ranks=1, env=None):
        """A search in the background, in a folder of its own."""
        self.write(place + "/deck.ini", self.deck())
        job = Job(command_on(ranks, "search", "deck.ini", *words), self.folder / place, env)
        self.addCleanup(job.end)
        return job


class Stop(StopTest):
    """A run that was asked to stop ends with 75 and a checkpoint, soon, and its continuation is the undisturbed run."""

    def expect_stopped(self, run, reason, seconds=20):
        self.assertEqual(run.wait(seconds), STOPPED, run.text())
        self.assertIn(reason, run.text())
        with h5py.File(run.folder / "run/latest.h5") as file:
            return int(file["counters"].attrs["iteration"])

    def expect_same_end(self, place, iteration, ranks):
        """Goes on for some iterations and compares with a run that was never stopped."""
        words = [*LONG[1:], "--run.iterations=%d" % (iteration + 5)]
        again = self.search(place, "--restart=latest", *words, ranks=ranks)
        straight = self.search("straight", *words)
        self.assert_same(straight, again)
        shutil.rmtree(self.folder / "straight")
        shutil.rmtree(self.folder / place)

    def test_by_each_signal(self):
        for number in (signal.SIGTERM, signal.SIGINT, signal.SIGUSR1):
            run = self.start("s", *LONG)
            run.wait_for_words("generation 3")
            run.process.send_signal(number)
            self.expect_same_end("s", self.expect_stopped(run, number.name), ranks=2)

    def test_by_a_signal_to_one_rank_of_three(self):
        for victim in (0, 2):
            run = self.start("s", *LONG, ranks=3)
            run.wait_for_words("generation 2")
            os.kill(run.pid_of_rank(victim), signal.SIGTERM)
            self.expect_same_end("s", self.expect_stopped(run, "SIGTERM"), ranks=1)

    def test_by_a_signal_to_the_launcher(self):
        run = self.start("s", *LONG, ranks=2)
        run.wait_for_words("generation 2")
        run.process.send_signal(signal.SIGUSR1)
        self.expect_stopped(run, "SIGUSR1")

    def test_by_file(self):
        run = self.start("s", *LONG, ranks=2)
        run.wait_for_words("generation 2")
        (run.folder / "run/stop_now").touch()
        iteration = self.expect_stopped(run, "stop_now")
        # The file stays as the reason, and does not stop the next run.
        self.assertTrue((run.folder / "run/stop_now").exists())
        self.expect_same_end("s", iteration, ranks=3)

    def test_in_the_middle_of_a_generation(self):
        slow = [*LONG, "--evo.fitness_tasks=400"]
        words = [*slow[1:], "--run.iterations=9"]
        straight = self.search("straight", *words, "--json=s.json", ranks=3)
        # On 2 cores, 3 ranks take as long for a generation as 2 do, and half as long as 1.
        generation = json.loads((self.folder / "straight/s.json").read_text())["phases"]["evaluation"]["max"]
        for ranks, way in ((1, "signal"), (3, "signal"), (2, "file")):
            run = self.start("s", *slow, "--run.log_every=1", ranks=ranks)
            run.wait_for_words("iteration 7/")
            time.sleep(0.3)
            if way == "file":
                (run.folder / "run/stop_now").touch()
            else:
                os.kill(run.pid_of_rank(ranks - 1), signal.SIGTERM)
            asked = time.time()
            self.assertEqual(run.wait(60), STOPPED, run.text())
            self.assertLess(time.time() - asked, 0.6 * generation, "it waited for the end of the generation")
            with h5py.File(run.folder / "run/latest.h5") as file:
                self.assertEqual(file["counters"].attrs["iteration"], 7)
                self.assertEqual(file["counters"].attrs["generation"], 0)
                self.assertEqual(file["counters"].attrs["generation_due"], 1)
            self.assert_same(straight, self.search("s", "--restart=latest", *words, ranks=2))
            if ranks < 3:
                shutil.rmtree(self.folder / "s")
                continue
            # The generation that is due is made up for, even where no iteration is left to do.
            for later in (self.folder / "s/run").glob("checkpoint-*9.h5"):
                later.unlink()
            with h5py.File(self.search("s", "--restart=latest", *slow[1:], "--run.iterations=5", ranks=2)) as file:
                self.assertEqual(file["counters"].attrs["iteration"], 7)
                self.assertEqual(file["counters"].attrs["generation"], 1)
            shutil.rmtree(self.folder / "s")

    def test_by_wall_time_before_it_is_over(self):
        for words, slurm in ((["--walltime=00:00:08"], False), ([], True)):
            # A machine that stands still for a second at the end has another go: a run that takes too long always does.
            for last in (False, False, True):
                started = time.time()
                end = int(started) + 9 if slurm else started + 8
                env = {"SLURM_JOB_END_TIME": str(end)} if slurm else {}
                # A healthy run is no stalled one, however long it takes.
                run = self.start("s", *LONG[1:], "--run.iterations=1000000", "--runtime.stall_limit=6", *words, env=env)
                self.expect_stopped(run, "wall time")
                ended = time.time()
                self.assertGreater(ended - started, 1, "it stopped long before it had to")
                shutil.rmtree(self.folder / "s")
                if ended < end:
                    break
                self.assertFalse(last, "it took too long three times, %g s the last time" % (ended - end))

    def test_the_deck_goes_before_slurm(self):
        run = self.start("s", "--walltime=1:00:00", env={"SLURM_JOB_END_TIME": "1"})
        self.assertEqual(run.wait(60), DONE, run.text())


class Checkpoints(StopTest):
    def test_on_demand(self):
        run = self.start("s", *LONG, ranks=2)
        run.wait_for_words("generation 1")
        (run.folder / "run/checkpoint_now").touch()
        deadline = time.time() + 20
        while (run.folder / "run/checkpoint_now").exists():
            self.assertLess(time.time(), deadline, run.text())
            time.sleep(0.02)
        self.assertTrue((run.folder / "run/latest.h5").exists())
        self.assertIsNone(run.process.poll(), run.text())

    def test_by_minutes(self):
        run = self.start("s", *LONG, "--run.checkpoint_minutes=0.01")
        run.wait_for_words("generation 20")
        iterations = set()
        deadline = time.time() + 30
        while len(iterations) < 3 and time.time() < deadline and run.process.poll() is None:
            iterations |= {path.name for path in (run.folder / "run").glob("checkpoint-*.h5")}
            time.sleep(0.1)
        self.assertGreaterEqual(len(iterations), 3, run.text())


class Stalled(StopTest):
    """A rank that is suspended, as if its network were dead: the others do not wait for ever."""

    def test_ends_with_an_error(self):
        run = self.start("s", *LONG, "--runtime.stall_limit=8", ranks=2)
        run.wait_for_words("generation 2")
        os.kill(run.pid_of_rank(1), signal.SIGSTOP)
        self.assertNotIn(run.wait(60), (DONE, STOPPED))
        self.assertIn("rank 0 made no progress for 8 s", run.text())


class NotFinite(SearchTest):
    def test_skipped_steps_end_the_run_with_a_checkpoint(self):
        self.write("s/deck.ini", self.deck())
        self.folder = self.folder / "s"
        outcome = self.run_program("search", "deck.ini", "--meta.inner_rate=1e30", "--meta.skip_limit=3", ranks=2)
        self.assert_refused(outcome, FAILED, ("3 steps in a row", "not finite"))
        self.assertEqual(outcome.err.count("step skipped"), 3)
        with h5py.File(self.folder / "run/latest.h5") as file:
            self.assertEqual(file["counters"].attrs["iteration"], 3)
            self.assertEqual(file["counters"].attrs["skipped_steps"], 3)
            values = file["weights/values"][:]
        self.assertTrue((values == values).all() and abs(values).max() < 1e3)
        # It is no better after a restart: the steps are counted on.
        again = self.run_program("search", "deck.ini", "--restart=latest", "--meta.inner_rate=1e30", "--meta.skip_limit=5")
        self.assert_refused(again, FAILED, ("5 steps in a row", "not finite"))
        self.assertEqual(again.err.count("step skipped"), 2)
        # With a rate that works it goes on from there.
        self.assert_done(self.run_program("search", "deck.ini", "--restart=latest", timeout=180))

    def test_individuals_get_the_worst_fitness(self):
        self.write("deck.ini", self.deck())
        outcome = self.run_program("search", "deck.ini", "--meta.inner_rate=1e30", "--meta.skip_limit=0",
                                   "--meta.eval_steps=5", ranks=2)
        self.assert_refused(outcome, FAILED, "nothing was learned")
        with h5py.File(self.folder / "run/latest.h5") as file:
            self.assertTrue((file["history/best"][:] == -1).all(), file["history/best"][:])


class Drift(SearchTest):
    """Replicas that are no longer equal: one bit of one rank is flipped after a reduction (tests/support/flip_bit.cpp)."""

    def test_is_found(self):
        self.write("deck.ini", self.deck())
        preload = ["env", "LD_PRELOAD=" + os.environ["ATNAS_FLIP_BIT"]]
        for words, when in ((["--run.compare_every=1", "--run.checkpoint_every=0"], 3), (["--run.compare_every=0"], 4)):
            outcome = self.run_program("search", "deck.ini", "--run.log_every=1", *words, ranks=3, wrapper=preload)
            self.assert_refused(outcome, FAILED, ("rank(s) 1 differ", "rank 0"))
            self.assertIn("iteration %d/12" % when, outcome.err)
            self.assertNotIn("iteration %d/12" % (when + 1), outcome.err)
            # What has drifted is not kept.
            self.assertEqual(list((self.folder / "run").glob("*.h5")), [])


class Report(SearchTest):
    def test_ranks_and_phases(self):
        self.write("deck.ini", self.deck())
        outcome = self.run_program("search", "deck.ini", "--json=s.json", ranks=3, timeout=180)
        self.assert_done(outcome)
        for rank in range(3):
            self.assertRegex(outcome.err, r"rank %d \(local %d\) on \S+, process \d+: island %d, oneDNN.*, 1 thread\n" % (rank, rank, rank))
        document = json.loads((self.folder / "s.json").read_text())
        self.assertEqual(document["ranks"], 3)
        self.assertEqual(document["timed_iterations"], 12)
        for name in ("forward", "backward", "optimizer", "reduction", "evaluation", "migration", "checkpoint", "waiting"):
            spread = document["phases"][name]
            self.assertGreater(spread["max"], 0, name)
            self.assertTrue(spread["min"] <= spread["avg"] <= spread["max"], spread)
        total = sum(spread["avg"] for spread in document["phases"].values())
        self.assertLessEqual(total, 1.05 * document["seconds"])
        figure = "[0-9.]+"
        self.assertRegex(outcome.err, r"first meta-iteration done after {0} s \(launch {0}, network {0}, warm-up {0}, iteration {0}\)\n".format(figure))
        startup = document["startup"]
        total = startup.pop("seconds")
        self.assertEqual(set(startup), {"launch", "network", "warm-up", "iteration"})
        self.assertGreater(startup["launch"], 0)
        self.assertAlmostEqual(total, sum(startup.values()))

    def test_oversubscription_is_said(self):
        self.write("deck.ini", self.deck())
        warning = "they take turns"
        outcome = self.run_program("search", "deck.ini", "--run.iterations=1", "--runtime.threads=%d" % (os.cpu_count() + 1))
        self.assertIn(warning, outcome.err)

    def test_slurm_and_mpi_disagree(self):
        self.write("deck.ini", self.deck())
        os.environ["SLURM_STEP_NUM_TASKS"] = os.environ["SLURM_NTASKS"] = "4"
        self.addCleanup(os.environ.pop, "SLURM_STEP_NUM_TASKS")
        self.addCleanup(os.environ.pop, "SLURM_NTASKS")
        self.assert_refused(self.run_program("search", "deck.ini"), BAD_DECK, ("4 task(s)", "1 rank(s)", "srun --mpi=pmix"))
        self.assertFalse((self.folder / "run").exists())


if __name__ == "__main__":
    unittest.main()
