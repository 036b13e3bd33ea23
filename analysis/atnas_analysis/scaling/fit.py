# SPDX-License-Identifier: Apache-2.0
"""The parameters of the cost model from a measured table, by least squares."""

import itertools
import statistics
from dataclasses import dataclass, replace

import numpy as np

from ..problem import Problem
from . import cost

# Where the runs cannot tell latency from bandwidth: between processes of one machine.
ASSUMED_LATENCY = 1e-6
# Columns closer to parallel than this cannot be told apart through the noise of timings.
INDEPENDENT = 0.02


@dataclass(frozen=True)
class Fit:
    costs: cost.Costs
    notes: tuple  # what the runs could not tell, for people


def setting_of(row):
    return cost.Setting(ranks=row["ranks"], islands=row["islands"], batch=row["batch"], weights=row["weights"],
                        reduction=row["reduction"], ranks_per_node=row["ranks_per_node"],
                        generation_every=row["iterations"] / row["generations"] if row["generations"] else 0.0,
                        population=row["population"], fitness_tasks=row["fitness_tasks"], work=row["work"])


def non_negative(columns, target, weights):
    """Least squares with coefficients >= 0: the best of all sets of columns, of which there are few."""
    matrix, goal = np.array(columns, float).T * weights[:, None], np.array(target) * weights
    best, least = np.zeros(matrix.shape[1]), float(goal @ goal)
    for size in range(1, matrix.shape[1] + 1):
        for chosen in itertools.combinations(range(matrix.shape[1]), size):
            values = np.linalg.lstsq(matrix[:, chosen], goal, rcond=None)[0]
            miss = float(((matrix[:, chosen] @ values - goal) ** 2).sum())
            if (values >= 0).all() and miss < least * (1 - 1e-12):
                best, least = np.zeros(matrix.shape[1]), miss
                best[list(chosen)] = values
    return best


def independent(columns, weights):
    matrix = np.array(columns, float).T * weights[:, None]
    lengths = np.linalg.norm(matrix, axis=0)
    if len(matrix) < matrix.shape[1] or (lengths == 0).any():
        return False
    return np.linalg.svd(matrix / lengths, compute_uv=False)[-1] > INDEPENDENT


def relative(target):
    """Weights that make every point count by its relative error; what is far below the largest counts as noise."""
    target = np.array(target, float)
    return 1 / np.maximum(target, 0.01 * max(target.max(), 1e-12))


def fit_task(rows, notes):
    target = [(row["forward_avg"] + row["backward_avg"]) * row["ranks"] / row["batch"] for row in rows]
    neighbours = [setting_of(row).neighbours() for row in rows]
    if min(target) <= 0:
        raise Problem("a point of deck '%s' has no forward and backward time" % rows[0]["deck"],
                      "the time of a task follows from them", "measure it again")
    weights = relative(target)
    if len(set(neighbours)) == 1:
        notes.append("all runs had %d rank(s) per node: how much ranks of a node slow each other down is unknown"
                     % (neighbours[0] + 1))
        return float((np.array(target) * weights**2).sum() / (weights**2).sum()), 0.0
    task, more = non_negative([np.ones(len(rows)), neighbours], target, weights)
    if task <= 0:
        raise Problem("the time of a task cannot be fitted",
                      "runs on more ranks per node contradict the model", "repeat the study on a quiet machine")
    return task, more / task


def fit_spread(rows, costs, notes):
    """The spread whose expected waiting is closest to what was measured, by golden section. `costs` holds the latency:
    the agreement is measured as waiting, but no spread causes it."""
    several = [row for row in rows if row["ranks"] > 1]
    if not several:
        notes.append("no run had more than one rank: tasks are taken to last equally long")
        return 0.0
    # Rows of one setting wait for the same expected time; the mean over them has the same least squares.
    groups = {}
    for row in several:
        setting = setting_of(row)
        groups.setdefault(setting, []).append(max(0.0, row["waiting_avg"] - cost.agreement(setting, costs)))

    def expected(setting, spread):
        guess = replace(costs, spread=spread)
        if not setting.generation_every:
            return cost.waiting(setting, guess)
        mean, slowest = cost.generation(setting, guess)
        return cost.waiting(setting, guess) + (slowest - mean) / setting.generation_every

    def miss(spread):
        return sum(len(waits) * (expected(setting, spread) - np.mean(waits)) ** 2 for setting, waits in groups.items())

    low, high, ratio = 0.0, 2.0, (5**0.5 - 1) / 2
    while high - low > 1e-4:
        left, right = high - ratio * (high - low), low + ratio * (high - low)
        if miss(left) < miss(right):
            high = right
        else:
            low = left
    spread = (low + high) / 2
    return spread if miss(spread) < miss(0.0) else 0.0


def fit_network(rows, notes):
    """Latency and bandwidth, from all decks: the network does not know what it carries."""
    several = [row for row in rows if row["ranks"] > 1]
    if not several:
        notes.append("no run had more than one rank: latency and bandwidth must be given")
        return 0.0, float("inf")
    target = np.array([row["reduction_avg"] for row in several])
    messages, size = np.array([cost.traffic(setting_of(row)) for row in several], float).T
    weights = relative(target)
    if independent([messages, size], weights):
        latency, inverse = non_negative([messages, size], target, weights)
    else:
        latency = ASSUMED_LATENCY
        notes.append("these runs cannot tell latency from bandwidth: a latency of %.1f us is assumed" % (1e6 * latency))
        inverse = non_negative([size], np.maximum(target - latency * messages, 0), weights)[0]
    if latency == 0:
        notes.append("the messages of a reduction cost too little here to be seen: latency is taken as 0")
    if inverse == 0:
        notes.append("the bytes of a reduction cost too little here to be seen: bandwidth is taken as unlimited")
    return latency, 1 / inverse if inverse > 0 else float("inf")


def fit_rest(rows, notes):
    """Seconds per task and per iteration that no phase holds."""
    phases = ("forward", "backward", "optimizer", "reduction", "evaluation", "migration", "waiting")
    held = [sum(row[phase + "_avg"] for phase in phases) for row in rows]
    target = np.array([max(0.0, row["seconds_per_iteration"] - inside) for row, inside in zip(rows, held)])
    tasks, weights = [row["batch"] / row["ranks"] for row in rows], np.ones(len(rows))
    if independent([tasks, np.ones(len(rows))], weights):
        return non_negative([tasks, np.ones(len(rows))], target, weights)
    notes.append("all runs had the same tasks per rank: time outside the phases counts as part of the tasks")
    return non_negative([tasks], target, weights)[0], 0.0


def fit_fitness(rows, task, contention, notes):
    """Alone on a node: neighbours are taken to slow it down as they do training."""
    found = [row["evaluation_avg"] * row["iterations"] / row["generations"] * row["ranks"]
             / (row["islands"] * row["population"] * row["fitness_tasks"])
             / (1 + contention * setting_of(row).neighbours()) for row in rows if row["generations"]]
    if found:
        return statistics.mean(found)
    notes.append("no run had generations: a fitness task is taken to last as long as a training task")
    return task


def fit(rows, deck):
    """Costs of a deck; the runs of other decks help to tell latency from bandwidth."""
    own, notes = [row for row in rows if row["deck"] == deck], []
    task, contention = fit_task(own, notes)
    latency, bandwidth = fit_network(rows, notes)
    other, serial = fit_rest(own, notes)
    costs = cost.Costs(task=task, contention=contention, latency=latency, bandwidth=bandwidth,
                       optimizer=statistics.mean(row["optimizer_avg"] / row["weights"] for row in own), other=other,
                       serial=serial, fitness_task=fit_fitness(own, task, contention, notes))
    return Fit(replace(costs, spread=fit_spread(own, costs, notes)), tuple(notes))


def groups_of(rows, deck):
    """Rows of the same setting and kind: repeats."""
    groups = {}
    for row in rows:
        if row["deck"] == deck:
            groups.setdefault((row["kind"], setting_of(row)), []).append(row)
    return groups


def median_seconds(rows):
    return statistics.median(row["seconds_per_iteration"] for row in rows)


def residuals(rows, deck, costs):
    """(kind, setting, measured median, predicted) of seconds per iteration."""
    return [(kind, setting, median_seconds(like), cost.seconds(setting, costs))
            for (kind, setting), like in groups_of(rows, deck).items()]


def leave_one_out(rows, deck):
    """Relative errors of settings predicted from all others; empty where that would leave fewer than three."""
    groups = groups_of(rows, deck)
    errors = []
    for (kind, setting), like in groups.items() if len(groups) > 3 else ():
        left = [row for row in rows if row not in like]
        if not any(row["deck"] == deck and row["ranks"] > 1 for row in left):
            continue
        predicted = cost.seconds(setting, fit(left, deck).costs)
        errors.append(((kind, setting), predicted / median_seconds(like) - 1))
    return errors
