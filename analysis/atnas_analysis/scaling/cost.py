# SPDX-License-Identifier: Apache-2.0
"""What a meta-iteration costs on R ranks: the formulas, free of measurements. Times in seconds, sizes in bytes."""

import math
from dataclasses import dataclass, replace

import numpy as np

from . import schedule

# Bytes that an element of a gradient has on its way, by runtime.reduction.
BYTES = {"exact": 8, "fast": 4}
# What a rank holds for every weight: the 64-bit sum, and the mean that the optimizer steps with.
HELD = 8 + 4
# MPI libraries sum messages shorter than this by recursive doubling, longer ones by reduce-scatter and all-gather.
SHORT_MESSAGE = 10240
# Of an individual in the message that publishes a population: a gene is a byte, a field 8 (evo/individual_fields.hpp).
INDIVIDUAL = 24 + 14 * 8
# Of the shared work list: items to draw at least, of as many iterations as that takes.
DRAWN = 8192


@dataclass(frozen=True)
class Setting:
    """One search on one number of ranks."""
    ranks: int
    islands: int
    batch: int
    weights: int
    reduction: str = "exact"
    ranks_per_node: int = 1
    generation_every: float = 0.0   # iterations; 0 = never
    population: int = 8
    fitness_tasks: int = 20
    work: str = "shared"            # runtime.work
    distinct: float = 1.0           # share of individuals that are not copies of another one: these are evaluated

    def evaluations(self):
        """Of a generation: pairs of individual and episode."""
        return max(1, round(self.islands * self.population * self.distinct)) * self.fitness_tasks

    def most_ranks(self):
        """More have nothing to do."""
        return self.islands if self.work == "static" else max(self.batch, self.islands * self.population
                                                              * self.fitness_tasks)

    def neighbours(self):
        """Ranks that share a node with a rank of the fullest node."""
        return min(self.ranks, self.ranks_per_node) - 1


@dataclass(frozen=True)
class Costs:
    """What the formulas need to know about machine and network."""
    task: float                # forward and backward of a training task, alone on a node
    contention: float = 0.0    # share that every further rank on the node adds to it
    spread: float = 0.0        # standard deviation of a task's time / its mean
    foreseen: float = 0.5      # share of that variance that the MACs of the path tell; a guess
    paths: tuple = ()          # MACs of paths / their mean, to draw from; empty: normal
    latency: float = 0.0       # of a message
    bandwidth: float = math.inf  # bytes/s of a reduction that one rank gets, adding them up included
    optimizer: float = 0.0     # per weight
    other: float = 0.0         # per task, beside the phases: drawing it, planning its network
    serial: float = 0.0        # per iteration, whatever the ranks do
    fitness_task: float = 0.0  # a task of a fitness evaluation
    drawn: int = DRAWN         # more make the figures of shared work smoother, and take longer


def first_island(rank, ranks, islands):
    """As islands_of in src/comm/island_map.cpp: blocks, the first ones longer where it does not divide."""
    return rank * (islands // ranks) + np.minimum(rank, islands % ranks)


def islands_of_ranks(setting):
    return np.diff(first_island(np.arange(setting.ranks + 1), setting.ranks, setting.islands))


def tasks_of_islands(setting):
    return setting.batch // setting.islands + (np.arange(setting.islands) < setting.batch % setting.islands)


def tasks_of_ranks(setting):
    """Training tasks of every rank; an island's share is that of share_of_batch in src/app/island.cpp."""
    first = first_island(np.arange(setting.ranks + 1), setting.ranks, setting.islands)
    before = first * (setting.batch // setting.islands) + np.minimum(first, setting.batch % setting.islands)
    return np.diff(before)


def expected_maximum(means, deviations):
    """Of independent normal variables, by integrating the product of their distributions."""
    means, deviations = np.asarray(means, float), np.asarray(deviations, float)
    if len(means) == 1 or deviations.max() == 0:
        return float(means.max())
    kinds, numbers = np.unique(np.stack([means, deviations]), axis=1, return_counts=True)
    low, high = (means - 9 * deviations).max(), (means + 9 * deviations).max()
    grid = np.linspace(low, high, 401)
    below = np.ones_like(grid)
    for (mean, deviation), number in zip(kinds.T, numbers):
        if deviation == 0:
            below *= grid >= mean
        else:
            scaled = (grid - mean) / (deviation * math.sqrt(2))
            below *= (0.5 * (1 + np.array([math.erf(x) for x in scaled]))) ** int(number)
    return float(high - ((below[1:] + below[:-1]) / 2 * np.diff(grid)).sum())


def traffic(setting):
    """Messages and bytes sent by a rank in one allreduce, as MPI libraries do it (src/comm/mpi_reducer.cpp)."""
    ranks, size = setting.ranks, BYTES[setting.reduction] * setting.weights
    if ranks == 1:
        return 0, 0.0
    rounds = math.ceil(math.log2(ranks))
    if size <= SHORT_MESSAGE:
        return rounds, float(rounds * size)
    return 2 * rounds, 2 * size * (ranks - 1) / ranks


def reduction_memory(setting):
    """Bytes that a rank holds for gradients, whatever its islands; `fast` has floats of the sum beside."""
    return (HELD + (BYTES["fast"] if setting.reduction == "fast" else 0)) * setting.weights


def task_seconds(setting, costs):
    return costs.task * (1 + costs.contention * setting.neighbours())


def draw(number, setting, costs, generator):
    """What the program takes some paths for (in MACs) and how long a task of each takes, both with mean 1. Every path
    belongs to an island."""
    if costs.paths:
        macs = np.asarray(costs.paths)[generator.integers(len(costs.paths), size=number)]
        deviation = float(np.std(costs.paths))
        known = (macs - 1) / deviation if deviation else np.zeros(number)
    else:
        known = generator.standard_normal(number)
        macs = np.maximum(0.05, 1 + costs.spread * math.sqrt(costs.foreseen) * known)
    unknown = generator.standard_normal(number)
    times = 1 + costs.spread * (math.sqrt(costs.foreseen) * known + math.sqrt(1 - costs.foreseen) * unknown)
    return macs, np.maximum(0.05, times)


def shared_step(items_of_islands, episodes, setting, costs):
    """Mean over ranks, and end of a step of the work list whose items take 1 on average. Every island has some paths,
    and every path as many items as there are episodes, all of its length."""
    generator, ranks, per_node = np.random.default_rng(1), setting.ranks, setting.ranks_per_node
    number = int(items_of_islands.sum())
    node_of_rank = schedule.nodes_of(ranks, per_node)
    sizes = np.bincount(node_of_rank).tolist()
    first, last = (np.repeat(np.repeat(of, items_of_islands), episodes)
                   for of in schedule.homes(setting.islands, ranks))
    draws = max(2, costs.drawn // (number * episodes))
    macs, times, nodes, mean = [], [], [], 0.0
    for turn in range(draws):
        of_paths = draw(number, setting, costs, generator)
        cost, time = (np.repeat(values, episodes) for values in of_paths)
        rank = schedule.assign(cost, first, last, ranks) if len(sizes) > 1 else first
        macs.append(cost)
        times.append(time)
        nodes.append(node_of_rank[rank] + turn * len(sizes))
        mean += float(time.sum()) / ranks / draws
    ends = schedule.finish(np.concatenate(macs), np.concatenate(times), np.concatenate(nodes), sizes * draws)
    return mean, float(ends.reshape(draws, len(sizes)).max(axis=1).mean())


def waiting(setting, costs):
    """Mean time that ranks wait for the one whose training tasks end last, per iteration."""
    if setting.work == "shared":
        if setting.ranks == 1:
            return 0.0
        mean, end = shared_step(tasks_of_islands(setting), 1, setting, costs)
        return task_seconds(setting, costs) * (end - mean)
    tasks, each = tasks_of_ranks(setting), task_seconds(setting, costs)
    return expected_maximum(each * tasks, each * costs.spread * np.sqrt(tasks)) - each * float(tasks.mean())


def agreement(setting, costs):
    """Time of the small allreduce that ends an iteration's training: the program counts it as waiting."""
    return costs.latency * math.ceil(math.log2(setting.ranks))


def generation(setting, costs):
    """Fitness evaluation of one generation: mean over ranks, and of the slowest one. The tasks of an individual share
    its encode: their times vary together."""
    one = costs.fitness_task * (1 + costs.contention * setting.neighbours())
    if setting.work == "shared":
        paths = setting.evaluations() // setting.fitness_tasks
        mean = one * setting.evaluations() / setting.ranks
        if setting.ranks == 1:
            return mean, mean
        drawn, end = shared_step(np.diff(first_island(np.arange(setting.islands + 1), setting.islands, paths)),
                             setting.fitness_tasks, setting, costs)
        return mean, mean + one * (end - drawn)
    individuals = islands_of_ranks(setting) * setting.population
    each = one * setting.fitness_tasks
    return each * float(individuals.mean()), expected_maximum(each * individuals,
                                                              each * costs.spread * np.sqrt(individuals))


def publishing(setting, costs):
    """After a generation: its fitness is summed over the ranks, and all ranks get all populations."""
    if setting.ranks == 1:
        return 0.0
    rounds, individuals = math.ceil(math.log2(setting.ranks)), setting.islands * setting.population
    share = (setting.ranks - 1) / setting.ranks
    return 3 * rounds * costs.latency + (2 * 8 + INDIVIDUAL) * individuals * share / costs.bandwidth


def iteration(setting, costs):
    """Seconds of one meta-iteration by cause; their sum is its time."""
    mean_tasks = setting.batch / setting.ranks
    messages, size = traffic(setting)
    wait = waiting(setting, costs)
    # What a task takes beside its phases goes with it.
    other = (wait / task_seconds(setting, costs) if setting.work == "shared"
             else float(tasks_of_ranks(setting).max()) - mean_tasks)
    return {
        "compute": (task_seconds(setting, costs) + costs.other) * mean_tasks,
        "imbalance": wait + costs.other * other,
        "reduction": costs.latency * messages + size / costs.bandwidth,
        "agreement": agreement(setting, costs),
        "optimizer": costs.optimizer * setting.weights,
        "serial": costs.serial,
        "generation": ((generation(setting, costs)[1] + publishing(setting, costs)) / setting.generation_every
                       if setting.generation_every else 0.0),
    }


def seconds(setting, costs):
    return sum(iteration(setting, costs).values())


def efficiency_of_work(example, costs, ranks, tasks, work):
    """Weak scaling of one island per rank with so many tasks and this kind of work, against one full node that shares
    its work."""
    def at(number, kind):
        return replace(example, ranks=number, islands=number, batch=tasks * number, work=kind)

    node = at(example.ranks_per_node, "shared")
    return speedup(at(ranks, work), node, costs) * node.ranks / ranks


def speedup(setting, one, costs):
    """Tasks per second of a setting over those of another, the one on a single rank."""
    return (setting.batch / seconds(setting, costs)) / (one.batch / seconds(one, costs))
