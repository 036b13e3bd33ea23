# SPDX-License-Identifier: Apache-2.0
"""jobs/novel_task: what adapting architectures adds, by budget."""

import sys
import unittest
from pathlib import Path

JOB = Path(__file__).resolve().parents[2] / "jobs" / "novel_task"
sys.path.insert(0, str(JOB))
from fake_programs import ScriptTest  # noqa: E402

FIGURES = ('{"5x1": {"evaluations": 12, "weights_alone": {"mean": 0.9, "ci95": 0.01}, "with_architecture": {"mean": 0.91,'
           ' "ci95": 0.01}, "random": {"mean": 0.85, "ci95": 0.02}, "gain": {"mean": 0.01, "ci95": 0.005}, "gain_on_folds":'
           ' {"mean": 0.03, "ci95": null}, "seconds_per_task": 1.5}}')


class NovelTaskTest(ScriptTest):
    CASES = "adapt) echo '%s' >\"$json\" ;;" % FIGURES

    def run_job(self, **variables):
        return self.run_script(JOB / "run.sh", "some/latest.h5", BUDGETS="12 100", **variables)

    def test_both_searches_at_every_budget(self):
        printed, calls = self.run_job(TASKS="7", ADAPT="--seed=3")
        self.assertEqual(len(calls), 4)
        for call in calls:
            for word in ("adapt some/latest.h5", "--tasks=7", "--tasks-of=5x1,5x5", "--split=validation", "--seed=3"):
                self.assertIn(word, call)
        self.assertEqual(sum("--search=random" in call for call in calls), 2)
        self.assertEqual(sum("--evaluations=100" in call for call in calls), 2)
        self.assertIn("| 5x1 | islands | 12 | 90.00 +- 1.00 | 91.00 +- 1.00 | 85.00 +- 2.00 | +1.00 +- 0.50 | +3.00 | 1.50 |", printed)

    def test_nothing_is_done_twice(self):
        first, _ = self.run_job()
        again, calls = self.run_job()
        self.assertEqual((calls, again), ([], first))


if __name__ == "__main__":
    unittest.main()
