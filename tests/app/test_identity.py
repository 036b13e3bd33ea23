#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What files belong together: data sets are known by their content, splits by their classes, files by their versions."""

import json
import shutil
import unittest

import h5py

from cli import BAD_DATA, BAD_DECK, FAILED, RESTART_REFUSED, image_tree
from digests import described, rewrite
from tiny_search import SearchTest


class IdentityTest(SearchTest):
    def make_set(self, name, size=12, **how):
        shutil.rmtree(self.folder / "images", ignore_errors=True)
        image_tree(self.folder / "images", **how)
        self.assert_done(self.run_program("import", "images", "-o", name, "--size=%d" % size))
        return self.folder / name

    def run_here(self, *words, ranks=1):
        self.write("deck.ini", self.deck())
        return self.run_program("search", "deck.ini", *words, ranks=ranks, timeout=180)

    def search_here(self, *words, ranks=1):
        self.assert_done(self.run_here(*words, ranks=ranks))
        return self.folder / "run/latest.h5"

    def digest(self, data_set):
        with h5py.File(data_set, "r") as file:
            return file.attrs["digest"].decode()


class DataSets(IdentityTest):
    def test_digest_is_of_the_content_alone(self):
        one = self.make_set("one.h5")
        (self.folder / "images").rename(self.folder / "elsewhere")
        self.assert_done(self.run_program("import", "elsewhere", "-o", "two.h5", "--size=12"))
        self.assertEqual(self.digest(one), self.digest(self.folder / "two.h5"))
        self.assertEqual(described()["data_set_digest"](one), self.digest(one))
        self.assertNotEqual(self.digest(one), self.digest(self.make_set("three.h5", images=6)))
        outcome = self.run_program("info", "one.h5", "--json=one.json")
        self.assertIn(self.digest(one), outcome.out)
        self.assertEqual(json.loads((self.folder / "one.json").read_text())["digest"], self.digest(one))

    def test_other_content_under_the_same_name_is_refused(self):
        data = self.make_set("set.h5")
        before = self.digest(data)
        checkpoint = self.search_here("--data.source=set.h5")
        with h5py.File(checkpoint, "r") as file:
            self.assertEqual(file["data"].attrs["digest"].decode(), before)
            self.assertEqual(file["data"].attrs["source"], b"set.h5")
            self.assertEqual(sum(len(file["data/" + role]) for role in ("train", "validation", "test")), 12)
        self.assertIn(before, self.run_program("info", checkpoint).out)
        after = self.digest(self.make_set("set.h5", images=6))
        for ranks in (1, 2):
            outcome = self.run_here("--data.source=set.h5", "--restart=latest", "--run.iterations=14", ranks=ranks)
            self.assert_refused(outcome, RESTART_REFUSED, ("set.h5", before, after))

    def test_it_may_move(self):
        data = self.make_set("set.h5")
        checkpoint = self.search_here("--data.source=set.h5", "--run.iterations=4")
        data.rename(self.folder / "moved.h5")
        self.assert_refused(self.run_here("--data.source=set.h5", "--restart=latest"), BAD_DATA, "set.h5")
        outcome = self.run_here("--data.source=moved.h5", "--restart=latest")
        self.assert_done(outcome)
        self.assertNotIn("differs", outcome.err)
        with h5py.File(checkpoint, "r") as file:
            self.assertEqual(file.attrs["reproducible"], 1)
            self.assertEqual(file["data"].attrs["source"], b"moved.h5")

    def test_files_without_a_digest_have_one_all_the_same(self):
        data = self.make_set("set.h5")
        digest = self.digest(data)
        with h5py.File(data, "r+") as file:
            del file.attrs["digest"]
        self.assertIn(digest, self.run_program("info", data).out)

    def test_content_that_is_not_what_was_written(self):
        data = self.make_set("set.h5")
        with h5py.File(data, "r+") as file:
            file["images"][0, 0, 0, 0] ^= 1
        self.assert_refused(self.run_program("info", data), BAD_DATA, ("set.h5", "not what was written"))

    def test_the_built_in_set_has_an_identity(self):
        checkpoint = self.search_here("--run.iterations=4")
        rewrite(checkpoint, lambda file: file["data"].attrs.modify("digest", b"0123456789abcdef"))
        outcome = self.run_here("--restart=latest")
        self.assert_refused(outcome, RESTART_REFUSED, ("strokes", "0123456789abcdef"))

    def test_more_than_the_file_holds(self):
        data = self.make_set("set.h5")
        for kind in ({}, {"chunks": (1, 1, 12, 12)}, {"chunks": (1, 1, 12, 12), "compression": "gzip"}):
            with self.subTest(str(kind)):
                with h5py.File(data, "r+") as file:
                    del file["images"]
                    file.create_dataset("images", (70000000, 1, 12, 12), dtype="u1", **kind)
                outcome = self.run_program("info", data, launcher=["sh", "-c", 'ulimit -v 4000000; exec "$@"', "sh"])
                self.assert_refused(outcome, BAD_DATA, ("set.h5", "/images", "declares"))


class Splits(IdentityTest):
    def evaluate(self, *words):
        return self.run_program("evaluate", "run/latest.h5", "--tasks=3", "--json=e.json", "--output=e.h5", *words)

    def document(self):
        return json.loads((self.folder / "e.json").read_text())

    def test_classes_that_were_trained_on_are_no_test(self):
        self.search_here()
        for words in (["--data.split_seed=5"], ["--data.split_by=classes"]):
            outcome = self.evaluate(*words)
            self.assertEqual(outcome.code, BAD_DECK, outcome)
            self.assertTrue(any("trained on" in line and "--allow-seen" in line for line in outcome.errors), outcome)
        self.assertNotIn("e.json", self.names())
        # Before a device is taken: where there is none, people would only hear of that.
        outcome = self.evaluate("--data.split_seed=5", "--runtime.backend=cuda")
        self.assertTrue(any("trained on" in line for line in outcome.errors), outcome)
        outcome = self.evaluate("--data.split_seed=5", "--allow-seen")
        self.assert_done(outcome)
        self.assertIn("not the accuracy on unseen ones", outcome.out)
        self.assertGreater(self.document()["seen_classes"], 0)
        with h5py.File(self.folder / "e.h5", "r") as file:
            self.assertEqual(file.attrs["seen_classes"], self.document()["seen_classes"])

    def test_what_is_asked_for_by_name_is_told(self):
        self.search_here()
        outcome = self.evaluate("--split=train")
        self.assert_done(outcome)
        self.assertIn("not the accuracy on unseen ones", outcome.out)
        self.assertEqual(self.document()["seen_classes"], self.document()["classes"])

    def test_names_may_leave_none_for_test(self):
        self.make_set("set.h5")
        words = ["--data.source=set.h5", "--data.train=group0", "--data.validation=group1,group2"]
        checkpoint = self.search_here(*words, "--run.iterations=8")
        self.assertIn("0 test", self.run_here(*words, "--run.folder=other", "--dry-run").out)
        with h5py.File(checkpoint, "r") as file:
            self.assertEqual([len(file["data/" + role]) for role in ("train", "validation", "test")], [4, 8, 0])
        self.assert_refused(self.evaluate(), BAD_DECK, ("no class is left for test", "data.test"))
        self.assert_done(self.evaluate("--split=validation"))
        self.assert_done(self.run_program("info", checkpoint))
        self.assert_done(self.run_here(*words, "--restart=latest"))
        described()["verify"](checkpoint)
        for role, words in (("validation", ["--data.train=group0"]),
                            ("train", ["--data.validation=group0", "--data.test=group1,group2"])):
            outcome = self.run_here("--data.source=set.h5", "--run.folder=other", *words)
            self.assert_refused(outcome, BAD_DECK, ("no class is left for " + role, "data." + role))

    def test_other_data_with_the_same_names(self):
        self.make_set("set.h5")
        self.search_here("--data.source=set.h5")
        self.make_set("more.h5", images=6)
        self.assert_done(self.evaluate("--data=more.h5"))
        self.assertEqual(self.document()["seen_classes"], 0)
        names = {}
        with h5py.File(self.folder / "run/latest.h5", "r") as file:
            for role in ("train", "validation", "test"):
                names[role] = file["data/" + role].asstr()[0].split("/")[0]
        outcome = self.evaluate("--data=more.h5", "--data.test=" + names["train"], "--data.train=" + names["test"],
                                "--data.validation=" + names["validation"])
        self.assert_done(outcome)
        self.assertIn("the search used 4 of these 4 classes", outcome.out)

    def test_running_statistics_are_those_of_the_search(self):
        self.make_set("set.h5")
        self.search_here("--data.source=set.h5", "--task.statistics=running")
        words = ["--statistics=running", "--query=2"]
        # They do not follow the tasks that are asked for.
        self.assert_done(self.evaluate(*words, "--way=2"))
        with h5py.File(self.folder / "e.h5", "r") as file:
            losses = file["tasks/loss"][:].tolist()
        self.assert_done(self.evaluate(*words, "--tasks-of=2x1,3x1"))
        with h5py.File(self.folder / "e.h5", "r") as file:
            self.assertEqual(file["2x1/tasks/loss"][:].tolist(), losses)
        self.make_set("one.h5", groups=1, classes=5, images=6)
        other = ["--query=2", "--data=one.h5", "--split=all"]
        self.assert_done(self.evaluate(*other, "--statistics=running"))
        self.make_set("large.h5", size=16, groups=1, classes=5, images=6)
        large = ["--query=2", "--data=large.h5", "--split=all"]
        self.assert_refused(self.evaluate(*large, "--statistics=running"), BAD_DATA,
                            ("large.h5 has images of 1 x 16 x 16", "of 1 x 12 x 12", "--statistics=support"))
        self.assert_done(self.evaluate(*large, "--statistics=support"))
        self.make_set("set.h5", images=7)
        self.assert_refused(self.evaluate(*other, "--statistics=running"), BAD_DATA,
                            ("set.h5 holds other data", "training tasks", "--statistics=support"))
        self.assert_done(self.evaluate(*other, "--statistics=support"))

    def test_all_classes_of_other_data(self):
        self.make_set("set.h5")
        self.search_here("--data.source=set.h5", "--data.train=group0", "--data.validation=group1,group2")
        self.make_set("one.h5", groups=1, classes=5, images=6)
        refused = self.evaluate("--data=one.h5")
        self.assertEqual(refused.code, BAD_DECK, refused)
        self.assert_done(self.evaluate("--data=one.h5", "--split=all"))
        document = self.document()
        self.assertEqual((document["split"], document["classes"], document["seen_classes"]), ("all", 5, 0))
        with h5py.File(self.folder / "e.h5", "r") as file:
            self.assertEqual(file.attrs["split"], b"all")
        outcome = self.evaluate("--split=all")
        self.assert_refused(outcome, BAD_DECK, ("4 of the 12 classes", "trained on", "--allow-seen"),
                            ("8 of the 12 classes", "chose encodes by"))
        outcome = self.evaluate("--split=all", "--allow-seen")
        self.assert_done(outcome)
        self.assertIn("the search used 12 of these 12 classes", outcome.out)

    def test_evaluations_say_what_they_are_of(self):
        checkpoint = self.search_here()
        self.assert_done(self.evaluate("--seed=%d" % (2**64 - 1), "--transductive=false"))
        document = self.document()
        with h5py.File(checkpoint, "r") as file:
            wanted = {"seed": 2**64 - 1, "split": "test", "data": "strokes",
                      "data_digest": file["data"].attrs["digest"].decode(), "checkpoint": "run/latest.h5", "checkpoint_digest": file.attrs["digest"].decode(), "iteration": 12,
                      "statistics": "support", "seen_classes": 0, "classes": len(file["data/test"])}
        told = self.run_program("info", "e.h5").out
        with h5py.File(self.folder / "e.h5", "r") as file:
            for name, value in wanted.items():
                stored = file.attrs[name]
                stored = stored.decode() if isinstance(stored, bytes) else stored
                self.assertEqual(stored, str(value) if name == "seed" else value, name)
                self.assertEqual(document[name], value)
                self.assertIn("%s %s\n" % (name, value), told)

    def test_one_task_has_no_interval(self):
        self.search_here()
        outcome = self.run_program("evaluate", "run/latest.h5", "--tasks=1", "--json=e.json", "--output=e.h5")
        self.assert_done(outcome)
        self.assertIn("single task", outcome.out)
        self.assertNotIn("+-", outcome.out)
        self.assertIsNone(self.document()["ci95"])


class Versions(IdentityTest):
    def test_another_version_is_named_and_left_alone(self):
        checkpoint = self.search_here().resolve()
        for version, word in ((99, "newer"), (2, "older")):
            with h5py.File(checkpoint, "r+") as file:
                file.attrs.modify("atnas.version", version)
            whole = checkpoint.read_bytes()
            before = self.names()
            for words in (["--restart=latest"], ["--restart=run/checkpoint-00000008.h5"], ["--restart=run/latest.h5"]):
                outcome = self.run_here(*words, ranks=2)
                self.assert_refused(outcome, BAD_DATA, (checkpoint.name, "version %d" % version, word))
                self.assertNotIn("damaged", outcome.err)
            for command in ("evaluate", "info"):
                self.assert_refused(self.run_program(command, "run/latest.h5"), BAD_DATA, ("version %d" % version, word))
            self.assertEqual(checkpoint.read_bytes(), whole)
            self.assertEqual(self.names(), before)


class Impossible(IdentityTest):
    """Well-formed, with digests that are right."""

    def test_it_is_named(self):
        whole = self.search_here().resolve()
        bad = self.folder / "bad.h5"

        def set_gene(value):
            def change(file):
                file["islands/genotypes"][0, 0, 2] = value
            return change

        def shorten(file):
            values = file["islands/fitness"][:, :-1]
            del file["islands/fitness"]
            file["islands/fitness"] = values

        def spoil(file):
            file["optimizer/second_moment"][0] = float("nan")

        for object_name, change in (
                ("/islands/genotypes", set_gene(-1)), ("/islands/genotypes", set_gene(100)), ("/islands/fitness", shorten),
                ("/counters@iteration", lambda file: file["counters"].attrs.modify("iteration", -5)),
                ("/optimizer/second_moment", spoil)):
            shutil.copy(whole, bad)
            rewrite(bad, change)
            for command in (["info", "bad.h5"], ["evaluate", "bad.h5", "--tasks=2"],
                            ["search", "deck.ini", "--restart=bad.h5", "--run.folder=other"]):
                with self.subTest(object_name, command=command[0]):
                    self.assert_refused(self.run_program(*command), BAD_DATA, ("bad.h5", object_name))


class NothingLearned(IdentityTest):
    def test_all_steps_skipped(self):
        outcome = self.run_here("--meta.inner_rate=1e30")
        self.assert_refused(outcome, FAILED, ("nothing was learned", "12 steps", "meta.inner_rate"))
        self.assertIn("no individual has a fitness", outcome.err)
        self.assertNotIn("-100", outcome.err)
        self.assert_refused(self.run_here("--meta.inner_rate=1e30", "--restart=latest"), FAILED, "nothing was learned")

    def test_weights_that_are_no_numbers(self):
        outcome = self.run_here("--meta.rate=1e39")
        self.assert_refused(outcome, FAILED, ("not finite any more", "meta.rate"))
        self.assertEqual([name for name in self.names("run") if name.endswith(".h5")], [])

    def test_nobody_has_a_fitness_at_the_end(self):
        self.search_here("--run.iterations=4")
        outcome = self.run_here("--restart=latest", "--run.iterations=6", "--meta.inner_rate=1e30")
        self.assert_refused(outcome, FAILED, ("nothing was found", "meta.inner_rate"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
