# SPDX-License-Identifier: Apache-2.0
"""jobs/learning: every run of a list once per seed, none twice, and the table of what they reached."""

import json
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

LEARNING = Path(__file__).resolve().parents[2] / "jobs" / "learning"
sys.path.insert(0, str(LEARNING))
import table  # noqa: E402
from fake_programs import ScriptTest  # noqa: E402

JUDGED = {"split": "validation", "statistics": "running", "iteration": 9}


def one_kind(accuracy):
    return {**JUDGED, "way": 5, "shot": 1, "accuracy": accuracy, "ci95": 0.01}


class RunTest(ScriptTest):
    CASES = "evaluate) echo '%s' >\"$json\" ;;" % json.dumps(one_kind(0.5))

    def setUp(self):
        super().setUp()
        self.list = self.folder / "list.txt"
        self.list.write_text("# comment\none  quickstart.ini\ntwo  quickstart.ini  --meta.batch=2\n")

    def run_list(self, *names):
        return self.run_script(LEARNING / "run.sh", self.list, *names, SEEDS="1 4", SEARCH="--run.walltime=9")

    def test_every_run_with_every_seed_and_its_words(self):
        printed, calls = self.run_list()
        searches = [call for call in calls if call.startswith("search")]
        self.assertEqual(len(searches), 4)
        self.assertEqual(sum("--meta.batch=2 --run.walltime=9 --run.seed=4" in call for call in searches), 1)
        self.assertEqual(sum("--run.folder=runs/quickstart-two-seed4" in call for call in searches), 1)
        self.assertIn("| quickstart-two | mean of 2 | validation, running, iteration 9 | 50.00 +- 0.00 |", printed)

    def test_words_of_the_user_replace_those_of_the_list(self):
        _, calls = self.run_script(LEARNING / "run.sh", self.list, "two", SEEDS="1", SEARCH="--meta.batch=7",
                                   EVALUATE="--query=5 --split=validation")
        search, evaluate = (next(call.split() for call in calls if call.startswith(word))
                            for word in ("search", "evaluate"))
        self.assertEqual([word for word in search if word.startswith("--meta.batch")], ["--meta.batch=7"])
        self.assertEqual([word for word in evaluate if word.startswith("--query")], ["--query=5"])
        self.assertEqual(evaluate[1], "runs/quickstart-two-seed1/latest.h5")

    def test_what_was_evaluated_is_not_done_again(self):
        self.run_list()
        printed, calls = self.run_list()
        self.assertEqual(calls, [])
        self.assertIn("quickstart-one", printed)

    def test_what_was_made_with_other_words_is_refused(self):
        self.run_list()
        self.list.write_text("one  quickstart.ini  --meta.batch=3\n")
        with self.assertRaises(subprocess.CalledProcessError) as refused:
            self.run_list()
        self.assertEqual(refused.exception.returncode, 4)
        self.assertIn("runs/quickstart-one-seed1 was made with other words", refused.exception.stderr)

    def test_unknown_name_is_an_error(self):
        with self.assertRaises(subprocess.CalledProcessError) as refused:
            self.run_list("three")
        self.assertIn("no run named three", refused.exception.stderr)

    def test_named_runs_only(self):
        _, calls = self.run_list("two")
        self.assertEqual(len(calls), 4)
        self.assertFalse(any("quickstart-one" in call for call in calls))


class TableTest(unittest.TestCase):
    def test_lists_name_decks_that_exist(self):
        for path in LEARNING.glob("*.txt"):
            for row in path.read_text().splitlines():
                if row and not row.startswith("#"):
                    self.assertTrue((LEARNING.parents[1] / "inputs" / row.split()[1]).exists(), row)

    def test_mean_and_deviation_over_seeds(self):
        rows = [table.Row("a", seed, "x", {"5x1": (accuracy, 1.0)}) for seed, accuracy in ((1, 50.0), (2, 52.0), (3, 54.0))]
        self.assertEqual(table.table(rows)[-1], "| a | mean of 3 | x | 52.00 +- 2.00 |")

    def test_no_mean_of_what_was_judged_differently(self):
        rows = [table.Row("a", 1, "test", {"5x1": (50.0, 1.0)}), table.Row("a", 2, "validation", {"5x1": (52.0, 1.0)})]
        self.assertEqual(len(table.table(rows)), 4)

    def test_difference_is_taken_seed_by_seed(self):
        # 2, 4 and 6 points more: 4 on average, a deviation of 2, and t = 4.303 for two degrees of freedom.
        rows = [table.Row("base", seed, "x", {"5x1": (50.0 - 9 * seed, 1.0)}) for seed in (1, 2, 3, 4)]
        rows += [table.Row("run", seed, "x", {"5x1": (50.0 - 9 * seed + 2 * seed, 1.0)}) for seed in (1, 2, 3)]
        lines = table.differences(rows, "base")
        self.assertEqual(lines[0], "| run - base | seeds | 5-way 1-shot |")
        self.assertEqual(lines[2:], ["| run | 3 | +4.00 +- 4.97 |"])

    def test_no_difference_on_other_tasks_or_of_one_seed(self):
        def row(run, seed, judged="x", tasks=("test", 15)):
            return table.Row(run, seed, judged, {"5x1": (1.0, 1.0)}, tasks)

        rows = [row("base", 1), row("base", 2), row("once", 1), row("later", 1, "y"), row("later", 2, "y"),
                row("other", 1, tasks=("test", 5)), row("other", 2, tasks=("test", 5))]
        lines = table.differences(rows, "base")
        self.assertEqual(lines[2:4], ["| later | 2 | +0.00 +- 0.00 |", ""])
        self.assertEqual(lines[4:], ["once is left out: 1 seed(s) with base, 1 of them judged on the same tasks",
                                     "other is left out: 2 seed(s) with base, 0 of them judged on the same tasks"])

    def test_as_many_tasks_of_a_kind(self):
        def row(run, seed, tasks):
            return table.Row(run, seed, "x", {"5x1": (1.0, 1.0), "5x5": (1.0, 1.0)}, (), {"5x1": 100, "5x5": tasks})

        rows = [row("base", 1, 100), row("base", 2, 100), row("run", 1, 50), row("run", 2, 50)]
        self.assertEqual(table.differences(rows, "base")[2:], ["| run | 2 | +0.00 +- 0.00 |  |"])

    def test_the_same_tasks_by_what_evaluations_say(self):
        with tempfile.TemporaryDirectory(prefix="atnas-test-") as folder:
            def tasks(**words):
                path = Path(folder) / "a-seed1" / "evaluation.json"
                path.parent.mkdir(exist_ok=True)
                path.write_text(json.dumps({**one_kind(0.5), "seed": 1, "query": 15, "data_digest": "d", **words}))
                return table.read(path).tasks

            for name, value in (("statistics", "query"), ("iteration", 3), ("accuracy", 0.9), ("within_group", False)):
                self.assertEqual(tasks(), tasks(**{name: value}), name)
            for name, value in (("query", 5), ("data_digest", "e"), ("split", "test"), ("seed", 2), ("within_group", True)):
                self.assertNotEqual(tasks(), tasks(**{name: value}), name)

    def test_unknown_run_to_compare_with_is_named(self):
        with tempfile.TemporaryDirectory(prefix="atnas-test-") as folder:
            path = Path(folder) / "a-seed1" / "evaluation.json"
            path.parent.mkdir()
            path.write_text(json.dumps(one_kind(0.5)))
            bad = subprocess.run([LEARNING / "table.py", "--against", "b", path], capture_output=True, text=True,
                                 timeout=60, check=False)
        self.assertEqual(bad.returncode, 2)
        self.assertIn("no run is named b", bad.stderr)
        self.assertIn("name one of a", bad.stderr)

    def test_kinds_of_tasks_in_order_of_size(self):
        rows = [table.Row("a", 1, "x", {"20x1": (1.0, 0.1), "5x5": (3.0, 0.1), "5x1": (2.0, 0.1)})]
        self.assertIn("| 5-way 1-shot | 5-way 5-shot | 20-way 1-shot |", table.table(rows)[0])
        self.assertTrue(table.table(rows)[-1].endswith("| 2.00 +- 0.10 | 3.00 +- 0.10 | 1.00 +- 0.10 |"))

    def test_one_task_has_no_interval(self):
        self.assertEqual(table.kinds_of({"way": 5, "shot": 1, "accuracy": 0.5, "ci95": None}), {"5x1": (50.0, 0)})

    def test_what_is_no_evaluation_is_named(self):
        bad = subprocess.run([LEARNING / "table.py", "runs/a-seed1/evaluation.json"], capture_output=True, text=True,
                             timeout=60, check=False)
        self.assertEqual(bad.returncode, 3)
        self.assertIn("runs/a-seed1/evaluation.json is no evaluation", bad.stderr)


if __name__ == "__main__":
    unittest.main()
