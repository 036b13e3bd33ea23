# SPDX-License-Identifier: Apache-2.0
"""slurm/common.sh waits for the ranks through any shower of signals, and returns their code."""

import os
import random
import signal
import subprocess
import sys
import time
import unittest
from pathlib import Path

COMMON = Path(__file__).resolve().parents[2] / "slurm" / "common.sh"
# The "ranks" say their number and end some seconds after a SIGUSR1 with a code.
RANKS = """
import os, signal, sys, time
heard = []
signal.signal(signal.SIGUSR1, lambda *_: heard.append(1))
print(os.getpid(), flush=True)
while not heard: time.sleep(0.01)
end = time.monotonic() + float(sys.argv[1])
while time.monotonic() < end: time.sleep(0.001)
os._exit(int(sys.argv[2]))
"""


class RunRanksTest(unittest.TestCase):
    def start(self, code, seconds=0.0):
        """The script and the process that it waits for."""
        words = ["bash", "-c", 'SLURM_JOB_ID=1; . "$0"; run_ranks "$@"; echo "code $? cancelled $cancelled"', COMMON,
                 sys.executable, "-c", RANKS, str(seconds), str(code)]
        script = subprocess.Popen(words, stdout=subprocess.PIPE, stderr=subprocess.STDOUT, text=True)
        self.addCleanup(script.stdout.close)
        self.addCleanup(script.wait)
        self.addCleanup(script.kill)
        return script, int(script.stdout.readline())

    def said(self, script):
        return script.communicate(timeout=60)[0]

    def test_signals_neither_end_the_wait_nor_change_the_code(self):
        chance = random.Random(1)
        scripts = [self.start(75, chance.uniform(0.0, 0.1))[0] for _ in range(40)]
        for _ in range(10):
            for number in (signal.SIGUSR1, signal.SIGCONT):
                for script in scripts:
                    script.send_signal(number)
            time.sleep(chance.uniform(0.0, 0.02))
        for script in scripts:
            self.assertIn("code 75 cancelled 0\n", self.said(script))

    def test_a_signal_before_the_ranks_are_known_is_not_lost(self):
        early = ('SLURM_JOB_ID=1; . "$0"; sh() { kill -USR1 $$; sleep 0.3; command sh "$@"; }; '
                 'run_ranks "$@"; echo "code $?"')
        script = subprocess.run(["bash", "-c", early, COMMON, sys.executable, "-c", RANKS, "0", "75"],
                                capture_output=True, text=True, timeout=60)
        # It may meet ranks that are not ready to hear it, and end them.
        self.assertRegex(script.stdout, "code (75|138)\n")

    def test_codes(self):
        for code in (0, 1, 75, 146):
            script, ranks = self.start(code)
            os.kill(ranks, signal.SIGUSR1)
            self.assertEqual("code %d cancelled 0\n" % code, self.said(script))

    def test_a_cancelled_job_waits_for_its_ranks(self):
        script, ranks = self.start(75)
        script.send_signal(signal.SIGTERM)
        self.assertIn("SIGTERM", script.stdout.readline())
        os.kill(ranks, signal.SIGUSR1)
        self.assertEqual("code 75 cancelled 1\n", self.said(script))

    def test_the_launcher_killed(self):
        script, ranks = self.start(75)
        os.kill(ranks, signal.SIGKILL)
        self.assertIn("code 137 cancelled 0\n", self.said(script))


class LaunchWordsTest(unittest.TestCase):
    def words(self, launcher, **environment):
        script = 'SLURM_JOB_ID=1 SLURM_NTASKS=3 LAUNCHER=$1; . "$0"; launch_words'
        return subprocess.run(["bash", "-c", script, COMMON, launcher], capture_output=True, text=True, check=True,
                              env=os.environ | environment).stdout.split()

    def test_srun_binds_ranks_to_cores_unless_the_site_says_otherwise(self):
        self.assertEqual(["srun", "--mpi=pmix", "--kill-on-bad-exit=0", "--wait=10", "--cpu-bind=cores"],
                         self.words("srun --mpi=pmix"))
        for own in ("--cpu-bind=none", "--cpu_bind=none", "--hint=nomultithread"):
            self.assertEqual(["srun", own, "--kill-on-bad-exit=0", "--wait=10"], self.words("srun " + own))
        self.assertNotIn("--cpu-bind=cores", self.words("srun", SLURM_CPU_BIND="none"))

    def test_mpirun_gets_the_number_of_ranks(self):
        self.assertEqual(["mpirun", "--bind-to", "core", "-n", "3"], self.words("mpirun --bind-to core"))


if __name__ == "__main__":
    unittest.main(verbosity=2)
