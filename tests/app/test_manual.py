#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""The manual pages and the completion of bash, which are made from the tables of options. ATNAS_MANUAL is their folder;
where it is not given, neither is their program built."""

import os
import re
import shutil
import subprocess
import unittest
from pathlib import Path

from cli import ProgramTest

COMMANDS = ("import", "search", "evaluate", "train", "adapt", "predict", "info", "bench", "devices")
MANUAL = Path(os.environ.get("ATNAS_MANUAL", ""))


class ManualTest(ProgramTest):
    def options_of(self, command):
        """Names of the options that the help of a command lists."""
        outcome = self.run_program(command, "--help")
        self.assert_done(outcome)
        names = re.findall(r"^  (?:-\w \[ )?(--[\w-]+)(?= |$)", outcome.out, re.M)
        self.assertIn("--json", names)
        return names


class Pages(ManualTest):
    def test_one_for_the_program_and_for_each_command(self):
        self.assertCountEqual([page.name for page in (MANUAL / "man1").iterdir()],
                              ["atnas.1", *("atnas-%s.1" % command for command in COMMANDS)])

    @unittest.skipUnless(shutil.which("groff"), "no groff here")
    def test_they_render_without_warnings_and_name_every_option(self):
        for page in sorted((MANUAL / "man1").iterdir()):
            with self.subTest(page=page.name):
                found = subprocess.run(["groff", "-man", "-Tascii", "-ww", "-P-c", "-rLL=100n", str(page)],
                                       capture_output=True, text=True)
                self.assertEqual((found.returncode, found.stderr), (0, ""))
                text = re.sub(".\b", "", found.stdout)
                for heading in ("NAME", "SYNOPSIS", "EXIT STATUS"):
                    self.assertIn("\n%s\n" % heading, text)
                command = page.stem.partition("-")[2]
                if not command:
                    for name in COMMANDS:
                        self.assertIn("atnas-%s(1)" % name, text)
                    continue
                for option in self.options_of(command):
                    self.assertRegex(text, r"(?m)^ +(-\w, )?%s(=|$| )" % option)
                example = self.run_program(command, "--help").out.splitlines()[-1].strip()
                self.assertIn(example, text)


class Completion(ManualTest):
    def complete(self, *words):
        """What bash offers for the last word, after it split the line as it does."""
        split = [part for word in words for part in re.split("(=)", word) if part or not word]
        script = 'source "$1"; shift; COMP_WORDS=("$@"); COMP_CWORD=$(($# - 1)); _atnas; printf "%s\\n" "${COMPREPLY[@]}"'
        found = subprocess.run(["bash", "-uc", script, "bash", str(MANUAL / "completions" / "atnas"), "atnas", *split],
                               capture_output=True, text=True, cwd=self.folder)
        self.assertEqual((found.returncode, found.stderr), (0, ""))
        return found.stdout.split()

    def test_bash_knows_it(self):
        found = subprocess.run(["bash", "-c", 'source "$1"; complete -p atnas', "bash", str(MANUAL / "completions" / "atnas")],
                               capture_output=True, text=True)
        self.assertEqual(found.stdout, "complete -F _atnas atnas\n")

    def test_commands(self):
        self.assertCountEqual(self.complete(""), [*COMMANDS, "--help", "--version"])
        self.assertEqual(self.complete("se"), ["search"])

    def test_options(self):
        for command in COMMANDS:
            offered = self.complete(command, "--")
            for option in self.options_of(command):
                self.assertTrue({option, option + "="} & set(offered), "%s %s" % (command, option))
        self.assertEqual(self.complete("search", "--dr"), ["--dry-run"])
        self.assertEqual(self.complete("search", "--rest"), ["--restart="])

    def test_values(self):
        self.write("latent.h5", "")
        self.assertEqual(self.complete("adapt", "c.h5", "--search=")[:3], ["islands", "random", "none"])
        self.assertEqual(self.complete("adapt", "c.h5", "--search=ra"), ["random"])
        self.assertEqual(self.complete("adapt", "c.h5", "--search", "ra"), ["random"])
        self.assertCountEqual(self.complete("search", "--restart=late"), ["latest", "latent.h5"])
        self.assertEqual(self.complete("evaluate", "c.h5", "-o", "late"), ["latent.h5"])
        self.assertEqual(self.complete("search", "d.ini", "--walltime="), [])

    def test_paths_after_a_flag(self):
        self.write("deck.ini", "")
        self.assertEqual(self.complete("search", "--dry-run", "de"), ["deck.ini"])

    def test_deck_keys(self):
        self.assertIn("--meta.", self.complete("search", "--"))
        self.assertEqual(self.complete("search", "--met"), ["--meta."])
        self.assertIn("--meta.batch=", self.complete("search", "--meta."))
        self.assertEqual(self.complete("search", "--meta.inner_st"), ["--meta.inner_steps="])
        self.assertEqual(self.complete("search", "--runtime.backend=")[:2], ["auto", "reference"])
        self.assertEqual(self.complete("search", "--space.kind=ce"), ["cell"])
        self.assertEqual(self.complete("search", "--meta.batch="), [])
        self.assertEqual(self.complete("predict", "n.h5", "--meta."), [], "predict has no use for it")
        self.assertEqual(self.complete("import", "--cuda."), [])

    def test_all_keys(self):
        deck = self.run_program("search", "--dump-deck").out
        section = ""
        known = {}
        for line in deck.splitlines():
            if match := re.fullmatch(r"\[(\w+)\]", line):
                section = match.group(1)
                known[section] = self.complete("search", "--%s." % section)
            elif match := re.match(r"(\w+) =", line):
                self.assertIn("--%s.%s=" % (section, match.group(1)), known[section])
        self.assertGreater(sum(map(len, known.values())), 70)


if __name__ == "__main__":
    unittest.main(verbosity=2)
