#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""draw.py FOLDER WAY SHOT SEED NAME: draws so many of the classes in FOLDER (one folder each) and writes their images and
classes as tables for `atnas import --list`: NAME-train.csv with SHOT images of each, NAME-test.csv with the others."""

import csv
import random
import sys
from pathlib import Path


def main(folder, way, shot, seed, name):
    draw = random.Random(int(seed))
    classes = sorted(path for path in Path(folder).resolve().iterdir() if path.is_dir())
    if len(classes) < int(way):
        sys.exit("error: %s holds %d folders, not %s classes" % (folder, len(classes), way))
    with open(name + "-train.csv", "w", newline="") as train, open(name + "-test.csv", "w", newline="") as test:
        tables = csv.writer(train), csv.writer(test)
        for one in sorted(draw.sample(classes, int(way))):
            images = sorted(one.iterdir())
            draw.shuffle(images)
            for number, image in enumerate(images):
                tables[number >= int(shot)].writerow([image, one.name])


if __name__ == "__main__":
    main(*sys.argv[1:])
