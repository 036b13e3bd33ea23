#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A few labelled images of somebody's own: an architecture and weights for them."""

import json
import os
import signal
import unittest

import h5py

from cli import BAD_DATA, BAD_DECK, STOPPED, image_tree, png
from job import Job, command_on
from tiny_search import SearchTest


def drawing(c, i, size=12, paint=int):
    """Class c is a bar at its place, image i shifts it a little."""
    return png(size, size, lambda x, y: paint(255 if abs(x - 2 * c - i % 2 - 1) < 1 or y == (3 * c + i) % size else 0))


class Adapt(SearchTest):
    BUDGET = "--evaluations=12"

    def images(self, counts=(3, 3, 3), folder="mine", **how):
        for c, count in enumerate(counts):
            for i in range(count):
                self.write("%s/kind%d/%d.png" % (folder, c, i), drawing(c, i, **how))
        return "--data=" + folder

    def adapt(self, checkpoint, *words, ranks=1, name="net"):
        outcome = self.run_program("adapt", checkpoint, "--network=%s.h5" % name, "--json=%s.json" % name, *words, ranks=ranks)
        self.assert_done(outcome)
        return outcome.out, json.loads((self.folder / (name + ".json")).read_text())

    @staticmethod
    def results(document):
        return {name: value for name, value in document.items() if "seconds" not in name}

    def test_finds_an_encode_and_writes_a_network(self):
        checkpoint = self.search("s")
        text, said = self.adapt(checkpoint, self.images(), self.BUDGET)
        self.assertEqual((said["classes"], said["images"], said["images_per_class"], said["folds"]), (3, 9, [3, 3], 3))
        self.assertEqual((said["search"], said["reproducible"]), ("islands", True))
        self.assertTrue(1 < said["evaluations"] <= 12)
        self.assertEqual(len(said["members"]), 1)
        self.assertGreaterEqual(said["members"][0]["fitness"], said["weights_alone"]["fitness"])
        for words in ("weights alone", "weights and architecture", "optimistic", "encodes judged"):
            self.assertIn(words, text)
        log = self.run_program("adapt", checkpoint, "--data=mine", self.BUDGET).err
        self.assertRegex(log, r"search: \d+/12 encodes judged, \d+\.\d s, the best has a loss of \d\.\d{4} on held-out images")
        with h5py.File(self.folder / "net.h5") as file:
            self.assertEqual(file.attrs["atnas.filetype"], b"atnas-network")
            self.assertEqual(file["/members/0"].attrs["encode"].decode(), said["members"][0]["encode"])

    def test_is_the_same_on_any_number_of_ranks(self):
        checkpoint = self.search("s")
        data = self.images((1, 4, 2))
        said = [self.adapt(checkpoint, data, self.BUDGET, "--ensemble=2", "--islands=2", ranks=ranks, name="net%d" % ranks)[1]
                for ranks in (1, 2, 3)]
        self.assertEqual(self.results(said[0]), self.results(said[1]))
        self.assertEqual(self.results(said[0]), self.results(said[2]))
        weights = []
        for ranks in (1, 2, 3):
            with h5py.File(self.folder / ("net%d.h5" % ranks)) as file:
                self.assertEqual(len(file["/members"]), 2)
                weights.append([file["/members/%d/weights/values" % k][:].tolist() for k in range(2)])
        self.assertEqual(weights[0], weights[1])
        self.assertEqual(weights[0], weights[2])
        _, other = self.adapt(checkpoint, data, self.BUDGET, "--seed=7")
        self.assertNotEqual(self.results(said[0])["members"], self.results(other)["members"])

    def test_baselines(self):
        checkpoint = self.search("s")
        data = self.images()
        _, none = self.adapt(checkpoint, data, "--search=none")
        self.assertEqual(none["evaluations"], 0)
        self.assertEqual(none["members"][0]["encode"], none["weights_alone"]["encode"])
        _, random = self.adapt(checkpoint, data, "--search=random", self.BUDGET)
        self.assertTrue(1 < random["evaluations"] <= 12)
        _, islands = self.adapt(checkpoint, data, self.BUDGET)
        self.assertNotEqual(random["members"], islands["members"])
        self.assertEqual(random["weights_alone"], islands["weights_alone"])
        _, timed = self.adapt(checkpoint, data, "--time=0.2")
        self.assertFalse(timed["reproducible"])

    def test_a_meta_network_that_is_not_reproducible_makes_none_that_are(self):
        checkpoint = self.search("s", "--run.iterations=2", "--evo.elite=0")
        checkpoint = self.search("s", "--run.iterations=4", "--restart=latest")
        why = "a restart changed evo.elite: 0 -> 1"
        for words in ((self.BUDGET,), ("--dry-run",)):
            _, said = self.adapt(checkpoint, self.images(), *words)
            self.assertEqual((said["reproducible"], said["why_not_reproducible"]), (False, [why]), words)
        with h5py.File(self.folder / "net.h5") as file:
            self.assertEqual(file.attrs["why_not_reproducible"], why.encode())

    def test_one_image_per_class_is_asked_for_by_copies(self):
        _, said = self.adapt(self.search("s"), self.images((1, 1)), self.BUDGET)
        self.assertEqual((said["folds"], said["images_per_class"]), (1, [1, 1]))

    def test_images_of_other_sizes_and_colours_are_converted(self):
        checkpoint = self.search("s")
        plain = self.adapt(checkpoint, self.images(), "--search=none")[1]
        grey = self.images(folder="coloured", paint=lambda value: (value, value, value))
        self.assertEqual(self.adapt(checkpoint, grey, "--search=none")[1]["weights_alone"], plain["weights_alone"])
        self.adapt(checkpoint, self.images(folder="large", size=31), "--search=none")

    def test_predicts_what_its_file_predicts(self):
        checkpoint = self.search("s", "--task.query_copies=1", "--data.jitter_rotation=20")
        data = self.images((2, 3, 2))
        self.images((5, 5, 5), folder="asked")
        copies = ("--task.query_copies=2", "--data.jitter_rotation=30")
        for words in ((), ("--ensemble=3", ), ("--statistics=running", ), copies):
            text, said = self.adapt(checkpoint, data, self.BUDGET, "--predict=asked", "--output=answers.csv", *words)
            self.assert_done(self.run_program("predict", "net.h5", "--data=asked", "--output=again.csv", "--json=p.json"))
            self.assertEqual((self.folder / "answers.csv").read_text(), (self.folder / "again.csv").read_text())
            alone = json.loads((self.folder / "p.json").read_text())
            self.assertEqual(alone["query_copies"], 2 if words == copies else 1, "the deck's, or those that were given")
            for name in ("accuracy", "images", "members", "query_copies"):
                self.assertEqual(said["predictions"][name], alone[name])
        self.assertIn("asked for 2 changed copies of each image", self.run_program("info", "net.h5").out)
        self.write("asked/kind0/bad.png", b"\x89PNG\r\n\x1a\nno image")
        self.assert_refused(self.run_program("adapt", checkpoint, data, "--predict=asked", "-o", "other.csv"), BAD_DATA,
                            "kind0/bad.png")
        self.assert_refused(self.run_program("adapt", checkpoint, data, "--predict=asked"), BAD_DECK, "--output")

    def test_pictures_alone_are_inverted(self):
        checkpoint = self.search("s")
        data = self.images()
        light = self.images(folder="light", paint=lambda value: 255 - value)
        self.images((2, 2, 2), folder="asked")
        self.images((2, 2, 2), folder="asked_light", paint=lambda value: 255 - value)
        for name in ("mine", "asked"):
            self.assert_done(self.run_program("import", name, "-o", name + ".h5", "--size=12"))

        def answers(*words):
            self.adapt(checkpoint, "--search=none", "--output=answers.csv", *words)
            return (self.folder / "answers.csv").read_text()

        self.assertEqual(answers(light, "--invert", "--predict=asked.h5"), answers(data, "--predict=asked.h5"))
        self.assertEqual(answers("--data=mine.h5", "--invert", "--predict=asked_light"),
                         answers("--data=mine.h5", "--predict=asked"))
        refused = self.run_program("adapt", checkpoint, "--data=mine.h5", "--invert", "--predict=asked.h5", "-o", "a.csv")
        self.assert_refused(refused, BAD_DECK, ("--invert", "as it was imported"))

    def test_a_data_set_of_ours(self):
        checkpoint = self.search("s")
        data = self.images()
        self.assert_done(self.run_program("import", "mine", "-o", "mine.h5", "--size=12"))
        of_folder, of_file = self.adapt(checkpoint, data, "--search=none")[1], self.adapt(checkpoint, "--data=mine.h5", "--search=none")[1]
        self.assertEqual(of_folder["weights_alone"], of_file["weights_alone"])
        # Of another size and colour it is brought to the meta-network's, as an import does it.
        for size, channels in ((12, 3), (14, 1)):
            self.assert_done(self.run_program("import", "mine", "-o", "other.h5", "--size=%d" % size, "--channels=%d" % channels))
            outcome = self.run_program("adapt", checkpoint, "--data=other.h5", "--search=none", "--json=net.json", "--network=net.h5")
            self.assert_done(outcome)
            self.assertIn("holds the images that", self.run_program("evaluate", "net.h5", "--data=other.h5").err)
            self.assertIn("other.h5: images of %d x %d x %d are brought to 1 x 12 x 12" % (channels, size, size), outcome.err)
            said = json.loads((self.folder / "net.json").read_text())["weights_alone"]
            (self.assertEqual if size == 12 else self.assertNotEqual)(said, of_folder["weights_alone"])

    def test_the_data_of_the_meta_network_may_be_gone(self):
        image_tree(self.folder / "learned", size=12)
        self.assert_done(self.run_program("import", "learned", "-o", "learned.h5", "--size=12"))
        checkpoint = self.search("s", "--data.source=../learned.h5")
        # Relative paths are those of the working directory, which the search had below this one.
        data = self.images()
        said = [self.adapt(checkpoint, data, self.BUDGET, *words)[1] for words in ((), ("--data.source=learned.h5",))]
        self.assertEqual(self.results(said[0]), self.results(said[1]))
        running = self.adapt(checkpoint, data, "--statistics=running", "--search=none", "--data.source=learned.h5")[1]
        self.assertNotEqual(running["weights_alone"]["loss"], said[0]["weights_alone"]["loss"])
        for ranks in (1, 2):
            self.assert_refused(self.run_program("adapt", checkpoint, data, "--statistics=running", ranks=ranks), BAD_DATA,
                                ("../learned.h5", "not there", "averages over its training tasks", "--statistics=support"))
        self.assert_refused(self.run_program("adapt", checkpoint, "--tasks=2"), BAD_DATA, "../learned.h5")
        # Light drawings for dark ones are seen without them.
        bright = self.run_program("adapt", checkpoint, self.images(folder="dark", paint=lambda value: value // 9), "--search=none")
        self.assert_done(bright)
        self.assertIn("add --invert?", bright.err)

    def test_a_dry_run_starts_nothing(self):
        checkpoint = self.search("s")
        outcome = self.run_program("adapt", checkpoint, self.images(), "--network=net.h5", "--dry-run", "--json=plan.json")
        self.assert_done(outcome)
        self.assertIn("9 images in 3 classes", outcome.out)
        self.assertIn("50 encodes at most", outcome.out)
        plan = json.loads((self.folder / "plan.json").read_text())
        self.assertEqual((plan["images"], plan["classes"], plan["budget"]), (9, 3, "50 encodes"))
        self.assertFalse((self.folder / "net.h5").exists())

    def test_drawn_tasks_say_what_is_gained(self):
        checkpoint = self.search("s")
        said = []
        for ranks in (1, 2):
            outcome = self.run_program("adapt", checkpoint, "--tasks=5", "--tasks-of=2x1,3x2", "--evaluations=6", "--json=t.json",
                                       ranks=ranks)
            self.assert_done(outcome)
            said.append(json.loads((self.folder / "t.json").read_text()))
        for kind in ("2x1", "3x2"):
            one, two = said[0][kind], said[1][kind]
            self.assertEqual(one["accuracies"], two["accuracies"])
            self.assertEqual(one["tasks"], 5)
            gain = one["with_architecture"]["mean"] - one["weights_alone"]["mean"]
            self.assertAlmostEqual(one["gain"]["mean"], gain)
        # The same tasks as those of an evaluation, whose queries do not normalise each other.
        self.assertEqual(said[0]["statistics"], "support")
        self.assertIn("task.statistics = query lets images", outcome.err)
        self.assert_done(self.run_program("evaluate", checkpoint, "--tasks=5", "--tasks-of=2x1,3x2", "--split=validation",
                                          "--statistics=support", "--json=e.json"))
        evaluated = json.loads((self.folder / "e.json").read_text())
        for kind in ("2x1", "3x2"):
            self.assertAlmostEqual(evaluated[kind]["accuracy"], said[0][kind]["weights_alone"]["mean"])

    def test_drawn_tasks_say_what_an_ensemble_gains(self):
        checkpoint = self.search("s", "--meta.pretrain_iterations=1", "--meta.pretrain_images=6")
        said = []
        for words in ((), ("--ensemble=3", )):
            for ranks in (1, 2):
                self.assert_done(self.run_program("adapt", checkpoint, "--tasks=12", "--tasks-of=3x2", "--evaluations=6",
                                                  "--statistics=running", "--json=t.json", *words, ranks=ranks))
                said.append(json.loads((self.folder / "t.json").read_text())["3x2"]["accuracies"])
        self.assertEqual(said[0], said[1])
        self.assertEqual(said[2], said[3])
        self.assertEqual(said[0]["ensemble"], said[0]["adapted"], "it is one network")
        self.assertNotEqual(said[2]["ensemble"], said[2]["adapted"])

    def test_what_cannot_be_learned(self):
        checkpoint = self.search("s")
        refuse = lambda code, problem, *words: self.assert_refused(self.run_program("adapt", *words), code, problem)
        refuse(BAD_DECK, "--data is missing", checkpoint)
        (self.folder / "empty").mkdir()
        refuse(BAD_DATA, ("empty", "no PNG or JPEG image"), checkpoint, "--data=empty")
        refuse(BAD_DATA, ("a single class", "kind0"), checkpoint, self.images((3,), folder="single"))
        refuse(BAD_DATA, ("nowhere", ), checkpoint, "--data=nowhere")
        data = self.images()
        for place in ("kind0", "kind2"):
            self.write("mine/%s/bad.png" % place, b"\x89PNG\r\n\x1a\nno image")
        self.assert_refused(self.run_program("adapt", checkpoint, data), BAD_DATA, "kind0/bad.png", "kind2/bad.png")
        self.write("text.h5", "no file of ours")
        refuse(BAD_DATA, ("text.h5", ), "text.h5", data)
        linear = self.search("l", deck=self.deck(head="linear"))
        many = self.images(tuple([1] * 30), folder="many")
        refuse(BAD_DECK, ("30 classes", "space.head = linear"), linear, many)
        refuse(BAD_DECK, ("--search=none beside a budget", ), checkpoint, many, "--search=none", "--time=1")
        refuse(BAD_DECK, ("--data beside --tasks", ), checkpoint, many, "--tasks=3")
        refuse(BAD_DECK, ("--search=none beside evo.islands", ), checkpoint, many, "--search=none", "--islands=2")
        for key in ("run.walltime", "run.iterations", "data.rotations", "evo.until"):
            refuse(BAD_DECK, (key, "does not use it"), checkpoint, many, "--%s=1" % key)
        for words in (("--tasks=2", ), (many, "--dry-run")):
            refuse(BAD_DECK, ("task.query_copies without --network and --predict", ), checkpoint, *words, "--task.query_copies=1")

    def test_a_full_disk_leaves_nothing(self):
        checkpoint = self.search("s")
        launcher = self.small_disk(8)
        outcome = self.run_program("adapt", checkpoint, self.images(), "--search=none", "--network=disk/net.h5", launcher=launcher)
        self.assert_refused(outcome, BAD_DATA, ("disk/.net.h5", "make room"))
        self.assertEqual(self.on_small_disk(), [])

    def test_a_signal_stops_it_in_time(self):
        checkpoint = self.search("s")
        words = ("adapt", checkpoint, self.images(), "--time=100", "--network=net.h5")
        known = 5
        for ranks in (1, 2):
            run = Job(command_on(ranks, *words), self.folder)
            self.addCleanup(run.end)
            journal = self.folder / "net.h5.search"
            run.wait_for(lambda: journal.exists() and len(journal.read_text().splitlines()) - 1 > known, 60, "judged encodes")
            os.kill(run.pid_of_rank(ranks - 1), signal.SIGTERM)
            self.assertEqual(run.wait(20), STOPPED, run.text())
            self.assertIn("nothing is written", run.text())
            self.assertFalse((self.folder / "net.h5").exists())
            known = len(journal.read_text().splitlines()) - 1
        # What was judged is known; once the network is written, the file goes.
        _, straight = self.adapt(checkpoint, "--data=mine", self.BUDGET, name="straight")
        # Copies that are asked for later change no fitness.
        outcome = self.run_program("adapt", checkpoint, "--data=mine", self.BUDGET, "--network=net.h5", "--json=net.json",
                                   "--task.query_copies=2")
        self.assert_done(outcome)
        self.assertIn("net.h5.search: %d encodes are known" % known, outcome.err)
        self.assertEqual(self.results(json.loads((self.folder / "net.json").read_text())), self.results(straight))
        self.assertNotIn("net.h5.search", self.names())


if __name__ == "__main__":
    unittest.main()
