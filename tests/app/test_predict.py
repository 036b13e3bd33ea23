#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`atnas predict`, and what other commands say of networks: answers, their files, and what is refused without leaving
anything behind. The networks are made by tests/support/make_network.cpp, so that no search for one task is needed."""

import csv
import io
import json
import math
import os
import shutil
import subprocess
import unittest

import h5py

from cli import BAD_DATA, BAD_DECK, png
from tiny_search import SearchTest

CLASSES = ("group0", "group1", "group2 \"x, y\"")


class PredictTest(SearchTest):
    """One network, of two members, for all tests; each gets a copy."""

    @classmethod
    def setUpClass(cls):
        super().setUpClass()
        maker = cls("setUp")
        maker.setUp()
        cls.addClassCleanup(maker.doCleanups)
        checkpoint = maker.search("s", deck=maker.deck(head="linear"))
        subprocess.run([os.environ["ATNAS_MAKE_NETWORK"], checkpoint, maker.folder / "net.h5", *CLASSES], check=True)
        shutil.copy(os.path.realpath(checkpoint), maker.folder / "checkpoint.h5")
        cls.made = maker.folder

    def setUp(self):
        super().setUp()
        if not hasattr(self, "made"):
            return
        for name in ("net.h5", "checkpoint.h5"):
            shutil.copy(self.made / name, self.folder / name)

    def photos(self, folder="photos", images=5, size=17):
        for number in range(images):
            place = self.folder / folder / ("%d.png" % number)
            place.parent.mkdir(parents=True, exist_ok=True)
            place.write_bytes(png(size, size, lambda x, y: (x * (number + 3) + y * y) % 256))

    def predict(self, *words, **how):
        outcome = self.run_program("predict", "net.h5", *words, **how)
        self.assert_done(outcome)
        return outcome

    def rows(self, name="answers.csv"):
        return list(csv.reader(io.StringIO((self.folder / name).read_text())))


class Answers(PredictTest):
    def test_csv(self):
        self.photos()
        outcome = self.predict("--data=photos", "-o", "answers.csv", "--json=answers.json")
        self.assertIn("5 images of photos told apart into 3 classes by 2 networks of net.h5", outcome.out)
        self.assertIn("images are brought to 1 x 12 x 12", outcome.err)
        header, *rows = self.rows()
        self.assertEqual(header, ["file", "label", "probability", "entropy", *CLASSES])
        self.assertEqual([row[0] for row in rows], ["%d.png" % number for number in range(5)])
        for row in rows:
            shares = [float(value) for value in row[4:]]
            self.assertAlmostEqual(sum(shares), 1, places=5)
            self.assertEqual(row[1], CLASSES[shares.index(max(shares))])
            self.assertEqual(float(row[2]), max(shares))
            self.assertAlmostEqual(float(row[3]), -sum(p * math.log(p) for p in shares if p > 0), places=5)
        self.assertGreater(len({row[2] for row in rows}), 1, "images differ")
        figures = json.loads((self.folder / "answers.json").read_text())
        self.assertEqual((figures["images"], figures["members"]), (5, 2))
        self.assertEqual(sum(figures["predicted"].values()), 5)
        self.assertNotIn("accuracy", figures)

    def test_hdf5(self):
        self.photos()
        self.predict("--data=photos", "-o", "answers.csv")
        self.predict("--data=photos", "-o", "answers.h5")
        _, *rows = self.rows()
        with h5py.File(self.folder / "answers.h5") as file:
            self.assertEqual((file.attrs["atnas.filetype"], file.attrs["atnas.version"]), (b"atnas-predictions", 1))
            self.assertEqual(list(file["classes/names"].asstr()), list(CLASSES))
            self.assertEqual(list(file["images/names"].asstr()), [row[0] for row in rows])
            self.assertEqual(file["probabilities"].shape, (5, 3))
            for row, shares, label in zip(rows, file["probabilities"][:], file["images/label"][:]):
                self.assertEqual([float(value) for value in row[4:]], [float(repr_of(value)) for value in shares])
                self.assertEqual(row[1], CLASSES[label])
            self.assertNotIn("truth", file["images"])
        outcome = self.run_program("info", "answers.h5")
        self.assert_done(outcome)
        self.assertIn("5 images, 3 classes", outcome.out)

    def test_the_same_on_any_number_of_ranks(self):
        self.photos(images=150, size=6)  # three batches, the last one not full
        words = ("--data=photos", "--task.query_copies=1", "--data.jitter_rotation=30")
        self.predict(*words, "-o", "one.csv")
        for ranks in (2, 3, 4):
            self.predict(*words, "-o", "many.csv", ranks=ranks)
            self.assertEqual((self.folder / "one.csv").read_bytes(), (self.folder / "many.csv").read_bytes(), ranks)

    def test_copies_of_the_images(self):
        self.photos(images=3)
        copies = ("--task.query_copies=3", "--data.jitter_rotation=40")
        self.predict("--data=photos", "-o", "plain.csv")
        outcome = self.predict("--data=photos", *copies, "-o", "mean.csv", "--json=mean.json")
        self.assertIn("the mean answer for an image and 3 copies", outcome.out)
        self.assertEqual(json.loads((self.folder / "mean.json").read_text())["query_copies"], 3)
        plain, mean = self.rows("plain.csv"), self.rows("mean.csv")
        self.assertTrue(all(a[2] != b[2] for a, b in zip(plain[1:], mean[1:])), "copies count")
        for row in mean[1:]:
            self.assertAlmostEqual(sum(float(value) for value in row[4:]), 1, places=5)
        self.predict("--data=photos/1.png", *copies, "-o", "alone.h5", ranks=2)
        with h5py.File(self.folder / "alone.h5") as file:
            self.assertEqual(file.attrs["query_copies"], 3)
            self.assertEqual([float(repr_of(value)) for value in file["probabilities"][0]],
                             [float(value) for value in mean[2][4:]])
        self.assertIn("query_copies 3", self.run_program("info", "alone.h5").out)
        outcome = self.predict("--data=photos", copies[0], "-o", "equal.csv")
        self.assertIn("the copies are equal and of no use", outcome.err)
        outcome = self.run_program("predict", "net.h5", "--data=photos", copies[0], "--data.cutout=12", ranks=2)
        self.assert_refused(outcome, BAD_DECK, "data.cutout = 12")
        outcome = self.run_program("predict", "net.h5", "--data=photos", "--data.flip=true", ranks=2)
        self.assert_refused(outcome, BAD_DECK, ("data.flip = true", "none are asked for"))

    def test_standard_output(self):
        self.photos()
        self.predict("--data=photos", "-o", "answers.csv")
        outcome = self.predict("--data=photos")
        self.assertEqual(outcome.out, (self.folder / "answers.csv").read_text())
        self.assertIn("5 images of photos", outcome.err)

    def test_columns_of_many_classes(self):
        self.photos()
        names = ["c%02d" % number for number in range(21)]
        subprocess.run([os.environ["ATNAS_MAKE_NETWORK"], "checkpoint.h5", "net.h5", *names], check=True, cwd=self.folder)
        self.predict("--data=photos", "-o", "few.csv")
        self.assertEqual(self.rows("few.csv")[0], ["file", "label", "probability", "entropy"])
        self.predict("--data=photos", "--all", "-o", "all.csv")
        self.assertEqual(self.rows("all.csv")[0][4:], names)
        self.assertEqual([row[:4] for row in self.rows("all.csv")], self.rows("few.csv"))

    def test_sources(self):
        """The same images in every form give the same answers."""
        self.photos("photos/deep/er", images=3)
        self.photos("flat", images=3)
        self.predict("--data=flat", "-o", "flat.csv")
        answers = [row[1:] for row in self.rows("flat.csv")]
        self.write("list.csv", "file,label\n" + "".join("flat/%d.png,?\n" % number for number in range(3)))
        archive = shutil.make_archive(str(self.folder / "all"), "gztar", self.folder, "flat")
        self.assert_done(self.run_program("import", "photos", "-o", "set.h5", "--size=12"))
        for source in ("photos", "list.csv", archive, "set.h5"):
            with self.subTest(source):
                self.predict("--data=%s" % source, "-o", "answers.csv")
                self.assertEqual([row[1:] for row in self.rows()], answers)
        outcome = self.predict("--data=set.h5", "-o", "answers.csv")
        self.assertNotIn("brought", outcome.err, "they have the network's size")
        self.predict("--data=flat/1.png", "-o", "answers.csv")
        self.assertEqual([row[1:] for row in self.rows()][1], answers[2])

    def test_images_of_another_size_and_colour(self):
        self.photos(images=3)
        self.predict("--data=photos", "-o", "photos.csv")
        answers = [[float(value) for value in row[4:]] for row in self.rows("photos.csv")[1:]]
        for number in range(3):
            (self.folder / "photos" / ("%d.png" % number)).write_bytes(
                png(17, 17, lambda x, y: ((x * (number + 3) + y * y) % 256,) * 3))
        self.predict("--data=photos", "-o", "colour.csv")
        self.assertEqual(answers, [[float(value) for value in row[4:]] for row in self.rows("colour.csv")[1:]],
                         "grey written as colour is grey")
        (self.folder / "in").mkdir()
        shutil.move(self.folder / "photos", self.folder / "in" / "photos")
        self.assert_done(self.run_program("import", "in", "-o", "set.h5", "--size=17", "--channels=3"))
        outcome = self.predict("--data=set.h5", "-o", "answers.csv")
        self.assertIn("brought to 1 x 12 x 12", outcome.err)
        self.assertEqual(answers, [[float(value) for value in row[4:]] for row in self.rows()[1:]])
        self.predict("--data=set.h5", "-o", "answers.csv", "--invert")
        self.assertNotEqual(answers, [[float(value) for value in row[4:]] for row in self.rows()[1:]])

    def test_labelled(self):
        for number, name in enumerate(CLASSES):
            self.photos("photos/" + name, images=4, size=9 + number)
        outcome = self.predict("--data=photos", "-o", "answers.h5", "--json=answers.json")
        with h5py.File(self.folder / "answers.h5") as file:
            truth, label, shares = file["images/truth"][:], file["images/label"][:], file["probabilities"][:]
            accuracy, low, high = (file.attrs[name] for name in ("accuracy", "accuracy_low", "accuracy_high"))
            error = file.attrs["calibration_error"]
        self.assertEqual(list(truth), [0] * 4 + [1] * 4 + [2] * 4)
        self.assertEqual(accuracy, (truth == label).mean())
        self.assertTrue(0 <= low < accuracy + 1e-9 and accuracy - 1e-9 < high <= 1)
        bins = {}
        for right, share in zip(truth == label, shares.max(axis=1)):
            bins.setdefault(math.ceil(share * 15), []).append(float(share) - float(right))
        self.assertAlmostEqual(error, sum(abs(sum(values)) for values in bins.values()) / 12, places=6)
        self.assertIn("accuracy %.2f %%" % (100 * accuracy), outcome.out)
        figures = json.loads((self.folder / "answers.json").read_text())
        self.assertEqual(figures["accuracy"], accuracy)
        self.assertEqual(figures["interval95"], [low, high])
        self.assert_done(self.run_program("predict", "net.h5", "--data=photos", "--labelled", "-o", "answers.csv"))

    def test_not_all_labels_are_classes(self):
        self.photos("photos/" + CLASSES[0])
        self.photos("photos/group4")
        outcome = self.predict("--data=photos", "-o", "answers.csv")
        self.assertIn("5 of 10 images have no label that is a class", outcome.err)
        self.assertNotIn("accuracy", outcome.out)
        outcome = self.run_program("predict", "net.h5", "--data=photos", "--labelled", "-o", "more.csv")
        self.assert_refused(outcome, BAD_DATA, ("group4/0.png", "is no class", "group"))
        self.assertFalse((self.folder / "more.csv").exists())


def repr_of(value):
    """The shortest digits of a float of 32 bits."""
    return str(value)


class Refused(PredictTest):
    def refuse(self, code, problems, *words, **how):
        before = self.names()
        outcome = self.run_program("predict", *words, **how)
        self.assert_refused(outcome, code, *problems)
        self.assertEqual(self.names(), before, "nothing may be left behind")

    def test_bad_images(self):
        self.photos()
        self.write("photos/3.png", "no image")
        self.write("photos/more/x.jpg", b"\xff\xd8\xff")
        self.write("photos/notes.txt", "passed over")
        self.refuse(BAD_DATA, ["3.png", "more/x.jpg"], "net.h5", "--data=photos", "-o", "a.csv")
        self.refuse(BAD_DATA, ["3.png", "more/x.jpg"], "net.h5", "--data=photos", "-o", "a.csv", ranks=2)
        outcome = self.predict("--data=photos", "-o", "a.csv", "--skip-bad")
        self.assertIn("skipped 3.png", outcome.err)
        self.assertEqual([row[0] for row in self.rows("a.csv")[1:]], ["0.png", "1.png", "2.png", "4.png"])

    def test_no_images(self):
        (self.folder / "empty").mkdir()
        self.refuse(BAD_DATA, [("empty", "no PNG or JPEG")], "net.h5", "--data=empty", "-o", "a.csv")
        self.refuse(BAD_DATA, [("none", "no such file")], "net.h5", "--data=none", "-o", "a.csv")
        self.write("text", "this is text")
        self.refuse(BAD_DATA, ["text"], "net.h5", "--data=text", "-o", "a.csv")

    def test_files_that_are_no_network(self):
        self.photos()
        self.write("text.h5", "this is text")
        self.refuse(BAD_DATA, [("checkpoint.h5", "atnas-checkpoint", "evaluate")], "checkpoint.h5", "--data=photos")
        self.refuse(BAD_DATA, ["text.h5"], "text.h5", "--data=photos", ranks=2)
        self.refuse(BAD_DATA, ["none.h5"], "none.h5", "--data=photos")
        self.refuse(BAD_DATA, [("net.h5", "atnas-network")], "net.h5", "--data=net.h5")
        whole = (self.folder / "net.h5").read_bytes()
        self.write("cut.h5", whole[:len(whole) // 2])
        self.refuse(BAD_DATA, ["cut.h5"], "cut.h5", "--data=photos")

    def test_command_line(self):
        self.photos()
        self.refuse(BAD_DECK, ["--data is missing"], "net.h5")
        self.refuse(BAD_DECK, [("space.channels", "[runtime]")], "net.h5", "--data=photos", "--space.channels=3")
        self.refuse(BAD_DATA, [("photos/0.png", "a file of the images")], "net.h5", "--data=photos",
                    "-o", "photos/0.png")
        self.refuse(BAD_DATA, [("net.h5", "the network")], "net.h5", "--data=photos", "-o", "net.h5")
        self.refuse(BAD_DATA, ["does not exist"], "net.h5", "--data=photos", "-o", "no/such/a.csv")
        self.predict("--data=photos", "-o", "a.csv", "--runtime.backend=reference")

    def test_disk_full(self):
        self.photos(images=500, size=4)
        launcher = self.small_disk(12)
        for name in ("a.csv", "a.h5"):
            with self.subTest(name):
                outcome = self.run_program("predict", "net.h5", "--data=photos", "-o", "disk/" + name,
                                           launcher=launcher)
                self.assert_refused(outcome, BAD_DATA, "disk/")
                self.assertEqual(self.on_small_disk(), [])


class Elsewhere(PredictTest):
    def test_info(self):
        outcome = self.run_program("info", "net.h5", "--json=info.json")
        self.assert_done(outcome)
        for words in ("`atnas adapt` made it", "1 x 12 x 12", "3 classes: group0, group1", "checkpoint latest.h5",
                      "2 networks", "MACs", "accuracy 0.5"):
            self.assertIn(words, outcome.out)
        document = json.loads((self.folder / "info.json").read_text())
        self.assertEqual(document["classes"], list(CLASSES))
        self.assertEqual(len(document["members"]), 2)
        self.assertGreater(document["members"][0]["macs"], 0)
        self.assertEqual(document["figures"], {"accuracy": 0.5})

    def test_what_takes_checkpoints_names_predict(self):
        self.write("deck.ini", self.deck())
        for words in (("adapt", "net.h5", "--tasks=2"), ("search", "deck.ini", "--restart=net.h5")):
            with self.subTest(words):
                outcome = self.run_program(*words)
                self.assert_refused(outcome, BAD_DATA, ("net.h5", "atnas-network", "atnas predict"))


class Evaluated(PredictTest):
    """`atnas evaluate` of a network."""

    def setUp(self):
        super().setUp()
        for number, name in enumerate(CLASSES):
            self.photos("photos/" + name, images=4 + number, size=9 + number)

    def evaluate(self, *words, data="--data=photos", ranks=1):
        outcome = self.run_program("evaluate", "net.h5", data, "--json=said.json", *words, ranks=ranks)
        self.assert_done(outcome)
        return outcome, json.loads((self.folder / "said.json").read_text())

    def test_figures_are_those_of_the_answers(self):
        outcome, said = self.evaluate("--confusion", "-o", "answers.h5")
        with h5py.File(self.folder / "answers.h5") as file:
            truth, label, shares = file["images/truth"][:], file["images/label"][:], file["probabilities"][:]
            queries, table = file["confusion/queries"][:], file["confusion/table"][:]
            attributes = dict(file.attrs)
        loss = -sum(math.log(row[of]) for row, of in zip(shares.astype(float), truth)) / len(truth)
        self.assertEqual((said["images"], said["members"]), (15, 2))
        self.assertEqual(said["accuracy"], (truth == label).mean())
        self.assertAlmostEqual(said["loss"], loss, places=9)
        self.assertEqual(list(queries), [4, 5, 6])
        for of in range(3):
            for taken_for in range(3):
                self.assertEqual(table[of][taken_for], ((truth == of) & (label == taken_for)).sum())
        for of, name in enumerate(CLASSES):
            figures = said["confusion"]["classes"][name]
            self.assertEqual((figures["queries"], figures["right"]), (4 + of, table[of][of] / (4 + of)))
        for name in ("accuracy", "loss", "calibration_error"):
            self.assertEqual(attributes[name], said[name])
        self.assertIn("accuracy %.2f %% (95 %% interval %.2f ... %.2f %%), expected calibration error %.2f %% (15 bins), "
                      "mean cross-entropy %.4f\n" % (100 * said["accuracy"], 100 * said["interval95"][0],
                                                    100 * said["interval95"][1], 100 * said["calibration_error"], loss),
                      outcome.out)
        self.assertIn("3 of 3 classes were shown", outcome.out)
        info = self.run_program("info", "answers.h5")
        self.assertIn("loss %r\n" % said["loss"], info.out)

    def test_is_what_predict_says(self):
        words = ("--runtime.backend=reference", "--task.query_copies=1", "--data.flip=true")
        _, said = self.evaluate("-o", "answers.csv", *words)
        self.assertNotIn("confusion", said)
        self.predict("--data=photos", "--labelled", "-o", "again.csv", "--json=again.json", *words)
        self.assertEqual((self.folder / "answers.csv").read_text(), (self.folder / "again.csv").read_text())
        again = json.loads((self.folder / "again.json").read_text())
        del said["seconds"], again["seconds"]
        self.assertEqual(said, again)
        _, inverted = self.evaluate("--invert")
        self.assertNotEqual(inverted["loss"], said["loss"])

    def test_a_data_set_on_any_number_of_ranks(self):
        self.assert_done(self.run_program("import", "photos", "-o", "set.h5", "--size=12"))
        _, folder = self.evaluate()
        said = [self.evaluate("--confusion", data="--data.source=set.h5", ranks=ranks)[1] for ranks in (1, 2, 3)]
        for one in said:
            del one["seconds"]
        self.assertEqual(said[0], said[1])
        self.assertEqual(said[0], said[2])
        self.assertEqual((said[0]["accuracy"], said[0]["loss"]), (folder["accuracy"], folder["loss"]))
        self.assertNotIn("data_digest", folder)
        with h5py.File(self.folder / "set.h5") as file:
            self.assertEqual(said[0]["data_digest"], file.attrs["digest"].decode())

    def test_what_is_refused(self):
        def refuse(code, problem, *words, ranks=1):
            before = self.names()
            self.assert_refused(self.run_program("evaluate", "net.h5", *words, ranks=ranks), code, problem)
            self.assertEqual(self.names(), before)

        refuse(BAD_DECK, ("--data is missing", "net.h5"))
        refuse(BAD_DECK, "--encode, --meta.inner_steps, --shot, --split, --steps, --tasks beside the network net.h5",
               "--data=photos", "--tasks=5", "--split=all", "--steps=2", "--shot=3", "--encode=x",
               "--meta.inner_steps=2", ranks=2)
        refuse(BAD_DATA, "the network", "--data=photos", "--json=net.h5")
        refuse(BAD_DATA, "the images", "--data=photos", "-o", "photos/group0/0.png")
        refuse(BAD_DATA, "nothing", "--data=nothing")
        self.photos("photos/group4")
        refuse(BAD_DATA, ("group4/0.png", "is no class of net.h5"), "--data=photos", "-o", "a.csv", ranks=2)
        shutil.rmtree(self.folder / "photos")
        self.photos()
        refuse(BAD_DATA, ("0.png", "it has no label"), "--data=photos")


if __name__ == "__main__":
    unittest.main(verbosity=2)
