# SPDX-License-Identifier: Apache-2.0
"""Several hosts on this machine: network namespaces with an address and a host name each, joined by a switch (a bridge in a
namespace of its own, so that nothing shows in the machine's own network). They share the machine's file system."""

import json
import os
import shlex
import shutil
import signal
import subprocess
import sys
import tempfile
import uuid
from pathlib import Path

RELAY = Path(__file__).with_name("relay.py")

# What Open MPI starts its daemons on other hosts with, in place of ssh: agent HOST COMMAND...
AGENT = """#!/bin/sh
host=$1; shift
exec ip netns exec {prefix}${{host##*.}} unshare --uts sh -c 'hostname "$0"; eval "$1"' node${{host##*.}} "$*"
"""


class CannotSimulate(Exception):
    """This machine does not let us have network namespaces."""


def namespaces():
    shown = subprocess.run(["ip", "netns", "list"], capture_output=True, text=True).stdout.splitlines()
    return [line.split()[0] for line in shown if line.startswith("atnas-")]


def delete(namespace):
    subprocess.run(["ip", "netns", "delete", namespace], capture_output=True)


def sweep():
    """Removes what a killed test could not: namespaces of processes that are gone."""
    for name in namespaces():
        if not Path("/proc", name.split("-")[1]).exists():
            delete(name)


def ip(*words):
    subprocess.run(["ip", *map(str, words)], check=True, capture_output=True, text=True)


class Hosts:
    """Hosts 1 ... count with the addresses 10.203.0.1 ...; delays: host -> milliseconds on the way from and to it."""

    def __init__(self, count, delays=None):
        self.prefix = "atnas-%d-%s-" % (os.getpid(), uuid.uuid4().hex[:4])
        self.count, self.relays = count, {}
        for tool in ("ip", "unshare", "hostname"):
            if shutil.which(tool) is None:
                raise CannotSimulate("there is no program %s" % tool)
        if os.geteuid() != 0:
            raise CannotSimulate("only root may make network namespaces")
        sweep()
        self.folder = tempfile.TemporaryDirectory(prefix="atnas-hosts-")
        try:
            self._build(delays or {})
        except (OSError, subprocess.CalledProcessError) as error:
            self.remove()
            raise CannotSimulate("%s %s" % (error, getattr(error, "stderr", ""))) from error

    def _build(self, delays):
        hub = self.prefix + "hub"
        ip("netns", "add", hub)
        ip("-n", hub, "link", "add", "switch", "type", "bridge")
        ip("-n", hub, "link", "set", "switch", "up")
        for host in range(1, self.count + 1):
            name, port = self.namespace(host), self.port(host)
            ip("netns", "add", name)
            if host in delays:
                self.relays[host] = subprocess.Popen(
                    ["ip", "netns", "exec", hub, sys.executable, RELAY, str(delays[host]), port, "end"],
                    stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True)
                if self.relays[host].stdout.readline() != "ready\n":
                    raise OSError("no relay: " + self.relays[host].stderr.read())
            else:
                ip("-n", hub, "link", "add", port, "type", "veth", "peer", "name", "end")
            ip("-n", hub, "link", "set", "end", "netns", name)
            ip("-n", hub, "link", "set", port, "master", "switch", "up")
            ip("-n", name, "link", "set", "end", "name", "eth0")
            ip("-n", name, "address", "add", self.address(host) + "/24", "dev", "eth0")
            ip("-n", name, "link", "set", "lo", "up")
            ip("-n", name, "link", "set", "eth0", "up")
        self.agent = Path(self.folder.name) / "agent"
        self.agent.write_text(AGENT.format(prefix=self.prefix))
        self.agent.chmod(0o755)

    def namespace(self, host):
        return self.prefix + str(host)

    def address(self, host):
        return "10.203.0.%d" % host

    def port(self, host):
        return "port%d" % host

    def on(self, host, *words):
        """The command that does this on a host."""
        return [str(self.agent), self.address(host), shlex.join(map(str, words))]

    def mpirun(self, hosts, *words, **settings):
        """The command that runs a program with one rank on each of the hosts, started on the first of them; everything
        between them goes over TCP. Settings are those of the launcher, which Open MPI 4 has in itself (OMPI_) and 5
        beside itself (PRTE_)."""
        variables = {"OMPI_MCA_plm": "rsh", "OMPI_MCA_plm_rsh_agent": self.agent,
                     "PRTE_MCA_plm": "ssh", "PRTE_MCA_plm_ssh_agent": self.agent,
                     "OMPI_MCA_pml": "ob1", "OMPI_MCA_btl": "tcp,self", "OMPI_MCA_btl_tcp_if_include": "eth0",
                     # The hosts are in truth one, with too few cores for ranks that wait busily or that are bound.
                     "OMPI_MCA_mpi_yield_when_idle": 1, "OMPI_MCA_hwloc_base_binding_policy": "none",
                     "PRTE_MCA_hwloc_default_binding_policy": "none"}
        for key, value in {"oob_tcp_if_include": "eth0", **settings}.items():
            variables["OMPI_MCA_" + key] = variables["PRTE_MCA_" + key] = value
        listed = ",".join("%s:1" % self.address(host) for host in hosts)
        return self.on(hosts[0], "env", *["%s=%s" % pair for pair in variables.items()],
                       os.environ.get("ATNAS_MPIEXEC", "mpirun"), "-n", len(hosts), "--host", listed,
                       "--map-by", "node:OVERSUBSCRIBE", *words)

    def cut(self, host):
        """Pulls the host's cable out of the switch."""
        ip("-n", self.prefix + "hub", "link", "set", self.port(host), "down")

    def swallow(self, host):
        """From now on a host with a delay gets nothing, and nothing of it arrives, while its link looks fine."""
        os.kill(self.relays[host].pid, signal.SIGSTOP)

    def bytes_sent(self, host):
        shown = subprocess.run(["ip", "-n", self.namespace(host), "-s", "-j", "link", "show", "eth0"], check=True,
                               capture_output=True, text=True)
        return json.loads(shown.stdout)[0]["stats64"]["tx"]["bytes"]

    def remove(self):
        for relay in self.relays.values():
            relay.kill()
            relay.communicate()
        for name in namespaces():
            if name.startswith(self.prefix):
                delete(name)
        self.folder.cleanup()
