# SPDX-License-Identifier: Apache-2.0
"""Checks every #include against the layers of the program.

usage: layers.py SOURCE_DIR     exit code 1 and one line per violation
       layers.py --self-test    proves that violations are found
"""
import pathlib
import re
import sys

import tree_check

# What a layer may include besides itself.
LAYERS = {
    "core": [],
    "space": ["core"],
    "backend": ["core", "space"],
    "nn": ["core", "space", "backend"],
    "data": ["core", "space"],
    "supernet": ["core", "space", "backend", "nn"],
    "meta": ["core", "space", "backend", "nn", "supernet", "data"],
    "evo": ["core", "space"],
    "comm": ["core", "space", "backend"],
    "io": ["core", "space", "data", "evo", "comm"],
    "engine": ["core", "space", "backend", "nn", "data", "supernet", "meta", "evo", "comm", "io"],
    "app": ["core", "space", "backend", "nn", "data", "supernet", "meta", "evo", "comm", "io", "engine"],
}

# Libraries that belong to some layers, or folders of layers, only: everybody else goes through those.
LIBRARIES = {
    r"mpi\.h": ["comm", "io", "app"],
    r"(hdf5|H5\w+)\.h": ["io"],
    r"(oneapi/dnnl/)?dnnl\w*\.h(pp)?": ["backend"],
    r"(cudnn|cublas)\w*\.h": ["backend"],
    r"cuda\w*\.h": ["backend", "comm/nccl"],
    r"nccl\w*\.h": ["comm/nccl"],
    r"Random123/.*": ["core"],
    r"archive(_entry)?\.h": ["data"],
    r"stb/.*": ["data"],
    r"boost/.*": ["app"],
    r"nlohmann/.*": ["io", "engine", "app"],
}

INCLUDE = re.compile(r'^\s*#\s*include\s*([<"])([^>"]+)[>"]')


def sources(root):
    for folder in ("include/atnas", "src"):
        for path in sorted((root / folder).rglob("*")):
            if path.suffix in (".hpp", ".cpp", ".h", ".cu", ".cuh", ".in") and path.is_file():
                yield path, path.relative_to(root / folder).parts[0]


def violations_of(path, layer, root):
    """One text per include that is not allowed."""
    if layer not in LAYERS:
        yield f"{path.relative_to(root)}: \"{layer}\" is not a layer"
        return
    for number, line in enumerate(path.read_text(encoding="utf-8").splitlines(), 1):
        match = INCLUDE.match(line)
        if not match:
            continue
        kind, name = match.groups()
        place = f"{path.relative_to(root)}:{number}"
        if name.startswith("atnas/"):
            other = name.split("/")[1]
            if other not in LAYERS:
                yield f"{place}: {name} belongs to no layer"
            elif other != layer and other not in LAYERS[layer]:
                allowed = ", ".join(LAYERS[layer]) or "no other layer"
                yield f"{place}: {layer} includes {name}, it may include {allowed}"
            continue
        if kind == '"':
            # A private header: it lies in the same layer.
            target = (path.parent / name).resolve()
            home = (root / "src" / layer).resolve()
            if not target.is_file() or home not in target.parents:
                yield f"{place}: \"{name}\" is no private header of {layer}"
            continue
        for pattern, owners in LIBRARIES.items():
            folder = "/".join(path.relative_to(root).parts[1:-1])
            if re.fullmatch(pattern, name) and layer not in owners and folder not in owners:
                yield f"{place}: {layer} includes <{name}>, which only {' and '.join(owners)} may"


def check(root):
    found, count = [], 0
    for path, layer in sources(root):
        count += 1
        found.extend(violations_of(path, layer, root))
    return found, count


def prepare(root):
    for directory in ("include/atnas", "src/comm"):
        (root / directory).mkdir(parents=True)
    (root / "src/comm/mpi_check.hpp").write_text("")


def self_test():
    cases = [
        ("src/evo/bad.cpp", '#include "atnas/nn/pass.hpp"', True),
        ("src/evo/bad.cpp", '#  include  "atnas/comm/communicator.hpp"', True),
        ("src/evo/bad.cpp", "#include <mpi.h>", True),
        ("src/meta/bad.cpp", "#include <dnnl.hpp>", True),
        ("src/app/bad.cpp", "#include <hdf5.h>", True),
        ("include/atnas/core/bad.hpp", '#include "atnas/space/genotype.hpp"', True),
        ("src/io/bad.cpp", '#include "../comm/mpi_check.hpp"', True),
        ("src/other/bad.cpp", "", True),
        ("src/comm/bad.cpp", "#include <nccl.h>", True),
        ("src/comm/bad.cpp", "#include <cuda_runtime_api.h>", True),
        ("src/comm/nccl/good.cpp", "#include <cuda_runtime_api.h>\n#include <nccl.h>\n#include <mpi.h>", False),
        ("src/io/bad.cpp", '#include "atnas/other/x.hpp"', True),
        ("src/io/good.cpp", '#include "atnas/data/image_set.hpp"\n#include <hdf5.h>\n#include <vector>', False),
        ("src/evo/good.cpp", '#include "atnas/evo/topology.hpp"\n#include "atnas/core/random.hpp"', False),
        ("src/meta/good.cpp", '// #include "atnas/evo/topology.hpp"', False),
    ]
    return tree_check.judge(cases, check, prepare)


if __name__ == "__main__":
    sys.exit(tree_check.run(__doc__, check, self_test))
