# SPDX-License-Identifier: Apache-2.0
"""jobs/scaling: who computes what by the work list, and how long ranks then wait."""

import sys
import unittest
from dataclasses import replace
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parents[2] / "jobs" / "scaling"))
sys.dont_write_bytecode = True

from arrays import np  # noqa: E402

from atnas_analysis.scaling import cost, schedule  # noqa: E402


class Schedule(unittest.TestCase):
    def test_homes(self):
        self.assertEqual([list(ends) for ends in schedule.homes(5, 2)], [[0, 0, 0, 1, 1]] * 2)
        self.assertEqual([list(ends) for ends in schedule.homes(2, 5)], [[0, 3], [2, 4]])

    def test_items_stay_at_home_unless_it_has_too_much(self):
        def assign(costs, home, ranks):
            return list(schedule.assign(np.array(costs, float), np.array(home), np.array(home), ranks))

        self.assertEqual(assign([1, 2, 2, 1], [0, 0, 1, 1], 2), [0, 0, 1, 1])
        self.assertEqual(assign([1, 1, 1, 1], [0, 0, 0, 0], 2), [0, 0, 1, 1])
        # More than the mean is no reason to leave a home that has nothing yet.
        self.assertEqual(assign([2, 3, 4], [0, 0, 1], 3), [2, 0, 1])

    def test_longest_first_is_close_to_the_best(self):
        generator = np.random.default_rng(2)
        for ranks in (2, 7, 64):
            costs = generator.uniform(0.1, 3, 8 * ranks)
            home = generator.integers(ranks, size=len(costs))
            loads = np.bincount(schedule.assign(costs, home, home, ranks), weights=costs, minlength=ranks)
            self.assertLess(loads.max(), (4 / 3 - 1 / (3 * ranks)) * max(costs.sum() / ranks, costs.max()))

    def test_ranks_of_a_node_share_what_is_left(self):
        # Node 0 has two ranks and three items, node 1 one rank and two; the program knows the costs only.
        costs, times = np.array([3.0, 1, 2, 1, 1]), np.array([4.0, 2, 1, 1, 1])
        ends = schedule.finish(costs, times, np.array([0, 0, 0, 1, 1]), [2, 1])
        self.assertEqual(list(ends), [4, 2])
        # Alone the first rank would take 4 + 2.
        self.assertEqual(list(schedule.finish(costs, times, np.array([0, 0, 1, 1, 1]), [1, 2])), [6, 2])


class SharedWork(unittest.TestCase):
    COSTS = cost.Costs(task=1.0, spread=0.2, foreseen=0.8, latency=1e-6, bandwidth=1e12, fitness_task=1.0)

    def setting(self, ranks, tasks, **keys):
        return cost.Setting(**{"ranks": ranks, "islands": ranks, "batch": tasks * ranks, "weights": 1000,
                               "ranks_per_node": 8, **keys})

    def waiting(self, ranks, tasks, costs=COSTS, **keys):
        return cost.waiting(self.setting(ranks, tasks, **keys), costs)

    def test_ranks_wait_less_than_when_tasks_belong_to_islands(self):
        for ranks in (8, 64, 512):
            for tasks in (2, 4, 8):
                shared, static = (self.waiting(ranks, tasks, work=work) for work in ("shared", "static"))
                self.assertLess(shared, 0.8 * static, (ranks, tasks))
        self.assertEqual(self.waiting(1, 8), 0)

    def test_tasks_of_equal_length(self):
        even = replace(self.COSTS, spread=0.0)
        self.assertAlmostEqual(self.waiting(64, 4, even), 0)
        # Three tasks for two ranks.
        self.assertAlmostEqual(self.waiting(2, 2, even, batch=3), 0.5)

    def test_what_macs_do_not_tell_costs_time(self):
        told, half, unknown = (self.waiting(512, 2, replace(self.COSTS, foreseen=foreseen)) for foreseen in (1, 0.5, 0))
        self.assertLess(told, half)
        self.assertLess(half, unknown)

    def test_more_ranks_than_islands(self):
        setting = self.setting(64, 4, islands=16, batch=256)
        self.assertEqual(setting.most_ranks(), 16 * 8 * 20)
        self.assertEqual(replace(setting, work="static").most_ranks(), 16)
        # Home is a block of four ranks: as good as an island of its own for everyone.
        self.assertAlmostEqual(cost.waiting(setting, self.COSTS), self.waiting(64, 4), delta=0.05)

    def test_a_generation_is_shared_too(self):
        shared, static = (self.setting(64, 4, work=work, generation_every=10) for work in ("shared", "static"))
        (mean, end), (same, later) = (cost.generation(setting, self.COSTS) for setting in (shared, static))
        self.assertAlmostEqual(mean, 160)
        self.assertAlmostEqual(same, 160)
        self.assertLess(end - mean, 0.2 * (later - mean))
        copies = replace(shared, distinct=0.5)
        self.assertAlmostEqual(cost.generation(copies, self.COSTS)[0], 80)

    def test_populations_reach_every_rank(self):
        slow = replace(self.COSTS, bandwidth=1e6)
        setting = self.setting(64, 4, generation_every=10)
        bytes_of_all = 64 * 8 * (2 * 8 + 24 + 14 * 8) * 63 / 64
        self.assertAlmostEqual(cost.publishing(setting, slow), 18e-6 + bytes_of_all / 1e6, 9)


if __name__ == "__main__":
    unittest.main()
