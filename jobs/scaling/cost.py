"""What a meta-iteration costs on R ranks: the formulas, free of measurements. Times in seconds, sizes in bytes."""

import math
from dataclasses import dataclass

from arrays import np

FLOAT = 4
# MPI libraries sum messages shorter than this by recursive doubling, longer ones by reduce-scatter and all-gather.
SHORT_MESSAGE = 10240


@dataclass(frozen=True)
class Setting:
    """One search on one number of ranks."""
    ranks: int
    islands: int
    batch: int
    weights: int
    reduction: str = "ordered"
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
    bandwidth: float = math.inf  # bytes/s that one rank gets, each way
    summing: float = 0.0       # per byte of gradient that is added up
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
    """Messages, bytes and summed bytes of the busiest rank in one reduction (src/comm/gradient_reducer.cpp). Sending
    and receiving overlap: the larger of the two counts."""
    ranks, size = setting.ranks, FLOAT * setting.weights
    mine = islands_of_ranks(setting)
    if setting.reduction == "fast":
        # The local sum, then the library's allreduce.
        if ranks == 1:
            return 0, 0.0, float(mine[0] * size)
        rounds = math.ceil(math.log2(ranks))
        if size <= SHORT_MESSAGE:
            return rounds, float(rounds * size), float((mine[0] + rounds) * size)
        exchanged = size * (ranks - 1) / ranks
        return 2 * rounds, 2 * exchanged, mine[0] * size + exchanged
    # Every island's slice goes to the rank that sums the slice; the summed slices go around a ring. Block sizes differ
    # by one: rank 0 has the most islands to send, the last rank the most to receive.
    summed = setting.islands * size / ranks
    if ranks == 1:
        return 0, 0.0, summed
    messages = max(int(mine[0]) * (ranks - 1), setting.islands - int(mine[-1]))
    parts = max(mine[0] * size * (ranks - 1) / ranks, (setting.islands - mine[-1]) * size / ranks)
    return messages + ranks - 1, parts + size * (ranks - 1) / ranks, summed


def reduction_memory(setting):
    """Bytes that the busiest rank holds for gradients: its islands', the sum, and with `ordered` what it receives."""
    mine, size = int(islands_of_ranks(setting)[0]), FLOAT * setting.weights
    received = (setting.islands - mine) * size / setting.ranks if setting.reduction == "ordered" else 0
    return (mine + 1) * size + received


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
    messages, size, summed = traffic(setting)
    return {
        "compute": (task_seconds(setting, costs) + costs.other) * mean_tasks,
        "imbalance": waiting(setting, costs) + costs.other * (float(tasks_of_ranks(setting).max()) - mean_tasks),
        "reduction": costs.latency * messages + size / costs.bandwidth + costs.summing * summed,
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
