# SPDX-License-Identifier: Apache-2.0
"""Digests by the functions that analysis/FORMAT.md shows, and checkpoints that were changed and look whole."""

import os
import re
import sys
import types
from pathlib import Path

import h5py
import xxhash


def described():
    """What the Python of FORMAT.md defines. It runs on an xxhash as of version 4, which takes bytes and no text."""
    text = (Path(os.environ["ATNAS_SOURCE_DIR"]) / "analysis/FORMAT.md").read_text()
    code = [block for block in re.findall(r"```python\n(.*?)```", text, re.S) if "def verify" in block]

    def strict(function):
        def checked(data, seed=0):
            if isinstance(data, str):
                raise TypeError("Strings must be encoded before hashing")
            return function(data, seed=seed)
        return checked

    module = types.ModuleType("xxhash")
    module.xxh3_64_intdigest = strict(xxhash.xxh3_64_intdigest)
    module.xxh3_64_hexdigest = strict(xxhash.xxh3_64_hexdigest)
    names = {}
    sys.modules["xxhash"] = module
    try:
        exec(code[0], names)
    finally:
        sys.modules["xxhash"] = xxhash
    return names


def rewrite(path, change):
    """Changes an open checkpoint, then makes its digests right."""
    functions = described()
    with h5py.File(path, "r+") as file:
        change(file)
        lines = functions["contents_of"](file)
        length = max(len(line.encode()) for line in lines)
        kind = h5py.string_dtype("utf-8", length)
        del file["contents"]
        file.create_dataset("contents", data=[line.encode() for line in lines], dtype=kind)
        file.attrs.modify("digest", functions["digest_of_lines"](lines).encode())
    functions["verify"](path)
