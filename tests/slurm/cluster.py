# SPDX-License-Identifier: Apache-2.0
"""A real Slurm of four one-core nodes on this machine, in a temporary folder, with ports and sockets of its own.

usage: python3 cluster.py COMMAND [WORD ...]    runs a command in it, e.g. a shell: python3 cluster.py bash
Exit code 77: it cannot be started here.
"""

import contextlib
import os
import shutil
import signal
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path

SKIPPED = 77
NODES = 4
PROGRAMS = ("munged", "slurmctld", "slurmd", "scontrol", "sinfo", "sbatch", "srun")

# TmpFS and the spool folder per node: without them the PMIx plug-ins of nodes on one machine collide. The node's own host
# name is not used anywhere: containers often cannot resolve it. KillWait: how long a cancelled job may write its checkpoint.
# cred_expire: a requeued job starts again this many seconds later at the earliest.
CONF = """ClusterName=atnas
SlurmctldHost={host}(127.0.0.1)
SlurmctldPort={ctld_port}
SlurmUser=root
SlurmdUser=root
AuthType=auth/munge
AuthInfo=socket={folder}/munge/socket,cred_expire=15
CredType=cred/munge
StateSaveLocation={folder}/state
SlurmctldPidFile={folder}/slurmctld.pid
SlurmctldLogFile={folder}/slurmctld.log
SlurmdPidFile={folder}/%n/slurmd.pid
SlurmdLogFile={folder}/%n/slurmd.log
SlurmdSpoolDir={folder}/%n/spool
TmpFS={folder}/%n/tmp
ProctrackType=proctrack/linuxproc
TaskPlugin=task/none
SwitchType=switch/none
MpiDefault=none
JobCompType=jobcomp/none
AccountingStorageType=accounting_storage/none
JobAcctGatherType=jobacct_gather/none
SelectType=select/cons_tres
SelectTypeParameters=CR_Core
SchedulerType=sched/backfill
SchedulerParameters=batch_sched_delay=1,sched_interval=2,bf_interval=2
JobRequeue=1
KillWait=20
MinJobAge=600
ReturnToService=2
SlurmctldTimeout=30
SlurmdTimeout=30
GresTypes=gpu
NodeName=n[1-{nodes}] NodeHostname=localhost NodeAddr=127.0.0.1 Port=[{first_port}-{last_port}] CPUs=1 Gres=gpu:1 State=UNKNOWN
PartitionName=debug Nodes=n[1-{nodes}] Default=YES MaxTime=60 State=UP
"""

# Nodes that are one machine: no shared memory between them, and its cores are to be shared fairly. With its default of
# two kinds of fence, Slurm's PMIx plug-in lets ranks run into others whose Open MPI is not ready yet: these crash.
MPI = {"OMPI_ALLOW_RUN_AS_ROOT": "1", "OMPI_ALLOW_RUN_AS_ROOT_CONFIRM": "1", "OMPI_MCA_btl": "self,tcp", "OMPI_MCA_btl_tcp_if_include": "lo",
       "OMPI_MCA_mpi_yield_when_idle": "1", "SLURM_PMIX_FENCE": "tree"}


class CannotStart(Exception):
    """Why there is no Slurm here."""


def free_ports(count):
    """The first of so many consecutive TCP ports that nobody listens on."""
    for first in range(17000 + os.getpid() % 20000, 60000, count):
        with contextlib.ExitStack() as sockets:
            try:
                for port in range(first, first + count):
                    sockets.enter_context(socket.socket()).bind(("", port))
                return first
            except OSError:
                continue
    raise CannotStart("no free TCP ports")


class Cluster:
    """Started on entry; on exit, whatever happened, everything it started is gone."""

    def __init__(self):
        self.processes = []

    def __enter__(self):
        if os.geteuid() != 0:
            raise CannotStart("a Slurm of our own must be started by root")
        missing = [name for name in PROGRAMS if shutil.which(name) is None]
        if missing:
            raise CannotStart("%s not installed (Debian: slurm-wlm and munge)" % ", ".join(missing))
        self.folder = Path(tempfile.mkdtemp(prefix="atnas-slurm-"))
        self.guard = subprocess.Popen([sys.executable, __file__, "--guard", self.folder], stdin=subprocess.PIPE,
                                      stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL, start_new_session=True)
        try:
            self._start()
        except BaseException:
            self.stop()
            raise
        return self

    def __exit__(self, *_):
        self.stop()

    def _start(self):
        self.folder.chmod(0o755)  # munge wants to be reachable by everybody
        (self.folder / "munge").mkdir(mode=0o755)
        (self.folder / "state").mkdir()
        for n in range(1, NODES + 1):
            (self.folder / ("n%d" % n) / "tmp").mkdir(parents=True)
        first = free_ports(NODES + 1)
        self.conf = self.folder / "slurm.conf"
        self.conf.write_text(CONF.format(host=socket.gethostname().split(".")[0], folder=self.folder, nodes=NODES,
                                         ctld_port=first, first_port=first + 1, last_port=first + NODES))
        gpus = "".join("NodeName=n%d Name=gpu File=/dev/null\n" % n for n in range(1, NODES + 1))
        (self.folder / "gres.conf").write_text(gpus)
        key = self.folder / "munge" / "key"
        key.write_bytes(os.urandom(128))
        key.chmod(0o600)
        self.environment = {name: value for name, value in os.environ.items() if not name.startswith("SLURM")}
        self.environment.update(MPI, SLURM_CONF=str(self.conf))
        self._daemon("munged", "--foreground", "--force", "--key-file=%s" % key,
                     *("--%s-file=%s/munge/%s" % (name, self.folder, name) for name in ("pid", "log", "seed")),
                     "--socket=%s/munge/socket" % self.folder)
        self._wait("munged opens its socket", lambda: (self.folder / "munge" / "socket").exists())
        self._daemon("slurmctld", "-D", "-i")
        for n in range(1, NODES + 1):
            self._daemon("slurmd", "-D", "-N", "n%d" % n)
        self._wait("%d idle nodes" % NODES, lambda: self.output("sinfo", "-h", "-t", "idle", "-o", "%D").strip() == str(NODES))

    def _daemon(self, *command):
        log = open(self.folder / ("%s.out" % "".join(command[:1] + command[3:4]).replace("/", "_")[:40]), "w")
        with log:
            self.processes.append(subprocess.Popen(command, env=self.environment, stdin=subprocess.DEVNULL, stdout=log,
                                                   stderr=subprocess.STDOUT, start_new_session=True))

    def _wait(self, what, done, seconds=40):
        end = time.monotonic() + seconds
        while not done():
            dead = [process.args[0] for process in self.processes if process.poll() is not None]
            if dead or time.monotonic() > end:
                raise CannotStart("%s: %s\n%s" % (what, "%s ended" % dead[0] if dead else "not within %d s" % seconds,
                                                  self.logs()))
            time.sleep(0.2)

    def output(self, *command):
        """What a command of Slurm prints; empty when it fails."""
        try:
            return subprocess.run(command, env=self.environment, capture_output=True, text=True, timeout=60).stdout
        except subprocess.TimeoutExpired:
            return ""

    def logs(self, lines=15):
        """The ends of all logs, for the reader of a failed test."""
        parts = []
        for path in sorted(self.folder.rglob("*")):
            if path.is_file() and path.suffix in (".log", ".out") or path.name == "log":
                text = path.read_text(errors="replace").splitlines()[-lines:]
                parts.append("--- %s\n%s" % (path.name if path.parent == self.folder else path.relative_to(self.folder),
                                             "\n".join(text)))
        return "\n".join(parts)

    def stop(self):
        """Jobs first, then the daemons in turn; the guard does the rest."""
        if len(self.processes) > 1:
            with contextlib.suppress(subprocess.TimeoutExpired):
                subprocess.run(["scancel", "--signal=KILL", "--full", "--me"], env=self.environment, capture_output=True, timeout=10)
        for process in reversed(self.processes):
            process.terminate()
            with contextlib.suppress(subprocess.TimeoutExpired):
                process.wait(5)
        self.guard.stdin.close()
        self.guard.wait()
        for process in self.processes:
            process.wait()


def guard(folder):
    """Waits for the end of whoever started it, even by SIGKILL; then ends what has the cluster's SLURM_CONF in its environment."""
    sys.stdin.read()
    mark = ("SLURM_CONF=%s/slurm.conf" % folder).encode()
    for _ in range(3):  # what was just being started
        for entry in Path("/proc").iterdir():
            if entry.name.isdigit() and int(entry.name) != os.getpid():
                with contextlib.suppress(OSError):
                    if mark in (entry / "environ").read_bytes().split(b"\0"):
                        os.kill(int(entry.name), signal.SIGKILL)
        time.sleep(0.2)
    shutil.rmtree(folder, ignore_errors=True)


def main():
    if sys.argv[1:2] == ["--guard"]:
        return guard(sys.argv[2])
    try:
        with Cluster() as cluster:
            return subprocess.run(sys.argv[1:] or ["sinfo"], env=cluster.environment).returncode
    except CannotStart as error:
        print("no Slurm here: %s" % error, file=sys.stderr)
        return SKIPPED


if __name__ == "__main__":
    sys.exit(main())
