#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Searches and evaluations that cannot work: each is refused with its code and reason, none hangs or leaves debris."""

import os
import shutil
import unittest

from cli import BAD_DATA, BAD_DECK, RESTART_REFUSED, ProgramTest

# A search of seconds: conv4 with few filters on few characters.
TINY = """[run]
iterations = 4
checkpoint_every = 2
folder = run
[data]
strokes_classes = 30
strokes_per_group = 6
strokes_images = 4
strokes_size = 16
[task]
way = 3
query = 2
[space]
kind = conv4
channels = 4
[meta]
inner_steps = 1
batch = 2
[evo]
population = 2
elite = 1
offspring = 1
generation_every = 2
fitness_tasks = 2
"""


class RunTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("tiny.ini", TINY)

    def search(self, *words, **how):
        return self.run_program("search", "tiny.ini", *words, **how)

    def refuse(self, code, problems, *words, **how):
        """Refused, and no file was made that was not there."""
        before = self.names()
        outcome = self.search(*words, **how)
        self.assert_refused(outcome, code, *problems)
        self.assertEqual(self.names(), before, "nothing may be left behind")

    def checkpoints(self):
        return [name for name in self.names("run") if name.startswith("checkpoint-")]


class TinySearch(RunTest):
    def test_it_works_at_all(self):
        self.assert_done(self.search(ranks=2))
        self.assertIn("latest.h5", self.names("run"))
        self.assertIn("metrics.jsonl", self.names("run"))
        self.assertEqual([name for name in self.names("run") if "partial" in name], [])
        self.assert_done(self.run_program("evaluate", "run/latest.h5", "--tasks=3", "--output=e.h5", ranks=2))
        self.assert_done(self.run_program("info", "run/latest.h5"))
        self.assert_done(self.run_program("info", "e.h5"))

    def test_dry_run_starts_nothing(self):
        before = self.names()
        self.assert_done(self.search("--dry-run", ranks=2))
        self.assertEqual(self.names(), before)


class BadMachine(RunTest):
    def test_more_ranks_than_work(self):
        self.refuse(BAD_DECK, [("3 ranks for 2 tasks", "2 in a generation", "at most 2 ranks")], "--evo.population=1",
                    "--evo.offspring=0", "--evo.elite=1", "--evo.tournament=1", "--evo.fitness_tasks=1", ranks=3)

    def test_backend_that_is_not_there(self):
        # Compiled in without a device, or not compiled in: either way it is the deck that asks for too much.
        self.refuse(BAD_DECK, ["cuda"], "--runtime.backend=cuda")


class BadTasks(RunTest):
    def test_more_classes_than_there_are(self):
        self.refuse(BAD_DECK, ["50"], "--task.way=50", ranks=2)

    def test_more_images_than_a_class_has(self):
        self.refuse(BAD_DECK, [("shot + query = 11", "4")], "--task.shot=9", ranks=2)

    def test_more_classes_than_a_group_has(self):
        self.refuse(BAD_DECK, ["group"], "--task.way=7", "--task.within_group=true")

    def test_names_of_the_split(self):
        outcome = self.search("--data.test=nobody", "--data.validation=noone")
        self.assertEqual(outcome.code, BAD_DECK, outcome)
        self.assertEqual(len(outcome.errors), 2, outcome)


class BadDataFile(RunTest):
    def test_missing(self):
        self.refuse(BAD_DATA, ["none.h5"], "--data.source=none.h5", ranks=2)

    def test_not_a_data_set(self):
        self.write("text.h5", "no images\n" * 1000)
        self.refuse(BAD_DATA, ["text.h5"], "--data.source=text.h5", ranks=2)

    def test_truncated(self):
        from cli import image_tree

        image_tree(self.folder / "images")
        self.assert_done(self.run_program("import", "images", "-o", "set.h5", "--size=16"))
        whole = (self.folder / "set.h5").read_bytes()
        self.write("cut.h5", whole[:len(whole) // 2])
        self.refuse(BAD_DATA, ["cut.h5"], "--data.source=cut.h5", ranks=2)


class BadFolder(RunTest):
    def test_not_writable(self):
        # Nobody, root included, can make a folder below a file or in /proc.
        self.refuse(BAD_DATA, ["tiny.ini/run"], "--run.folder=tiny.ini/run", ranks=2)
        self.refuse(BAD_DATA, ["/proc/run"], "--run.folder=/proc/run", ranks=2)

    def test_disk_full(self):
        outcome = self.search("--run.folder=disk", "--space.channels=64", ranks=2, launcher=self.small_disk(64))
        self.assert_refused(outcome, BAD_DATA, "disk")
        left = [name for name in self.on_small_disk() if name.endswith(".h5") or "partial" in name]
        self.assertEqual(left, [], "a checkpoint that does not fit must leave nothing")


class FullInTheMiddle(RunTest):
    """The disk is full, or files may not grow, when a search has written checkpoints already: these stay."""

    def test_disk_full(self):
        # A checkpoint takes 44 kB; room is looked for by a bound of about 0.8 MB.
        for ranks in (1, 2):
            with self.subTest(ranks=ranks):
                shutil.rmtree(self.folder / "saved", ignore_errors=True)
                outcome = self.search("--run.folder=disk", "--run.iterations=40", "--run.keep=100", ranks=ranks,
                                      launcher=self.small_disk(1200))
                self.assert_refused(outcome, BAD_DATA, ("disk/", "No space left on device"))
                self.assertIn("checkpoint-00000002.h5", self.names("saved"))
                last = max(name for name in self.names("saved") if name.startswith("checkpoint-"))
                self.assertLess(last, "checkpoint-00000040.h5", "the disk was not full")
                self.assertEqual(os.readlink(self.folder / "saved/latest.h5"), last)
                newest = int(last[11:19])
                outcome = self.search("--restart=latest", "--run.folder=saved", "--run.keep=100",
                                      "--run.iterations=%d" % (newest + 2))
                self.assert_done(outcome)
                self.assertNotIn("damaged", outcome.err)
                self.assertEqual([name for name in self.names("saved") if "partial" in name], [])

    def test_file_size_limit(self):
        self.assert_done(self.search())
        before = self.names()
        for ranks, kib, named in ((1, 16, "checkpoint-00000006.h5"), (2, 16, "checkpoint-00000006.h5"),
                                  (2, 0, "metrics.jsonl")):
            with self.subTest(ranks=ranks, kib=kib):
                # Work that ranks share takes a file in memory, of a few kilobytes.
                outcome = self.search("--restart=latest", "--run.iterations=8", "--run.keep=1",
                                      "--runtime.work=%s" % ("shared" if kib > 0 else "static"), ranks=ranks,
                                      wrapper=self.file_size_limit(kib))
                self.assert_refused(outcome, BAD_DATA, named)
                self.assertEqual(self.names(), before)
        outcome = self.search("--restart=latest", "--run.iterations=8")
        self.assert_done(outcome)
        self.assertNotIn("damaged", outcome.err)


class BadCheckpoint(RunTest):
    def test_evaluate(self):
        self.write("text.h5", "no checkpoint\n" * 1000)
        for name in ("none.h5", "text.h5", "."):
            for ranks in (1, 2):
                with self.subTest(name=name, ranks=ranks):
                    outcome = self.run_program("evaluate", name, "--tasks=2", ranks=ranks)
                    self.assert_refused(outcome, BAD_DATA, name)

    def test_truncated(self):
        self.assert_done(self.search())
        newest = self.folder / "run" / max(self.checkpoints())
        whole = newest.read_bytes()
        self.write("cut.h5", whole[:len(whole) * 2 // 3])
        for command in ("evaluate", "info"):
            with self.subTest(command):
                self.assert_refused(self.run_program(command, "cut.h5"), BAD_DATA, "cut.h5")
        self.refuse(BAD_DATA, ["cut.h5"], "--restart=cut.h5", "--run.folder=other", ranks=2)

    def test_evaluate_options_that_do_not_fit(self):
        self.assert_done(self.search())
        outcome = self.run_program("evaluate", "run/latest.h5", "--way=50", "--tasks=2", ranks=2)
        self.assert_refused(outcome, BAD_DECK, "50")
        outcome = self.run_program("evaluate", "run/latest.h5", "--encode=nonsense", "--tasks=2")
        self.assert_refused(outcome, BAD_DECK, "nonsense")
        before = self.names()
        outcome = self.run_program("evaluate", "run/latest.h5", "--tasks=2", "--output=no/such/e.h5", ranks=2)
        self.assert_refused(outcome, BAD_DATA, "no/such")
        self.assertEqual(self.names(), before)


class BadRestart(RunTest):
    def test_nothing_to_restart_from(self):
        self.refuse(RESTART_REFUSED, ["run"], "--restart=latest", ranks=2)
        self.refuse(RESTART_REFUSED, ["none.h5"], "--restart=none.h5")

    def test_frozen_keys(self):
        self.assert_done(self.search())
        self.refuse(RESTART_REFUSED, [("run.seed = 2", "with 1"), ("space.channels = 5", "with 4")], "--restart=latest",
                    "--run.seed=2", "--space.channels=5", ranks=2)

    def test_damaged_newest_is_named_and_the_one_before_is_used(self):
        self.assert_done(self.search())
        newest = self.folder / "run" / max(self.checkpoints())
        whole = newest.read_bytes()
        newest.write_bytes(whole[:len(whole) // 2])
        outcome = self.search("--restart=latest", ranks=2)
        self.assert_done(outcome)
        self.assertIn(newest.name, outcome.err)

    def test_all_damaged(self):
        self.assert_done(self.search())
        for name in self.checkpoints():
            (self.folder / "run" / name).write_bytes(b"")
        outcome = self.search("--restart=latest", ranks=2)
        self.assert_refused(outcome, RESTART_REFUSED, "run")
        shutil.rmtree(self.folder / "run")


if __name__ == "__main__":
    unittest.main(verbosity=2)
