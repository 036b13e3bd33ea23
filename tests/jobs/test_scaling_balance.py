# SPDX-License-Identifier: Apache-2.0
"""jobs/scaling: balance.py and two_cores.py, with a stand-in for atnas."""

import os
import unittest
from unittest import mock

from made_up_study import StandIn

import balance
import two_cores


class Balance(StandIn):
    def balance(self, *words, writes="h5py"):
        with mock.patch.dict(os.environ, STAND_IN_WRITES=writes):
            return self.run_main(balance.main, *words, "--folder=%s" % (self.folder / "b"),
                                 "--launcher=env STAND_IN_RANKS={ranks}")

    def test_both_kinds_of_work_against_one_rank(self):
        text = self.balance("deck.ini", "--ranks=8", "--tasks=2,4", "--iterations=6", "--space.channels=4")
        self.assertEqual(text.count("1.500  the same"), 4, text)
        calls = self.calls()
        self.assertEqual([(call["meta.batch"], call["runtime.work"]) for call in calls],
                         [(batch, work) for batch in ("16", "32") for work in ("shared", "shared", "static")])
        for call in calls:
            self.assertEqual((call["evo.islands"], call["run.iterations"], call["space.channels"]), ("8", "6", "4"))

    def test_fewer_islands_than_ranks(self):
        self.balance("deck.ini", "--ranks=8", "--islands=2", "--tasks=2", "--work=shared")
        self.assertEqual([call["evo.islands"] for call in self.calls()], ["2", "2"])

    def test_keys_of_the_deck_replace_ours_but_for_what_is_measured(self):
        self.balance("deck.ini", "--ranks=8", "--tasks=2", "--work=shared", "--evo.population=4")
        for call in self.calls():
            self.assertEqual((call["evo.population"], call["meta.batch"], call["evo.elite"]), ("4", "16", "1"))
        for word in ("--meta.batch=32", "--evo.islands=4"):
            with self.assertRaises(SystemExit), mock.patch("sys.stderr"):
                balance.arguments([word])

    def test_other_bits_are_an_error(self):
        self.assert_problem(("other bits", "t2-shared-r8", "t2-static-r8"), self.balance, "drift", "--ranks=8",
                            "--tasks=2")

    def test_figures_of_an_old_program(self):
        with mock.patch.dict(os.environ, STAND_IN_OLD="1"):
            self.assert_problem(("task_cpu_seconds", "too old"), self.balance, "deck.ini", "--ranks=2", "--tasks=2")


class TwoCores(StandIn):
    def setUp(self):
        super().setUp()
        for name, text in (("mpirun", 'shift 2; STAND_IN_RANKS=2 OMPI_COMM_WORLD_RANK=1 exec "$@"'),
                           ("taskset", 'echo "$2" >> %s; shift 2; exec "$@"' % (self.folder / "cores"))):
            path = self.folder / "bin" / name
            path.parent.mkdir(exist_ok=True)
            path.write_text("#!/bin/sh\n%s\n" % text)
            path.chmod(0o755)
        patch = mock.patch.dict(os.environ, PATH="%s:%s" % (self.folder / "bin", os.environ["PATH"]))
        patch.start()
        self.addCleanup(patch.stop)

    def test_in_turn(self):
        with mock.patch("os.sched_getaffinity", return_value={3, 5}):
            text = self.run_main(two_cores.main, "--repeats=2", "--cases=og_v2-16", "--iterations=7",
                                 "--folder=%s" % self.folder, "--", "--meta.rate=0.1")
        self.assertRegex(text, r"og_v2-16 +1.07 +1.07 +1.00 +2.00 +4.7% +4.7%")
        calls = self.calls()
        self.assertEqual(len(calls), 8)
        for call in calls:
            self.assertEqual((call["evo.founder"], call["run.iterations"], call["meta.rate"]), ("og_v2", "7", "0.1"))
        # One alone on the first core; two ranks, of which the second is shown; two at once on both, and backwards.
        cores = (self.folder / "cores").read_text().split()
        self.assertEqual((cores[:2], sorted(cores[2:4]), sorted(cores[4:6]), cores[6:]),
                         (["3", "5"], ["3", "5"], ["3", "5"], ["5", "3"]))

    def test_refusals(self):
        with mock.patch("os.sched_getaffinity", return_value={0}):
            self.assert_problem(("one core",), self.run_main, two_cores.main, "--folder=%s" % self.folder)
        (self.folder / "bin" / "mpirun").write_text('#!/bin/sh\nshift 2; exec "$@"\n')
        with mock.patch("os.sched_getaffinity", return_value={0, 1}):
            self.assert_problem(("ran on 1 rank(s)", "mpirun"), self.run_main, two_cores.main,
                                "--folder=%s" % self.folder)


if __name__ == "__main__":
    unittest.main()
