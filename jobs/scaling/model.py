#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fits a cost model to a scaling table and predicts efficiency on more ranks. See README.md here."""

import argparse
import csv
import math
from dataclasses import replace

import model_text
from arrays import h5py, np
from problem import BAD_ARGUMENTS, BAD_DATA, Problem, count, counts, positive, run

from atnas_analysis.scaling import cost, fit, table

MODEL = """\
The time of a meta-iteration is the sum of
- compute: tasks per rank x time of a task; a further rank on a node adds the share 'contention' to it
- imbalance: what ranks wait for the last one. Times of tasks are independent with the same relative spread; nodes are
  equally fast, nothing else runs on them. work = shared: tasks, and pairs of individual and episode in a generation, by
  MACs to the ranks, longest first, at home where that does not overload a rank; on a node whoever is idle takes the
  longest one left. work = static: every rank computes what its islands own
- reduction: an allreduce, by recursive doubling up to 10 kB, else by reduce-scatter and all-gather in 2 log2(ranks)
  rounds; 8 bytes per weight (exact) or 4 (fast)
- every rank has its bandwidth at all times (no congestion, full bisection); nothing overlaps with computing
- agreement: one small allreduce, log2(ranks) latencies
- optimizer, done by every rank; and what no phase holds: per task and per iteration ('serial')
- generations: fitness tasks of the last rank, and the populations that all ranks get; checkpoints and start-up are left
  out
Efficiency: tasks/s over ranks x tasks/s of one rank, alone on its node; 'of a node': against one full node."""


def arguments(words):
    parser = argparse.ArgumentParser(description=__doc__, allow_abbrev=False)
    parser.add_argument("table", help="written by collect.py, .csv or .h5")
    parser.add_argument("--deck", help="which of the table's decks (needed when there are several)")
    parser.add_argument("--ranks", type=counts, default=[8, 64, 512, 4096], help="to predict (8,64,512,4096)")
    parser.add_argument("--islands", type=count, help="strong scaling (as measured, at least the most ranks)")
    parser.add_argument("--batch", type=count, help="tasks per iteration, strong scaling (per island as measured)")
    parser.add_argument("--islands-per-rank", type=count, help="weak scaling (as measured, else 1)")
    parser.add_argument("--batch-per-rank", type=count, help="weak scaling (as many per island as measured)")
    parser.add_argument("--weights", type=count, help="float32 numbers in a gradient (as measured)")
    parser.add_argument("--task-seconds", type=positive,
                        help="forward and backward of a task, e.g. on other processors (fitted)")
    parser.add_argument("--reduction", choices=("exact", "fast"), help="(as measured)")
    parser.add_argument("--ranks-per-node", type=count, help="(the most that were measured)")
    parser.add_argument("--latency", type=positive, help="of a message in s, e.g. 2e-6 for InfiniBand (fitted)")
    parser.add_argument("--bandwidth", type=positive,
                        help="that one rank gets in byte/s: a node's 25e9 shared by 4 ranks is 6.25e9 (fitted)")
    parser.add_argument("--work", choices=("shared", "static"), help="runtime.work (as measured)")
    parser.add_argument("--tasks-per-rank", type=counts, default=[2, 4, 8],
                        help="for the table of both kinds of work, an island per rank (2,4,8)")
    parser.add_argument("--paths", metavar="CHECKPOINT.h5", help="MACs of tasks are those of its individuals (normal)")
    parser.add_argument("--foreseen", type=share, default=cost.Costs.foreseen,
                        help="share of the variance of the times that the MACs tell (%g)" % cost.Costs.foreseen)
    parser.add_argument("--spread", type=share, help="standard deviation of a task's time / its mean (fitted)")
    parser.add_argument("--generation-every", type=int, help="iterations; 0 = no generations (as measured)")
    parser.add_argument("--output", help="write the predictions to this CSV file too")
    return parser.parse_args(words)


def share(text):
    """A number from 0 to 1, for argparse."""
    value = float(text)
    if not 0 <= value <= 1:
        raise ValueError(text)
    return value


def macs_of(path):
    """MACs of a checkpoint's individuals over their mean."""
    try:
        with h5py.File(path, "r") as file:
            macs = file["islands/macs"][()].ravel()
    except (OSError, KeyError) as error:
        raise Problem(BAD_DATA, "%s is no checkpoint of a search" % path, str(error), "name one with --paths")
    return tuple(float(value) for value in macs / macs.mean())


def choose_deck(rows, deck):
    decks = sorted({row["deck"] for row in rows})
    if deck is None and len(decks) > 1:
        raise Problem(BAD_ARGUMENTS, "the table has decks %s" % ", ".join(decks), "a prediction is for one",
                      "choose with --deck")
    if deck is not None and deck not in decks:
        raise Problem(BAD_ARGUMENTS, "--deck=%s is not in the table" % deck, "it has %s" % ", ".join(decks),
                      "choose one of them")
    return deck or decks[0]


def settings(rows, options):
    """{kind: ranks -> Setting}"""
    def largest(kind):
        return max((row for row in rows if row["kind"] == kind), key=lambda row: row["ranks"], default=None)

    strong, weak = largest("strong"), largest("weak")
    some = strong or weak
    generations = [fit.setting_of(row).generation_every for row in rows if row["generations"]]
    common = {
        "weights": options.weights or some["weights"], "reduction": options.reduction or some["reduction"],
        "work": options.work or some["work"],
        "ranks_per_node": options.ranks_per_node or max(row["ranks_per_node"] for row in rows),
        "population": some["population"], "fitness_tasks": some["fitness_tasks"],
        "generation_every": max(generations, default=0)}
    if options.generation_every is not None:
        common["generation_every"] = options.generation_every
    islands = options.islands or max(some["islands"], *options.ranks)
    batch = options.batch or math.ceil(islands * some["batch"] / some["islands"])
    some = weak or strong
    island_share = options.islands_per_rank or (weak["islands"] // weak["ranks"] if weak else 1)
    batch_share = options.batch_per_rank or math.ceil(island_share * some["batch"] / some["islands"])
    if batch < islands or batch_share < island_share:
        raise Problem(BAD_ARGUMENTS, "fewer tasks than islands (strong: %d, %d; weak, per rank: %d, %d)"
                      % (batch, islands, batch_share, island_share), "every island needs a task per iteration",
                      "raise --batch or --batch-per-rank")
    return {"strong": lambda ranks: cost.Setting(ranks=ranks, islands=islands, batch=batch, **common),
            "weak": lambda ranks: cost.Setting(ranks=ranks, islands=island_share * ranks, batch=batch_share * ranks,
                                               **common)}


def choose_costs(fitted, options, rows):
    costs = fitted.costs
    if all(row["ranks"] == 1 for row in rows) and None in (options.latency, options.bandwidth):
        raise Problem(BAD_ARGUMENTS, "no network to predict with", "the table has no run on more than one rank",
                      "measure some, or give --latency and --bandwidth")
    if options.task_seconds:
        costs = replace(costs, task=options.task_seconds,
                        fitness_task=costs.fitness_task * options.task_seconds / costs.task)
    if options.spread is not None:
        costs = replace(costs, spread=options.spread)
    if options.paths:
        costs = replace(costs, paths=macs_of(options.paths))
    return replace(costs, foreseen=options.foreseen, latency=options.latency or costs.latency,
                   bandwidth=options.bandwidth or costs.bandwidth)


def predict(kinds, ranks, costs):
    """Rows of the prediction; ranks that the setting does not admit are left out."""
    rows = []
    for kind, at in kinds.items():
        for number in ranks:
            setting = at(number)
            if number > setting.most_ranks():
                continue
            terms, speedup = cost.iteration(setting, costs), cost.speedup(setting, at(1), costs)
            total, node = sum(terms.values()), at(setting.ranks_per_node)
            rows.append({"kind": kind, "ranks": number, "islands": setting.islands, "batch": setting.batch,
                         "seconds_per_iteration": total, "tasks_per_s": setting.batch / total, "speedup": speedup,
                         "efficiency": speedup / number,
                         "efficiency_of_a_node": cost.speedup(setting, node, costs) * node.ranks / number,
                         "megabytes_sent": 1e-6 * cost.traffic(setting)[1],
                         "gradient_megabytes": 1e-6 * cost.reduction_memory(setting), **terms})
    return rows


def warnings(rows, kinds, options, costs, residuals):
    """Where the prediction leaves what was measured."""
    found, most = [], max(row["ranks"] for row in rows)
    biggest = kinds["strong"](max(options.ranks))
    if max(options.ranks) > most:
        found.append("up to %d ranks are predicted, %d were measured" % (max(options.ranks), most))
    if all(row["ranks"] <= row["ranks_per_node"] for row in rows) and None in (options.latency, options.bandwidth):
        found.append("all runs were on one node: latency and bandwidth are those of its memory, not of a network; "
                     "give --latency and --bandwidth")
    if biggest.ranks_per_node > max(row["ranks_per_node"] for row in rows):
        found.append("%d ranks per node, at most %d were measured: contention is extrapolated"
                     % (biggest.ranks_per_node, max(row["ranks_per_node"] for row in rows)))
    if not min(row["weights"] for row in rows) <= biggest.weights <= max(row["weights"] for row in rows):
        found.append("%d weights were not measured%s" % (biggest.weights, "" if options.task_seconds else
                     ": the time of a task stays that of the measured network, give --task-seconds"))
    if biggest.reduction not in {row["reduction"] for row in rows}:
        found.append("reduction = %s was not measured" % biggest.reduction)
    if len({row["host"] for row in rows}) > 1:
        found.append("the runs are from several hosts: their processors are taken as equal")
    if max(row["repeat"] for row in rows) < 2:
        found.append("fewer than three repeats: the noise of the timings is not known")
    for number in options.ranks:
        if number > biggest.most_ranks():
            found.append("%d ranks are more than the %s of strong scaling: left out" % (
                number, "%d islands" % biggest.islands if biggest.work == "static" else
                "%d tasks or evaluations" % biggest.most_ranks()))
    if biggest.work not in {row["work"] for row in rows}:
        found.append("work = %s was not measured" % biggest.work)
    memory = max(cost.reduction_memory(kinds[kind](ranks)) for kind in kinds for ranks in options.ranks
                 if ranks <= kinds[kind](ranks).most_ranks()) if min(options.ranks) <= biggest.most_ranks() else 0
    if memory > 8e9:
        found.append("a rank would hold %.0f GB of gradients" % (1e-9 * memory))
    if costs.contention > 0.5:
        found.append("every further rank on a node slows the others down by %.0f %%: other programs used the cores, or "
                     "there are more ranks than cores" % (100 * costs.contention))
    worst = max(abs(predicted / measured - 1) for _, _, measured, predicted in residuals)
    if worst > 0.1:
        found.append("residuals of up to %.0f %%: the predictions are worth no more than that" % (100 * worst))
    if costs.spread == 0:
        found.append("the spread of task times is 0: the imbalance is a lower bound")
    return found


def main(words):
    options = arguments(words)
    rows = table.read(options.table)
    deck = choose_deck(rows, options.deck)
    own = [row for row in rows if row["deck"] == deck]
    fitted = fit.fit(rows, deck)
    costs = choose_costs(fitted, options, rows)
    kinds = settings(own, options)
    model_text.print_fit(rows, deck, fitted.costs)
    print("\nAssumptions:\n%s" % MODEL)
    for note in fitted.notes:
        print("- %s" % note)
    example = kinds["strong"](max(options.ranks))
    print("- times of tasks vary by %.0f %%, %s by %.0f %%, which tell %.0f %% of the variance of the times" % (
        100 * costs.spread, "MACs of %d paths" % len(costs.paths) if costs.paths else "MACs, normal,",
        100 * (np.std(costs.paths) if costs.paths else costs.spread * costs.foreseen**0.5), 100 * costs.foreseen))
    if costs.contention > 0:
        print("- ranks of a full node train at %.0f %% of the speed of a lone one: the efficiencies contain it"
              % (100 * costs.task / cost.task_seconds(example, costs)))
    print("\nPredicted with %d weights, reduction = %s, work = %s, %d rank(s) per node, latency %.3g us, "
          "bandwidth %.4g GB/s, a task of %.4g ms%s:" % (example.weights, example.reduction, example.work,
                             example.ranks_per_node, 1e6 * costs.latency, 1e-9 * costs.bandwidth, 1e3 * costs.task,
                             ", a generation every %g iterations" % example.generation_every
                             if example.generation_every else ", no generations"))
    prediction = predict(kinds, options.ranks, costs)
    model_text.print_prediction(prediction)
    model_text.print_kinds_of_work(options, example, costs)
    for warning in warnings(own, kinds, options, costs, fit.residuals(rows, deck, fitted.costs)):
        print("warning: %s" % warning)
    if options.output:
        try:
            with open(options.output, "w", newline="", encoding="utf-8") as file:
                writer = csv.DictWriter(file, prediction[0] if prediction else ["kind"], lineterminator="\n")
                writer.writeheader()
                writer.writerows(prediction)
        except OSError as error:
            raise Problem(BAD_ARGUMENTS, "%s cannot be written" % options.output, str(error), "choose another --output")
    return 0


if __name__ == "__main__":
    run(main)
