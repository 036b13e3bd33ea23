# SPDX-License-Identifier: Apache-2.0
"""jobs/adapting: adapting against searching from nothing, on whole data sets."""

import csv
import subprocess
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
        for place in ("some", "elsewhere/some"):
            (self.folder / place).mkdir(parents=True)
            (self.folder / place / "latest.h5").write_text(place)

    def run_job(self, meta="some/latest.h5", **variables):
        return self.run_script(JOB / "few_hundred.sh", "classes", meta, SHOT="3", **{"SEEDS": "1 2", **variables})

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

    def test_another_meta_network_of_that_name_is_refused(self):
        self.run_job()
        with self.assertRaises(subprocess.CalledProcessError) as refused:
            self.run_job("elsewhere/some/latest.h5")
        self.assertIn("few_hundred/some was made with other words", refused.exception.stderr)
        with self.assertRaises(subprocess.CalledProcessError) as refused:
            self.run_job("nowhere/latest.h5")
        self.assertIn("nowhere/latest.h5 is not there", refused.exception.stderr)

    def test_words_of_all_rows_do_not_change_what_makes_a_row(self):
        _, calls = self.run_job(WORDS="--channels=48 --trial-steps=7 --warmup=9", SEEDS="1")
        words = {row: next(call for call in calls if "/%s-1.h5" % row in call).split() for row in ROWS}
        for row in ROWS:
            self.assertIn("--warmup=9", words[row])
            self.assertEqual(sum(word.startswith("--channels=") for word in words[row]), 1, "the program takes it once")
        self.assertIn("--channels=48", words["adapted"])
        self.assertIn("--channels=64", words["conv4"])
        self.assertIn("--trial-steps=30", words["adapted"])
        self.assertFalse(any(word.startswith("--trial-steps") for word in words["conv4"]), "the program refuses it")

    def test_more_than_ten_seeds(self):
        printed, _ = self.run_job(SEEDS=" ".join(map(str, range(1, 13))))
        self.assertIn("| some | adapted | 12 | 62.50 +- 0.00 |", printed)

    def test_a_task_is_ten_classes_drawn_by_the_seed(self):
        self.run_job()
        train, test = self.table("task-1-train.csv"), self.table("task-1-test.csv")
        self.assertEqual((len(train), len(test)), (10 * 3, 10 * 2))
        self.assertEqual(len({label for _, label in train}), 10)
        self.assertEqual(set(train) & set(test), set(), "no image on both sides")
        self.assertNotEqual(train, self.table("task-2-train.csv"))


if __name__ == "__main__":
    unittest.main()
