#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""A search across hosts that talk over TCP: it gives what one host gives, slow links change nothing, and where a link is
cut the job ends. Exit code 77: this machine does not let us simulate hosts."""

import subprocess
import sys
import time
import unittest
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent.parent / "app"))

from cli import DONE, STOPPED, in_ci, program
from hosts import CannotSimulate, Hosts
from job import Job
from tiny_search import SearchTest

SKIPPED = 77
LONG = ("--run.iterations=24", "--run.checkpoint_every=4")
SHORT = ("--run.iterations=6", "--run.checkpoint_every=0")

# Open MPI notices by itself that a host is gone, but by default after 300 + 9 * 20 s. jobs/README.md, "Failures".
KEEPALIVE = {"oob_tcp_keepalive_time": 5, "oob_tcp_keepalive_intvl": 2, "oob_tcp_keepalive_probes": 3}
PATIENCE_S = 45  # from the cut to the end of the job on both sides of it; 5 + 3 * 2 s are expected

ROUND_TRIP = """
import socket, sys, time
start = time.monotonic()
try:
    socket.create_connection((sys.argv[1], 9), 5)
except ConnectionRefusedError:
    pass
print(time.monotonic() - start)
"""


class AcrossHosts(SearchTest):
    def make_hosts(self, delays=None):
        hosts = Hosts(3, delays)
        self.addCleanup(hosts.remove)
        return hosts

    def start(self, hosts, which, place, *words, **settings):
        """One rank on each of the hosts; settings are the launcher's."""
        self.write(place + "/deck.ini", self.deck())
        job = Job(hosts.mpirun(which, program(), "search", "deck.ini", *words, **settings), self.folder / place)
        self.addCleanup(job.end)
        return job

    def newest(self, place):
        return self.folder / place / "run" / "latest.h5"

    def assert_like_one_host(self, hosts, words, timeout):
        straight = self.search("straight", *words)
        job = self.start(hosts, [1, 2, 3], "hosts", *words)
        self.assertEqual(job.wait(timeout), DONE, job)
        self.assert_same(straight, self.newest("hosts"))
        # Every rank sends at least its gradients: 3 islands, some 3,600 weights.
        for host in (1, 2, 3):
            self.assertGreater(hosts.bytes_sent(host), 6 * 3600 * 4, "host %d did not talk over the network" % host)
        print("%.1f s on three hosts" % (time.monotonic() - job.started))

    def test_same_as_on_one_host(self):
        self.assert_like_one_host(self.make_hosts(), SHORT, 60)

    def test_a_slow_link_changes_nothing(self):
        hosts = self.make_hosts({3: 20})
        shown = subprocess.run(hosts.on(1, sys.executable, "-c", ROUND_TRIP, hosts.address(3)), check=True,
                               capture_output=True, text=True)
        self.assertGreater(float(shown.stdout), 0.040)
        self.assert_like_one_host(hosts, SHORT, 150)

    def cut(self, hosts, sever):
        """Severs the third host in the middle of a search; the job must end, and what is left goes on."""
        straight = self.search("straight", *LONG)
        job = self.start(hosts, [1, 2, 3], "hosts", *LONG, **KEEPALIVE)
        job.wait_for((self.folder / "hosts/run/checkpoint-00000004.h5").exists, 60, "a checkpoint")
        sever()
        begin = time.monotonic()
        code = job.wait(PATIENCE_S)
        ended = time.monotonic() - begin
        self.assertEqual(job.left_behind(PATIENCE_S - ended), [], "processes are left\n%s" % job)
        # The mpirun of Open MPI 5 says so, but ends with 0.
        if "PRTE has lost communication" not in job.text():
            self.assertNotIn(code, (DONE, STOPPED), job)
        print("code %d %.1f s after the cut, nothing left on any host after %.1f s" %
              (code, ended, time.monotonic() - begin))
        again = self.start(hosts, [1, 2], "hosts", *LONG, "--restart=latest")
        self.assertEqual(again.wait(60), DONE, again)
        self.assert_same(straight, self.newest("hosts"))

    def test_a_link_that_is_down(self):
        hosts = self.make_hosts()
        self.cut(hosts, lambda: hosts.cut(3))

    def test_a_link_that_swallows_everything(self):
        hosts = self.make_hosts({3: 0})
        self.cut(hosts, lambda: hosts.swallow(3))


def main():
    try:
        hosts = Hosts(2)
    except CannotSimulate as reason:
        if in_ci():
            sys.exit("error: continuous integration must be able to simulate hosts: %s" % reason)
        print("skipped: %s" % reason)
        sys.exit(SKIPPED)
    hosts.remove()
    unittest.main(verbosity=2)


if __name__ == "__main__":
    main()
