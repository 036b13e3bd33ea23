# SPDX-License-Identifier: Apache-2.0
"""jobs/scaling: the cost model, fitted to made-up studies and asked for predictions."""

import csv
import math
import random
import unittest
from dataclasses import replace

from made_up_study import KNOWN, Folder, made_up, rows_of

import collect
import model
import point
from arrays import h5py

from atnas_analysis.scaling import cost, fit


class Formulas(unittest.TestCase):
    def test_shares_are_those_of_the_program(self):
        setting = cost.Setting(ranks=3, islands=7, batch=17, weights=1)
        self.assertEqual(list(cost.islands_of_ranks(setting)), [3, 2, 2])
        # Islands 0-2 have three tasks, the others two.
        self.assertEqual(list(cost.tasks_of_ranks(setting)), [9, 4, 4])

    def test_traffic_of_a_reduction(self):
        setting = cost.Setting(ranks=8, islands=8, batch=8, weights=1_000_000)
        # What --dry-run calls "sent per rank".
        self.assertEqual(cost.traffic(setting), (6, 2 * 8e6 * 7 / 8))
        self.assertEqual(cost.traffic(replace(setting, reduction="fast")), (6, 2 * 4e6 * 7 / 8))
        self.assertEqual(cost.traffic(replace(setting, weights=100)), (3, 3 * 800))
        self.assertEqual(cost.traffic(replace(setting, islands=64)), cost.traffic(setting))
        self.assertEqual(cost.traffic(replace(setting, ranks=1)), (0, 0))

    def test_memory_of_gradients(self):
        setting = cost.Setting(ranks=2, islands=8, batch=8, weights=1000)
        self.assertEqual(cost.reduction_memory(setting), 12_000)
        self.assertEqual(cost.reduction_memory(replace(setting, reduction="fast")), 16_000)

    def test_expected_maximum(self):
        self.assertAlmostEqual(cost.expected_maximum([1, 1], [1, 1]), 1 + 1 / math.sqrt(math.pi), 4)
        self.assertAlmostEqual(cost.expected_maximum([0] * 100, [1] * 100), 2.50759, 3)
        self.assertEqual(cost.expected_maximum([3, 5, 4], [0, 0, 0]), 5)
        self.assertAlmostEqual(cost.expected_maximum([5, 1], [0.1, 0.1]), 5, 4)

    def test_one_rank_is_the_measure_of_efficiency(self):
        for reduction in ("exact", "fast"):
            setting = cost.Setting(ranks=1, islands=8, batch=32, weights=10_000, reduction=reduction,
                                   generation_every=10)
            self.assertEqual(cost.speedup(setting, setting, KNOWN), 1.0)

    def test_nothing_worse_makes_it_faster(self):
        for reduction in ("exact", "fast"):
            for ranks in (2, 3, 8, 64):
                setting = cost.Setting(ranks=ranks, islands=64, batch=100, weights=200_000, reduction=reduction,
                                       ranks_per_node=8, generation_every=10, work="static")
                before = cost.seconds(setting, KNOWN)
                for worse in ({"latency": 1e-3}, {"bandwidth": 1e8}, {"spread": 0.4}, {"task": 0.1},
                              {"contention": 0.1}):
                    self.assertGreater(cost.seconds(setting, replace(KNOWN, **worse)), before, worse)

    def test_more_ranks_than_the_batch_divides_into_wait(self):
        even = cost.Setting(ranks=4, islands=8, batch=8, weights=1)
        uneven = replace(even, ranks=3)
        quiet = cost.Costs(task=1.0)
        self.assertEqual(cost.waiting(even, quiet), 0)
        self.assertAlmostEqual(cost.waiting(uneven, quiet), 3 - 8 / 3)


class Fitting(unittest.TestCase):
    def assert_recovered(self, found, known, names, tolerance=0.02):
        for name in names:
            self.assertAlmostEqual(getattr(found, name) / getattr(known, name), 1, delta=tolerance, msg=name)

    def test_known_parameters_are_recovered(self):
        rows = rows_of(made_up(every=10))
        fitted = fit.fit(rows, "deck2000000")
        self.assertEqual(fitted.notes, ())
        self.assert_recovered(fitted.costs, KNOWN, ("task", "contention", "spread", "latency", "bandwidth",
                                                    "optimizer", "other", "serial", "fitness_task"))
        for _, _, measured, predicted in fit.residuals(rows, "deck2000000", fitted.costs):
            self.assertAlmostEqual(predicted / measured, 1, delta=0.01)
        errors = fit.leave_one_out(rows, "deck2000000")
        self.assertGreater(len(errors), 4)
        self.assertLess(max(abs(error) for _, error in errors), 0.05)

    def test_the_agreement_is_no_spread(self):
        slow = replace(KNOWN, latency=2e-3, spread=0.05)
        rows = rows_of(made_up(slow))
        fitted = fit.fit(rows, "deck50000")
        self.assert_recovered(fitted.costs, slow, ("latency", "spread", "serial"))
        for _, _, measured, predicted in fit.residuals(rows, "deck50000", fitted.costs):
            self.assertAlmostEqual(predicted / measured, 1, delta=0.001)

    def test_noise_does_not_mislead(self):
        noise, points = random.Random(1), list(made_up(repeats=5))
        for _, result in points:
            for times in result["phases"].values():
                factor = noise.uniform(0.95, 1.05)
                times.update({name: value * factor for name, value in times.items()})
            result["seconds"] *= noise.uniform(0.98, 1.02)
        rows = rows_of(points)
        fitted = fit.fit(rows, "deck2000000")
        self.assert_recovered(fitted.costs, KNOWN, ("task", "spread", "bandwidth", "optimizer"), 0.1)
        for _, _, measured, predicted in fit.residuals(rows, "deck2000000", fitted.costs):
            self.assertAlmostEqual(predicted / measured, 1, delta=0.05)

    def test_shared_work_too(self):
        fitted = fit.fit(rows_of(made_up(work="shared", ranks=(1, 2, 4))), "deck50000")
        self.assert_recovered(fitted.costs, KNOWN, ("task", "contention", "spread", "other"), 0.05)

    def test_fast_reduction_too(self):
        fitted = fit.fit(rows_of(made_up(reduction="fast", weights=(1000, 50_000, 2_000_000))), "deck2000000")
        self.assert_recovered(fitted.costs, KNOWN, ("latency", "bandwidth"))

    def test_what_cannot_be_told_is_said(self):
        notes = " ".join(fit.fit(rows_of(made_up(ranks=(1, 2), weights=(50_000,))), "deck50000").notes)
        self.assertIn("cannot tell latency from bandwidth", notes)
        self.assertIn("no run had generations", notes)
        notes = " ".join(fit.fit(rows_of(made_up(ranks=(1,), weights=(50_000,))), "deck50000").notes)
        self.assertIn("must be given", notes)

    def test_a_misfit_shows_in_the_residuals(self):
        rows = rows_of(made_up())
        for row in rows:
            if row["ranks"] == 8:
                row["seconds_per_iteration"] *= 2
        fitted = fit.fit(rows, "deck50000")
        self.assertGreater(max(abs(m / p - 1) for _, _, m, p in fit.residuals(rows, "deck50000", fitted.costs)), 0.1)


class Predicting(Folder):
    def setUp(self):
        super().setUp()
        for size in (50_000, 2_000_000):
            place = self.write_points(made_up(weights=(size,), repeats=3), "study%d" % size)
        self.run_main(collect.main, self.folder / "study50000", self.folder / "study2000000", "-o", self.folder / "t")
        self.table = self.folder / "t.h5"

    def predict(self, *words):
        output = self.folder / "p.csv"
        text = self.run_main(model.main, self.table, "--deck=deck50000", "--output=%s" % output, *words)
        with open(output, newline="") as file:
            return text, {(row["kind"], int(row["ranks"])): row for row in csv.DictReader(file)}

    def test_one_rank_is_perfect(self):
        _, rows = self.predict("--ranks=1,8")
        for kind in point.KINDS:
            self.assertEqual(float(rows[kind, 1]["efficiency"]), 1.0)
            self.assertLess(float(rows[kind, 8]["efficiency"]), 1.0)

    def test_default_ranks_assumptions_and_warnings(self):
        text, rows = self.predict()
        self.assertEqual(set(rows), {(kind, ranks) for kind in point.KINDS for ranks in (8, 64, 512, 4096)})
        for words in ("Assumptions:", "Residuals", "Leave one out: mean error", "full bisection",
                      "warning: up to 4096 ranks are predicted, 8 were measured", "warning: all runs were on one node"):
            self.assertIn(words, text)
        efficiency = [float(rows["weak", ranks]["efficiency"]) for ranks in (8, 64, 512, 4096)]
        self.assertEqual(efficiency, sorted(efficiency, reverse=True))

    def test_a_bad_fit_and_a_busy_machine_are_warned_of(self):
        place = self.write_points(made_up(replace(KNOWN, contention=0.8), weights=(1000,), repeats=3), "busy")
        for path in place.glob("weak-r00001-*.json"):
            settings, result = point.read_point(path)
            point.write_point(path, settings, dict(result, seconds=2 * result["seconds"]))
        self.run_main(collect.main, place)
        text = self.run_main(model.main, place / "table.csv")
        self.assertIn("slows the others down by 80 %", text)
        self.assertIn("warning: residuals of up to", text)

    def test_what_was_measured_needs_no_warning(self):
        text, rows = self.predict("--ranks=8", "--latency=2e-5", "--bandwidth=1e9")
        self.assertNotIn("warning", text)
        setting = cost.Setting(ranks=8, islands=8, batch=32, weights=50_000, ranks_per_node=8, work="static")
        predicted = float(rows["strong", 8]["seconds_per_iteration"])
        self.assertAlmostEqual(predicted / cost.seconds(setting, KNOWN), 1, delta=0.01)

    def test_more_latency_never_helps(self):
        before = None
        for latency in ("1e-7", "1e-6", "1e-5", "1e-4", "1e-3"):
            _, rows = self.predict("--latency=" + latency, "--bandwidth=1e9")
            now = {key: float(row["efficiency"]) for key, row in rows.items()}
            if before:
                self.assertTrue(all(now[key] <= before[key] for key in now), latency)
            before = now

    def test_options_act(self):
        _, plain = self.predict("--ranks=64")
        for option in ("--weights=5000000", "--task-seconds=0.1", "--reduction=fast", "--islands=128", "--batch=1000",
                       "--islands-per-rank=2", "--batch-per-rank=16", "--ranks-per-node=2", "--bandwidth=1e7",
                       "--latency=1e-3", "--generation-every=5"):
            _, rows = self.predict("--ranks=64", option)
            self.assertNotEqual(rows, plain, option)
        text, rows = self.predict("--ranks=8,64", "--islands=8", "--weights=100000")
        self.assertNotIn(("strong", 64), rows)
        self.assertIn("more than the 8 islands of strong scaling", text)
        text, _ = self.predict("--weights=10", "--ranks-per-node=64", "--reduction=fast")
        for words in ("10 weights were not measured", "contention is extrapolated",
                      "reduction = fast was not measured"):
            self.assertIn(words, text)

    def test_both_kinds_of_work_side_by_side(self):
        words = ("--ranks=64", "--tasks-per-rank=2,8", "--latency=2e-6", "--bandwidth=3e9")
        text, _ = self.predict(*words)
        self.assertIn("Efficiency against one full node (8 rank(s))", text)
        few_shared, few_static, many_shared, many_static = map(
            float, text.split("   64 ")[-1].split("\n")[0].replace("%", "").split())
        self.assertGreater(few_shared, few_static)
        self.assertGreater(many_shared, many_static)
        self.assertGreater(many_static, few_static)
        with h5py.File(self.folder / "paths.h5", "w") as file:
            file["islands/macs"] = [[1, 1], [1, 13]]
        other, _ = self.predict(*words, "--paths=%s" % (self.folder / "paths.h5"))
        self.assertIn("MACs of 4 paths by 130 %", other)
        self.assertNotIn(text.split("   64 ")[-1], other)
        self.assert_problem(("no checkpoint", "--paths"), model.main,
                            [str(self.table), "--deck=deck50000", "--paths=%s" % self.table])

    def test_refusals(self):
        self.assert_problem(("--deck",), model.main, [str(self.table)])
        self.assert_problem(("not in the table",), model.main, [str(self.table), "--deck=none"])
        self.assert_problem(("fewer tasks than islands",), model.main,
                            [str(self.table), "--deck=deck50000", "--islands=8", "--ranks=8", "--batch=2"])
        lonely = self.write_points(made_up(weights=(1000,), ranks=(1,)), "lonely")
        self.run_main(collect.main, lonely)
        self.assert_problem(("--latency and --bandwidth",), model.main, [str(lonely / "table.csv")])
        for name, text in (("none.csv", None), ("empty.csv", ""), ("odd.csv", "kind,ranks\nweak,2\n"),
                           ("odd.h5", "no HDF5")):
            if text is not None:
                (self.folder / name).write_text(text)
            self.assert_problem(("no scaling table", "collect.py"), model.main, [str(self.folder / name)])
        text = (self.folder / "t.csv").read_text()
        start = "strong,deck50000,exact,static,n1,"
        (self.folder / "word.csv").write_text(text.replace(start + "1,", start + "x,", 1))
        self.assert_problem(("no scaling table", "'x'"), model.main, [str(self.folder / "word.csv")])


if __name__ == "__main__":
    unittest.main()
