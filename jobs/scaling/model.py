#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Fits a cost model to a scaling table and predicts efficiency on more ranks. See README.md here."""

import argparse
import csv
import math
from dataclasses import replace

import cost
import fit
import table
from problem import BAD_ARGUMENTS, Problem, count, counts, positive, run

MODEL = """\
The time of a meta-iteration is the sum of
- compute: tasks per rank x time of a task; a further rank on a node adds the share 'contention' to it
- imbalance: the expected maximum over ranks. Shares of the batch are whole tasks by island; times of tasks are
  independent and normal with the same relative spread on all ranks; nodes are equally fast, nothing else runs on them
- reduction: an allreduce, by recursive doubling up to 10 kB, else by reduce-scatter and all-gather in 2 log2(ranks)
  rounds; 8 bytes per weight (exact) or 4 (fast)
- every rank has its bandwidth at all times (no congestion, full bisection); nothing overlaps with computing
- agreement: one small allreduce, log2(ranks) latencies
- optimizer, done by every rank; and what no phase holds: per task and per iteration ('serial')
- generations: fitness tasks of the slowest rank; migration (some kB per generation), checkpoints and start-up are left
  out
Efficiency: tasks/s over ranks x tasks/s of one rank, alone on its node."""


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
    parser.add_argument("--generation-every", type=int, help="iterations; 0 = no generations (as measured)")
    parser.add_argument("--output", help="write the predictions to this CSV file too")
    return parser.parse_args(words)


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
    return replace(costs, latency=options.latency or costs.latency, bandwidth=options.bandwidth or costs.bandwidth)


def predict(kinds, ranks, costs):
    """Rows of the prediction; ranks that the setting does not admit are left out."""
    rows = []
    for kind, at in kinds.items():
        for number in ranks:
            setting = at(number)
            if number > setting.islands:
                continue
            terms, speedup = cost.iteration(setting, costs), cost.speedup(setting, at(1), costs)
            total = sum(terms.values())
            rows.append({"kind": kind, "ranks": number, "islands": setting.islands, "batch": setting.batch,
                         "seconds_per_iteration": total, "tasks_per_s": setting.batch / total, "speedup": speedup,
                         "efficiency": speedup / number, "megabytes_sent": 1e-6 * cost.traffic(setting)[1],
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
        if number > biggest.islands:
            found.append("%d ranks are more than strong scaling's %d islands: left out" % (number, biggest.islands))
    memory = max(cost.reduction_memory(kinds[kind](ranks)) for kind in kinds for ranks in options.ranks
                 if ranks <= kinds[kind](ranks).islands) if min(options.ranks) <= biggest.islands else 0
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


def print_fit(rows, deck, costs):
    print("Fitted to %d runs of deck %s on %s rank(s):" % (
        sum(row["deck"] == deck for row in rows), deck, ", ".join(map(str, sorted({row["ranks"] for row in rows})))))
    for name, value in (("task", "%.4g ms" % (1e3 * costs.task)),
                        ("contention", "%.1f %% per neighbour" % (100 * costs.contention)),
                        ("spread", "%.1f %%" % (100 * costs.spread)), ("latency", "%.3g us" % (1e6 * costs.latency)),
                        ("bandwidth", "%.4g GB/s" % (1e-9 * costs.bandwidth)),
                        ("optimizer", "%.3g ns per weight" % (1e9 * costs.optimizer)),
                        ("other", "%.3g ms per task" % (1e3 * costs.other)),
                        ("serial", "%.3g ms per iteration" % (1e3 * costs.serial)),
                        ("fitness task", "%.4g ms" % (1e3 * costs.fitness_task))):
        print("  %-13s %s" % (name, value))
    print("Residuals, ms per iteration (median of the repeats):")
    print("  kind    ranks islands  batch  measured     model   error")
    for kind, setting, measured, model in fit.residuals(rows, deck, costs):
        print("  %-6s %6d %7d %6d %9.2f %9.2f %+6.1f%%" % (kind, setting.ranks, setting.islands, setting.batch,
                                                         1e3 * measured, 1e3 * model, 100 * (model / measured - 1)))
    errors = fit.leave_one_out(rows, deck)
    if errors:
        (kind, setting), worst = max(errors, key=lambda error: abs(error[1]))
        print("Leave one out: mean error %.1f %%, largest %+.1f %% (%s, %d ranks)" % (
            100 * sum(abs(error) for _, error in errors) / len(errors), 100 * worst, kind, setting.ranks))
    else:
        print("Leave one out: too few settings were measured (4 are needed)")


def print_prediction(rows):
    print("  kind    ranks islands  batch   ms/iter    tasks/s  speed-up efficiency  compute imbalance reduction  rest"
          "  MB sent")
    for row in rows:
        total = row["seconds_per_iteration"]
        share = {name: 100 * row[name] / total for name in ("compute", "imbalance", "reduction")}
        print("  %-6s %6d %7d %6d %9.2f %10.1f %9.1f %9.1f%% %7.1f%% %8.1f%% %8.1f%% %4.1f%% %8.2f" % (
            row["kind"], row["ranks"], row["islands"], row["batch"], 1e3 * total, row["tasks_per_s"], row["speedup"],
            100 * row["efficiency"], share["compute"], share["imbalance"], share["reduction"],
            100 - sum(share.values()), row["megabytes_sent"]))


def main(words):
    options = arguments(words)
    rows = table.read(options.table)
    deck = choose_deck(rows, options.deck)
    own = [row for row in rows if row["deck"] == deck]
    fitted = fit.fit(rows, deck)
    costs = choose_costs(fitted, options, rows)
    kinds = settings(own, options)
    print_fit(rows, deck, fitted.costs)
    print("\nAssumptions:\n%s" % MODEL)
    for note in fitted.notes:
        print("- %s" % note)
    example = kinds["strong"](max(options.ranks))
    if costs.contention > 0:
        print("- ranks of a full node train at %.0f %% of the speed of a lone one: the efficiencies contain it"
              % (100 * costs.task / cost.task_seconds(example, costs)))
    print("\nPredicted with %d weights, reduction = %s, %d rank(s) per node, latency %.3g us, bandwidth %.4g GB/s, "
          "a task of %.4g ms%s:" % (example.weights, example.reduction, example.ranks_per_node, 1e6 * costs.latency,
                             1e-9 * costs.bandwidth, 1e3 * costs.task,
                             ", a generation every %g iterations" % example.generation_every
                             if example.generation_every else ", no generations"))
    prediction = predict(kinds, options.ranks, costs)
    print_prediction(prediction)
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
