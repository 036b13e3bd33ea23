# SPDX-License-Identifier: Apache-2.0
"""Small networks with all operations of all spaces and all heads, and what ``atnas predict`` makes of noise."""

import random
from dataclasses import dataclass
from pathlib import Path

import cli
import numpy as np

import atnas_analysis

#: Of probabilities.
TOLERANCE = 1e-4
#: Words for `atnas train`. Cells of five channels cannot be halved evenly, images of 18 x 21 pixels neither.
TRAINED = {
    "metanas": [
        "--encode=normal=max_pool_3x3:0+avg_pool_3x3:1|skip_connect:0+conv_1x5_5x1:2|conv_3x3:1+sep_conv_3x3:3;"
        "reduce=dil_conv_3x3:0+max_pool_3x3:1|avg_pool_3x3:0+skip_connect:1|conv_1x5_5x1:0+conv_3x3:1",
        "--space.channels=5", "--space.cells=3", "--space.reductions=1"],
    "metanas, pooled stem, growth, no affine": [
        "--encode=normal=dil_conv_3x3:0+dil_conv_3x3:1|sep_conv_3x3:1+skip_connect:2|max_pool_3x3:2+avg_pool_3x3:3;"
        "reduce=sep_conv_3x3:0+skip_connect:1|skip_connect:0+dil_conv_3x3:2|max_pool_3x3:2+avg_pool_3x3:3",
        "--space.cells=4", "--space.reductions=1,2", "--space.stem=pooled", "--space.growth=2", "--space.affine=false"],
    "darts": [
        "--encode=normal=none:0+max_pool_3x3:1|avg_pool_3x3:0+skip_connect:2|sep_conv_3x3:1+sep_conv_5x5:3|"
        "dil_conv_3x3:2+dil_conv_5x5:4;reduce=none:0+max_pool_3x3:1|avg_pool_3x3:0+skip_connect:1|"
        "sep_conv_3x3:0+sep_conv_5x5:1|dil_conv_3x3:0+dil_conv_5x5:1",
        "--space.preset=darts", "--space.channels=5", "--space.stem_multiplier=2"],
    "darts, growth, no affine": [
        "--encode=normal=none:0+none:1|sep_conv_5x5:0+skip_connect:2|max_pool_3x3:1+dil_conv_5x5:3|"
        "none:2+avg_pool_3x3:3;reduce=none:0+none:1|sep_conv_5x5:0+skip_connect:1|max_pool_3x3:1+dil_conv_3x3:3|"
        "none:2+avg_pool_3x3:3",
        "--space.preset=darts", "--space.growth=3", "--space.affine=false", "--space.cells=3"],
    "conv4": ["--encode=conv4", "--space.kind=conv4"],
    "conv4 without bias": ["--encode=conv4", "--space.kind=conv4", "--space.bias=false"],
}
#: Words for the search that makes a meta-network, and for `atnas adapt`.
ADAPTED = {
    "proto": (["--meta.average=0.5"], ["--search=none", "--steps=3"]),
    "cosine": (["--space.head=cosine"], ["--search=none", "--steps=3"]),
    "zero": (["--space.head=zero"], ["--search=none", "--steps=3"]),
    "linear": (["--space.head=linear"], ["--search=none", "--steps=3"]),
    "ensemble": (["--meta.learner=meta_sgd"], ["--evaluations=8", "--ensemble=3", "--caution=none"]),
}
NAMES = [*TRAINED, *ADAPTED]


@dataclass(frozen=True)
class Example:
    """A network, images [n, channels, height, width] and its probabilities [n, classes] for them."""

    path: Path
    images: np.ndarray
    probabilities: np.ndarray


def predicted(place, network):
    """The program's probabilities for the images of task.h5."""
    answers = network.with_suffix(".answers.h5")
    place.atnas("predict", network, "--data=task.h5", "-o", answers)
    with atnas_analysis.open(answers) as opened:
        return opened.probabilities


def make(place):
    """All of NAMES. The meta-network of ADAPTED[name] is run-<name>; the images are those of task.h5, 5 of each of 3
    classes."""
    draw = random.Random(1)
    cli.image_tree(place.folder / "noise", groups=8, classes=3, images=5, size=21,
                   paint=lambda grey: tuple((grey + draw.randrange(256)) // 2 for _ in range(3)))
    for source, data in (("noise", "noise.h5"), ("noise/group0", "task.h5")):
        place.atnas("import", source, "-o", data, "--size=18x21", "--channels=3")
    paths = {}
    for name, (search, words) in ADAPTED.items():
        paths[name] = place.folder / f"{name}.h5"
        place.search("run-" + name, "--data.source=noise.h5", "--run.iterations=4", *search)
        place.atnas("adapt", f"run-{name}/latest.h5", "--data=task.h5", f"--network={paths[name]}", *words)
    for number, (name, words) in enumerate(TRAINED.items()):
        paths[name] = place.folder / f"trained{number}.h5"
        place.atnas("train", "run-proto/latest.h5", "--data=task.h5", "--from=scratch", "--search=none", "--batch=6",
                    "--micro-batch=6", "--epochs=4", "--rate=0.05", "--warmup=1", f"--run.folder=training{number}",
                    "-o", paths[name], *words)
    with atnas_analysis.open(place.folder / "task.h5") as opened:
        images = opened.array("/images").astype(np.float32) / 255
    return {name: Example(path, images, predicted(place, path)) for name, path in paths.items()}
