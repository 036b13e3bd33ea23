# SPDX-License-Identifier: Apache-2.0
"""The main program of the MPI tests must fail when one rank fails, when a test hangs and when nothing was run.

usage: test_mpi_test_main.py MPIEXEC PROGRAM
"""
import os
import subprocess
import sys
import unittest

MPIEXEC, PROGRAM = sys.argv.pop(1), sys.argv.pop(1)


def run(test, ranks=2, seconds="20"):
    environment = dict(os.environ, ATNAS_TEST_SECONDS=seconds)
    result = subprocess.run([MPIEXEC, "-n", str(ranks), PROGRAM, f"--gtest_filter={test}"], env=environment,
                            stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True, timeout=60)
    return result.returncode, result.stdout


class MpiTestMain(unittest.TestCase):
    def test_passes(self):
        code, text = run("Subject.passes")
        self.assertEqual(code, 0, text)
        self.assertIn("verdict over 2 ranks: passed", text)
        self.assertEqual(text.count("[       OK ]"), 1, "only rank 0 reports")

    def test_one_rank_fails(self):
        code, text = run("Subject.fails_on_rank_one")
        self.assertNotEqual(code, 0, text)
        self.assertIn("verdict over 2 ranks: FAILED on rank 1", text)
        self.assertIn("rank 1: Subject.fails_on_rank_one", text)
        self.assertIn("as asked for", text)

    def test_nothing_run(self):
        code, text = run("Subject.no_such_test")
        self.assertNotEqual(code, 0, text)
        self.assertIn("no test was run", text)

    def test_hang(self):
        code, text = run("Subject.hangs", seconds="2")
        self.assertNotEqual(code, 0, text)
        self.assertIn("rank 0: Subject.hangs has not ended in 2 s", text)


if __name__ == "__main__":
    unittest.main()
