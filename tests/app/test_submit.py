# SPDX-License-Identifier: Apache-2.0
"""jobs/submit where there is no Slurm: what it checks, and the scripts it would submit."""

import os
import subprocess
import unittest
from pathlib import Path

from cli import BAD_DECK, DONE, Outcome, ProgramTest, program
from tiny_search import DECK

SUBMIT = Path(__file__).resolve().parent.parent.parent / "jobs" / "submit"
SITE = "[queue]\npartition = short\ntime = 02:00:00\noptions =\n  --exclusive\n[node]\ncores = 2\ngpus = 2\n[job]\nprogram = %s\n"


class SubmitTest(ProgramTest):
    def setUp(self):
        super().setUp()
        self.write("deck.ini", DECK.format(head="proto", learner="fomaml", optimizer="adam"))
        self.write("site.conf", SITE % program())

    def submit(self, *words, deck="deck.ini"):
        env = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", ATNAS_SITE="site.conf")
        done = subprocess.run([SUBMIT, deck, "--dry-run", *words], cwd=self.folder, env=env, capture_output=True, text=True)
        return Outcome(done.returncode, done.stdout, done.stderr)

    def test_defaults_come_from_the_deck_and_the_site(self):
        outcome = self.submit()
        self.assertEqual(outcome.code, DONE, outcome)
        self.assertEqual(outcome.out.splitlines()[0], "sbatch --parsable run/job.sbatch")
        for line in ("--job-name=deck", "--time=02:00:00", "--partition=short", "--exclusive", "--ntasks=3", "--nodes=2",
                     "--ntasks-per-node=2", "--requeue", "--output=run/slurm-%j.out"):
            self.assertIn("#SBATCH %s\n" % line, outcome.out)
        self.assertNotIn("@", outcome.out.replace("USR1@300", ""))
        self.assertEqual(self.names(), ["deck.ini", "site.conf"])

    def test_the_command_line_wins(self):
        outcome = self.submit("--ranks=2", "--time=01:00:00", "--name=two words", "--", "--run.folder=new place", "--meta.rate=0.01")
        self.assertEqual(outcome.code, DONE, outcome)
        for words in ("--nodes=1\n", "--ntasks=2\n", "--time=01:00:00", "'--job-name=two words'",
                      "search deck.ini 'new place' --meta.rate=0.01"):
            self.assertIn(words, outcome.out)

    def test_an_array_is_over_decks_and_seeds(self):
        self.write("other.ini", (self.folder / "deck.ini").read_text().replace("folder = run", "folder = other"))
        outcome = self.submit("other.ini", "--seeds=1-2,7")
        self.assertEqual(outcome.code, DONE, outcome)
        self.assertIn("#SBATCH --array=1-6\n", outcome.out)
        self.assertIn("3) search deck.ini run/seed_7 --run.seed=7 ;;", outcome.out)
        self.assertIn("4) search other.ini other/seed_1 --run.seed=1 ;;", outcome.out)

    def test_a_chain_of_jobs_that_depend_on_each_other(self):
        self.write("site.conf", SITE % program() + "chain_by = dependency\n")
        lines = self.submit("--chain=3").out.splitlines()
        self.assertEqual(lines[2], "sbatch --parsable --dependency=afternotok:JOB2 --kill-on-invalid-dep=yes run/job.sbatch")

    def test_a_deck_is_read_by_the_rules_of_the_program(self):
        self.write("deck.ini", (self.folder / "deck.ini").read_text().replace("islands = 3\n", "")
                   .replace("folder = run", 'folder = "a \\"b;%"  ; remark')
                   + "[evo]\n  islands = 4  ; indented, in a section for the second time\n")
        outcome = self.submit()
        self.assertEqual(outcome.code, DONE, outcome)
        self.assertIn("#SBATCH --ntasks=4\n", outcome.out)
        self.assertIn("search deck.ini 'a \"b;%'\n", outcome.out)
        self.assertIn("'--output=a \"b;%%/slurm-%j.out'\n", outcome.out)

    def test_several_nodes_are_several_nodes(self):
        self.write("site.conf", (SITE % program()).replace("cores = 2", "cores = 8"))
        self.assertNotIn("--ntasks-per-node", self.submit().out)
        self.assertIn("#SBATCH --nodes=2\n#SBATCH --ntasks=3\n#SBATCH --ntasks-per-node=2\n", self.submit("--nodes=2").out)

    def test_arrays_of_gpu_decks(self):
        self.write("stub", "#!/bin/sh\nexit 127\n").chmod(0o755)
        self.write("site.conf", SITE % (self.folder / "stub"))
        gpus = "#SBATCH --gpus-per-node=2\n"
        self.assertIn(gpus, self.submit("--seeds=1-2", "--", "--runtime.backend=cuda").out)
        self.assertNotIn("--gpus", self.submit("--seeds=1-2").out)
        self.write("other.ini", "[run]\nfolder = other\n[runtime]\nbackend = cuda\n[evo]\nislands = 3\n")
        self.assert_refused(self.submit("other.ini"), BAD_DECK, "others have not")

    def test_a_rank_with_a_gpu_has_cores_for_more_than_one_thread(self):
        self.write("stub", "#!/bin/sh\nexit 127\n").chmod(0o755)
        for cores, threads, cpus in ((16, 1, 4), (16, 6, 6), (6, 1, 3), (1, 1, 1)):
            self.write("site.conf", (SITE % (self.folder / "stub")).replace("cores = 2", "cores = %d" % cores))
            said = self.submit("--", "--runtime.backend=cuda", "--runtime.threads=%d" % threads).out
            self.assertIn("#SBATCH --cpus-per-task=%d\n" % cpus, said)
            self.assertIn("THREADS=%d\n" % threads, said)
        self.write("site.conf", (SITE % (self.folder / "stub")).replace("cores = 2", "cores = 16"))
        self.assertIn("#SBATCH --cpus-per-task=1\n", self.submit().out)

    def test_empty_options_are_no_options_left_out(self):
        self.assert_refused(self.submit("--seeds=", "--ranks=", "--nodes=", "--time="), BAD_DECK,
                            "--seeds", "--ranks", "--nodes", "--time")

    def test_what_cannot_stand_in_a_script(self):
        self.assert_refused(self.submit("--name=a\nb", "--time=1:60:00", "--", "--run.folder=a\\b"), BAD_DECK,
                            "--name", "--time", "run.folder")

    def test_all_errors_at_once(self):
        self.assert_refused(self.submit("--ranks=28", "--time=3", "--chain=0", "--template=foo", "--seeds=3-1", "--", "word"), BAD_DECK,
                            ("--ranks = 28", "meta.batch = 5", "27 evaluations", "at most 27"), "--time = 3", "--chain = 0", ("--template = foo", "cpu_node"), "--seeds = 3-1", "'word'")

    def test_more_ranks_than_islands(self):
        # Of all decks of an array the one with the least to do counts.
        self.assertIn("#SBATCH --ntasks=27\n", self.submit("--ranks=27").out)
        self.write("other.ini", "[run]\nfolder = other\n[meta]\nbatch = 6\n[evo]\nislands = 2\npopulation = 2\nfitness_tasks = 1\n"
                                "elite = 1\noffspring = 1\n")
        self.assertIn("#SBATCH --ntasks=6\n", self.submit("other.ini", "--ranks=6").out)
        self.assert_refused(self.submit("other.ini", "--ranks=7"), BAD_DECK, ("other.ini", "4 evaluations", "at most 6"))

    def test_a_wrong_deck_is_found_before_queueing(self):
        self.assert_refused(self.submit("--", "--meta.rat=2", "--evo.population=x"), BAD_DECK, ("meta.rat", "meta.rate"), "evo.population")

    def test_two_searches_never_share_a_folder(self):
        self.write("other.ini", (self.folder / "deck.ini").read_text())
        self.assert_refused(self.submit("other.ini"), BAD_DECK, "two searches would write to")

    def test_a_wrong_site_file(self):
        self.write("site.conf", "[queue]\nparttion = x\n[job]\nprogram = /none\nsignal_seconds = 100000\n")
        self.assert_refused(self.submit(), BAD_DECK, "parttion", "/none", "is over before")

    def test_a_program_that_does_not_run_here_is_a_note(self):
        self.write("stub", "#!/bin/sh\nkill -ILL $$\n").chmod(0o755)
        self.write("site.conf", SITE % (self.folder / "stub"))
        outcome = self.submit()
        self.assertEqual(outcome.code, DONE, outcome)
        self.assertIn("note: deck not checked", outcome.err)


if __name__ == "__main__":
    unittest.main()
