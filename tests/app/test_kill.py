#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""kill -9 of one rank, whichever and whenever: the job ends by itself, leaves nothing running, and a restart reaches
the state of the undisturbed run. Slow: 20 kills at moments drawn from a seed, which ATNAS_KILL_SEED changes."""

import json
import os
import random
import signal
import time
import unittest
from pathlib import Path

from cli import DONE, RESTART_REFUSED, STOPPED
from job import Job, command_on
from tiny_search import SearchTest

PATIENCE_S = 15  # from the kill to the end of everything that belongs to the job
SEED = int(os.environ.get("ATNAS_KILL_SEED", "1"))
WORDS = ("--run.iterations=60", "--run.checkpoint_every=1", "--evo.generation_every=4")

# When to kill: within the start-up, once a checkpoint is being written, or anywhere after a checkpoint.
STARTUP, CHECKPOINT, ANYWHERE = "start-up", "checkpoint", "anywhere"


class Kill(SearchTest):
    @classmethod
    def setUpClass(cls):
        cls.dice = random.Random(SEED)
        cls.kills = []
        os.environ.pop("PMIX_MCA_gds", None)  # of the tests' environment: here the program must set it itself
        print("ATNAS_KILL_SEED=%d" % SEED)

    def files(self, place, pattern):
        """Name and age: a file that is written again under its old name is another one."""
        found = set()
        for path in (self.folder / place / "run").glob(pattern):
            try:
                found.add((path.name, path.stat().st_mtime_ns))
            except FileNotFoundError:  # renamed meanwhile
                pass
        return found

    def checkpoints(self, place):
        return self.files(place, "checkpoint-*.h5")

    def half_written(self, place):
        return self.files(place, ".checkpoint-*.partial")

    def wait_for_moment(self, job, place, when):
        if when == STARTUP:
            time.sleep(self.dice.uniform(0.0, 0.8))
            return
        for _ in range(self.dice.randint(0, 1) if when == CHECKPOINT else 1):
            old = self.checkpoints(place)
            job.wait_for(lambda: self.checkpoints(place) - old, 60, "a new checkpoint")
        if when == CHECKPOINT:
            self.wait_inside_checkpoint(job, place)
        else:
            time.sleep(self.dice.uniform(0.0, 0.5))

    def wait_inside_checkpoint(self, job, place):
        """Until some moment of a checkpoint. One that is whole before that moment comes is let pass, so that a quick
        machine is hit as often as a slow one; the last try comes right after the beginning."""
        old = self.half_written(place)
        for share in (1.0, 0.5, 0.0):
            job.wait_for(lambda: self.half_written(place) - old, 60, "a checkpoint being written", poll=0)
            time.sleep(self.dice.uniform(0.0, share * self.checkpoint_s))
            if share == 0.0 or self.half_written(place) - old:
                return

    def kill_once(self, place, when, *words):
        """Runs the search on 2 or 3 ranks and kills one of them."""
        ranks = self.dice.choice((2, 3))
        victim = self.dice.randrange(ranks)
        old = self.half_written(place)
        job = Job(command_on(ranks, "search", "deck.ini", *WORDS, *words), self.folder / place)
        try:
            # Finding a process may take longer than a checkpoint: it comes before the moment, save in the start-up.
            if when == STARTUP:
                self.wait_for_moment(job, place, when)
            pid = job.wait_for(lambda: job.pid_of_rank(victim), 30, "rank %d" % victim)
            if when != STARTUP:
                self.wait_for_moment(job, place, when)
            os.kill(pid, signal.SIGKILL)
            killed = time.monotonic()
            code = job.wait(PATIENCE_S)
            left = job.left_behind(PATIENCE_S - (time.monotonic() - killed))
            ended = time.monotonic() - killed
        finally:
            job.end()
        self.assertEqual(left, [], "processes are left\n%s" % job)
        self.assertNotIn(code, (DONE, STOPPED), job)
        kill = {"inside": bool(self.half_written(place) - old), "first": not self.checkpoints(place), "seconds": ended}
        type(self).kills.append(kill)
        print("%-10s rank %d of %d: code %d, all gone after %.2f s%s%s" % (
            when, victim, ranks, code, ended, ", a checkpoint is half-written" * kill["inside"],
            ", there is no checkpoint yet" * kill["first"]), flush=True)

    def restart_words(self, place):
        """How to go on: by a restart; before the first checkpoint that is refused, and a fresh start must do."""
        if self.checkpoints(place):
            return ("--restart=latest",)
        top, self.folder = self.folder, self.folder / place
        self.assert_refused(self.run_program("search", "deck.ini", *WORDS, "--restart=latest"), RESTART_REFUSED,
                            "no whole checkpoint")
        self.folder = top
        return ()

    def test_no_lock_is_shared_with_the_launcher(self):
        """A rank that is killed while it holds one would leave the launcher waiting: too short to be hit by chance."""
        self.write("locks/deck.ini", self.deck())
        job = Job(command_on(2, "search", "deck.ini", *WORDS), self.folder / "locks")
        try:
            job.wait_for(lambda: self.checkpoints("locks"), 60, "a checkpoint")
            for rank in range(2):
                maps = Path("/proc/%d/maps" % job.pid_of_rank(rank)).read_text()
                self.assertIn("libmpi", maps)
                self.assertEqual([line for line in maps.splitlines() if "pmix_dstor" in line], [])
        finally:
            job.end()

    def test_twenty_kills(self):
        straight = self.search("straight", *WORDS, "--json=figures.json", ranks=2)
        figures = json.loads((straight.parents[1] / "figures.json").read_text())
        type(self).checkpoint_s = figures["phases"]["checkpoint"]["max"] / figures["timed_iterations"]
        print("a checkpoint takes %.1f ms" % (1e3 * self.checkpoint_s), flush=True)
        # Killed again and again: what one kill spoils, the end shows.
        for chain in ("a", "b"):
            self.write(chain + "/deck.ini", self.deck())
            moments = [CHECKPOINT] * 4 + [ANYWHERE] * 2 + [STARTUP]
            self.dice.shuffle(moments)
            words = ()
            for when in [STARTUP, *moments]:
                self.kill_once(chain, when, *words)
                words = self.restart_words(chain)
            self.assert_same(straight, self.search(chain, *WORDS, *words, ranks=self.dice.choice((1, 2, 3))))
            self.assertEqual(self.half_written(chain), set())
        # Killed once.
        for single, when in enumerate((CHECKPOINT, CHECKPOINT, ANYWHERE, ANYWHERE)):
            place = "single%d" % single
            self.write(place + "/deck.ini", self.deck())
            self.kill_once(place, when)
            self.assert_same(straight, self.search(place, *WORDS, *self.restart_words(place), ranks=2))

        inside, first = (sum(kill[key] for kill in self.kills) for key in ("inside", "first"))
        print("%d kills: %d inside a checkpoint, %d before the first one; all gone after at most %.2f s" %
              (len(self.kills), inside, first, max(kill["seconds"] for kill in self.kills)))
        self.assertEqual(len(self.kills), 20)
        self.assertGreaterEqual(inside, 4)
        self.assertGreaterEqual(first, 1)


if __name__ == "__main__":
    unittest.main()
