#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`atnas train` as a user has it: a data set is learned, the network is written, a stop loses nothing."""

import json
import re
import unittest

import h5py

from cli import BAD_DATA, BAD_DECK, RESTART_REFUSED, STOPPED, png
from tiny_search import SearchTest

# Seconds: 3 classes of images of 12 x 12, few steps.
QUICK = ("--evaluations=5", "--trial-steps=3", "--trial-images=20", "--epochs=3", "--batch=12", "--micro-batch=6",
         "--warmup=2", "--test-fraction=0.3")


class Train(SearchTest):
    def setUp(self):
        super().setUp()
        self.meta = self.search("meta")

    def images(self, name="data", classes=3, images=20, first=0, channels=1):
        """A data set: class c has a bright bar in column 3 c + 2 on grey that differs from image to image."""
        for c in range(classes):
            for n in range(images):
                grey = 30 + 7 * ((first + n) % 13)
                paint = (lambda value: value) if channels == 1 else (lambda value: (value, value // 2, value))
                self.write("%s/class%d/%03d.png" % (name, c, n),
                           png(12, 12, lambda x, y: paint(250 if x == 3 * c + 2 else grey + (3 * y + 5 * n) % 11)))
        self.assert_done(self.run_program("import", name, "-o", name + ".h5", "--size=12", "--channels=%d" % channels))
        return name + ".h5"

    def quick(self, *words):
        """The words, and what makes a training quick as far as they do not say otherwise."""
        given = {word.split("=")[0] for word in words}
        unused = {"--test-fraction"} if "--test" in given else set()
        if "--encode" in given or "--search=none" in words:
            unused |= {"--evaluations", "--trial-steps", "--trial-images"}
        quick = [word for word in QUICK if word.split("=")[0] not in given | unused]
        return [*quick, *words]

    def train(self, *words, ranks=1, output="net.h5"):
        return self.run_program("train", self.meta, "-o", output, *self.quick(*words), ranks=ranks, timeout=180)

    def trained(self, *words, ranks=1, output="net.h5"):
        outcome = self.train(*words, ranks=ranks, output=output)
        self.assert_done(outcome)
        return outcome

    def assert_same_network(self, a, b):
        """Encode, weights, moments and accuracy; times differ."""
        with h5py.File(self.folder / a) as one, h5py.File(self.folder / b) as other:
            compared = []

            def compare(name, item):
                # Times, and the run folder, whose name follows from the file's.
                if isinstance(item, h5py.Dataset) and name not in ("contents", "deck/text"):
                    self.assertEqual(item[()].tobytes(), other[name][()].tobytes(), name)
                    compared.append(name)
                for attribute, value in item.attrs.items():
                    if name in ("figures", "members/0") and "second" not in attribute:
                        self.assertEqual(value, other[name].attrs[attribute], attribute)
                        compared.append(attribute)
            one.visititems(compare)
            self.assertTrue(any("weights" in name for name in compared), compared)
            self.assertTrue(any("moments" in name for name in compared), compared)
            self.assertLess({"accuracy", "loss", "validation_accuracy", "encode"}, set(compared))


class Whole(Train):
    def test_learns_and_says_what_it_took(self):
        data = self.images(images=40)
        told = self.trained("--data=" + data, "--json=told.json", "--epochs=10", "--rate=0.01")
        figures = json.loads((self.folder / "told.json").read_text())
        self.assertGreater(figures["accuracy"], 0.9, told)
        self.assertEqual(figures["evaluations"], 5)
        self.assertEqual(figures["test_images"], 36)
        self.assertGreater(figures["inherited"], 0.5, "its weights begin as the meta-network's")
        self.assertLess(figures["inherited"], 1, "but not the head's")
        self.assertRegex(told.out, r"test accuracy \d+\.\d\d % of 36 images \(95 % interval \d+\.\d\d \.\.\. \d+\.\d\d %\)")
        self.assertIn("5/5 encodes tried", told.err)
        self.assertEqual([name for name in self.names() if name.startswith("net")],
                         ["net.h5", "net.run", "net.run/metrics.jsonl"], "no checkpoints stay")
        lines = [json.loads(line) for line in (self.folder / "net.run/metrics.jsonl").read_text().splitlines()]
        trials = [line for line in lines if line["phase"] == "search"]
        steps = [line for line in lines if line["phase"] == "training"]
        self.assertEqual(lines, trials + steps)
        self.assertEqual(trials[-1]["encodes"], 5)
        self.assertEqual(steps[-1]["step"], figures["steps"])
        self.assertEqual(len(steps), 20)
        self.assertLess(steps[-1]["loss"], steps[0]["loss"])
        self.assertLess(steps[-1]["rate"], steps[10]["rate"], "it falls as a cosine")
        self.assertEqual(sorted(line["seconds"] for line in lines), [line["seconds"] for line in lines])
        with h5py.File(self.folder / "net.h5") as file:
            self.assertEqual((file.attrs["atnas.filetype"], file.attrs["reproducible"]), (b"atnas-network", 1))

    def test_images_are_changed_as_asked_and_not_as_the_checkpoint_was(self):
        self.meta = self.search("turned", "--data.jitter_rotation=10", "--data.crop=2", "--task.query_copies=3")
        data = "--data=" + self.images()
        self.assertIn("changed by: none", self.trained(data, "--search=none", output="alone.h5").err)
        self.assertIn("changed by: crop 2", self.trained(data, "--search=none", "--data.crop=2", output="cut.h5").err)
        with self.assertRaises(AssertionError):
            self.assert_same_network("alone.h5", "cut.h5")
        outcome = self.run_program("predict", "cut.h5", data, "-o", "answers.csv")
        self.assert_done(outcome)
        self.assertNotIn("copies", outcome.out)

    def test_is_the_same_on_one_to_three_ranks(self):
        data = "--data=" + self.images()
        self.trained(data, output="one.h5")
        for ranks in (2, 3):
            self.trained(data, ranks=ranks, output="more.h5")
            self.assert_same_network("one.h5", "more.h5")
        self.trained(data, "--seed=2", output="seed.h5")
        with self.assertRaises(AssertionError):
            self.assert_same_network("one.h5", "seed.h5")

    def test_a_recipe_is_the_same_on_any_number_of_ranks(self):
        data = "--data=" + self.images()
        words = ("--mixup=0.4", "--label-smoothing=0.1", "--drop-path=0.2")
        self.trained(data, *words, output="one.h5")
        self.trained(data, *words, ranks=2, output="two.h5")
        self.assert_same_network("one.h5", "two.h5")
        for other in (words[:2], words[1:]):
            self.trained(data, *other, output="other.h5")
            with self.assertRaises(AssertionError):
                self.assert_same_network("one.h5", "other.h5")

    def test_images_that_the_meta_network_knows_nothing_of(self):
        # Colours: the built-in images that it learned from are grey.
        data = "--data=" + self.images(channels=3)
        self.trained(data, "--from=scratch", "--data.saturation=0.4", "--search=none")
        self.assert_refused(self.train(data, "--from=scratch", "--data.cutout=12"), BAD_DECK, "12 x 12 pixels")

    def test_a_data_set_to_test_on(self):
        data = self.images()
        test = self.images("test", images=5, first=3)
        self.trained("--data=" + data, "--test=" + test, "--json=told.json", "--search=none")
        figures = json.loads((self.folder / "told.json").read_text())
        self.assertEqual((figures["test_images"], figures["evaluations"]), (15, 0))
        # `atnas evaluate` finds the same, and warns where it is shown what was learned.
        for of, warned in ((test, False), (data, True)):
            outcome = self.run_program("evaluate", "net.h5", "--data=" + of, "--json=judged.json")
            self.assert_done(outcome)
            self.assertEqual("holds the images that net.h5 learned from" in outcome.err, warned, outcome)
            judged = json.loads((self.folder / "judged.json").read_text())
            self.assertEqual(judged["images"], 60 if warned else 15)
            if not warned:
                self.assertEqual(judged["accuracy"], figures["accuracy"])
                self.assertAlmostEqual(judged["loss"], figures["loss"], places=6)

    def test_other_channels_and_sizes_are_converted(self):
        def figures(*words):
            told = self.trained("--json=told.json", "--search=none", *words)
            said = json.loads((self.folder / "told.json").read_text())
            return told.err, {name: value for name, value in said.items() if "second" not in name}

        def converted(name, *words):
            self.assert_done(self.run_program("import", "data", "-o", name, *words))
            return name

        data = "--data=" + self.images(channels=3)
        # What a network of one channel learns is what an import makes of it.
        grey = converted("grey.h5", "--size=12", "--channels=1")
        log, coloured = figures(data)
        self.assertEqual(log.count("are brought to"), 1, log)
        self.assertIn("data.h5: images of 3 x 12 x 12 are brought to 1 x 12 x 12", log)
        log, plain = figures("--data=" + grey)
        self.assertNotIn("are brought to", log)
        self.assertEqual(coloured, plain)
        with h5py.File(self.folder / "net.h5") as file, h5py.File(self.folder / "grey.h5") as of:
            self.assertEqual(file["origin"].attrs["data_digest"], of.attrs["digest"])
        # From scratch the network has the data's own; what it is tested on becomes like what it learns.
        log, own = figures(data, "--from=scratch")
        self.assertNotIn("are brought to", log)
        self.assertGreater(own["parameters"], plain["parameters"], "three channels need more weights")
        log, tested = figures("--data=" + grey, "--test=" + converted("large.h5", "--size=24", "--channels=3"))
        self.assertIn("large.h5: images of 3 x 24 x 24 are brought to 1 x 12 x 12", log)
        self.assertEqual(tested["test_images"], 60)
        with h5py.File(self.folder / "net.h5") as file:
            self.assertEqual([file["image"].attrs[name] for name in ("channels", "height", "width")], [1, 12, 12])

    def test_ways_to_find_an_encode(self):
        data = "--data=" + self.images()
        found = {}
        for words in (("--search=none",), ("--search=random",), ("--from=scratch",), ("--from=scratch", "--search=none"),
                      ("--channels=6",)):
            self.trained(data, "--json=told.json", *words)
            found[words] = json.loads((self.folder / "told.json").read_text())
        self.assertEqual(found["--search=none",]["encode"], found["--from=scratch", "--search=none"]["encode"])
        self.assertEqual(found["--from=scratch",]["inherited"], 0)
        self.assertEqual(found["--search=random",]["evaluations"], 5)
        self.assertGreater(found["--channels=6",]["parameters"], found["--search=none",]["parameters"])
        encode = found["--search=random",]["encode"]
        self.trained(data, "--json=told.json", "--encode=" + encode)
        told = json.loads((self.folder / "told.json").read_text())
        self.assertEqual((told["encode"], told["evaluations"]), (encode, 0))

    def test_label_smoothing(self):
        data = "--data=" + self.images(images=40)
        told = {}
        for smoothing in (0, 0.3):
            outcome = self.trained(data, "--json=told.json", "--epochs=10", "--rate=0.01", "--search=none",
                                   "--label-smoothing=%g" % smoothing, output="net%g.h5" % smoothing)
            figures = json.loads((self.folder / "told.json").read_text())
            losses = [float(loss) for loss in re.findall(r" loss (\d+\.\d+)", outcome.err)]
            told[smoothing] = figures["loss"], losses[-1]
            self.assertGreater(figures["accuracy"], 0.9, outcome)
        # 0.8, 0.1, 0.1 have an entropy of 0.639, which no loss of such labels is below; scores are plain.
        self.assertLess(told[0][1], 0.5)
        self.assertGreater(told[0.3][1], 0.63)
        self.assertLess(told[0.3][0], 0.6)
        self.assertGreater(told[0.3][0], told[0][0], "a network that is less sure")

    def test_mixup(self):
        data = "--data=" + self.images(images=40)
        told = {}
        for alpha in (0, 1):
            outcome = self.trained(data, "--json=told.json", "--epochs=10", "--rate=0.01", "--search=none",
                                   "--mixup=%g" % alpha, output="net%g.h5" % alpha)
            figures = json.loads((self.folder / "told.json").read_text())
            losses = [float(loss) for loss in re.findall(r" loss (\d+\.\d+)", outcome.err)]
            told[alpha] = sum(losses[-4:]) / 4
            self.assertGreater(figures["accuracy"], 0.9, outcome)
        # Labels that are mixed in two of three pairs have an entropy of 1/3 on average.
        self.assertGreater(told[1], 0.25)
        self.assertGreater(told[1], told[0])

    def test_drop_path(self):
        data = "--data=" + self.images(images=40)
        for op in ("conv_3x3", "skip_connect"):
            nodes = "{0}:0+{0}:1|{0}:0+{0}:2|{0}:2+{0}:3".format(op)
            words = (data, "--json=told.json", "--epochs=10", "--rate=0.01",
                     "--encode=normal={0};reduce={0}".format(nodes))
            self.trained(*words)
            outcome = self.trained(*words, "--drop-path=0.3", output="losing.h5")
            if op == "skip_connect":
                self.assertIn("--drop-path does nothing", outcome.err)
                self.assert_same_network("net.h5", "losing.h5")
            else:
                self.assertNotIn("--drop-path does nothing", outcome.err)
                self.assertGreater(json.loads((self.folder / "told.json").read_text())["accuracy"], 0.9, outcome)
                with self.assertRaises(AssertionError):
                    self.assert_same_network("net.h5", "losing.h5")

    def test_within_a_time(self):
        data = "--data=" + self.images()
        told = self.trained(data, "--time=0:02", "--json=told.json", "--epochs=100000")
        self.assertIn("follows from a clock", told.err)
        figures = json.loads((self.folder / "told.json").read_text())
        self.assertLess(figures["search_seconds"] + figures["training_seconds"] + figures["test_seconds"], 10)
        self.assertGreater(figures["steps"], 1)
        with h5py.File(self.folder / "net.h5") as file:
            self.assertEqual(file.attrs["reproducible"], 0)
            self.assertIn(b"--time", file.attrs["why_not_reproducible"])

    def test_a_meta_network_that_is_not_reproducible_makes_none_that_are(self):
        self.search("s", "--run.iterations=2", "--evo.elite=0")
        self.meta = self.search("s", "--run.iterations=4", "--restart=latest")
        self.trained("--data=" + self.images(), "--search=none", "--epochs=1")
        with h5py.File(self.folder / "net.h5") as file:
            self.assertEqual(file.attrs["reproducible"], 0)
            self.assertEqual(file.attrs["why_not_reproducible"], b"a restart changed evo.elite: 0 -> 1")

    def test_dry_run(self):
        data = "--data=" + self.images()
        before = self.names()
        told = self.trained(data, "--dry-run")
        self.assertRegex(told.out, r"images +36 to train, 6 to validate and 18 to test on, in 3 classes")
        self.assertRegex(told.out, r"search +5 encodes, each trained for 3 steps of 6 images and judged on 6")
        self.assertEqual(self.names(), before)
        self.trained(data, "--dry-run", "--json=plan.json")
        self.assertEqual(self.names(), sorted(before + ["plan.json"]))
        plan = json.loads((self.folder / "plan.json").read_text())
        self.assertEqual((plan["train_images"], plan["validation_images"], plan["test_images"]), (36, 6, 18))
        self.assertEqual((plan["settings"]["train.evaluations"], plan["trial_images"], plan["steps"]), ("5", 6, 9))
        self.assertNotIn("fewer than", told.out + told.err)
        self.assert_refused(self.train(data, "--dry-run", "--restart=latest"), RESTART_REFUSED, "net.run")
        told = self.trained(data, "--dry-run", "--trial-steps=10")
        self.assertIn("training has 9 steps, fewer than the 10 of each encode that is tried", told.out + told.err)
        figures = self.trained(data, "--search=none", "--json=trained.json")
        trained = json.loads((self.folder / "trained.json").read_text())
        self.assertEqual((plan["parameters"], plan["macs"]), (trained["parameters"], trained["macs"]), figures.out)


class Stops(Train):
    def test_stopped_everywhere_and_gone_on_with_on_other_ranks(self):
        data = "--data=" + self.images()
        recipe = ("--mixup=0.4", "--label-smoothing=0.1", "--drop-path=0.2")
        self.trained(data, *recipe, output="straight.h5")
        # A wall time that is over at once stops at every boundary.
        stops = 0
        words = ()
        while True:
            outcome = self.train(data, "--walltime=0.001", *recipe, *words, output="again.h5", ranks=1 + stops % 2)
            if outcome.code != STOPPED:
                break
            stops += 1
            words = ("--restart=latest",)
            self.assertFalse((self.folder / "again.h5").exists(), "nothing half-written under its name")
            self.assertLess(stops, 40)
        self.assert_done(outcome)
        self.assertGreater(stops, 5)
        self.assert_same_network("straight.h5", "again.h5")

    def test_other_settings_are_no_restart(self):
        data = "--data=" + self.images()
        self.assertEqual(self.train(data, "--walltime=0.001").code, STOPPED)
        self.assert_refused(self.train(data), BAD_DECK, ("run.folder", "holds the checkpoints of another run"))
        for dry in ((), ("--dry-run",)):
            self.assert_refused(self.train(data, "--restart=latest", "--rate=0.5", *dry), RESTART_REFUSED,
                                "train.rate = 0.5")
        self.assertIn("after 1 encodes", self.trained(data, "--restart=latest", "--dry-run").err)
        self.assert_refused(self.train(data, "--restart=latest", "--label-smoothing=0.1"), RESTART_REFUSED,
                            "train.label_smoothing = 0.1")
        self.assert_refused(self.train(data, "--restart=latest", "--mixup=0.4"), RESTART_REFUSED, "train.mixup = 0.4")
        self.assert_refused(self.train(data, "--restart=latest", "--drop-path=0.2"), RESTART_REFUSED,
                            "train.drop_path = 0.2")
        other = "--data=" + self.images("other", first=5)
        self.assert_refused(self.train(other, "--restart=latest"), RESTART_REFUSED, "other images")
        self.assert_refused(self.run_program("train", "net.run/latest.h5", data, "-o", "x.h5"), BAD_DATA,
                            "is a checkpoint of `atnas train`")


class BadInput(Train):
    def test_one_line_each(self):
        data = self.images()
        for words, code, line in (
                (("--data=" + self.images("single", classes=1),), BAD_DATA, "one class"),
                (("--data=nothing.h5",), BAD_DATA, "nothing.h5"),
                (("--data=data",), BAD_DATA, "data"),
                (("--data=%s" % data, "--test=" + self.images("more", classes=4)), BAD_DATA, "class3"),
                (("--data=%s" % data, "--batch=7"), BAD_DECK, "--batch=7"),
                (("--data=%s" % data, "--search=none", "--evaluations=3"), BAD_DECK, "--evaluations beside --search=none"),
                (("--data=%s" % data, "--test=" + data, "--test-fraction=0.2"), BAD_DECK, "--test-fraction beside --test"),
                (("--data=%s" % data, "--encode=nonsense"), BAD_DECK, "nonsense"),
                (("--data=%s" % data, "--data.saturation=0.5"), BAD_DECK, "data.saturation"),
                (("--data=%s" % data, "--data.rotations=quarter"), BAD_DECK, ("data.rotations", "does not use it")),
                (("--data=%s" % data, "--data.test_fraction=0.3"), BAD_DECK, ("data.test_fraction", "does not use it")),
                (("--data=%s" % data, "--data.source=x.h5"), BAD_DECK, ("data.source", "does not use it")),
                (("--data=%s" % data, "--run.iterations=7"), BAD_DECK, ("run.iterations", "does not use it")),
                (("--data=%s" % data, "--time=1:60"), BAD_DECK, "--time"),
                (("--data=%s" % data, "--label-smoothing=1"), BAD_DECK, ("--label-smoothing", "without 1")),
                (("--data=%s" % data, "--mixup=-0.1"), BAD_DECK, ("--mixup", "0 ... 1000")),
                (("--data=%s" % data, "--drop-path=1"), BAD_DECK, ("--drop-path", "without 1")),
                (("--data=%s" % data, "--mixup=nan"), BAD_DECK, "--mixup"),
                (("--data=%s" % data, "--label-smoothing=-0.1"), BAD_DECK, ("--label-smoothing", "without 1")),
                ((), BAD_DECK, "--data is missing")):
            self.assert_refused(self.train(*words), code, line)
        # All classes at once.
        self.assert_refused(self.train("--data=" + self.images("few", images=2)), BAD_DATA,
                            *[("class%d" % c, "2 images") for c in range(3)])
        self.assert_refused(self.run_program("train", data, "--data=" + data, "-o", "x.h5"), BAD_DATA, data)
        self.assertEqual([name for name in self.names() if name.startswith(("net", "x"))], [])


if __name__ == "__main__":
    unittest.main()
