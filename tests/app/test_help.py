#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The help of every subcommand: it fits a screen, and the example that it ends with works."""

import os
import re
import shutil
import unittest
from pathlib import Path

from cli import ProgramTest, image_tree, png

# Appended to an example, so that it takes seconds. The examples run in this order: each uses what others made.
SMALLER = {
    "import": (),
    "search": ("--run.iterations=2", "--run.checkpoint_every=2", "--evo.generation_every=1", "--evo.fitness_tasks=2",
               "--space.channels=4", "--space.cells=2", "--space.reductions=1", "--data.strokes_classes=60",
               "--data.strokes_images=8"),
    "evaluate": ("--way=2",),
    "train": ("--epochs=1", "--evaluations=2", "--trial-steps=1", "--trial-images=4", "--batch=4", "--micro-batch=4"),
    "adapt": ("--evaluations=2", "--steps=1"),
    "predict": (),
    "info": (),
    "bench": ("--steps=0",),
    "devices": (),
}


class Help(ProgramTest):
    def help_of(self, *command):
        outcome = self.run_program(*command, "--help")
        self.assert_done(outcome)
        self.assertEqual(outcome.err, "")
        lines = outcome.out.splitlines()
        self.assertLessEqual(len(lines), 50, outcome.out)
        self.assertLessEqual(max(map(len, lines)), 100, outcome.out)
        return lines

    def test_of_the_program(self):
        listed = [match.group(1) for line in self.help_of() if (match := re.match(r"  ([a-z]+) +\w", line))]
        self.assertCountEqual(listed, SMALLER)

    def test_examples_work(self):
        (self.folder / "inputs").mkdir()
        shutil.copy(Path(os.environ["ATNAS_SOURCE_DIR"], "inputs/quickstart.ini"), self.folder / "inputs")
        image_tree(self.folder, groups=1, classes=3, images=8, size=28)
        (self.folder / "group0").rename(self.folder / "my_images")
        self.write("photos/one.png", png(28, 28, lambda x, y: (x * y) % 256))
        for command, smaller in SMALLER.items():
            with self.subTest(command=command):
                lines = self.help_of(command)
                self.assertEqual(lines[0].split(": ")[0], "atnas " + command)
                self.assertEqual(lines[-2], "Example:")
                found = re.fullmatch(r"  (?:mpirun -n (\d) )?atnas (.*)", lines[-1])
                self.assertTrue(found, lines[-1])
                before = set(self.names())
                outcome = self.run_program(*found.group(2).split(), *smaller, ranks=int(found.group(1) or 1))
                self.assert_done(outcome)
                for name in re.findall(r"(?:-o |--json=)(\S+)", lines[-1]):
                    self.assertIn(name, self.names())
                    self.assertTrue(name not in before or name == "answers.csv", name)
        self.assertIn("runs/quickstart/latest.h5", self.names())


if __name__ == "__main__":
    unittest.main(verbosity=2)
