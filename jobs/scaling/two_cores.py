#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Two ranks against one on two cores, in turn, and two searches of one rank at once: what is lost to sharing the
machine, and what to working together. See README.md here."""

import argparse
import os
import shutil
import statistics
from pathlib import Path

from problem import BAD_ARGUMENTS, BAD_DATA, Problem, count, positive, run
from search_run import MPIRUN, Search

CONV4 = "inputs/omniglot_5w1s_conv4.ini"
CELLS = "inputs/omniglot_5w1s.ini"
# The network that README.md's table of speeds names, and nothing else: a population of that one path.
OG_V2 = ["--evo.founder=og_v2", "--evo.population=1", "--evo.elite=1", "--evo.offspring=0", "--evo.tournament=1",
         "--evo.founder_mutations=0", "--evo.sample_population=1"]
CASES = {"og_v2-16": (CELLS, OG_V2), "conv4": (CONV4, [])}
WAYS = ("alone", "two ranks", "two at once")


def arguments(words):
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("--cases", default=",".join(CASES), help="(%s)" % ",".join(CASES))
    parser.add_argument("--repeats", type=count, default=5, help="in turn, medians are printed (5)")
    parser.add_argument("--iterations", type=count, default=60, help="of a search (60)")
    parser.add_argument("--folder", type=Path, default=Path("runs/two_cores"), help="(runs/two_cores)")
    parser.add_argument("--timeout", type=positive, default=3600, help="seconds for a search (3600)")
    parser.add_argument("keys", nargs="*", help="after --: keys of the deck, --section.key=value")
    options = parser.parse_args(words)
    options.cases = options.cases.split(",")
    if not set(options.cases) <= set(CASES):
        parser.error("--cases: %s" % " or ".join(CASES))
    return options


def two_cores():
    cores = sorted(os.sched_getaffinity(0))
    if len(cores) < 2:
        raise Problem(BAD_ARGUMENTS, "one core", "two are compared", "run it where two are free")
    return cores[:2]


def start(options, case, name, cores):
    """A search of one rank per core, each on its own."""
    folder = options.folder / name
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir(parents=True)
    deck, keys = CASES[case]
    words = [*keys, "--data.source=strokes", "--run.iterations=%d" % options.iterations, "--run.checkpoint_every=0",
             "--run.log_every=0", "--evo.generation_every=%d" % (options.iterations + 1), *options.keys,
             "--run.folder=%s" % (folder / "run")]
    if len(cores) == 1:
        launcher = "taskset -c %d" % cores[0]
    else:  # by the shell that every rank runs: launchers differ in how they bind ranks, where they may at all
        launcher = ("%s sh -c 'set -- %d %d \"$@\"; if [ ${OMPI_COMM_WORLD_RANK:-$PMI_RANK} = 0 ]; then core=$1; else "
                    "core=$2; fi; shift 2; exec taskset -c $core \"$@\"' pinned" % (MPIRUN, *cores))
    return Search(deck, words, folder / "figures.json", name, launcher, len(cores))


def measure(options, case, way):
    """Tasks per second, of all searches of this way, and their figures."""
    cores = two_cores()
    sets = {"alone": [cores[:1]], "two ranks": [cores], "two at once": [cores[:1], cores[1:]]}[way]
    name = "%s-%s" % (case, way.replace(" ", "-"))
    searches = [start(options, case, "%s-%d" % (name, at), own) for at, own in enumerate(sets)]
    figures = [search.figures(options.timeout) for search in searches]
    if figures[0].get("ranks") != len(sets[0]):
        raise Problem(BAD_DATA, "%s ran on %s rank(s)" % (case, figures[0].get("ranks")), "%d were asked for"
                      % len(sets[0]), "put the mpirun of the MPI that atnas was built with first in PATH")
    # The checkpoint at the end is not measured.
    rates = [f["tasks_per_s"] * f["seconds"] / (f["seconds"] - f["phases"]["checkpoint"]["max"]) for f in figures]
    return statistics.mean(rates), figures[0]


def waiting_and_reduction(figures):
    return [figures["phases"][phase]["avg"] / figures["seconds"] for phase in ("waiting", "reduction")]


def main(words):
    options = arguments(words)
    print("case      tasks/s alone  two ranks  speed-up  of two at once  waiting  reduction   (medians of %d)"
          % options.repeats)
    for case in options.cases:
        rates, shares = {way: [] for way in WAYS}, []
        for repeat in range(options.repeats):
            for way in WAYS if repeat % 2 == 0 else reversed(WAYS):
                rate, figures = measure(options, case, way)
                rates[way].append(rate)
                if way == "two ranks":
                    shares.append(waiting_and_reduction(figures))
        alone, ranks, at_once = (statistics.median(rates[way]) for way in WAYS)
        waiting, reduction = (100 * statistics.median(values) for values in zip(*shares))
        print("%-9s %13.2f %10.2f %9.2f %15.2f %7.1f%% %9.1f%%" % (
            case, alone, ranks, ranks / alone, 2 * at_once / alone, waiting, reduction), flush=True)
    print("'of two at once' is the speed-up that two searches reach that share nothing but the machine: the rest up to "
          "2 is contention, which no schedule can win back.")
    return 0


if __name__ == "__main__":
    run(main)
