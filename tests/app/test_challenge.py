#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The one-shot challenge: runs that somebody has put together, instead of tasks that are drawn."""

import io
import json
import os
import unittest
import zipfile
from pathlib import Path

import h5py

from cli import BAD_DATA, BAD_DECK, png
from tiny_search import SearchTest


def bar(place, width=12, ink=255):
    """A drawing in ink with a bar at its place on a background of the other colour."""
    return png(width, width, lambda x, y: ink if x in (place, place + 1) or y == place else 255 - ink)


def runs(ways=(3, 3, 3), swapped=(), ink=255):
    """Archive members of runs with so many classes and an item for each, the classes' own image; the first has another
    item. In swapped runs no label is right."""
    files = {}
    for run, way in enumerate(ways):
        name, lines = "run%02d" % (run + 1), []
        for c in range(way):
            files["%s/training/class%02d.png" % (name, c + 1)] = bar(2 * c + run % 2, ink=ink)
        for item in range(way + (run == 0)):
            shown = (item + run) % way
            files["%s/test/item%02d.png" % (name, item + 1)] = bar(2 * shown + run % 2, ink=ink)
            said = (shown + (run in swapped)) % way + 1
            lines.append("%s/test/item%02d.png %s/training/class%02d.png\n" % (name, item + 1, name, said))
        files[name + "/class_labels.txt"] = "".join(lines).encode()
    return files


def sample():
    """Runs of Omniglot, where they are at hand."""
    given = os.environ.get("ATNAS_OMNIGLOT")
    folder = Path(given).parent if given else Path(os.environ["ATNAS_SOURCE_DIR"]) / "../shared/data/omniglot"
    return folder / "one_shot_runs_sample.zip"


class Challenge(SearchTest):
    # What an item and its class have in common is then everything.
    ALIKE = ("--statistics=support", "--steps=0")

    def pack(self, files, name="runs.zip"):
        buffer = io.BytesIO()
        with zipfile.ZipFile(buffer, "w") as archive:
            for path, data in files.items():
                archive.writestr(path, data)
        self.write(name, buffer.getvalue())

    def challenge(self, checkpoint, *words, ranks=1):
        outcome = self.run_program("evaluate", checkpoint, "--runs=runs.zip", "--json=e.json", "--output=e%d.h5" % ranks,
                                   *words, ranks=ranks)
        self.assert_done(outcome)
        return outcome.out, json.loads((self.folder / "e.json").read_text())

    def test_error_by_run_and_in_the_mean(self):
        checkpoint = self.search("s")
        self.pack(runs(ways=(3, 5, 4), swapped=(1,)))
        texts, documents = zip(*(self.challenge(checkpoint, *self.ALIKE, ranks=ranks) for ranks in (1, 2, 4)))
        for ranks in (2, 4):
            self.assert_same(self.folder / "e1.h5", self.folder / ("e%d.h5" % ranks))
        self.assertEqual(documents[0], documents[1])
        self.assertEqual(documents[0]["errors"], {"run01": 0, "run02": 1, "run03": 0})
        self.assertAlmostEqual(documents[0]["error"], 1 / 3)
        self.assertEqual((documents[0]["tasks"], documents[0]["way"], documents[0]["shot"]), (3, 5, 1))
        self.assertNotIn("split", documents[0])
        self.assertRegex(texts[0], r"\nrun02 +100\.00 % +5 +5\n")
        self.assertRegex(texts[0], r"mean error 33\.33 % \+- .* over 3 run\(s\) of runs.zip, 0 inner steps, support")
        with h5py.File(self.folder / "e1.h5") as file:
            self.assertEqual(file["/tasks/accuracy"][:].tolist(), [1, 0, 1])
            self.assertEqual([name.decode() for name in file["/tasks/run"][:]], ["run01", "run02", "run03"])
            self.assertEqual(file["/tasks/way"][:].tolist(), [3, 5, 4])
            self.assertEqual(file["/tasks/queries"][:].tolist(), [4, 5, 4])
            self.assertAlmostEqual(file.attrs["error"], 1 / 3)
        told = self.run_program("info", "e1.h5", "--json=info.json")
        self.assert_done(told)
        kept = json.loads((self.folder / "info.json").read_text())
        for name in ("error", "runs", "runs_digest", "way", "statistics"):
            self.assertEqual(kept[name], documents[0][name])

    def test_copies_of_support_images(self):
        checkpoint = self.search("s")
        self.pack(runs())

        def losses(ranks, *words):
            text, document = self.challenge(checkpoint, *words, ranks=ranks)
            with h5py.File(self.folder / ("e%d.h5" % ranks)) as file:
                return text, document["support_copies"], file["/tasks/loss"][:].tolist()

        copied = ("--task.support_copies=3", "--data.jitter_rotation=40")
        text, copies, loss = losses(1, *copied)
        self.assertEqual(copies, 3)
        self.assertIn("3 copies of each support image", text)
        self.assertEqual(losses(2, *copied)[2], loss)
        self.assertNotEqual(losses(1)[2], loss)

    def test_copies_of_query_images(self):
        checkpoint = self.search("s")
        self.pack(runs())

        def losses(ranks, *words):
            text, document = self.challenge(checkpoint, "--data.jitter_rotation=40", *words, ranks=ranks)
            with h5py.File(self.folder / ("e%d.h5" % ranks)) as file:
                self.assertEqual(file.attrs["query_copies"], document["query_copies"])
                return text, document["query_copies"], file["/tasks/loss"][:].tolist()

        text, copies, loss = losses(1, "--task.query_copies=3")
        self.assertEqual(copies, 3)
        self.assertIn("the mean answer for a query image and 3 copies", text)
        self.assertEqual(losses(2, "--task.query_copies=3")[2], loss)
        alone = losses(1)
        self.assertNotEqual(alone[2], loss)
        self.assertNotIn("the mean answer", alone[0])

    def test_a_folder_is_as_good_as_an_archive(self):
        checkpoint = self.search("s")
        self.pack(runs())
        for name, data in runs().items():
            self.write("runs/" + name, data)
        digest = self.challenge(checkpoint)[1]["runs_digest"]
        self.assertEqual(self.challenge(checkpoint, "--statistics=running")[1]["runs_digest"], digest)
        self.assert_done(self.run_program("evaluate", checkpoint, "--runs=runs", "--json=e.json"))
        self.assertEqual(json.loads((self.folder / "e.json").read_text())["runs_digest"], digest)

    def test_ink_is_as_in_the_data_set(self):
        checkpoint = self.search("s")
        self.pack(runs(swapped=(1,)))
        light = self.challenge(checkpoint, *self.ALIKE)[1]
        words = ("evaluate", checkpoint, "--runs=runs.zip")
        self.assert_refused(self.run_program(*words, "--invert", ranks=2), BAD_DATA, ("light", "leave out --invert"))
        self.pack(runs(swapped=(1,), ink=0))
        self.assert_refused(self.run_program(*words), BAD_DATA, ("runs.zip", "light", "add --invert"))
        self.assertEqual(self.challenge(checkpoint, *self.ALIKE, "--invert")[1], light)

    def test_what_does_not_fit(self):
        checkpoint = self.search("s", deck=self.deck(head="linear"))
        words = ("evaluate", checkpoint, "--runs=runs.zip")
        self.assert_refused(self.run_program(*words, ranks=2), BAD_DATA, ("runs.zip", "no such file"))
        self.pack(runs(ways=(3, 4, 3)))
        self.assert_refused(self.run_program(*words), BAD_DECK, ("run02", "4 classes", "linear", "task.way = 3"))
        for word in ("--tasks=5", "--tasks-of=3x1", "--way=3", "--shot=1", "--query=2", "--split=train", "--allow-seen",
                     "--confusion", "--task.way=3"):
            self.assert_refused(self.run_program(*words, word), BAD_DECK, (word.split("=")[0], "--runs"))
        self.assert_refused(self.run_program("evaluate", checkpoint, "--invert"), BAD_DECK, ("--invert", "--runs"))
        self.assert_refused(self.run_program("evaluate", checkpoint, "--runs=runs.zip", "--json=runs.zip"), BAD_DATA,
                            ("--json", "the runs"))
        files = runs()
        del files["run02/class_labels.txt"]
        files["run03/class_labels.txt"] = b"run03/test/item09.png run03/training/class01.png\n"
        self.pack(files)
        self.assert_refused(self.run_program(*words, ranks=2), BAD_DATA, ("run02", "class_labels.txt"),
                            ("run03/class_labels.txt", "item09"), ("nothing says", "run03/test/item01.png"),
                            ("nothing says", "item02.png"), ("nothing says", "item03.png"))
        self.write("runs.zip", b"PK\3\4 and no more")
        self.assert_refused(self.run_program(*words), BAD_DATA, "runs.zip")

    def test_omniglot(self):
        if not sample().exists():
            self.skipTest("%s is not at hand; ATNAS_OMNIGLOT names images_background.zip beside it" % sample())
        checkpoint = self.search("s")
        outcome = self.run_program("evaluate", checkpoint, "--runs=%s" % sample(), "--invert", "--json=e.json", ranks=2)
        self.assert_done(outcome)
        document = json.loads((self.folder / "e.json").read_text())
        self.assertEqual((document["way"], document["tasks"]), (20, len(document["errors"])))
        self.assertLess(document["error"], 0.95, "19 of 20 would be guessing")
        self.assertRegex(outcome.out, r"\nrun01 +\d+\.00 % +20 +20\n")


if __name__ == "__main__":
    unittest.main()
