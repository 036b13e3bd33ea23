#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""`atnas import` and `atnas info`: what comes out, and what is refused without leaving anything behind."""

import gzip
import json
import shutil
import struct
import unittest
import zipfile
import zlib
from pathlib import Path

from cli import BAD_DATA, BAD_DECK, DONE, ProgramTest, image_tree, png

FASHION = Path("/usr/share/datasets/fashion-mnist")


def idx(shape, values):
    """An IDX file of unsigned bytes."""
    return struct.pack(">BBBB%dI" % len(shape), 0, 0, 8, len(shape), *shape) + bytes(values)


class Import(ProgramTest):
    def setUp(self):
        super().setUp()
        image_tree(self.folder / "images")

    def load(self, name):
        return json.loads((self.folder / name).read_text())

    def check_set(self, source, **expected):
        self.assert_done(self.run_program("import", source, "-o", "set.h5", "--json=import.json"))
        self.assert_done(self.run_program("info", "set.h5", "--json=info.json"))
        made, found = self.load("import.json"), self.load("info.json")
        self.assertEqual(found["type"], "atnas-data")
        for key, value in dict(images=60, classes=12, channels=1, height=28, width=28, **expected).items():
            self.assertEqual(found[key], value, key)
            self.assertEqual(made[key], value, key)
        self.assertEqual({group["name"]: group["classes"] for group in found["groups"]},
                         {"group0": 4, "group1": 4, "group2": 4})
        self.assertEqual(made["skipped"], [])

    def test_folder(self):
        self.check_set("images")

    def test_archives(self):
        for kind in ("zip", "tar", "gztar", "xztar"):
            with self.subTest(kind):
                self.check_set(shutil.make_archive(str(self.folder / "all"), kind, self.folder, "images"))

    def test_other_files_are_counted(self):
        for name in ("notes.txt", "labels.csv"):
            (self.folder / "images" / name).write_text("x")
        outcome = self.run_program("import", "images", "-o", "set.h5", "--json=import.json")
        self.assert_done(outcome)
        self.assertIn("(0 skipped, 2 other files passed over, ", outcome.out)
        self.assertEqual(self.load("import.json")["passed_over"], 2)

    def test_names_of_all_alphabets(self):
        with zipfile.ZipFile(self.folder / "names.zip", "w") as archive:
            for name in ("Ä", "漢字"):
                archive.write(self.folder / "images/group0/class0/image0.png", "set/%s/1.png" % name)
        for locale in ("C", "C.UTF-8"):
            with self.subTest(locale):
                outcome = self.run_program("import", "names.zip", "-o", "set.h5",
                                           launcher=("env", "LC_ALL=" + locale))
                self.assert_done(outcome)
                self.assertIn("2 images", outcome.out)
                self.assertIn("in 2 classes", outcome.out)

    def test_size_and_channels(self):
        outcome = self.run_program("import", "images", "--output=set.h5", "--size=10x12", "--channels=3", "--invert",
                                   "--resample=lanczos", "--json=import.json")
        self.assert_done(outcome)
        made = self.load("import.json")
        self.assertEqual((made["channels"], made["height"], made["width"]), (3, 10, 12))

    def test_two_ranks_do_it_once(self):
        outcome = self.run_program("import", "images", "-o", "set.h5", ranks=2)
        self.assert_done(outcome)
        self.assertEqual(outcome.out.count("60 images"), 1, outcome)
        outcome = self.run_program("info", "set.h5", ranks=2)
        self.assert_done(outcome)
        self.assertEqual(outcome.out.count("60 images"), 1, outcome)

    def test_the_same_images_give_the_same_file(self):
        archive = shutil.make_archive(str(self.folder / "all"), "zip", self.folder, "images")
        for name in ("a.json", "b.json"):
            self.assert_done(self.run_program("import", archive, "-o", "set.h5"))
            self.assert_done(self.run_program("info", "set.h5", "--json=" + name))
        self.assertEqual(self.load("a.json"), self.load("b.json"))


class Tables(ProgramTest):
    """Images that do not lie in folders by class: IDX files and lists."""

    def setUp(self):
        super().setUp()
        self.write("images", idx((6, 4, 5), (i % 251 for i in range(120))))
        (self.folder / "labels.gz").write_bytes(gzip.compress(idx((6,), (2, 0, 1, 2, 0, 1))))
        for name in ("a.png", "b.png", "c.png"):
            (self.folder / name).write_bytes(png(4, 4, lambda x, y: 40 * x))

    def made(self, *words, **expected):
        self.assert_done(self.run_program("import", *words, "-o", "set.h5", "--json=import.json"))
        self.assert_done(self.run_program("info", "set.h5", "--json=info.json"))
        made = json.loads((self.folder / "import.json").read_text())
        found = json.loads((self.folder / "info.json").read_text())
        for key, value in expected.items():
            self.assertEqual(made[key], value, key)
            self.assertEqual(found[key], value, key)

    def refuse(self, problem, *words, code=BAD_DATA):
        before = self.names()
        outcome = self.run_program("import", *words, "-o", "set.h5")
        self.assert_refused(outcome, code, problem)
        self.assertEqual(self.names(), before, "nothing may be left behind")

    def test_idx(self):
        self.made("--idx", "images", "labels.gz", images=6, classes=3, height=4, width=5, channels=1)
        self.made("--idx=images", "labels.gz", "--size=8", "--channels=3", "--class-names=a,b,c", images=6, classes=3,
                  height=8, width=8, channels=3)

    def test_bad_idx(self):
        whole = (self.folder / "images").read_bytes()
        for name, content, why in (("cut", whole[:-1], "it holds 119"), ("longer", whole + b"1", "it holds more"),
                                   ("magic", b"\1" + whole[1:], "does not begin"),
                                   ("huge", idx((2**32 - 1, 4096, 4096), b"12"), "it holds 2"),
                                   ("fewer", idx((5, 4, 6), range(120)), "it has 5 images"),
                                   ("cut.gz", gzip.compress(whole)[:-9], "truncated")):
            with self.subTest(name):
                self.write(name, content)
                self.refuse((name, why), "--idx", name, "labels.gz")
        self.refuse(("labels.gz", "label 2"), "--idx", "images", "labels.gz", "--class-names=a,b")
        self.refuse(("labels.gz", "label 3", '"d"'), "--idx", "images", "labels.gz", "--class-names=a,b,c,d")
        self.refuse(("none", "no such file"), "--idx", "none", "labels.gz")
        self.refuse(("images", "one axis"), "--idx", "labels.gz", "images")

    def test_more_than_memory_holds(self):
        self.write("many", idx((40000, 1, 1), bytes(40000)))
        self.write("labels", idx((40000,), bytes(40000)))
        limit = ("sh", "-c", 'ulimit -v 8000000; exec "$@"', "sh")
        if self.run_program("--version", launcher=limit).code != DONE:
            self.skipTest("the program does not start with a limit of its memory, as sanitized ones do not")
        outcome = self.run_program("import", "--idx=many", "labels", "-o", "set.h5", "--size=4096", launcher=limit)
        self.assert_refused(outcome, BAD_DATA, ("do not fit into memory", "--size"))

    def test_list(self):
        self.write("set/labels.csv", 'file,label\n../a.png,"x, y"\n../b.png,z\n../c.png,z\n')
        self.made("--list", "set/labels.csv", images=3, classes=2, height=28, width=28, channels=1)
        self.made("--list=set/labels.csv", "--size=9", "--channels=3", images=3, classes=2, height=9, channels=3)

    def test_bad_list(self):
        self.write("labels.csv", "a.png,x\nnone.png,x\nlabels.csv,y\n")
        before = self.names()
        outcome = self.run_program("import", "--list=labels.csv", "-o", "set.h5")
        self.assert_refused(outcome, BAD_DATA, ("none.png", "line 2", "no file"), ("image labels.csv", "line 3", "PNG"))
        self.assertEqual(self.names(), before)
        outcome = self.run_program("import", "--list=labels.csv", "-o", "set.h5", "--skip-bad")
        self.assertEqual(outcome.code, DONE, outcome)
        self.assertIn("1 images", outcome.out)
        self.assertIn("all images of y were skipped", outcome.err)
        self.write("empty.csv", "")
        self.refuse(("empty.csv", "names no image"), "--list=empty.csv")

    def test_sources_that_contradict_each_other(self):
        self.refuse("--idx beside --list", "--idx=images", "labels.gz", "--list=l.csv", code=BAD_DECK)
        self.refuse("beside --list", "folder", "--list=l.csv", code=BAD_DECK)
        self.refuse(("source is missing", "labels"), "--idx=images", code=BAD_DECK)
        self.refuse("source is missing", code=BAD_DECK)
        self.refuse("--class-names without --idx", "folder", "--class-names=a", code=BAD_DECK)
        self.refuse("--class-names", "--idx=images", "labels.gz", "--class-names=a,,b", code=BAD_DECK)

    def test_an_image_of_the_list_is_not_replaced(self):
        self.write("labels.csv", "a.png,x\n")
        former = (self.folder / "a.png").read_bytes()
        outcome = self.run_program("import", "--list=labels.csv", "-o", "a.png")
        self.assert_refused(outcome, BAD_DATA, ("a.png", "list's folder"))
        self.assertEqual((self.folder / "a.png").read_bytes(), former)

    def test_fashion_mnist(self):
        if not FASHION.is_dir():
            self.skipTest("the package dataset-fashion-mnist is not installed")
        for part, images in (("train", 60000), ("t10k", 10000)):
            self.made("--idx", FASHION / (part + "-images-idx3-ubyte.gz"), FASHION / (part + "-labels-idx1-ubyte.gz"),
                      images=images, classes=10, height=28, width=28, channels=1)


class BadImages(ProgramTest):
    def setUp(self):
        super().setUp()
        image_tree(self.folder / "images")
        self.broken = self.folder / "images" / "group1" / "class2" / "image3.png"

    def refuse(self, problem, *words, **how):
        before = self.names()
        outcome = self.run_program("import", *words, **how)
        self.assert_refused(outcome, BAD_DATA, problem)
        self.assertEqual(self.names(), before, "nothing may be left behind")

    def test_corrupt_image_is_named(self):
        self.broken.write_bytes(self.broken.read_bytes()[:40])
        self.refuse("group1/class2/image3.png", "images", "-o", "set.h5")

    def test_corrupt_image_is_skipped_on_request(self):
        self.broken.write_bytes(b"\x89PNG\r\n\x1a\n nonsense")
        outcome = self.run_program("import", "images", "-o", "set.h5", "--skip-bad", "--json=import.json")
        self.assertEqual(outcome.code, DONE, outcome)
        made = json.loads((self.folder / "import.json").read_text())
        self.assertEqual(made["images"], 59)
        self.assertEqual(len(made["skipped"]), 1)
        self.assertIn("group1/class2/image3.png", made["skipped"][0])
        self.assertIn("image3.png", outcome.err)

    def test_many_skipped_images_are_counted(self):
        for i in range(30):
            self.broken.with_name("broken%d.png" % i).write_bytes(b"nonsense")
        lost = self.folder / "images" / "group2" / "lost"
        lost.mkdir()
        (lost / "a.heic").write_bytes(b"1")
        outcome = self.run_program("import", "images", "-o", "set.h5", "--skip-bad", "--json=import.json")
        self.assertEqual(outcome.code, DONE, outcome)
        made = json.loads((self.folder / "import.json").read_text())
        self.assertEqual(len(made["skipped"]), 31)
        self.assertEqual(made["lost_classes"], ["group2/lost"])
        self.assertIn("31 skipped", outcome.out)
        self.assertEqual(outcome.err.count("skipped group1/class2/broken"), 20)
        self.assertIn("and 11 more images", outcome.err)
        self.assertIn("all images of group2/lost were skipped", outcome.err)

    def test_small_image_that_expands_without_end(self):
        def chunk(kind, data):
            return struct.pack(">I", len(data)) + kind + data + struct.pack(">I", zlib.crc32(kind + data))
        self.broken.write_bytes(b"\x89PNG\r\n\x1a\n" + chunk(b"IHDR", struct.pack(">IIBBBBB", 10, 10, 8, 0, 0, 0, 0)) +
                                chunk(b"IDAT", zlib.compress(bytes(80 << 20))) + chunk(b"IEND", b""))
        self.refuse(("image3.png", "it expands to more"), "images", "-o", "set.h5")

    def test_images_of_one_colour_are_a_warning(self):
        for image in self.broken.parent.iterdir():
            image.write_bytes(png(4, 4, lambda x, y: 0))
        outcome = self.run_program("import", "images", "-o", "set.h5", "--json=import.json")
        self.assertEqual(outcome.code, DONE, outcome)
        self.assertIn("5 of 5 images of class group1/class2 are of one colour", outcome.err)
        self.assertEqual(json.loads((self.folder / "import.json").read_text())["of_one_colour"], {"group1/class2": 5})

    def test_missing_source(self):
        self.refuse("nowhere.zip", "nowhere.zip", "-o", "set.h5")

    def test_truncated_archive(self):
        archive = self.folder / shutil.make_archive(str(self.folder / "all"), "gztar", self.folder, "images")
        archive.write_bytes(archive.read_bytes()[:-100])
        self.refuse("all.tar.gz", "all.tar.gz", "-o", "set.h5")

    def test_no_images(self):
        (self.folder / "empty").mkdir()
        self.refuse("empty", "empty", "-o", "set.h5")

    def test_output_that_cannot_be_written(self):
        self.refuse(("no/such/set.h5", "does not exist"), "images", "-o", "no/such/set.h5")
        self.refuse(("images", "it is a folder"), "images", "-o", "images")
        self.refuse("/proc/", "images", "-o", "/proc/set.h5")

    def test_two_ranks_end_together(self):
        self.refuse("nowhere.zip", "nowhere.zip", "-o", "set.h5", ranks=2)

    def test_disk_full(self):
        launcher = self.small_disk(16)
        outcome = self.run_program("import", "images", "-o", "disk/set.h5", "--size=64", launcher=launcher)
        self.assert_refused(outcome, BAD_DATA, "disk/")
        self.assertEqual(self.on_small_disk(), [])

    def test_failed_import_leaves_the_former_set(self):
        self.assert_done(self.run_program("import", "images", "-o", "set.h5"))
        former = (self.folder / "set.h5").read_bytes()
        self.broken.write_bytes(b"nonsense")
        self.assertEqual(self.run_program("import", "images", "-o", "set.h5").code, BAD_DATA)
        self.assertEqual((self.folder / "set.h5").read_bytes(), former)


class BadFiles(ProgramTest):
    def refuse(self, name, *words, ranks=1):
        outcome = self.run_program("info", name, ranks=ranks)
        self.assert_refused(outcome, BAD_DATA, (name, *words))

    def test_missing(self):
        self.refuse("none.h5", "no such file")
        self.refuse("none.h5", "no such file", ranks=2)

    def test_not_hdf5(self):
        self.write("text.h5", "this is no HDF5\n" * 100)
        self.refuse("text.h5")
        self.write("empty.h5", "")
        self.refuse("empty.h5")

    def test_a_folder(self):
        (self.folder / "folder.h5").mkdir()
        self.refuse("folder.h5")

    def test_truncated(self):
        image_tree(self.folder / "images")
        self.assert_done(self.run_program("import", "images", "-o", "set.h5"))
        whole = (self.folder / "set.h5").read_bytes()
        for share in (0.1, 0.5, 0.95):
            with self.subTest(share):
                self.write("cut.h5", whole[:int(share * len(whole))])
                self.refuse("cut.h5")


if __name__ == "__main__":
    unittest.main(verbosity=2)
