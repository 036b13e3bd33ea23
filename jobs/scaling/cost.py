# SPDX-License-Identifier: Apache-2.0
"""What a meta-iteration costs on R ranks: the formulas, free of measurements. Times in seconds, sizes in bytes."""

import math
from dataclasses import dataclass

from arrays import np

# Bytes that an element of a gradient has on its way, by runtime.reduction.
BYTES = {"exact": 8, "fast": 4}
# What a rank holds for every weight: the 64-bit sum, and the mean that the optimizer steps with.
HELD = 8 + 4
# MPI libraries sum messages shorter than this by recursive doubling, longer ones by reduce-scatter and all-gather.
SHORT_MESSAGE = 10240


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

    def neighbours(self):
        """Ranks that share a node with a rank of the fullest node."""
        return min(self.ranks, self.ranks_per_node) - 1


@dataclass(frozen=True)
class Costs:
    """What the formulas need to know about machine and network."""
    task: float                # forward and backward of a training task, alone on a node
    contention: float = 0.0    # share that every further rank on the node adds to it
    spread: float = 0.0        # standard deviation of a task's time / its mean
    latency: float = 0.0       # of a message
    bandwidth: float = math.inf  # bytes/s of a reduction that one rank gets, adding them up included
    optimizer: float = 0.0     # per weight
    other: float = 0.0         # per task, beside the phases: drawing it, planning its network
    serial: float = 0.0        # per iteration, whatever the ranks do
    fitness_task: float = 0.0  # a task of a fitness evaluation


def first_island(rank, ranks, islands):
    """As islands_of in src/comm/island_map.cpp: blocks, the first ones longer where it does not divide."""
    return rank * (islands // ranks) + np.minimum(rank, islands % ranks)


def islands_of_ranks(setting):
    return np.diff(first_island(np.arange(setting.ranks + 1), setting.ranks, setting.islands))


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
    """Bytes that a rank holds for gradients, whatever the number of its islands; `fast` has floats of the sum beside."""
    return (HELD + (BYTES["fast"] if setting.reduction == "fast" else 0)) * setting.weights


def task_seconds(setting, costs):
    return costs.task * (1 + costs.contention * setting.neighbours())


def waiting(setting, costs):
    """Mean time that ranks wait for the one whose training tasks take longest, per iteration."""
    tasks, each = tasks_of_ranks(setting), task_seconds(setting, costs)
    return expected_maximum(each * tasks, each * costs.spread * np.sqrt(tasks)) - each * float(tasks.mean())


def agreement(setting, costs):
    """Time of the small allreduce that ends an iteration's training: the program counts it as waiting."""
    return costs.latency * math.ceil(math.log2(setting.ranks))


def generation(setting, costs):
    """Fitness evaluation of one generation: mean over ranks, and of the slowest one. The tasks of an individual share
    its encode: their times vary together."""
    individuals = islands_of_ranks(setting) * setting.population
    each = costs.fitness_task * (1 + costs.contention * setting.neighbours()) * setting.fitness_tasks
    return each * float(individuals.mean()), expected_maximum(each * individuals,
                                                              each * costs.spread * np.sqrt(individuals))


def iteration(setting, costs):
    """Seconds of one meta-iteration by cause; their sum is its time."""
    mean_tasks = setting.batch / setting.ranks
    messages, size = traffic(setting)
    return {
        "compute": (task_seconds(setting, costs) + costs.other) * mean_tasks,
        "imbalance": waiting(setting, costs) + costs.other * (float(tasks_of_ranks(setting).max()) - mean_tasks),
        "reduction": costs.latency * messages + size / costs.bandwidth,
        "agreement": agreement(setting, costs),
        "optimizer": costs.optimizer * setting.weights,
        "serial": costs.serial,
        "generation": generation(setting, costs)[1] / setting.generation_every if setting.generation_every else 0.0,
    }


def seconds(setting, costs):
    return sum(iteration(setting, costs).values())


def speedup(setting, one, costs):
    """Tasks per second of a setting over those of another, the one on a single rank."""
    return (setting.batch / seconds(setting, costs)) / (one.batch / seconds(one, costs))
