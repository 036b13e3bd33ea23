# SPDX-License-Identifier: Apache-2.0
"""Who computes which item of a step (as src/engine/schedule.cpp), and when the last rank is done."""

import heapq

import numpy as np

# A sum of floats may exceed the mean load by rounding alone.
ROUNDING = 1 + 1e-9


def homes(islands, ranks):
    """First and last rank of every island: blocks of islands per rank, or blocks of ranks per island where there are
    more ranks than islands."""
    def blocks(items, owners):
        first = np.arange(owners + 1)
        return first * (items // owners) + np.minimum(first, items % owners)

    if ranks <= islands:
        owner = np.repeat(np.arange(ranks), np.diff(blocks(islands, ranks)))
        return owner, owner
    first = blocks(ranks, islands)
    return first[:-1], first[1:] - 1


def assign(costs, first, last, ranks):
    """The rank of every item. Longest first (Graham 1969): an item stays at home, ranks first[i] ... last[i], unless
    its rank would then have more than the mean load and another one has less: then the least loaded of all gets it."""
    mean, loads = float(costs.sum()) / ranks * ROUNDING, [0.0] * ranks
    least = [(0.0, rank) for rank in range(ranks)]  # a heap; loads in it may be out of date, then they are too small
    found = np.empty(len(costs), int)
    for item in np.argsort(-costs, kind="stable"):
        item_cost, home = float(costs[item]), range(int(first[item]), int(last[item]) + 1)
        rank = home[0] if len(home) == 1 else min(home, key=loads.__getitem__)
        if loads[rank] + item_cost > mean:
            while least[0][0] < loads[least[0][1]]:
                heapq.heapreplace(least, (loads[least[0][1]], least[0][1]))
            rank = least[0][1] if least[0][0] < loads[rank] else rank
        loads[rank] += item_cost
        found[item] = rank
    return found


def nodes_of(ranks, per_node):
    """The node of every rank."""
    return np.arange(ranks) // per_node


def finish(costs, times, node, ranks_of_nodes):
    """When the last rank of every node is done. Ranks of a node share their lists: whoever is idle takes the longest
    item left. costs: what the program takes items for; times: what they take."""
    nodes, most = len(ranks_of_nodes), np.bincount(node, minlength=len(ranks_of_nodes)).max()
    order = np.lexsort((-costs, node))
    start = np.searchsorted(node[order], np.arange(nodes))
    place = np.arange(len(order)) - start[node[order]]
    queue = np.zeros((nodes, most))
    queue[node[order], place] = times[order]
    busy = np.where(np.arange(max(ranks_of_nodes)) < np.array(ranks_of_nodes)[:, None], 0.0, np.inf)
    for column in queue.T:
        busy[np.arange(nodes), busy.argmin(axis=1)] += column
    return np.where(np.isinf(busy), 0.0, busy).max(axis=1)
