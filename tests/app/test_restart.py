#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A restart continues with the same bits: early, in the middle, from a forced stop, after kill -9, on other numbers of
ranks. ATNAS_KILL_SEED changes when and who is killed."""

import os
import random
import shutil
import signal
import unittest

import h5py

from cli import DONE, RESTART_REFUSED, STOPPED
from digests import rewrite
from job import Job, command_on
from tiny_search import SearchTest

# Five islands: blocks of unequal length on 2, 3 and 4 ranks. Pretraining, which some restarts meet in its middle, and all
# that is kept beside the weights or measured of them, or known of survivors.
WORDS = ["--evo.islands=5", "--runtime.backend=reference", "--migration.topology=torus", "--migration.emigrants=random",
         "--meta.pretrain_iterations=6", "--meta.pretrain_batches=6", "--meta.pretrain_images=8",
         "--task.statistics=running", "--meta.average=0.9", "--evo.memory=0.8", "--evo.caution=1", "--evo.racing=2",
         "--evo.fitness_tasks=4"]


class OtherRanks(SearchTest):
    def test_same_bits(self):
        straight = self.search("straight", *WORDS)
        for before, after, checkpoint in ((1, 3, 4), (3, 2, 8), (4, 1, 8), (2, 5, 4)):
            with self.subTest("%d -> %d ranks at iteration %d" % (before, after, checkpoint)):
                self.assert_same(straight, self.search("other", *WORDS, ranks=before))
                for path in (self.folder / "other/run").glob("checkpoint-*.h5"):
                    if int(path.stem[-8:]) > checkpoint:
                        path.unlink()
                self.assert_same(straight, self.search("other", *WORDS, "--restart=latest", ranks=after))
                shutil.rmtree(self.folder / "other")

    def test_what_changes_on_the_way(self):
        """Rates that are learned; a change from first to second order behind the restart; finalists on both sides;
        fronts; one member an island."""
        for words in (["--meta.learner=meta_sgd", "--meta.inner_steps=2", "--meta.average=0.9"],
                      ["--meta.inner_steps=2", "--meta.multi_step_loss=9"],
                      ["--meta.learner=maml", "--meta.first_order_iterations=6"],
                      ["--evo.until=0.3", "--evo.finalists=2", "--evo.sample_population=0.5"],
                      ["--evo.until=0.5", "--evo.finalists=2", "--evo.sample_population=0.5"],
                      ["--evo.explore=fair", "--evo.sample_population=0.3", "--meta.pretrain_iterations=5"],
                      ["--evo.surrogate=ridge", "--evo.population=6", "--evo.offspring=4"],
                      ["--evo.surrogate=knn", "--evo.population=6", "--evo.offspring=4", "--evo.surrogate_children=3"],
                      ["--evo.objectives=fitness,macs,parameters", "--evo.population=5", "--evo.until=0.5",
                       "--evo.finalists=3"],
                      ["--evo.objectives=fitness,macs", "--evo.population=6", "--evo.racing=2", "--evo.caution=1",
                       "--evo.memory=0.5", "--evo.fitness_tasks=4", "--evo.until=0.7", "--evo.finalists=2"],
                      ["--evo.surrogate=ridge", "--evo.population=6", "--evo.offspring=4", "--evo.racing=2",
                       "--evo.caution=1", "--evo.memory=0.5", "--evo.fitness_tasks=4"],
                      ["--evo.kind=fixed"]):
            with self.subTest(words[0]):
                straight = self.search("straight", *words)
                other = self.search("other", *words, ranks=2)
                self.assert_same(straight, other)
                for path in other.parent.glob("checkpoint-*.h5"):
                    if int(path.stem[-8:]) > 4:
                        path.unlink()
                self.assert_same(straight, self.search("other", *words, "--restart=latest", ranks=3))
                for place in ("straight", "other"):
                    shutil.rmtree(self.folder / place)

    def test_again_and_again_after_forced_stops(self):
        words = [*WORDS, "--run.iterations=40", "--evo.generation_every=3"]
        straight = self.search("straight", *words)
        ranks, restart, stops = 1, [], 0
        while True:
            self.write("stopped/deck.ini", self.deck())
            run = Job(command_on(ranks, "search", "deck.ini", *words, *restart), self.folder / "stopped")
            self.addCleanup(run.end)
            run.wait_for_words("generation ")
            run.process.send_signal(signal.SIGUSR1)
            code = run.wait(20)
            if code != STOPPED:
                self.assertEqual(code, 0, run.text())
                break
            stops += 1
            ranks, restart = ranks % 5 + 1, ["--restart=latest"]
        self.assertGreater(stops, 1)
        self.assert_same(straight, self.folder / "stopped/run/latest.h5")


class Kills(SearchTest):
    ITERATIONS = 30

    def kill_at(self, iteration, ranks, *words):
        """Runs on from where it is; a rank is killed once the log tells of that iteration."""
        job = Job(command_on(ranks, "search", "deck.ini", *words), self.folder / "killed")
        try:
            victim = self.dice.randrange(ranks)
            pid = job.wait_for(lambda: job.pid_of_rank(victim), 30, "rank %d" % victim)
            job.wait_for_words("iteration %d/" % iteration)
            os.kill(pid, signal.SIGKILL)
            self.assertNotEqual(job.wait(20), DONE, job)
            self.assertEqual(job.left_behind(15), [], job)
        finally:
            job.end()

    def test_same_bits(self):
        """Every number of ranks is killed once, at some iteration, and the next one goes on."""
        seed = int(os.environ.get("ATNAS_KILL_SEED", "1"))
        print("ATNAS_KILL_SEED=%d" % seed)
        self.dice = random.Random(seed)
        for islands in (1, 2):
            words = ["--evo.islands=%d" % islands, "--run.iterations=%d" % self.ITERATIONS, "--run.log_every=1",
                     "--run.checkpoint_every=1", "--evo.generation_every=3", "--migration.topology=full"]
            with self.subTest(islands=islands):
                straight = self.search("straight", *words)
                self.write("killed/deck.ini", self.deck())
                restart, numbers = [], [1, 2, 3, 4]
                # Before the last checkpoint there is time to see the line and to kill.
                moments = sorted(self.dice.sample(range(3, self.ITERATIONS - 10), len(numbers)))
                self.dice.shuffle(numbers)
                for iteration, ranks in zip(moments, numbers):
                    # A kill comes late: the run may be beyond the next moment.
                    self.kill_at(max(iteration, self.reached() + 2), ranks, *words, *restart)
                    restart = ["--restart=latest"]
                self.assert_same(straight, self.search("killed", *words, *restart, ranks=numbers[0]))
                for ranks in numbers:
                    self.assert_same(straight, self.search("ranks%d" % ranks, *words, ranks=ranks))
                for place in self.folder.iterdir():
                    shutil.rmtree(place)

    def reached(self):
        return max((int(path.stem[-8:]) for path in (self.folder / "killed/run").glob("checkpoint-*.h5")), default=0)
class RankZeroReads(SearchTest):
    """The others are where the checkpoint is not: who opened it would find nothing."""

    ELSEWHERE = ["sh", "-c", 'test "${OMPI_COMM_WORLD_RANK:-$PMI_RANK}" = 0 || cd /; exec "$@"', "sh"]

    def run_elsewhere(self, *words):
        return self.run_program(*words, ranks=3, wrapper=self.ELSEWHERE, timeout=180)

    def test_restart(self):
        straight = self.search("straight")
        self.search("before", "--run.iterations=8")
        # All ranks write, so that the run folder is where all see it.
        outcome = self.run_elsewhere("search", "before/deck.ini", "--run.folder=%s/run" % self.folder,
                                     "--restart=before/run/latest.h5")
        self.assert_done(outcome)
        self.assertRegex(outcome.err, r"first meta-iteration done after [0-9.]+ s \(launch [0-9.]+, checkpoint [0-9.]+, network ")
        with h5py.File(straight) as a, h5py.File(self.folder / "run/latest.h5") as b:
            for name in ("weights/values", "islands/genotypes", "history/best", "history/iteration_loss", "migrations/fitness"):
                self.assertEqual(a[name][()].tolist(), b[name][()].tolist(), name)

    def test_evaluate(self):
        self.search("before")
        words = ["evaluate", "before/run/latest.h5", "--tasks=4"]
        outcome = self.run_elsewhere(*words, "--json=three.json")
        self.assert_done(outcome)
        self.assert_done(self.run_program(*words, "--json=one.json"))
        self.assertEqual((self.folder / "three.json").read_text(), (self.folder / "one.json").read_text())


class Deck(SearchTest):
    def test_classes_to_pretrain_on_stay_while_it_lasts(self):
        words = ["--meta.pretrain_iterations=6", "--meta.pretrain_images=8", "--data.rotations=quarter"]
        self.search("run", *words, "--run.iterations=8")
        (self.folder / "run/deck.ini").rename(self.folder / "deck.ini")
        for checkpoint, code in ((4, RESTART_REFUSED), (8, DONE)):
            outcome = self.run_program("search", "deck.ini", *words[:2], "--data.rotations=none", "--run.folder=other",
                                       "--restart=run/run/checkpoint-%08d.h5" % checkpoint)
            self.assertEqual(outcome.code, code, outcome)
            self.assertEqual("classes to pretrain on" in outcome.err, code == RESTART_REFUSED, outcome)

    def test_what_may_change_changes(self):
        self.search("s")
        self.folder = self.folder / "s"
        outcome = self.run_program("search", "deck.ini", "--restart=latest", "--run.iterations=14", "--run.keep=1",
                                   "--evo.elite=0", timeout=180)
        self.assert_done(outcome)
        self.assertIn("evo.elite: 1 -> 0", outcome.err)
        self.assertNotIn("run.keep", outcome.err)
        self.assertEqual([path.name for path in (self.folder / "run").glob("checkpoint-*.h5")], ["checkpoint-00000014.h5"])
        with h5py.File(self.folder / "run/latest.h5") as file:
            self.assertEqual(file["deck"].attrs["evo.elite"], b"0")
            self.assertEqual(file.attrs["reproducible"], 0)
            self.assertEqual(file.attrs["why_not_reproducible"], b"a restart changed evo.elite: 1 -> 0")

    def test_the_newest_individuals_are_kept_over_restarts(self):
        with h5py.File(self.search("whole", "--run.individuals=5")) as whole:
            self.search("s", "--run.individuals=5", "--run.iterations=6")
            with h5py.File(self.search("s", "--run.individuals=5", "--restart=latest")) as file:
                self.assertEqual(file["individuals/id"][()].tolist(), whole["individuals/id"][()].tolist())
                self.assertEqual(len(file["individuals/id"]), 5)
        with h5py.File(self.search("all")) as everybody, h5py.File(self.search("none", "--run.individuals=0")) as none:
            self.assertNotIn("individuals", none)
            with h5py.File(self.folder / "whole/run/latest.h5") as whole:
                newest = everybody["individuals/id"][-5:].tolist()
                self.assertEqual(whole["individuals/id"][()].tolist(), newest)

    def test_from_a_program_that_kept_genes_without_effect(self):
        """Those of the cell that no network has."""
        words = ["--space.reductions="]

        def change(file):
            self.assertFalse((file["islands/genotypes"][:, :, -1] == 1).any())
            file["islands/genotypes"][:, :, -1] = 1

        straight = self.search("straight", *words)
        rewrite(self.search("s", *words, "--run.iterations=6"), change)
        self.assert_same(straight, self.search("s", *words, "--restart=latest"))

    def test_from_a_program_that_kept_nobody(self):
        """Who was born since is listed, and the results are the same."""
        whole = self.search("whole")
        rewrite(self.search("s", "--run.iterations=6"), lambda file: file.pop("individuals"))
        latest = self.search("s", "--restart=latest")
        with h5py.File(whole) as a, h5py.File(latest) as b:
            births = b["individuals/birth"][()]
            self.assertEqual((births.min(), births.max()), (3, 5))
            self.assertEqual(a["individuals/birth"][()].min(), 0)
            self.assertTrue((a["islands/id"][()] == b["islands/id"][()]).all())
            known = a["individuals/birth"][()] >= 3
            for name in ("id", "fitness", "genotypes", "island", "parents"):
                self.assertTrue((a["individuals"][name][()][known] == b["individuals"][name][()]).all(), name)


if __name__ == "__main__":
    unittest.main()
