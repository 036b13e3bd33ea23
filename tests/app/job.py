# SPDX-License-Identifier: Apache-2.0
"""A job that runs while the test does something to it: its ranks, its end and what it leaves behind."""

import os
import signal
import subprocess
import time
import uuid
from pathlib import Path

from cli import program

POLL_S = 0.002
MARK = "ATNAS_TEST_JOB"


def command_on(ranks, *words):
    """The program on that many ranks of this machine; alone without a launcher."""
    if ranks == 1:
        return [program(), *words]
    return [os.environ.get("ATNAS_MPIEXEC", "mpirun"), "-n", str(ranks), "--oversubscribe", program(), *words]


class Job:
    """Starts the command; every process that comes from it, on whatever simulated host, carries a mark in its
    environment by which it is found. The command must pass the variable on where it does not do so by itself."""

    def __init__(self, command, folder, env=None):
        self.token = uuid.uuid4().hex
        self.command = [str(word) for word in command]
        self.folder = Path(folder)
        self.log = Path(folder) / ("job-%s.log" % self.token[:8])
        env = dict(os.environ, OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1", OMP_NUM_THREADS="1",
                   **{MARK: self.token}, **(env or {}))
        with open(self.log, "wb") as log:
            self.process = subprocess.Popen(self.command, cwd=folder, env=env, stdin=subprocess.DEVNULL, stdout=log,
                                            stderr=subprocess.STDOUT, start_new_session=True)
        self.started = time.monotonic()

    def processes(self):
        """(pid, environment) of everything that the job started and that still runs."""
        found = []
        for entry in os.scandir("/proc"):
            if not entry.name.isdigit():
                continue
            try:
                words = Path(entry.path, "environ").read_bytes().decode(errors="replace").split("\0")
            except OSError:  # it ended meanwhile, or belongs to somebody else
                continue
            values = dict(word.split("=", 1) for word in words if "=" in word)
            if values.get(MARK) == self.token:
                found.append((int(entry.name), values))
        return found

    def pid_of_rank(self, rank):
        """None while the rank is not there."""
        if self.command[0] == program():
            return self.process.pid
        for pid, values in self.processes():
            if values.get("OMPI_COMM_WORLD_RANK") == str(rank):
                return pid
        return None

    def wait_for(self, happened, timeout, what, poll=POLL_S):
        """Polls until happened() is true; its value."""
        end = time.monotonic() + timeout
        while time.monotonic() < end:
            value = happened()
            if value:
                return value
            if self.process.poll() is not None:
                raise AssertionError("the job ended before %s\n%s" % (what, self))
            time.sleep(poll)
        raise AssertionError("no sign of %s in %g s\n%s" % (what, timeout, self))

    def text(self):
        return self.log.read_text(errors="replace")

    def wait_for_words(self, words, timeout=60):
        self.wait_for(lambda: words in self.text(), timeout, repr(words))

    def wait(self, timeout):
        """The exit code; a job that still runs after that many seconds is a failure."""
        try:
            return self.process.wait(timeout)
        except subprocess.TimeoutExpired:
            raise AssertionError("it hangs: still there after %g s\n%s\n%s" % (timeout, self.states(), self)) from None

    def left_behind(self, timeout):
        """What of it still runs after that many more seconds, as text; empty as soon as nothing does."""
        end = time.monotonic() + timeout
        while True:
            found = self.processes()
            if not found or time.monotonic() > end:
                return ["%d rank %s" % (pid, values.get("OMPI_COMM_WORLD_RANK")) for pid, values in found]
            time.sleep(0.05)

    def states(self):
        """What each of its processes is doing, for whoever must find out why it hangs."""
        lines = []
        for pid, values in self.processes():
            try:
                folder = Path("/proc/%d" % pid)
                state = folder.joinpath("stat").read_text().rpartition(")")[2].split()[0]
                lines.append("process %d, rank %s, %s: state %s in %s" % (
                    pid, values.get("OMPI_COMM_WORLD_RANK"), folder.joinpath("comm").read_text().strip(), state,
                    folder.joinpath("wchan").read_text()))
            except OSError:  # it ended meanwhile
                pass
        return "\n".join(lines)

    def end(self):
        """Kills whatever is left of it."""
        for _ in range(50):
            found = self.processes()
            if not found:
                break
            for pid, _ in found:
                try:
                    os.kill(pid, signal.SIGKILL)
                except ProcessLookupError:
                    pass
            time.sleep(0.05)
        self.process.wait(10)

    def __str__(self):
        return "%s\n%s" % (" ".join(self.command), self.text())
