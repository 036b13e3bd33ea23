# SPDX-License-Identifier: Apache-2.0
"""Runs `atnas search` and returns the figures of its --json."""

import contextlib
import json
import os
import shlex
import subprocess

import cluster
from cluster import inputs
from problem import BAD_ARGUMENTS, FAILED, Problem

MPIRUN = "mpirun -n {ranks}"


def program():
    path = os.environ.get("ATNAS_BIN") or str(cluster.ROOT / "build/release/bin/atnas")
    if not os.access(path, os.X_OK):
        raise Problem(BAD_ARGUMENTS, "%s is not there" % path, "the program is needed",
                      "build it (cmake --preset release && cmake --build --preset release) or set ATNAS_BIN")
    return os.path.abspath(path)


def environment():
    """One thread per rank; Open MPI neither counts cores (we do) nor ties ranks of two jobs to the same ones."""
    defaults = {"OMP_NUM_THREADS": "1", "OMPI_MCA_hwloc_base_binding_policy": "none",
                "PRTE_MCA_hwloc_default_binding_policy": "none", "OMPI_MCA_rmaps_base_oversubscribe": "1",
                "PRTE_MCA_rmaps_default_mapping_policy": ":oversubscribe",
                "OMPI_MCA_btl_vader_single_copy_mechanism": "none"}
    if os.geteuid() == 0:
        defaults.update(OMPI_ALLOW_RUN_AS_ROOT="1", OMPI_ALLOW_RUN_AS_ROOT_CONFIRM="1")
    return {**defaults, **os.environ}


def deck_values(deck, keys):
    """The keys of a deck with the command line's changes."""
    try:
        return inputs.deck_values(program(), deck, keys, environment())
    except inputs.Refused as error:
        raise Problem(BAD_ARGUMENTS, "the deck is refused", str(error), "correct it")
    except inputs.DoesNotRun as error:
        raise Problem(BAD_ARGUMENTS, "the program does not run here", str(error), "start it by hand")


def said(out, err):
    """What a failed program said, for the end of an error."""
    lines = (err or out or "").strip().splitlines()
    errors = [line for line in lines if line.startswith("error: ")]  # launchers say more after it
    return " | ".join(errors or lines[-5:]) or "it said nothing"


class Search:
    """One that was started; figures() waits for its end. launcher: of {ranks} ranks; name: for errors."""

    def __init__(self, deck, words, figures, name, launcher=MPIRUN, ranks=1):
        self.name, self.path = name, figures
        self.command = [*shlex.split(launcher.replace("{ranks}", str(ranks))), program(), "search", deck, *words,
                        "--json=%s" % figures]
        try:
            self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, stderr=subprocess.PIPE, text=True,
                                            env=environment(), stdin=subprocess.DEVNULL)
        except OSError as error:
            raise Problem(BAD_ARGUMENTS, "the launcher does not start", str(error), "name another with --launcher")

    def figures(self, timeout):
        by_hand = "try it by hand: %s" % shlex.join(self.command)
        try:
            out, err = self.process.communicate(timeout=timeout)
        except subprocess.TimeoutExpired:
            self.process.kill()
            self.process.communicate()
            raise Problem(FAILED, "%s took longer than %g s" % (self.name, timeout), shlex.join(self.command),
                          "raise --timeout or lower --iterations")
        if self.process.returncode != 0:
            raise Problem(FAILED, "%s ended with code %d" % (self.name, self.process.returncode), said(out, err),
                          by_hand)
        with contextlib.suppress(OSError, ValueError):
            return json.loads(self.path.read_text())
        raise Problem(FAILED, "%s left no figures" % self.name, "%s is no JSON file" % self.path, by_hand)
