#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Help, decks and the command line; everything wrong with them is said at once."""

import os
import re
import unittest

from cli import BAD_DECK, ProgramTest, deck_value


class Help(ProgramTest):
    def test_help_of_the_program_and_of_every_subcommand(self):
        outcome = self.run_program("--help")
        self.assert_done(outcome)
        for command in ("import", "search", "evaluate", "adapt", "info", "bench"):
            self.assertIn(command, outcome.out)
            of_command = self.run_program(command, "--help")
            self.assert_done(of_command)
            self.assertIn("Usage: atnas " + command, of_command.out)
            self.assertEqual(of_command.err, "")

    def test_version(self):
        outcome = self.run_program("--version")
        self.assert_done(outcome)
        self.assertRegex(outcome.out, r"^atnas \d+\.\d+\.\d+\n$")

    def test_it_starts_without_home(self):
        """As under services and in bare environments; Open MPI 5 needs it."""
        home = os.environ.pop("HOME", None)
        if home is not None:
            self.addCleanup(os.environ.__setitem__, "HOME", home)
        self.assert_done(self.run_program("--version"))

    def test_rank_0_alone_prints(self):
        outcome = self.run_program("--version", ranks=2)
        self.assert_done(outcome)
        self.assertEqual(outcome.out.count("atnas"), 1, outcome)


class DumpDeck(ProgramTest):
    def dump(self, *words):
        outcome = self.run_program("search", *words, "--dump-deck")
        self.assert_done(outcome)
        return outcome.out

    def test_it_reads_back_to_itself(self):
        text = self.dump("--meta.inner_steps=3", "--data.test=Greek,Japanese_(katakana)", "--evo.founder=og_v2",
                         "--run.folder=a ;b")
        self.assertEqual(deck_value(text, "meta", "inner_steps"), "3")
        self.assertEqual(deck_value(text, "run", "folder"), '"a ;b"')
        self.write("dump.ini", text)
        self.assertEqual(self.dump("dump.ini"), text)

    def test_every_key_has_its_meaning_and_default(self):
        text = self.dump()
        keys = re.findall(r"^(\w+) =", text, re.M)
        explained = re.findall(r"^# [^\n]+\n# [^\n]+; default [^\n]+; (?:frozen|may change) on restart\n\w+ =", text, re.M)
        self.assertGreater(len(keys), 70)
        self.assertEqual(len(keys), len(explained))

    def test_precedence(self):
        self.write("x.ini", "[meta]\nbatch = 16\nrate = 0.5\n")
        text = self.dump("x.ini", "--meta.batch=32")
        self.assertEqual(deck_value(text, "meta", "batch"), "32")
        self.assertEqual(deck_value(text, "meta", "rate"), "0.5")
        self.assertEqual(deck_value(text, "meta", "inner_steps"), "5")
        self.assertEqual(deck_value(text, "run", "folder"), "runs/x")

    def test_nothing_is_written(self):
        self.dump()
        self.assertEqual(self.names(), [])


class BadDeck(ProgramTest):
    def refuse(self, text, problems, *words, ranks=1):
        self.write("bad.ini", text)
        outcome = self.run_program("search", "bad.ini", *words, ranks=ranks)
        self.assert_refused(outcome, BAD_DECK, *problems)
        self.assertEqual(self.names(), ["bad.ini"])
        return outcome

    def test_misspelt_key(self):
        self.refuse("[meta]\niner_steps = 3\n", [("bad.ini:2", "meta.iner_steps = 3", "did you mean meta.inner_steps?")])

    def test_unknown_section(self):
        self.refuse("[evolution]\npopulation = 3\n", [("evolution.population = 3", "[evolution]", "evo.population")])

    def test_wrong_types(self):
        self.refuse("[meta]\ninner_steps = many\nrate = 1e\n[task]\nway = 5.5\ntransductive = maybe\n",
                    [("bad.ini:2", "meta.inner_steps = many", "not an integer"), ("bad.ini:3", "meta.rate = 1e", "not a number"),
                     ("bad.ini:5", "task.way = 5.5", "not an integer"), ("task.transductive = maybe", "true and false")])

    def test_ranges_and_choices(self):
        self.refuse("[task]\nway = 1\n[evo]\nmutation_rate = 1.5\n[space]\nhead = protot\n[data]\ntest_fraction = nan\n",
                    [("task.way = 1", "2 ... 10000"), ("evo.mutation_rate = 1.5", "0 ... 1"),
                     ("space.head = protot", "proto,cosine,zero,linear"), ("data.test_fraction = nan", "finite")])

    def test_bad_lines_and_repetition(self):
        self.refuse("seed = 1\n[run\nnonsense\n[run]\nseed = 1\nseed = 2\n",
                    ["bad.ini:1: ", "bad.ini:2: ", "bad.ini:3: ", ("bad.ini:6: ", "run.seed = 2", "line 5")])

    def test_impossible_combinations(self):
        self.refuse("[evo]\nelite = 6\ntournament = 9\n[space]\nhead = linear\n[task]\ntrain_way = 20\n[meta]\nbatch = 1\n",
                    [("evo.elite = 6", "evo.population = 8"), ("evo.tournament = 9", "evo.population = 8"),
                     ("task.train_way = 20", "linear"), ("meta.batch = 1", "evo.islands = 2")])

    def test_reductions_outside_the_cells(self):
        self.refuse("[space]\nreductions = 1,7\n", [("space.reductions = 1, 7", "4")])

    def test_founder_that_is_no_encode(self):
        outcome = self.refuse("[evo]\nfounder = normal=nothing\n", ["evo.founder"])
        self.assertIn("nothing", outcome.err)

    def test_everything_at_once_in_deck_and_command_line(self):
        self.refuse("[meta]\niner_steps = 3\nbatch = x\n",
                    ["meta.iner_steps", "meta.batch = x", ("command line", "run.sed = 1", "run.seed"),
                     ("--dryrun", "--dry-run"), ("second.ini", "too many")],
                    "--run.sed=1", "--dryrun", "second.ini")

    def test_two_ranks_say_it_once(self):
        self.refuse("[meta]\niner_steps = 3\n", ["meta.iner_steps"], ranks=2)

    def test_missing_deck(self):
        outcome = self.run_program("search", "none.ini", ranks=2)
        self.assert_refused(outcome, BAD_DECK, ("none.ini", "no such file"))


class BadArguments(ProgramTest):
    def refuse(self, words, *problems):
        outcome = self.run_program(*words)
        self.assert_refused(outcome, BAD_DECK, *problems)
        self.assertEqual(self.names(), [])

    def test_subcommands(self):
        self.refuse([], "no subcommand")
        self.refuse(["evalute", "x.h5"], ("evalute", "did you mean \"evaluate\"?"))

    def test_options(self):
        self.refuse(["evaluate", "--tsks=3", "--way=one", "--meta.rte=1"], ("--tsks=3", "--tasks"),
                    ("--way", "one", "not an integer"), ("meta.rte", "meta.rate"), "checkpoint.h5 is missing")
        self.refuse(["bench", "--backend=gpu"], ("--backend", "runtime.backend = gpu", "auto,reference,onednn,cuda"))
        self.refuse(["import"], "source is missing", ("--output", "missing"))
        self.refuse(["info"], "file.h5 is missing")
        self.refuse(["info", "--json"], ("--json", "missing"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
