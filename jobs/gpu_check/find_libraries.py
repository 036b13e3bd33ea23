#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Folders of this Python in which pip puts NVIDIA's libraries, one per line: site-packages/nvidia/*/lib."""

import importlib.util
import site
import sys
import sysconfig
from pathlib import Path


def roots():
    """Where packages may lie; PyTorch itself is not imported."""
    yield from sys.path
    yield from site.getsitepackages()
    yield site.getusersitepackages()
    yield from (sysconfig.get_path(name) for name in ("purelib", "platlib"))
    torch = importlib.util.find_spec("torch")
    if torch and torch.origin:
        yield str(Path(torch.origin).parent.parent)


def main():
    seen = []
    for root in roots():
        for pattern in ("nvidia/*/lib", "torch/lib"):
            for folder in sorted(Path(root or ".").glob(pattern)):
                if str(folder.resolve()) not in seen:
                    seen.append(str(folder.resolve()))
                    print(folder.resolve())


if __name__ == "__main__":
    main()
