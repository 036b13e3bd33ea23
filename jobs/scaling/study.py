#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Strong and weak scaling: short searches on several numbers of ranks, one JSON file per point. See README.md here."""

import argparse
import math
import os
import re
import shlex
import shutil
from pathlib import Path

import cluster
import point
from problem import BAD_ARGUMENTS, Problem, count, counts, positive, run
from search_run import MPIRUN, Search, deck_values


def arguments(words):
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False,
                                     epilog="Every key of the deck can be given as --section.key=value.")
    parser.add_argument("deck", help="what to run, e.g. inputs/omniglot_5w1s.ini")
    parser.add_argument("--folder", type=Path, help="where the points go (runs/scaling/DECK)")
    parser.add_argument("--kinds", default="strong,weak", help="strong, weak or both (both)")
    parser.add_argument("--ranks", type=counts, help="e.g. 1,2,4 (powers of two up to the cores of this machine)")
    parser.add_argument("--repeats", type=count, default=3, help="of every point (3)")
    parser.add_argument("--repeat", type=int, help="this one alone, counted from 0: a task of a job array")
    parser.add_argument("--iterations", type=count, default=40, help="meta-iterations of a point (40)")
    parser.add_argument("--islands", type=count, help="of strong scaling (the deck's, at least the most ranks)")
    parser.add_argument("--batch", type=count, help="of strong scaling, tasks (the deck's, at least the islands)")
    parser.add_argument("--islands-per-rank", type=count, default=1, help="of weak scaling (1)")
    parser.add_argument("--batch-per-rank", type=count, help="of weak scaling (the deck's batch per island)")
    parser.add_argument("--generations", action="store_true", help="with fitness and migration as in the deck")
    parser.add_argument("--checkpoints", type=int, default=0, help="one every so many iterations (0: only at the end)")
    parser.add_argument("--launcher", help="starts {ranks} ranks, e.g. 'srun -n {ranks}' ('mpirun -n {ranks}')")
    parser.add_argument("--ranks-per-node", type=count, help="where the program does not say (Slurm's, else all)")
    parser.add_argument("--oversubscribe", action="store_true", help="allow more ranks than cores: times mean little")
    parser.add_argument("--timeout", type=positive, default=3600, help="seconds for a point (3600)")
    parser.add_argument("--list", action="store_true", help="print the points in their order and start nothing")
    parser.add_argument("--submit", action="store_true", help="sbatch one job array per number of ranks")
    parser.add_argument("--time", help="with --submit: of a job, as sbatch takes it (30 minutes)")
    parser.add_argument("--dry-run", action="store_true", help="with --submit: print the sbatch lines alone")
    options, keys = parser.parse_known_args(words)
    strangers = [word for word in keys if not re.match(r"--[a-z]+\.[a-z0-9_]+=", word)]
    if strangers:
        parser.error("unknown: %s (keys of the deck are given as --section.key=value)" % " ".join(strangers))
    options.keys = keys
    options.kinds = options.kinds.split(",")
    if not set(options.kinds) <= set(point.KINDS):
        parser.error("--kinds: strong, weak or strong,weak")
    return options


def default_ranks(cores):
    return [2 ** k for k in range(cores.bit_length()) if 2 ** k <= cores]


def ranks_per_node(options, ranks):
    """What is known before the ranks start: in an allocation of several nodes the launcher may place fewer ranks than
    tasks in another way. The figures of the program override it."""
    nodes = int(os.environ.get("SLURM_JOB_NUM_NODES", "1"))
    return min(ranks, options.ranks_per_node or math.ceil(int(os.environ.get("SLURM_NTASKS", ranks)) / nodes))


def plan(options, values):
    """The settings of all points. Repeats are outermost and every second one runs backwards, so that a machine that
    gets slower or faster meanwhile does so for all numbers of ranks."""
    most = max(options.ranks)
    islands = options.islands or max(int(values["evo.islands"]), most)
    batch = options.batch or max(int(values["meta.batch"]), islands)
    per_rank = options.batch_per_rank or options.islands_per_rank * max(
        1, int(values["meta.batch"]) // int(values["evo.islands"]))
    if "strong" in options.kinds and batch < islands:
        raise Problem(BAD_ARGUMENTS, "strong scaling with %d islands and a batch of %d" % (islands, batch),
                      "every island needs a task per iteration", "raise --batch")
    evaluations = islands * int(values["evo.population"]) * int(values["evo.fitness_tasks"])
    if "strong" in options.kinds and most > max(batch, evaluations):
        raise Problem(BAD_ARGUMENTS, "strong scaling on %d ranks" % most, "an iteration has %d tasks, a generation %d "
                      "evaluations: more ranks have nothing to do" % (batch, evaluations), "raise --batch or --islands")
    if "weak" in options.kinds and per_rank < options.islands_per_rank:
        raise Problem(BAD_ARGUMENTS,
                      "--batch-per-rank=%d for --islands-per-rank=%d" % (per_rank, options.islands_per_rank),
                      "every island needs a task per iteration", "raise --batch-per-rank")
    points = []
    for repeat in range(options.repeats):
        order = [(kind, ranks) for ranks in options.ranks for kind in options.kinds]
        for kind, ranks in order if repeat % 2 == 0 else reversed(order):
            points.append({
                "kind": kind, "ranks": ranks, "repeat": repeat, "deck": Path(options.deck).stem,
                "islands": islands if kind == "strong" else options.islands_per_rank * ranks,
                "batch": batch if kind == "strong" else per_rank * ranks,
                "keys": " ".join(sorted(options.keys)),
                "iterations": options.iterations, "ranks_per_node": ranks_per_node(options, ranks),
                "reduction": values["runtime.reduction"], "work": values["runtime.work"],
                "population": int(values["evo.population"]),
                "fitness_tasks": int(values["evo.fitness_tasks"]),
                "generation_every": int(values["evo.generation_every"]) if options.generations else 0})
    return [p for p in points if options.repeat is None or p["repeat"] == options.repeat]


def measure(options, settings, path):
    work = options.folder / ("work-%s" % path.stem)
    shutil.rmtree(work, ignore_errors=True)
    work.mkdir(parents=True)
    figures = work / "figures.json"
    keys = {"evo.islands": settings["islands"], "meta.batch": settings["batch"],
            "run.iterations": settings["iterations"], "run.checkpoint_every": options.checkpoints,
            "run.log_every": 0, "run.folder": work / "run",
            "evo.generation_every": settings["generation_every"] or settings["iterations"] + 1}
    own = [word for word in options.keys if word[2:].split("=")[0] not in keys]
    words = [*own, *("--%s=%s" % pair for pair in keys.items())]
    result = Search(options.deck, words, figures, path.name, options.launcher or MPIRUN,
                    settings["ranks"]).figures(options.timeout)
    point.check_result(result, "the JSON of %s" % path.stem)
    point.check_ranks(settings, result, path.stem)
    point.write_point(path, settings, result)
    shutil.rmtree(work)
    return result


def already_there(path, settings):
    """A point measured before, by the same study."""
    if not path.exists():
        return False
    found, _ = point.read_point(path)
    differing = [key for key in settings if found.get(key) != settings[key]]
    if differing:
        raise Problem(BAD_ARGUMENTS, "%s was measured with %s" % (
            path, ", ".join("%s = %s, now %s" % (key, found.get(key), settings[key]) for key in differing)),
                      "one folder holds one study", "choose another --folder or remove it")
    return True


def main(words):
    options = arguments(words)
    cores = len(os.sched_getaffinity(0))
    local = not options.launcher and not options.submit and "SLURM_JOB_ID" not in os.environ
    options.ranks = options.ranks or default_ranks(cores)
    options.folder = (options.folder or Path("runs/scaling") / Path(options.deck).stem).absolute()
    if local and max(options.ranks) > cores and not options.oversubscribe:
        raise Problem(BAD_ARGUMENTS, "%d ranks on %d core(s)" % (max(options.ranks), cores),
                      "ranks that share a core measure the scheduler", "lower --ranks, or ask for --oversubscribe")
    # Judged with the deck's own islands and batch: what the study sets per point is not there yet.
    values = deck_values(options.deck, options.keys)
    if options.submit:
        options.repeat = None
        return cluster.submit(options, plan(options, values))
    points = plan(options, values)
    for settings in points if options.list else []:
        print("%(kind)s ranks %(ranks)d islands %(islands)d batch %(batch)d repeat %(repeat)d" % settings)
    if options.list:
        return 0
    options.folder.mkdir(parents=True, exist_ok=True)
    for number, settings in enumerate(points, 1):
        path = options.folder / point.file_name(settings)
        if already_there(path, settings):
            print("[%d/%d] %s: measured before" % (number, len(points), path.stem), flush=True)
            continue
        result = measure(options, settings, path)
        print("[%d/%d] %s: %.1f ms per iteration" % (number, len(points), path.stem,
                                                     1e3 * result["seconds"] / result["timed_iterations"]), flush=True)
    print("next: %s" % shlex.join([str(cluster.ROOT / "jobs/scaling/collect.py"), str(options.folder)]))
    return 0


if __name__ == "__main__":
    run(main)
