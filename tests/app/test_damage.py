#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Checkpoints that something happened to: named with the reason and skipped, an error when asked for by path. And the
digests, as analysis/FORMAT.md describes them to others."""

import os
import random
import re
import shutil
import unittest
from pathlib import Path

import h5py

from cli import BAD_DATA, DONE, RESTART_REFUSED
from tiny_search import SearchTest

NEWEST = "checkpoint-00000012.h5"


def flipped(data, place, bit=0):
    return data[:place] + bytes([data[place] ^ (1 << bit)]) + data[place + 1:]


def weights_place(path):
    """Where /weights/values lies in the file."""
    with h5py.File(path, "r") as file:
        return file["weights/values"].id.get_offset()


class Damage(SearchTest):
    """A finished search with checkpoints at 4, 8 and 12 in run/; whole.h5 is a copy of the newest."""

    def setUp(self):
        super().setUp()
        self.write("deck.ini", self.deck())
        self.assert_done(self.run_program("search", "deck.ini", ranks=2, timeout=180))
        self.newest = self.folder / "run" / NEWEST
        shutil.copy(self.newest, self.folder / "whole.h5")
        self.whole = self.newest.read_bytes()

    def kinds(self):
        """name, bytes of the damaged file, words of the reason"""
        half = len(self.whole) // 2
        return (("zero-length", b"", "HDF5"), ("truncated", self.whole[:half], "truncated"),
                ("one byte short", self.whole[:-1], "truncated"), ("zeros", bytes(len(self.whole)), "HDF5"),
                ("flipped bit", flipped(self.whole, weights_place(self.folder / "whole.h5") + 1000), "/weights/values"))

    def test_latest_skips_it_and_ends_the_same(self):
        for name, data, reason in self.kinds():
            with self.subTest(name):
                self.newest.write_bytes(data)
                outcome = self.run_program("search", "deck.ini", "--restart=latest", ranks=2, timeout=180)
                self.assert_done(outcome)
                warnings = [line for line in outcome.err.splitlines() if NEWEST in line and "damaged" in line]
                self.assertEqual(len(warnings), 1, outcome)
                self.assertIn(reason, warnings[0])
                self.assertIn("checkpoint-00000008.h5", outcome.err)
                self.assert_same(self.newest, self.folder / "whole.h5")

    def test_by_path_it_is_an_error(self):
        for name, data, reason in self.kinds():
            with self.subTest(name):
                self.write("run/bad.h5", data)
                before = self.names()
                for command in (["search", "deck.ini", "--restart=run/bad.h5"],
                                ["evaluate", "run/bad.h5", "--tasks=2"], ["info", "run/bad.h5"]):
                    outcome = self.run_program(*command, ranks=2, timeout=180)
                    self.assert_refused(outcome, BAD_DATA, ("run/bad.h5", reason))
                self.assertEqual(self.names(), before)

    def test_half_renamed(self):
        """Killed before the rename: the temporary file is there, and the link points to nothing."""
        self.newest.rename(self.folder / "run" / (".%s.partial" % NEWEST))
        outcome = self.run_program("search", "deck.ini", "--restart=run/latest.h5")
        self.assert_refused(outcome, RESTART_REFUSED, ("run/latest.h5", NEWEST))
        outcome = self.run_program("search", "deck.ini", "--restart=latest", ranks=2, timeout=180)
        self.assert_done(outcome)
        self.assertIn("points to " + NEWEST, outcome.err)
        self.assert_same(self.newest, self.folder / "whole.h5")
        self.assertEqual([name for name in self.names("run") if "partial" in name], [])

    def test_any_bit(self):
        """Found, or the file says what it said before."""
        self.assert_done(self.run_program("info", "whole.h5", "--json=whole.json"))
        told = (self.folder / "whole.json").read_text().replace("whole.h5", "bad.h5")
        draw = random.Random(5)
        found = 0
        for _ in range(60):
            place, bit = draw.randrange(len(self.whole)), draw.randrange(8)
            self.write("bad.h5", flipped(self.whole, place, bit))
            outcome = self.run_program("info", "bad.h5", "--json=bad.json")
            if outcome.code == DONE:
                self.assertEqual((self.folder / "bad.json").read_text(), told, (place, bit))
            else:
                self.assert_refused(outcome, BAD_DATA, "bad.h5")
                found += 1
        self.assertGreater(found, 20)


class Digests(SearchTest):
    def verify(self):
        """The function of that name in FORMAT.md."""
        text = (Path(os.environ["ATNAS_SOURCE_DIR"]) / "analysis/FORMAT.md").read_text()
        code = [block for block in re.findall(r"```python\n(.*?)```", text, re.S) if "def verify" in block]
        names = {}
        exec(code[0], names)
        return names["verify"]

    def digest(self, path):
        with h5py.File(path, "r") as file:
            return file.attrs["digest"], file["provenance"].attrs["digest"]

    def test_anybody_can_verify_them(self):
        path = self.search("one")
        verify = self.verify()
        verify(path)
        with h5py.File(path, "r+") as file:
            file["islands/fitness"][0, 0] += 1
        with self.assertRaises(AssertionError):
            verify(path)
        self.assert_refused(self.run_program("info", path), BAD_DATA, ("latest.h5", "/islands/fitness"))

    def test_equal_results_have_equal_digests(self):
        one, two = self.search("one"), self.search("two", "--run.seed=1", ranks=2)
        self.assertEqual(self.digest(one)[0], self.digest(two)[0])
        self.assertNotEqual(self.digest(one)[1], self.digest(two)[1], "another command line")
        self.assertNotEqual(self.digest(one)[0], self.digest(self.search("seed", "--run.seed=2"))[0])


if __name__ == "__main__":
    unittest.main(verbosity=2)
