# SPDX-License-Identifier: Apache-2.0
"""jobs/adapting: adapting against searching from nothing, on whole data sets."""

import csv
import sys
import unittest
from pathlib import Path

JOB = Path(__file__).resolve().parents[2] / "jobs" / "adapting"
sys.path.insert(0, str(JOB))
from fake_programs import ScriptTest  # noqa: E402

FIGURES = ('{"accuracy": %s, "parameters": 100, "evaluations": 16, "search_seconds": 9, "training_seconds": 70}')
ROWS = ("adapted", "scratch", "scratch_brief", "random", "conv4")


class FewHundredTest(ScriptTest):
    CASES = """import) [ "$2" != --list ] || touch "$5" ;;
    train) case $* in *--from=scratch*) echo '%s' ;; *) echo '%s' ;; esac >"$json" ;;""" % (FIGURES % 0.6, FIGURES % 0.625)

    def setUp(self):
        super().setUp()
        for name in "abcdefghijkl":
            (self.folder / "classes" / name).mkdir(parents=True)
            for image in range(5):
                (self.folder / "classes" / name / ("%d.png" % image)).touch()

    def run_job(self, **variables):
        return self.run_script(JOB / "few_hundred.sh", "classes", "some/latest.h5", SHOT="3", SEEDS="1 2", **variables)

    def table(self, name):
        with open(self.folder / "few_hundred" / name) as file:
            return [(Path(image).name, label) for image, label in csv.reader(file)]

    def test_every_row_of_every_seed_once(self):
        printed, calls = self.run_job()
        trained = [call for call in calls if call.startswith("train")]
        self.assertEqual(len(trained), 2 * len(ROWS))
        for seed in (1, 2):
            mine = [call for call in trained if "--seed=%d " % seed in call]
            for row, call in zip(ROWS, mine, strict=True):
                self.assertIn("few_hundred/some/%s-%d.h5" % (row, seed), call)
                self.assertIn("--data=few_hundred/task-%d-train.h5" % seed, call)
        scratch = next(call for call in trained if "/scratch-1.h5" in call)
        self.assertIn("--evaluations=48 --trial-steps=120", scratch)
        self.assertIn("| some | adapted | 2 | 62.50 +- 0.00 |", printed)
        self.assertIn("| some | scratch | 2 | 60.00 +- 0.00 | -2.50 +- 0.00 |", printed)
        again, calls = self.run_job()
        self.assertEqual((calls, again), ([], printed))

    def test_a_task_is_ten_classes_drawn_by_the_seed(self):
        self.run_job()
        train, test = self.table("task-1-train.csv"), self.table("task-1-test.csv")
        self.assertEqual((len(train), len(test)), (10 * 3, 10 * 2))
        self.assertEqual(len({label for _, label in train}), 10)
        self.assertEqual(set(train) & set(test), set(), "no image on both sides")
        self.assertNotEqual(train, self.table("task-2-train.csv"))


if __name__ == "__main__":
    unittest.main()
