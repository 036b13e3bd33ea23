# SPDX-License-Identifier: Apache-2.0
"""What model.py prints: the fit and the predictions as tables."""

import package  # noqa: F401

from atnas_analysis.scaling import cost, fit


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
    print("  kind    ranks islands  batch   ms/iter    tasks/s  speed-up efficiency of a node  compute imbalance "
          "reduction  rest  MB sent")
    for row in rows:
        total = row["seconds_per_iteration"]
        share = {name: 100 * row[name] / total for name in ("compute", "imbalance", "reduction")}
        print("  %-6s %6d %7d %6d %9.2f %10.1f %9.1f %9.1f%% %8.1f%% %7.1f%% %8.1f%% %8.1f%% %4.1f%% %8.2f" % (
            row["kind"], row["ranks"], row["islands"], row["batch"], 1e3 * total, row["tasks_per_s"], row["speedup"],
            100 * row["efficiency"], 100 * row["efficiency_of_a_node"], share["compute"],
            share["imbalance"], share["reduction"], 100 - sum(share.values()), row["megabytes_sent"]))


def print_kinds_of_work(options, example, costs):
    """Weak scaling with one island per rank, against one full node."""
    print("\nEfficiency against one full node (%d rank(s)) that shares its work, one island per rank, "
          "by tasks of a rank:" % example.ranks_per_node)
    print("   ranks %s" % " ".join("%9d tasks:" % tasks for tasks in options.tasks_per_rank))
    print("         %s" % " ".join("%10s" % name for _ in options.tasks_per_rank for name in ("shared", "static")))
    for ranks in options.ranks:
        cells = [100 * cost.efficiency_of_work(example, costs, ranks, tasks, work)
                 for tasks in options.tasks_per_rank for work in ("shared", "static")]
        print("  %6d %s" % (ranks, " ".join("%9.1f%%" % cell for cell in cells)))
