#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Golden values of whole tasks from PyTorch, in double precision.

    python3 generate.py > values.json        # needs PyTorch 1.13 or newer, the CPU build will do

Only run it to add cases: tests/unit/meta/golden_values.cpp reads values.json and needs no PyTorch. Weights and images are
not stored; both sides compute them from an integer formula (see `numbers`). The meta-gradient comes from automatic
differentiation of the query loss by the *initial* weights: with the inner gradients as constants it is first-order MAML,
otherwise MAML; with rates of its own for every weight and step, by which it is differentiated as well, Meta-SGD. That covers the path through the prototypes without saying how it is computed.
"""
import json
import math

import torch
import torch.nn.functional as F

torch.set_default_dtype(torch.float64)
MODULUS = 100003
LEAST_MARGIN = 1e-5  # from kinks, see Margin


def numbers(count, stream):
    """Well mixed values in (-1, 1), rounded to single precision: integer arithmetic, so alike in every language."""
    u = (torch.arange(count, dtype=torch.int64) + 1) * 7919 + (stream + 1) * 104729
    u = u % MODULUS
    return (2.0 * ((u * u + u) % MODULUS).double() / MODULUS - 1.0).float().double()


def stream_of(name):
    """A block's stream comes from its name."""
    return sum((j + 1) * ord(c) for j, c in enumerate(name))


def initial(name, shape):
    count = 1
    for n in shape:
        count *= n
    noise = numbers(count, stream_of(name))
    last = name.rsplit("/", 1)[-1]
    if last == "weight":
        fan_in = count // shape[0]
        value = noise * (6.0 / fan_in) ** 0.5
    elif last == "scale":
        value = 1.0 + 0.25 * noise
    else:
        value = 0.25 * noise
    if name.startswith("rates/"):
        value = 0.125 + 0.0625 * noise
    return value.float().double().reshape(shape)


class Margin:
    """How near a computation came to a kink: a ReLU's zero, or two values in a window that are almost equal. Nearer than what
    single precision rounds, another order of summation takes the other side, and gradients jump. In units of the layer's
    root mean square."""

    least = float("inf")

    @classmethod
    def note(cls, distances, x):
        if distances.numel() > 0:
            cls.least = min(cls.least, float(distances.min() / x.pow(2).mean().sqrt()))


def relu(x):
    # Exact zeros have been through a ReLU before.
    Margin.note(x.detach().abs()[x.detach() != 0], x.detach())
    return F.relu(x)


def max_pool(x, kernel, stride, padding=0):
    seen = F.pad(x.detach(), (padding,) * 4, value=-float("inf"))
    windows = seen.unfold(2, kernel, stride).unfold(3, kernel, stride).flatten(4)
    first, second = windows.topk(2).values.unbind(-1)
    # Equal ones are zeros of a ReLU, which passes no gradient there.
    Margin.note((first - second)[first != second], x.detach())
    return F.max_pool2d(x, kernel, stride, padding)


class Network:
    """Features of images. Weights are looked up by name in `p` and made on first use."""

    def __init__(self, case):
        self.case = case
        self.created = {}
        self.p = self.created
        self.statistics = []  # of the norms of the last pass, in order
        self.given = None     # statistics to use instead of the batch's

    def weight(self, name, *shape):
        if name not in self.p:
            self.created[name] = initial(name, shape)
        return self.p[name]

    def conv(self, x, out, name, kernel=(1, 1), stride=1, padding=0, dilation=1, groups=1, bias=False):
        w = self.weight(name + "/weight", out, x.shape[1] // groups, *kernel)
        b = self.weight(name + "/bias", out) if bias else None
        return F.conv2d(x, w, b, stride, padding, dilation, groups)

    def norm(self, x, name, affine=True):
        if self.given is None:
            mean, variance = x.mean((0, 2, 3)), x.var((0, 2, 3), unbiased=False)
        else:
            mean, variance = self.given[len(self.statistics)]
        self.statistics.append((mean.detach(), variance.detach()))
        y = (x - mean[None, :, None, None]) / torch.sqrt(variance + 1e-5)[None, :, None, None]
        if affine:
            c = x.shape[1]
            y = y * self.weight(name + "/scale", c)[None, :, None, None] + self.weight(name + "/shift", c)[None, :, None, None]
        return y

    def __call__(self, x, p=None, given=None):
        self.p = self.created if p is None else p
        self.given, self.statistics = given, []
        return (self.conv4 if self.case["space"] == "conv4" else self.cells)(x)

    def conv4(self, x):
        for i in range(4):
            x = self.conv(x, self.case["channels"], f"block{i}/conv", (3, 3), padding=1, bias=True)
            x = max_pool(relu(self.norm(x, f"block{i}/norm")), 2, 2)
        return x.flatten(1)

    # --- cells -----------------------------------------------------------------------------------------------------
    def relu_conv_norm(self, x, c, name):
        return self.norm(self.conv(relu(x), c, name + "/conv"), name + "/norm", self.case["affine"])

    def factorised_reduce(self, x, c, name):
        x = relu(x)
        odd = F.pad(x, (0, 1, 0, 1))[:, :, 1:, 1:]
        halves = [self.conv(x, c // 2, name + "/even", stride=2), self.conv(odd, c - c // 2, name + "/odd", stride=2)]
        return self.norm(torch.cat(halves, 1), name + "/norm", self.case["affine"])

    def separable(self, x, c, k, stride, dilation, name, part=""):
        x = self.conv(relu(x), c, name + "/depthwise" + part, (k, k), stride, dilation * (k // 2), dilation, c)
        return self.norm(self.conv(x, c, name + "/pointwise" + part), name + "/norm" + part, self.case["affine"])

    def operation(self, x, c, op, stride, name):
        affine = self.case["affine"]
        if op in ("max_pool_3x3", "avg_pool_3x3"):
            x = max_pool(x, 3, stride, 1) if op[0] == "m" else F.avg_pool2d(x, 3, stride, 1, count_include_pad=False)
            return self.norm(x, name + "/norm", affine and self.case["preset"] != "darts")
        if op == "skip_connect":
            return x if stride == 1 else self.factorised_reduce(x, c, name)
        if op == "conv_1x5_5x1":
            x = self.conv(relu(x), c, name + "/conv1x5", (1, 5), (1, stride), (0, 2))
            return self.norm(self.conv(x, c, name + "/conv5x1", (5, 1), (stride, 1), (2, 0)), name + "/norm", affine)
        kernel, dilation = int(op[-1]), 2 if op.startswith("dil") else 1
        if not op.startswith("sep"):
            return self.separable(x, c, kernel, stride, dilation, name)
        return self.separable(self.separable(x, c, kernel, stride, 1, name, "1"), c, kernel, 1, 1, name, "2")

    def stem(self, x, c):
        if self.case["stem"] == "single":
            return self.norm(self.conv(x, 3 * c, "stem/conv", (3, 3), padding=1), "stem/norm")
        x = self.norm(self.conv(x, 3 * c // 2, "stem/conv0", (3, 3), padding=1), "stem/norm0")
        x = relu(max_pool(x, 2, 2))
        return max_pool(self.norm(self.conv(x, 3 * c, "stem/conv1", (3, 3), padding=1), "stem/norm1"), 2, 2)

    def cells(self, x):
        kinds = dict(part.split("=") for part in self.case["genotype"].split(";"))
        c = self.case["channels"]
        before = last = self.stem(x, c)
        after_reduction = False
        for cell in range(self.case["cells"]):
            reduction = cell in self.case["reductions"]
            c *= self.case["growth"] if reduction else 1
            prefix = f"cell{cell}"
            preprocess = self.factorised_reduce if after_reduction else self.relu_conv_norm
            values = [preprocess(before, c, prefix + "/input0"), self.relu_conv_norm(last, c, prefix + "/input1")]
            for node in kinds["reduce" if reduction else "normal"].split("|"):
                terms = []
                for edge in node.split("+"):
                    op, source = edge.split(":")
                    name = f"{prefix}/node{len(values)}/from{source}/{op}"
                    stride = 2 if reduction and int(source) < 2 else 1
                    if op == "none":
                        x = values[int(source)]
                        terms.append(torch.zeros_like(x[:, :, ::stride, ::stride]))
                    else:
                        terms.append(self.operation(values[int(source)], c, op, stride, name))
                values.append(sum(terms))
            before, last, after_reduction = last, torch.cat(values[2:], 1), reduction
        return last.mean((2, 3))


def unit(x):
    return x / torch.sqrt((x ** 2).sum(1, keepdim=True) + 1e-5)


def scaled(case, x, p):
    """The features as the head takes them."""
    if case["head"] == "proto":
        return math.sqrt(10 / x.shape[1]) * p["head/log_scale"].exp() * x
    if case["head"] == "cosine":
        return math.sqrt(10) * p["head/log_scale"].exp() * unit(x)
    return x


def run(case):
    network = Network(case)
    way, shot, query = case["way"], case["shot"], case["query"]
    pixels = (case["colours"], case["height"], case["width"])
    size = pixels[0] * pixels[1] * pixels[2]
    support = numbers(way * shot * size, 1000001).reshape(-1, *pixels)
    queries = numbers(way * query * size, 1000002).reshape(-1, *pixels)
    labels = [torch.arange(way).repeat_interleave(n) for n in (shot, query)]
    both = torch.cat([support, queries])
    features = network(support)
    names = list(network.created)
    first = {n: network.created[n].clone().requires_grad_() for n in names}

    given = None
    if case["statistics"] == "running":
        network(both, {n: first[n].detach() for n in names})
        given = network.statistics

    def extract(images, p, given):
        """Features as the head takes them."""
        if case["statistics"] != "joint":
            return scaled(case, network(images, p, given), p)
        x = scaled(case, network(both, p), p)
        return x[:len(support)] if images is support else x[len(support):]

    if case["head"] in ("proto", "cosine"):
        first["head/log_scale"] = initial("head/log_scale", (1,)).requires_grad_()
        names.append("head/log_scale")
    body = list(names)
    own = []
    if case["head"] == "linear":
        for n, shape in (("head/weight", (way, features.shape[1])), ("head/bias", (way,))):
            first[n] = initial(n, shape).requires_grad_()
        names += ["head/weight", "head/bias"]
        own = [first["head/weight"], first["head/bias"]]
    elif case["head"] == "zero":
        own = [torch.zeros(way, features.shape[1]), torch.zeros(way)]
    else:
        x = extract(support, first, given)
        prototypes = torch.stack([x[labels[0] == c].mean(0) for c in range(way)])
        if case["head"] == "proto":
            own = [2 * prototypes, -(prototypes ** 2).sum(1)]
        else:
            own = [math.sqrt(10) * unit(prototypes), torch.zeros(way)]

    def adapt(order, rates=None):
        """Adapted weights, those of the head, and the losses of the inner steps. Of first order, adapted = initial + a
        constant, or a constant times a rate."""
        moved, head, losses = {n: first[n] for n in body}, own, []
        for step in range(case["steps"]):
            # Copies: the head may be a function of the initial weights, but a step takes both as variables.
            leaves = [x.detach().requires_grad_() if order == 1 else x.clone().requires_grad_() for x in [*moved.values(), *head]]
            logits = F.linear(extract(support, dict(zip(body, leaves)), given), leaves[-2], leaves[-1])
            loss = F.cross_entropy(logits, labels[0])
            losses.append(loss.item())
            # The inner loop of ANIL adapts the head alone, the scale of its features included.
            adapts = [case.get("adapted") != "head" or n.startswith("head/") for n in body] + [True, True]
            of_step = [case["rate"]] * len(leaves) if rates is None else [r[step] for r in rates]
            steps = [-rate * (g if steps_too else torch.zeros_like(g))
                     for rate, g, steps_too in zip(of_step, torch.autograd.grad(loss, leaves, create_graph=order == 2), adapts)]
            moved = {n: moved[n] + s for n, s in zip(body, steps)}
            head = [h + s for h, s in zip(head, steps[-2:])]
        return moved, head, losses

    def query(moved, head, rates=()):
        """The logits, and the gradient of their loss by the initial weights and the rates."""
        statistics = given
        if case["statistics"] == "support":
            network(support, {n: moved[n].detach() for n in body})
            statistics = network.statistics
        logits = F.linear(extract(queries, moved, statistics), head[0], head[1])
        loss = F.cross_entropy(logits, labels[1])
        by = [first[n] for n in names] + list(rates)
        gradient = torch.autograd.grad(loss, by, allow_unused=True, retain_graph=True)
        return logits, loss, [torch.zeros_like(x) if g is None else g for x, g in zip(by, gradient)]

    moved, head, losses = adapt(order=1)
    logits, loss, gradient = query(moved, head)
    adapted = dict(moved)
    if case["head"] == "linear":
        adapted["head/weight"], adapted["head/bias"] = head

    def sample(x):
        """Euclidean norm, first and last element."""
        x = x.detach().flatten()
        return [float(f"{v:.11g}") for v in [x.norm().item()] + [x[0].item(), x[-1].item()]]

    result = dict(case)
    result["features"] = sample(features)
    result["support_losses"] = losses
    result["query_loss"] = loss.item()
    result["query_accuracy"] = (logits.argmax(1) == labels[1]).double().mean().item()
    result["blocks"] = {n: {"fomaml": sample(g), "reptile": sample(first[n] - adapted[n])}
                        for n, g in zip(names, gradient)}
    if "adapted" not in case:
        moved, head, _ = adapt(order=2)
        for n, g in zip(names, query(moved, head)[2]):
            result["blocks"][n]["maml"] = sample(g)
    # Running statistics want rates so small that steps would not show.
    if "adapted" not in case and case["steps"] > 0 and case["statistics"] != "running":
        weights = body + (["head/weight", "head/bias"] if case["head"] == "linear" else ["head/own0", "head/own1"])
        rates = {"rates/" + n: initial("rates/" + n, (case["steps"],)).requires_grad_() for n in weights}
        margin, Margin.least = Margin.least, float("inf")
        moved, head, _ = adapt(1, list(rates.values()))
        _, loss, gradient = query(moved, head, rates.values())
        if Margin.least > LEAST_MARGIN:  # otherwise the case is one of the others' alone
            result["meta_sgd"] = {"query_loss": loss.item(),
                                  "blocks": {n: sample(g) for n, g in zip([*names, *rates], gradient)}}
        Margin.least = margin
    return result


OG_V2 = ("normal=dil_conv_3x3:0+sep_conv_3x3:1|avg_pool_3x3:0+sep_conv_3x3:1|conv_1x5_5x1:0+conv_3x3:2;"
         "reduce=skip_connect:0+sep_conv_3x3:1|conv_3x3:0+dil_conv_3x3:1|dil_conv_3x3:0+conv_1x5_5x1:2")
ALL_OPS = ("normal=max_pool_3x3:0+dil_conv_5x5:1|none:0+sep_conv_5x5:2|none:0+none:1|skip_connect:1+avg_pool_3x3:3;"
           "reduce=max_pool_3x3:0+sep_conv_5x5:1|skip_connect:1+dil_conv_3x3:2|none:0+none:1|avg_pool_3x3:0+dil_conv_5x5:1")

# Sizes are such that no case comes near a kink (Margin).
CONV4 = dict(space="conv4", channels=8, colours=1, height=16, width=16, head="linear", way=3, shot=1, query=2, steps=2,
             rate=0.25, statistics="query")
CELL = dict(CONV4, space="cell", preset="metanas", genotype=OG_V2, channels=4, height=14, width=14, cells=4,
            reductions=[1, 3], growth=1, stem="single", affine=True)
CASES = [
    dict(CONV4, name="conv4"),
    dict(CONV4, name="conv4 with support statistics", shot=2, statistics="support"),
    dict(CONV4, name="conv4 from prototypes", head="proto", shot=2, height=24, width=20),
    dict(CONV4, name="conv4 from cosines", head="cosine", shot=2, height=24, width=20),
    dict(CONV4, name="conv4 with joint statistics", shot=2, statistics="joint"),
    dict(CONV4, name="conv4 from prototypes, one batch", head="proto", shot=2, steps=0, statistics="joint"),
    dict(CONV4, name="conv4 from cosines, one batch, steps", head="cosine", shot=2, statistics="joint"),
    dict(CONV4, name="conv4 from prototypes, the head alone adapts", head="proto", shot=2, adapted="head"),
    dict(CONV4, name="conv4 from cosines, one batch, the head alone adapts", head="cosine", shot=2, adapted="head",
         statistics="joint"),
    dict(CONV4, name="conv4 from prototypes, running statistics", head="proto", shot=2, rate=0.015625,
         statistics="running"),
    dict(CELL, name="og_v2", height=12, width=13),
    dict(CELL, name="og_v2 from zero", head="zero", affine=False, colours=3),
    dict(CELL, name="og_v2 prototypes without steps", head="proto", shot=2, steps=0, height=13),
    dict(CELL, name="og_v2 prototypes and support statistics", head="proto", shot=2, statistics="support", height=13),
    dict(CELL, name="og_v2 cosines and support statistics", head="cosine", shot=2, statistics="support", height=12),
    dict(CELL, name="darts, pooled stem, growth", preset="darts", genotype=ALL_OPS, height=24, width=19, growth=2, cells=3,
         reductions=[1], stem="pooled", shot=2),
]

def checked(case):
    Margin.least = float("inf")
    result = run(case)
    if Margin.least < LEAST_MARGIN:
        raise SystemExit(f"{case['name']}: {Margin.least:.1e} from a kink; choose another size")
    return result


if __name__ == "__main__":
    print("[" + ",\n".join(json.dumps(checked(case)).replace('}, "', '},\n "') for case in CASES) + "]")
