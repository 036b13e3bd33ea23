#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""How evenly a search shares its tasks: many real ranks on few cores, judged by the CPU time of their threads, and
whether the result has the bits of one rank. See README.md here."""

import argparse
import shutil
import subprocess
from pathlib import Path

from arrays import h5py
from problem import BAD_DATA, FAILED, Problem, count, counts, positive, run
from search_run import MPIRUN, Search

# What differs by design: who computed, and runtime.work itself.
NOT_COMPARED = {"provenance", "deck", "contents"}


def arguments(words):
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False,
                                     epilog="Every other key of the deck can be given as --section.key=value.")
    parser.add_argument("deck", nargs="?", default="inputs/quickstart.ini", help="(inputs/quickstart.ini)")
    parser.add_argument("--ranks", type=count, default=64, help="(64)")
    parser.add_argument("--islands", type=count, help="(as many as ranks)")
    parser.add_argument("--tasks", type=counts, default=[2, 4, 8], help="of a rank per iteration (2,4,8)")
    parser.add_argument("--iterations", type=count, default=8, help="the second half counts (8)")
    parser.add_argument("--work", default="shared,static", help="values of runtime.work (shared,static)")
    parser.add_argument("--folder", type=Path, default=Path("runs/balance"), help="(runs/balance)")
    parser.add_argument("--launcher", default=MPIRUN, help="starts {ranks} ranks ('%s')" % MPIRUN)
    parser.add_argument("--timeout", type=positive, default=3600, help="seconds for a search (3600)")
    options, keys = parser.parse_known_args(words)
    if not all(key.startswith("--") and "." in key.split("=")[0] and "=" in key for key in keys):
        parser.error("unknown: %s (keys of the deck are given as --section.key=value)" % " ".join(keys))
    for word, instead in (("--evo.islands=", "--islands"), ("--meta.batch=", "--tasks")):
        if any(key.startswith(word) for key in keys):
            parser.error("%s is what %s sets" % (word[2:-1], instead))
    options.keys = keys
    return options


def search(options, ranks, tasks, work):
    """The checkpoint of a search and its figures."""
    name = "t%d-%s-r%d" % (tasks, work, ranks)
    folder = options.folder / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    islands = options.islands or options.ranks
    keys = {"evo.islands": islands, "meta.batch": tasks * options.ranks, "run.iterations": options.iterations,
            "evo.generation_every": max(1, options.iterations // 2), "evo.population": 2, "evo.elite": 1,
            "evo.offspring": 1, "evo.tournament": 2, "evo.fitness_tasks": 2,
            "run.checkpoint_every": 0, "run.log_every": 0}
    own = [word for word in options.keys if word[2:].split("=")[0] not in ("run.folder", "runtime.work")]
    named = {word[2:].split("=")[0] for word in own}
    words = [*("--%s=%s" % pair for pair in keys.items() if pair[0] not in named), *own, "--run.folder=%s" % (folder / "run"),
             "--runtime.work=%s" % work]
    running = Search(options.deck, words, folder / "figures.json", name, options.launcher, ranks)
    return folder / "run" / "latest.h5", running.figures(options.timeout)


def same_bits(one, other):
    """By h5diff, group by group: the decks differ."""
    with h5py.File(one, "r") as a, h5py.File(other, "r") as b:
        groups = sorted(set(a) - NOT_COMPARED)
        if groups != sorted(set(b) - NOT_COMPARED):
            return False
    codes = [subprocess.run(["h5diff", "-q", str(one), str(other), "/" + group, "/" + group]).returncode
             for group in groups]
    if max(codes) > 1:
        raise Problem(BAD_DATA, "h5diff cannot compare %s and %s" % (one, other), "it ended with code %d" % max(codes),
                      "look at the files")
    return max(codes) == 0


def main(words):
    options = arguments(words)
    works = options.work.split(",")
    print("CPU ms of training tasks per iteration, %d ranks, %d islands:" % (options.ranks,
                                                                       options.islands or options.ranks))
    print("  tasks of a rank  work      mean  busiest  busiest/mean  bits of one rank", flush=True)
    differing = []
    for tasks in options.tasks:
        one, _ = search(options, 1, tasks, works[0])
        for work in works:
            checkpoint, figures = search(options, options.ranks, tasks, work)
            load = figures.get("task_cpu_seconds")
            if not load or not load["mean"] > 0:
                raise Problem(BAD_DATA, "the figures hold no task_cpu_seconds", "the program is too old, or measured "
                              "nothing in %d iteration(s)" % options.iterations, "build the current one")
            same = same_bits(one, checkpoint)
            differing += [] if same else [checkpoint]
            print("  %15d  %-7s %6.1f %8.1f %13.3f  %s" % (
                tasks, work, 1e3 * load["mean"], 1e3 * load["busiest"], load["busiest"] / load["mean"],
                "the same" if same else "OTHERS"), flush=True)
    if differing:
        raise Problem(FAILED, "%s holds other bits than one rank computes" % ", ".join(map(str, differing)),
                      "results must not depend on ranks", "compare with h5diff")
    return 0


if __name__ == "__main__":
    run(main)
