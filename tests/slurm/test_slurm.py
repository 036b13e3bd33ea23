# SPDX-License-Identifier: Apache-2.0
"""Searches submitted with jobs/submit to a real Slurm. ATNAS_BIN names the program."""

import os
import re
import shutil
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "app"))

from cli import BAD_DECK, STOPPED, in_ci, program  # noqa: E402
from cluster import SKIPPED, CannotStart, Cluster  # noqa: E402
from tiny_search import DECK, SearchTest  # noqa: E402

ROOT = Path(__file__).resolve().parent.parent.parent
SUBMIT = ROOT / "jobs" / "submit"
SITE = """[queue]
time = {time}
[node]
cores = 1
gpus = 1
[job]
program = {program}
launcher = {launcher}
signal_seconds = {signal_seconds}
chain_by = {chain_by}
"""


RUN = "run [1]"  # a name with which shells and Slurm do more than with others


def tiny(iterations, islands=2, checkpoint_every=4):
    text = DECK.format(head="proto", learner="fomaml", optimizer="adam")
    for key, value in (("iterations", iterations), ("islands", islands), ("checkpoint_every", checkpoint_every),
                       ("folder", RUN)):
        text = re.sub("^%s = .*" % key, "%s = %s" % (key, value), text, flags=re.M)
    return text


# Takes longer than it takes to stop it; the only checkpoints are those of a stop and of the end.
LONG = tiny(iterations=120, checkpoint_every=0)

cluster = None


def setUpModule():
    global cluster
    program()
    try:
        cluster = Cluster().__enter__()
    except CannotStart as error:
        print("%s: no Slurm here: %s" % ("error" if in_ci() else "skipped", error))
        sys.exit(1 if in_ci() else SKIPPED)
    unittest.addModuleCleanup(cluster.stop)


class SlurmTest(SearchTest):
    def setUp(self):
        super().setUp()
        self.site()
        self.addCleanup(lambda: cluster.output("scancel", "--me"))

    def site(self, time="00:10:00", launcher="srun --mpi=pmix", signal_seconds=50, chain_by="requeue"):
        self.write("site.conf", SITE.format(program=program(), time=time, launcher=launcher, signal_seconds=signal_seconds,
                                            chain_by=chain_by))

    def submit(self, place, *words):
        """The numbers of the jobs, submitted from a folder with a deck."""
        done = subprocess.run([SUBMIT, "--site=%s/site.conf" % self.folder, "deck.ini", *words], cwd=self.folder / place,
                              env=cluster.environment, capture_output=True, text=True, timeout=60)
        self.assertEqual(done.returncode, 0, done.stdout + done.stderr)
        jobs = [line.split()[1].rstrip(",") for line in done.stdout.splitlines() if line.startswith("job ")]
        self.assertTrue(jobs, done.stdout)
        return jobs

    def state(self, job):
        """What scontrol says about a job, by name."""
        return dict(word.split("=", 1) for word in cluster.output("scontrol", "show", "job", job).split() if "=" in word)

    def rank(self, job, number):
        """The process of a rank, which is on this machine."""
        marks = {("SLURM_CONF=%s" % cluster.conf).encode(), b"SLURM_JOB_ID=%s" % job.encode(), b"SLURM_PROCID=%d" % number}
        for entry in Path("/proc").iterdir():
            try:
                if (os.path.samefile(entry / "exe", program())
                        and marks <= set((entry / "environ").read_bytes().split(b"\0"))):
                    return int(entry.name)
            except OSError:
                continue
        return self.fail("no rank %d of job %s" % (number, job))

    def wait_until(self, place, what, true, seconds=150):
        end = time.monotonic() + seconds
        while not true():
            if time.monotonic() > end:
                self.fail("%s: not within %d s\n%s\n%s\n%s" % (what, seconds, cluster.output("squeue"), self.said(place), cluster.logs()))
            time.sleep(0.3)

    def wait_for_end(self, place, *jobs):
        """Until none is queued or runs; their ends as Slurm names them, with exit codes."""
        def active():
            return cluster.output("squeue", "-h", "-o", "%i", "-j", ",".join(jobs)).strip()
        self.wait_until(place, "the end of %s" % (jobs,), lambda: not active())
        states = [self.state(job) for job in jobs]
        return [(state.get("JobState"), state.get("ExitCode")) for state in states]

    def said(self, place):
        return "\n".join(path.read_text(errors="replace") for path in sorted((self.folder / place).rglob("slurm-*.out")))

    def newest(self, place, folder=RUN):
        return self.folder / place / folder / "latest.h5"

    def iteration(self, place):
        return int(os.readlink(self.newest(place)).split("-")[1].split(".")[0]) if self.newest(place).exists() else 0

    def wait_for_generations(self, place, count):
        lines = self.folder / place / RUN / "metrics.jsonl"
        self.wait_until(place, "%d generations" % count, lambda: lines.exists() and len(lines.read_text().splitlines()) > count)

    def undisturbed(self, deck):
        self.search("undisturbed", ranks=1, deck=deck)
        return self.newest("undisturbed")

    def undisturbed_long(self):
        """The end of LONG, computed once."""
        kept = cluster.folder / "undisturbed.h5"
        if not kept.exists():
            shutil.copy(self.undisturbed(LONG), kept)
        return kept


class Tests(SlurmTest):
    def test_four_tasks_on_four_nodes_finish(self):
        deck = tiny(12, islands=4)
        self.write("job/deck.ini", deck)
        jobs = self.submit("job")
        self.assertEqual(self.wait_for_end("job", *jobs), [("COMPLETED", "0:0")], self.said("job"))
        self.assertEqual(self.state(jobs[0])["NumTasks"], "4")
        self.assertEqual(self.state(jobs[0])["NodeList"], "n[1-4]")
        self.assertIn("4 rank(s)", self.said("job"))
        self.assert_same(self.newest("job"), self.undisturbed(deck))

    def test_a_job_out_of_time_is_requeued_and_ends_as_if_undisturbed(self):
        reference = self.undisturbed_long()
        self.write("job/deck.ini", LONG)
        self.site(time="00:01:00")
        jobs = self.submit("job", "--chain=9")
        # The ranks stand still until Slurm looks at the time, so that they are not done before on any machine.
        self.wait_for_generations("job", 5)
        cluster.output("scancel", "--signal=STOP", *jobs)
        self.wait_until("job", "the signal", lambda: "SIGUSR1" in self.said("job"), seconds=60)
        cluster.output("scancel", "--signal=CONT", *jobs)
        self.assertEqual(self.wait_for_end("job", *jobs), [("COMPLETED", "0:0")], self.said("job"))
        self.assertGreaterEqual(int(self.state(jobs[0])["Restarts"]), 1, self.said("job"))
        self.assert_same(self.newest("job"), reference)

    def test_scancel_loses_nothing(self):
        # Slurm 24.11 takes seconds from scancel to the signal.
        iterations = 500
        deck = tiny(iterations, checkpoint_every=0)
        self.write("job/deck.ini", deck)
        jobs = self.submit("job", "--ranks=1")
        self.assertIn("# One search on the cores of one node.", (self.folder / "job" / RUN / "job.sbatch").read_text())
        self.wait_for_generations("job", 5)
        cluster.output("scancel", *jobs)
        self.assertEqual(self.wait_for_end("job", *jobs)[0][0], "CANCELLED", self.said("job"))
        self.assertGreaterEqual(self.iteration("job"), 10, self.said("job"))
        self.assertLess(self.iteration("job"), iterations, self.said("job"))
        self.assert_done(self.run_program("info", self.newest("job")))
        again = self.submit("job")
        self.assertEqual(self.wait_for_end("job", *again), [("COMPLETED", "0:0")], self.said("job"))
        self.assert_same(self.newest("job"), self.undisturbed(deck))

    def test_a_killed_rank_ends_the_job(self):
        self.write("job/deck.ini", tiny(100000))
        jobs = self.submit("job")
        self.wait_for_generations("job", 5)
        os.kill(self.rank(jobs[0], 1), signal.SIGKILL)
        self.wait_until("job", "the end", lambda: "the search ended with code" in self.said("job"), seconds=60)
        ends = self.wait_for_end("job", *jobs)
        self.assertEqual(ends[0][0], "FAILED", self.said("job"))
        self.assertNotIn(ends[0][1], ("0:0", "%d:0" % STOPPED), self.said("job"))

    def test_stop_now_ends_a_chain(self):
        self.write("job/deck.ini", tiny(100000))
        jobs = self.submit("job", "--chain=9")
        self.wait_until("job", "a checkpoint", lambda: self.iteration("job") > 0)
        (self.folder / "job" / RUN / "stop_now").touch()
        self.assertEqual(self.wait_for_end("job", *jobs), [("FAILED", "%d:0" % STOPPED)], self.said("job"))
        self.assertEqual(self.state(jobs[0])["Restarts"], "0")

    def test_dependent_jobs_go_on_one_after_another(self):
        self.write("job/deck.ini", LONG)
        self.site(chain_by="dependency")
        jobs = self.submit("job", "--chain=3")
        self.wait_for_generations("job", 5)
        cluster.output("scancel", "--batch", "--signal=USR1", jobs[0])
        self.assertEqual(self.wait_for_end("job", *jobs),
                         [("FAILED", "%d:0" % STOPPED), ("COMPLETED", "0:0"), ("CANCELLED", "0:0")], self.said("job"))
        self.assert_same(self.newest("job"), self.undisturbed_long())

    def test_an_array_has_distinct_seeds_and_folders(self):
        self.write("job/deck.ini", tiny(4))
        jobs = self.submit("job", "--seeds=3-5", "--ranks=1")
        self.wait_for_end("job", *jobs)
        found = [self.newest("job", "%s/seed_%d" % (RUN, seed)) for seed in (3, 4, 5)]
        for seed, path in zip((3, 4, 5), found):
            self.assertTrue(path.exists(), self.said("job"))
            self.assertIn("seed %d" % seed, self.said("job"))
        for a, b in ((0, 1), (0, 2), (1, 2)):
            self.assert_different(found[a], found[b])

    def test_gpu_template_gets_one_gpu_per_rank(self):
        self.write("job/deck.ini", tiny(4))
        jobs = self.submit("job", "--template=gpu_nodes")
        self.assertEqual(self.wait_for_end("job", *jobs), [("COMPLETED", "0:0")], self.said("job"))
        self.assertIn("gpu:1", self.state(jobs[0]).get("TresPerNode", ""))

    def test_a_search_that_refuses_to_start_does_so_once(self):
        self.write("job/deck.ini", tiny(4))
        self.site(launcher="env mpirun -n 1", chain_by="dependency")
        jobs = self.submit("job", "--ranks=2", "--chain=3")
        self.assertEqual(self.wait_for_end("job", *jobs),
                         [("FAILED", "%d:0" % code) for code in (BAD_DECK, STOPPED, STOPPED)], self.said("job"))
        self.assertEqual(self.said("job").count("Slurm started 2 task(s), MPI sees 1 rank(s)"), 1, self.said("job"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
