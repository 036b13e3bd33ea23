# SPDX-License-Identifier: Apache-2.0
"""A search of seconds that does everything a run does, and how its results are compared."""

import subprocess

from cli import ProgramTest

# Three islands, migration, two generations between checkpoints: everything a run does, in seconds.
DECK = """[run]
iterations = 12
checkpoint_every = 4
keep = 5
folder = run
[data]
strokes_classes = 40
strokes_per_group = 5
strokes_images = 4
strokes_size = 12
[task]
way = 3
query = 2
[space]
kind = cell
channels = 4
cells = 2
reductions = 1
head = {head}
[meta]
inner_steps = 1
batch = 5
learner = {learner}
optimizer = {optimizer}
[evo]
islands = 3
population = 3
elite = 1
offspring = 1
generation_every = 2
fitness_tasks = 3
[migration]
interval = 1
topology = full
"""


def numbers_of_ranks(islands):
    """Up to four, of which every one has an island."""
    return range(1, min(4, islands) + 1)


class SearchTest(ProgramTest):
    def deck(self, head="proto", learner="fomaml", optimizer="adam"):
        return DECK.format(head=head, learner=learner, optimizer=optimizer)

    def search(self, place, *words, ranks=1, deck=None):
        """A search in a folder of its own; returns its newest checkpoint. The deck names no absolute place."""
        self.write(place + "/deck.ini", deck or self.deck())
        top, self.folder = self.folder, self.folder / place
        try:
            self.assert_done(self.run_program("search", "deck.ini", *words, ranks=ranks, timeout=180))
        finally:
            self.folder = top
        return self.folder / place / "run" / "latest.h5"

    def assert_same(self, a, b):
        found = subprocess.run(["h5diff", "--exclude-path=/provenance", str(a), str(b)], capture_output=True, text=True)
        self.assertEqual(found.returncode, 0, found.stdout + found.stderr)

    def assert_different(self, a, b):
        self.assertEqual(subprocess.run(["h5diff", "--exclude-path=/provenance", str(a), str(b)], capture_output=True).returncode, 1)
