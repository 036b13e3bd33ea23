#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""What a user of PyTorch would write: tasks per second of first-order MAML with the four-block network.

One task: inner steps of SGD on the support set, then the gradient of the query loss at the adapted weights. The tasks of
`atnas bench --case=conv4-64`, on random images. With --vmap T, T tasks at a time by torch.func.vmap."""

import argparse
import time

import torch
from torch.nn import functional


def make_weights(channels, size, way, device):
    """[filters, biases, scales, shifts] of four blocks, then the head's two."""
    weights, before = [], 1
    for _ in range(4):
        weights += [0.1 * torch.randn(channels, before, 3, 3, device=device), torch.zeros(channels, device=device),
                    torch.ones(channels, device=device), torch.zeros(channels, device=device)]
        before, size = channels, size // 2
    return tuple(weights + [0.05 * torch.randn(way, channels * size * size, device=device), torch.zeros(way, device=device)])


def loss_of(weights, images, labels):
    features = images
    for block in range(4):
        kernel, bias, scale, shift = weights[4 * block:4 * block + 4]
        features = functional.conv2d(features, kernel, bias, padding=1)
        features = functional.batch_norm(features, None, None, scale, shift, training=True)
        features = functional.max_pool2d(functional.relu(features), 2)
    return functional.cross_entropy(functional.linear(features.flatten(1), weights[-2], weights[-1]), labels)


def eager_gradient(weights, images, labels):
    leaves = [w.detach().requires_grad_() for w in weights]
    return torch.autograd.grad(loss_of(leaves, images, labels), leaves)


def meta_gradient(gradient, weights, support, query, labels, steps, rate):
    for _ in range(steps):
        weights = tuple(w - rate * g for w, g in zip(weights, gradient(weights, support, labels[0])))
    return gradient(weights, query, labels[1])


def measure(work, tasks, seconds, wait):
    """Median seconds per task of calls that do so many."""
    for _ in range(3):
        work()
    times, start = [], time.perf_counter()
    while len(times) < 3 or time.perf_counter() - start < seconds:
        wait()
        begin = time.perf_counter()
        work()
        wait()
        times.append((time.perf_counter() - begin) / tasks)
    return sorted(times)[len(times) // 2]


def main():
    options = argparse.ArgumentParser(description=__doc__)
    options.add_argument("--device", default="cpu", help="cpu or cuda")
    options.add_argument("--vmap", type=int, default=0, metavar="T", help="tasks at a time; 0: one by one, eagerly")
    options.add_argument("--seconds", type=float, default=5)
    options.add_argument("--channels", type=int, default=64)
    for name, default in (("way", 5), ("shot", 1), ("query", 15), ("steps", 5)):
        options.add_argument("--" + name, type=int, default=default)
    o = options.parse_args()
    torch.manual_seed(1)
    # As the program computes by default.
    torch.backends.cuda.matmul.allow_tf32 = torch.backends.cudnn.allow_tf32 = False
    weights = make_weights(o.channels, 28, o.way, o.device)
    lead = (o.vmap,) if o.vmap else ()
    support, query = (torch.randn(*lead, o.way * n, 1, 28, 28, device=o.device) for n in (o.shot, o.query))
    labels = [torch.arange(o.way, device=o.device).repeat_interleave(n) for n in (o.shot, o.query)]
    if o.vmap:
        gradient = torch.func.grad(loss_of)
        tasks = torch.func.vmap(lambda s, q: meta_gradient(gradient, weights, s, q, labels, o.steps, 0.1))
        work = lambda: tasks(support, query)  # noqa: E731
    else:
        work = lambda: meta_gradient(eager_gradient, weights, support, query, labels, o.steps, 0.1)  # noqa: E731
    wait = torch.cuda.synchronize if o.device.startswith("cuda") else lambda: None
    seconds = measure(work, max(1, o.vmap), o.seconds, wait)
    name = torch.cuda.get_device_name() if o.device.startswith("cuda") else "%d thread(s)" % torch.get_num_threads()
    print("PyTorch %s on %s, conv4-%d, %d-way %d-shot %d-query, %d inner steps, %s: %.2f tasks/s, %.2f ms per task" % (
        torch.__version__, name, o.channels, o.way, o.shot, o.query, o.steps,
        "%d tasks at a time" % o.vmap if o.vmap else "one task at a time", 1 / seconds, 1e3 * seconds))


if __name__ == "__main__":
    main()
