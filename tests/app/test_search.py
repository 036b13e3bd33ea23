#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The whole path on built-in tasks: search, restart, evaluate; the same deck gives the same files on any rank count."""

import json
import shutil
import unittest

import h5py
import numpy

from cli import BAD_DATA, BAD_DECK, ProgramTest, STOPPED
from tiny_search import SearchTest

class Reproducible(SearchTest):
    def test_on_one_to_four_ranks(self):
        one = self.search("one")
        self.assert_same(one, self.search("two", ranks=2))
        self.assert_same(one, self.search("three", ranks=3))
        with h5py.File(one) as file:
            self.assertGreater(file["/migrations/generation"].shape[0], 0)
            self.assertEqual(file["/islands/genotypes"].shape, (3, 3, 24))
        self.assert_different(one, self.search("seed", "--run.seed=2"))
        words = ("--evo.islands=4", "--run.iterations=4")
        self.assert_same(self.search("one_of_four", *words), self.search("four", *words, ranks=4))
        words = (*words, "--meta.average=0.9")
        one = self.search("averaged_one", *words)
        for ranks in (2, 3, 4):
            self.assert_same(one, self.search("averaged_%d" % ranks, *words, ranks=ranks))

    def test_with_few_plans(self):
        words = ("--task.statistics=running", "--meta.pretrain_iterations=4", "--run.iterations=8")
        with h5py.File(self.search("usual", *words)) as usual, \
                h5py.File(self.search("few", "--runtime.plans=2", *words, ranks=2)) as few:
            for name in ("/weights/values", "/islands/fitness"):
                self.assertEqual(usual[name][:].tobytes(), few[name][:].tobytes())
        self.write("deck.ini", self.deck())
        self.assert_refused(self.run_program("search", "deck.ini", "--runtime.plans=1"), BAD_DECK,
                            ("runtime.plans = 1", "give 2 or more"))
        told = self.run_program("search", "deck.ini", "--runtime.plans=7", "--meta.pretrain_iterations=4", "--dry-run")
        self.assert_done(told)
        self.assertRegex(told.out, r"\nplans per rank +up to 7 networks kept compiled .*, and as many for pretraining\n")

    def test_after_a_restart_in_the_middle(self):
        for kind, words in (({}, ()), ({}, ("--meta.average=0.9",)),
                            ({"head": "linear", "learner": "reptile", "optimizer": "sgd"}, ())):
            deck = self.deck(**kind)
            straight = self.search("straight", *words, deck=deck)
            shutil.copytree(self.folder / "straight", self.folder / "again", symlinks=True)
            for name in ("checkpoint-00000008.h5", "checkpoint-00000012.h5"):
                (self.folder / "again/run" / name).unlink()
            # One rank wrote it, two go on.
            self.assert_same(straight, self.search("again", "--restart=latest", *words, ranks=2, deck=deck))
            shutil.rmtree(self.folder / "straight")
            shutil.rmtree(self.folder / "again")

    def test_after_the_wall_time(self):
        straight = self.search("straight")
        self.write("stopped/deck.ini", self.deck())
        self.folder = self.folder / "stopped"
        outcome = self.run_program("search", "deck.ini", "--run.walltime=0.001", timeout=180)
        self.assertEqual(outcome.code, STOPPED, outcome)
        self.folder = self.folder.parent
        # run.walltime belongs to the deck, so it is put back before comparing.
        self.assert_same(straight, self.search("stopped", "--restart=latest", "--run.walltime=0"))


class Restart(SearchTest):
    """What a restart goes on from, and what it says."""

    def again(self, *words, code=0):
        outcome = self.run_program("search", "deck.ini", *words, timeout=180)
        self.assertEqual(outcome.code, code, outcome)
        return outcome

    def test_of_a_finished_run_says_what_was_found(self):
        self.search("s", "--json=first.json")
        self.folder = self.folder / "s"
        self.again("--restart=latest", "--json=second.json")
        documents = [json.loads((self.folder / name).read_text()) for name in ("first.json", "second.json")]
        for key in ("encode", "best_fitness", "iteration", "tasks", "loss"):
            self.assertEqual(documents[0][key], documents[1][key])
        self.assertNotEqual(documents[0]["encode"], "")

    def test_latest_is_what_was_written_last(self):
        self.search("s")
        self.folder = self.folder / "s"
        self.again("--restart=run/checkpoint-00000004.h5", "--run.walltime=0.001", code=STOPPED)
        self.assertIn("checkpoint-00000005.h5", self.again("--restart=latest").err)

    def test_into_a_folder_of_another_run(self):
        self.search("a")
        self.search("b")
        self.folder = self.folder / "b"
        outcome = self.run_program("search", "deck.ini", "--restart=../a/run/latest.h5", timeout=180)
        self.assert_refused(outcome, BAD_DECK, ("run.folder", "another run"))


class NotReproducible(SearchTest):
    def test_info_tells(self):
        checkpoint = self.search("fast", "--runtime.reduction=fast", "--run.iterations=1")
        self.assertIn("not reproducible", self.run_program("info", checkpoint).out)
        # Once results depend on more than the deck they do for ever.
        self.search("fast", "--restart=latest", "--run.iterations=2")
        checkpoint = self.search("fast", "--restart=latest", "--run.iterations=3")
        self.assertIn("not reproducible: a restart changed runtime.reduction: fast -> exact; runtime.reduction = fast.\n",
                      self.run_program("info", checkpoint).out)
        checkpoint = self.search("exact", "--run.iterations=1")
        outcome = self.run_program("info", checkpoint, "--json=info.json")
        self.assertNotIn("not reproducible", outcome.out)
        self.assertTrue(json.loads((self.folder / "info.json").read_text())["reproducible"])


class Speed(SearchTest):
    def test_no_convolution_is_left_to_reference_loops(self):
        """Which oneDNN has for whatever it has no kernel for, hundreds of times slower; DNNL_VERBOSE tells."""
        self.write("deck.ini", self.deck())
        outcome = self.run_program("search", "deck.ini", "--run.iterations=4", wrapper=["env", "DNNL_VERBOSE=1"])
        self.assert_done(outcome)
        convolutions = [line for line in outcome.out.splitlines() if ",exec" in line and ",convolution," in line]
        self.assertGreater(len(convolutions), 100)
        self.assertEqual(sorted({line for line in convolutions if ",ref" in line}), [])


class Reports(SearchTest):
    def test_metrics_and_json(self):
        self.search("s", "--json=search.json")
        lines = [json.loads(line) for line in (self.folder / "s/run/metrics.jsonl").read_text().splitlines()]
        self.assertEqual([line["iteration"] for line in lines], [2, 4, 6, 8, 10, 12])
        document = json.loads((self.folder / "s/search.json").read_text())
        self.assertEqual(document["encode"], lines[-1]["encode"])
        kept = self.folder / "s/run/search.json"
        self.assertEqual(json.loads(kept.read_text()), document)
        before = kept.read_text()
        self.search("s", "--restart=latest")  # nothing is left to do, or to tell
        self.assertEqual(kept.read_text(), before)

    def test_how_often_operations_trained(self):
        """70 tasks, all of which explore: ten rounds of 7 operations."""
        words = ("--evo.explore=fair", "--evo.sample_population=0", "--run.iterations=14")
        with h5py.File(self.search("fair", *words, ranks=2)) as file:
            counts = file["/training/counts"][:]
            self.assertEqual(counts.shape, (24, 7))
            self.assertEqual(set(counts.sum(axis=1)), {file["/counters"].attrs["tasks"]})
            for gene in range(24):
                if gene % 4 >= 2:
                    self.assertEqual(list(counts[gene]), [10] * 7)
        told = self.run_program("info", "fair/run/latest.h5")
        self.assert_done(told)
        self.assertIn("\noperations trained least: 84 of 84 in 10 tasks (normal node 2 operation a: max_pool_3x3), most: in 10",
                      told.out)

    def test_fronts_of_several_objectives(self):
        words = ("--evo.population=6", "--evo.offspring=3", "--evo.fitness_tasks=9")
        with h5py.File(self.search("fitness", *words)) as file:
            self.assertNotIn("front", file["history"])
            by_fitness = file["islands/macs"][:]
        checkpoint = self.search("both", "--evo.objectives=fitness,macs", *words)
        with h5py.File(checkpoint) as file:
            history = {name: file["history"][name][:] for name in ("generation", "best")}
            front = {name: array[:] for name, array in file["history/front"].items()}
            self.assertLess(file["islands/macs"][:].mean(), by_fitness.mean(), "cheap ones are kept")
        lines = [json.loads(line) for line in (self.folder / "both/run/metrics.jsonl").read_text().splitlines()]
        self.assertEqual(len(lines), 6)
        for line in lines:
            rows = front["generation"] == line["generation"]
            fitness, macs = front["fitness"][rows], front["macs"][rows]
            self.assertEqual([(member["fitness"], member["macs"]) for member in line["front"]], list(zip(fitness, macs)))
            self.assertTrue((numpy.diff(fitness) <= 0).all() and (numpy.diff(macs) <= 0).all(), line["front"])
            best = history["best"][history["generation"] == line["generation"]].max()
            self.assertEqual((fitness[0], line["best_fitness"]), (best, best))
            self.assertEqual((line["encode"], line["macs"]), (line["front"][0]["encode"], macs[0]))
            self.assertEqual(set(front["hypervolume"][rows]), {line["hypervolume"]})
            self.assertLess(0, line["hypervolume"])
            self.assertLess(line["hypervolume"], fitness[0])
        self.assertGreater(max(len(line["front"]) for line in lines), 1)
        told = self.run_program("info", checkpoint, "--json=info.json")
        self.assertIn("front of generation 5 over all islands, hypervolume %.4f:" % lines[-1]["hypervolume"], told.out)
        self.assertEqual(json.loads((self.folder / "info.json").read_text())["front"], lines[-1]["front"])
        self.assert_done(self.run_program("evaluate", checkpoint, "--tasks=1", "--json=e.json"))
        self.assertEqual(json.loads((self.folder / "e.json").read_text())["encode"], lines[-1]["encode"])
        self.write("deck.ini", self.deck())
        self.assert_refused(self.run_program("search", "deck.ini", "--evo.objectives=macs,fitness"), BAD_DECK,
                            ("evo.objectives", "fitness first"))

    def test_latency_is_measured_once_by_a_run(self):
        words = ("--evo.objectives=fitness,latency", "--evo.population=6", "--evo.offspring=3")
        checkpoint = self.search("timed", *words)
        with h5py.File(checkpoint) as file:
            front = {name: array[:] for name, array in file["history/front"].items()}
        self.assertTrue((front["latency"] > 0).all())
        stored = self.folder / "timed/run/latency.json"
        known = json.loads(stored.read_text())["microseconds"]
        self.assertIn("not reproducible", self.run_program("info", checkpoint).out)
        # What a restart finds there is not measured again.
        shifted = {encode: 1000 * (i + 1) for i, encode in enumerate(sorted(known))}
        stored.write_text(json.dumps({**json.loads(stored.read_text()), "microseconds": shifted}))
        self.search("timed", *words, "--run.iterations=28", "--restart=latest")
        again = json.loads(stored.read_text())["microseconds"]
        self.assertEqual({encode: again[encode] for encode in shifted}, shifted)
        # Another search there may be of other networks.
        text = stored.read_text()
        shutil.rmtree(stored.parent)
        stored.parent.mkdir()
        stored.write_text(text)
        self.search("timed", *words)
        anew = json.loads(stored.read_text())["microseconds"]
        self.assertNotEqual({encode: anew.get(encode) for encode in shifted}, shifted)
        self.write("deck.ini", self.deck())
        self.assert_refused(self.run_program("search", "deck.ini", "--evo.max_latency=0.001", "--run.folder=none"), BAD_DECK,
                            ("evo.max_latency = 0.001", "the smallest network takes"))

    def test_a_new_run_does_not_replace_an_old_one(self):
        self.search("s")
        self.folder = self.folder / "s"
        self.assert_refused(self.run_program("search", "deck.ini"), BAD_DECK, ("run.folder", "--restart=latest"))


class Evaluate(SearchTest):
    def test_figures_do_not_depend_on_ranks(self):
        checkpoint = self.search("s", ranks=2)
        documents = []
        for ranks in (1, 2):
            self.assert_done(self.run_program("evaluate", checkpoint, "--tasks=7", "--json=e.json", "--output=e%d.h5" % ranks,
                                              ranks=ranks))
            documents.append(json.loads((self.folder / "e.json").read_text()))
        self.assertEqual(documents[0], documents[1])
        for key in ("accuracy", "ci95", "tasks", "way", "shot", "transductive", "encode", "params", "macs"):
            self.assertIn(key, documents[0])
        with h5py.File(self.folder / "e1.h5") as file:
            self.assertAlmostEqual(file["/tasks/accuracy"][:].mean(), documents[0]["accuracy"], places=12)
            self.assertEqual(file.attrs["tasks"], 7)
        self.assert_same(self.folder / "e1.h5", self.folder / "e2.h5")

    def test_several_kinds_of_tasks(self):
        checkpoint = self.search("s")
        words = ["evaluate", checkpoint, "--tasks=7", "--json=e.json"]
        outcome = self.run_program(*words, "--tasks-of=2x1,3x2", "--output=e.h5", ranks=2)
        self.assert_done(outcome)
        self.assertRegex(outcome.out, r"\n2-way 1-shot +\d+\.\d\d % +\+- ")
        both = json.loads((self.folder / "e.json").read_text())
        told = self.run_program("info", "e.h5", "--json=info.json")
        self.assert_done(told)
        self.assertIn("\n3x2:\naccuracy ", told.out)
        kept = json.loads((self.folder / "info.json").read_text())
        self.assertEqual(kept["tasks_of"], "2x1,3x2")
        for kind in ("2x1", "3x2"):
            way, shot = kind.split("x")
            self.assert_done(self.run_program(*words, "--way=" + way, "--shot=" + shot, "--output=one.h5"))
            one = json.loads((self.folder / "e.json").read_text())
            self.assertEqual(both[kind], {name: one[name] for name in both[kind]})
            self.assertEqual(kept[kind], both[kind])
            with h5py.File(self.folder / "e.h5") as several, h5py.File(self.folder / "one.h5") as file:
                for name in ("accuracy", "loss", "index"):
                    self.assertEqual(several[kind + "/tasks/" + name][:].tolist(), file["tasks/" + name][:].tolist())
                self.assertEqual(several[kind].attrs["way"], int(way))
                self.assertEqual(len(file["classes/names"]), file.attrs["classes"])
                self.assertEqual(several["classes/names"][:].tolist(), file["classes/names"][:].tolist())
                self.assertNotIn("accuracy", several.attrs)
        self.assertNotEqual(both["2x1"]["params"], both["3x2"]["params"])

    def test_confusion_does_not_depend_on_ranks(self):
        checkpoint = self.search("s")
        words = ["evaluate", checkpoint, "--tasks=7", "--confusion", "--json=e.json", "--split=validation"]
        documents = []
        for ranks in (1, 2, 4):
            outcome = self.run_program(*words, "--output=e%d.h5" % ranks, ranks=ranks)
            self.assert_done(outcome)
            self.assertIn("classes were shown; recognised least:", outcome.out)
            documents.append(json.loads((self.folder / "e.json").read_text()))
        self.assertEqual(documents[0], documents[2])
        for ranks in (2, 4):
            self.assert_same(self.folder / "e1.h5", self.folder / ("e%d.h5" % ranks))
        with h5py.File(self.folder / "e1.h5") as file:
            table, queries = file["/confusion/table"][:], file["/confusion/queries"][:]
            names = [name.decode() for name in file["/classes/names"][:]]
            self.assertAlmostEqual(table.trace() / table.sum(), file["/tasks/accuracy"][:].mean(), places=12)
        self.assertEqual(table.shape, (len(names), len(names)))
        self.assertEqual(queries.tolist(), table.sum(axis=1).tolist())
        self.assertEqual(queries.sum(), 7 * 3 * 2)
        with h5py.File(checkpoint) as file:
            self.assertEqual(names, [name.decode() for name in file["/data/validation"][:]])
        said = documents[0]["confusion"]["classes"]
        for c, name in enumerate(names):
            self.assertEqual(said[name]["queries"], queries[c])
            others = [count for other, count in enumerate(table[c]) if other != c]
            self.assertEqual(said[name].get("times", 0), max(others))
        outcome = self.run_program(*words, "--tasks-of=2x1,3x1", "--output=e.h5")
        self.assert_done(outcome)
        self.assertIn("\n2x1: ", outcome.out)
        with h5py.File(self.folder / "e.h5") as file:
            self.assertEqual(file["/2x1/confusion/table"].shape, table.shape)

    def test_query_copies_count_in_accuracy_and_confusion(self):
        checkpoint = self.search("s")
        words = ["evaluate", checkpoint, "--tasks=7", "--confusion", "--json=e.json", "--split=validation",
                 "--task.query_copies=2", "--data.jitter_rotation=40"]
        for statistics in ("query", "joint", "running"):
            with self.subTest(statistics):
                for ranks in (1, 2):
                    self.assert_done(self.run_program(*words, "--statistics=" + statistics, "--output=e%d.h5" % ranks,
                                                      ranks=ranks))
                self.assert_same(self.folder / "e1.h5", self.folder / "e2.h5")
                with h5py.File(self.folder / "e1.h5") as file:
                    self.assertEqual(file.attrs["query_copies"], 2)
                    table, loss = file["/confusion/table"][:], file["/tasks/loss"][:]
                    self.assertEqual(table.sum(), 7 * 3 * 2)
                    self.assertAlmostEqual(table.trace() / table.sum(), file["/tasks/accuracy"][:].mean(), places=12)
                plain = [word for word in words if word != "--task.query_copies=2"]
                self.assert_done(self.run_program(*plain, "--statistics=" + statistics, "--output=e3.h5"))
                with h5py.File(self.folder / "e3.h5") as file:
                    self.assertTrue((file["/tasks/loss"][:] != loss).all())

    def test_a_linear_head_has_one_way(self):
        checkpoint = self.search("s", deck=self.deck(head="linear"))
        words = ["evaluate", checkpoint, "--tasks=2"]
        self.assert_refused(self.run_program(*words, "--tasks-of=2x1,3x1,4x2"), BAD_DECK,
                            ("2x1", "linear", "task.way = 3"), ("4x2", "linear"))
        self.assert_done(self.run_program(*words, "--tasks-of=3x1,3x2"))

    def test_weights_of_another_network(self):
        checkpoint = self.search("s")
        outcome = self.run_program("evaluate", checkpoint, "--tasks=2", "--space.reductions=0")
        self.assert_refused(outcome, BAD_DATA, ("another network", "block"))

    def test_a_bad_encode_is_refused_before_a_device_is_taken(self):
        checkpoint = self.search("s")
        outcome = self.run_program("evaluate", checkpoint, "--encode=nonsense", "--runtime.backend=cuda", ranks=2)
        self.assert_refused(outcome, BAD_DECK, "nonsense")

    def test_a_search_keeps_within_a_bound_of_cost_and_anything_may_be_judged(self):
        def costs(checkpoint):
            with h5py.File(checkpoint) as file:
                return file["/islands/macs"][:]

        head = 3 * (3 * 4 + 1)  # what a network of this deck has after its features
        bound = 90000
        free = costs(self.search("free"))
        checkpoint = self.search("bounded", "--space.max_macs=%d" % bound)
        self.assertGreater(free.max(), bound + head)
        self.assertLessEqual(costs(checkpoint).max(), bound + head)
        self.assert_done(self.run_program("evaluate", checkpoint, "--tasks=1", "--encode=og_v2"))
        self.assert_done(self.run_program("evaluate", checkpoint, "--tasks=1", "--data.strokes_size=40"))
        self.assert_done(self.run_program("info", checkpoint))
        self.write("dear.ini", self.deck())
        outcome = self.run_program("search", "dear.ini", "--evo.founder=og_v2", "--space.max_macs=%d" % bound)
        self.assert_refused(outcome, BAD_DECK, ("evo.founder", "multiply-adds", "max_macs = %d" % bound))

    def test_before_the_first_generation(self):
        checkpoint = self.search("s", "--run.iterations=1")
        self.assert_refused(self.run_program("evaluate", checkpoint, "--tasks=2"), BAD_DATA, ("no best encode", "--encode"))
        self.assert_done(self.run_program("evaluate", checkpoint, "--tasks=2", "--encode=og_v2"))

    def test_options_are_checked_like_the_deck(self):
        checkpoint = self.search("s", deck=self.deck(head="zero"))
        self.assert_refused(self.run_program("evaluate", checkpoint, "--steps=0"), BAD_DECK, ("meta.eval_steps", "zero"))

    def test_the_average_of_the_weights_is_judged_where_there_is_one(self):
        def losses(checkpoint, *words):
            self.assert_done(self.run_program("evaluate", checkpoint, "--tasks=5", "--output=e.h5", *words))
            with h5py.File(self.folder / "e.h5") as file:
                return list(file["/tasks/loss"][:])

        averaged = self.search("averaged", "--meta.average=0.9")
        of_average, of_weights = losses(averaged), losses(averaged, "--meta.average=0")
        self.assertNotEqual(of_average, of_weights)
        for average in (0.9, 0):
            self.assert_done(self.run_program("evaluate", averaged, "--tasks=1", "--json=e.json", "--output=e.h5",
                                              "--meta.average=%g" % average))
            self.assertEqual(json.loads((self.folder / "e.json").read_text())["averaged"], average > 0)
            with h5py.File(self.folder / "e.h5") as file:
                self.assertEqual(file.attrs["averaged"], average > 0)
        plain = self.search("plain")
        outcome = self.run_program("evaluate", plain, "--tasks=5", "--meta.average=0.9")
        self.assert_refused(outcome, BAD_DECK, ("no average", "meta.average"))

    def test_options_act(self):
        checkpoint = self.search("s")

        def figures(*words):
            self.assert_done(self.run_program("evaluate", checkpoint, "--tasks=5", "--json=e.json", *words))
            return json.loads((self.folder / "e.json").read_text())

        base = figures()
        self.assertEqual(figures("--way=4")["way"], 4)
        self.assertNotEqual(figures("--encode=og_v2")["encode"], base["encode"])
        self.assertFalse(figures("--transductive=false")["transductive"])
        self.assertNotEqual(figures("--seed=9")["accuracy"], None)
        self.assertEqual(figures("--steps=0")["steps"], 0)


class Bench(ProgramTest):
    def test_json_names(self):
        self.assert_done(self.run_program("bench", "--case=conv4-32", "--seconds=0.1", "--json=b.json"))
        case = json.loads((self.folder / "b.json").read_text())["cases"]["conv4-32"]
        for key in ("tasks_per_s", "ms_per_task", "peak_gflops", "peak_fraction"):
            self.assertGreater(case[key], 0)

    def test_checkpoint(self):
        before = self.names()
        self.assert_done(self.run_program("bench", "--case=checkpoint", "--bytes=3e6", "--folder=.", "--json=c.json", ranks=2))
        case = json.loads((self.folder / "c.json").read_text())["cases"]
        self.assertEqual(list(case), ["checkpoint"])
        self.assertGreater(case["checkpoint"]["bytes"], 3e6)
        self.assertLess(case["checkpoint"]["bytes"], 7e6)
        self.assertGreater(case["checkpoint"]["write_mb_per_s"], 0)
        self.assertEqual(self.names(), sorted([*before, "c.json"]), "the checkpoint goes again")
        outcome = self.run_program("bench", "--case=checkpoint", "--folder=/proc/none")
        self.assert_refused(outcome, BAD_DATA, "/proc/none")

    def test_unknown_case(self):
        self.assert_refused(self.run_program("bench", "--case=conv5"), BAD_DECK, ("conv5", "conv4-64"))


if __name__ == "__main__":
    unittest.main()
