# SPDX-License-Identifier: Apache-2.0
"""jobs/ranking: Kendall's tau between a supernet's accuracies and those of the same encodes alone."""

import math
import subprocess
import sys
import unittest
from pathlib import Path

RANKING = Path(__file__).resolve().parents[2] / "jobs" / "ranking"
sys.path.insert(0, str(RANKING))
import table  # noqa: E402
from fake_programs import ScriptTest  # noqa: E402

class KendallTauTest(unittest.TestCase):
    def test_same_order_and_its_reverse(self):
        self.assertEqual(table.kendall_tau([1, 2, 3, 4], [10, 20, 30, 31]), 1)
        self.assertEqual(table.kendall_tau([1, 2, 3, 4], [4, 3, 2, 1]), -1)

    def test_one_pair_of_six_exchanged(self):
        self.assertAlmostEqual(table.kendall_tau([1, 2, 3, 4], [1, 3, 2, 4]), 4 / 6)

    def test_ties_count_for_neither(self):
        # Five pairs are untied in a, all six in b.
        self.assertAlmostEqual(table.kendall_tau([1, 1, 2, 3], [1, 2, 3, 4]), 5 / math.sqrt(5 * 6))
        self.assertTrue(math.isnan(table.kendall_tau([1, 1], [1, 2])))

    def test_interval_holds_tau_and_is_always_the_same(self):
        a, b = list(range(20)), [x + 5 * (x % 3) for x in range(20)]
        low, high = table.interval(a, b)
        self.assertLess(low, table.kendall_tau(a, b))
        self.assertGreater(high, table.kendall_tau(a, b))
        self.assertEqual((low, high), table.interval(a, b))


class RunTest(ScriptTest):
    # Three encodes, whose accuracies the last characters of their names tell.
    CASES = """
    info) echo '{"islands": [{"members": [{"encode": "a b1"}, {"encode": "b2"}, {"encode": "c3"}]}]}' >"$json" ;;
    evaluate) echo "{\\"accuracy\\": 0.${encode: -1}}" >"$json" ;;"""

    def run_job(self):
        return self.run_script(RANKING / "run.sh", "some.ini", SEARCH="--run.seed=7")

    def test_every_encode_alone_and_in_each_supernet(self):
        printed, calls = self.run_job()
        self.assertEqual(sum(call.startswith("search") for call in calls), 1 + 2 + 3)
        self.assertEqual(sum(call.startswith("evaluate") for call in calls), 3 * 3)
        self.assertTrue(all("--run.seed=7" in call for call in calls if call.startswith("search")))
        self.assertTrue(any("--evo.founder=a b1 " in call + " " for call in calls))
        self.assertIn("| population | 3 | 1.00 |", printed)
        self.assertIn("| (each encode alone) | 3 | | | 20.00 % | 10.00 % |", printed)

    def test_nothing_is_done_twice(self):
        first, _ = self.run_job()
        again, calls = self.run_job()
        self.assertEqual([call for call in calls if not call.startswith("info")], [])
        self.assertEqual(first, again)

    def test_what_was_made_with_other_words_is_refused(self):
        self.run_job()
        (self.folder / "runs/ranking-some/words.txt").write_text("others\n")
        with self.assertRaises(subprocess.CalledProcessError) as refused:
            self.run_job()
        self.assertEqual(refused.exception.returncode, 4)
        self.assertIn("was made with other words (others)", refused.exception.stderr)

    def test_no_folder_is_an_error(self):
        bad = subprocess.run([RANKING / "table.py", self.folder / "none"], capture_output=True, text=True, timeout=60,
                             check=False)
        self.assertEqual(bad.returncode, 2)
        self.assertIn("is no folder of runs", bad.stderr)


if __name__ == "__main__":
    unittest.main()
