# SPDX-License-Identifier: Apache-2.0
"""Checks that every source file says its licence in its first three lines.

usage: licence.py SOURCE_DIR     exit code 1 and one line per file that does not
       licence.py --self-test    proves that such files are found
"""
import sys

import tree_check

LINE = "SPDX-License-Identifier: Apache-2.0"
WITHIN = 3
FOLDERS = (".ci", "analysis", "cmake", "include", "jobs", "slurm", "src", "tests")
SUFFIXES = (".hpp", ".cpp", ".h", ".cu", ".cuh", ".in", ".py", ".sh", ".sbatch", ".cmake")
COMMENTS = ("//", "#")


def is_source(path):
    """By its name; what has no ending is a script if it says so."""
    if path.suffix in SUFFIXES or path.name == "CMakeLists.txt":
        return True
    if path.suffix:
        return False
    with path.open("rb") as file:
        return file.read(2) == b"#!"


def sources(root):
    """The files in question; inputs of tests are none."""
    yield root / "CMakeLists.txt"
    for folder in FOLDERS:
        for path in sorted((root / folder).rglob("*")):
            if path.is_file() and "corpus" not in path.relative_to(root).parts and is_source(path):
                yield path


def stated(text):
    """Whether the line is there, as a comment of its own."""
    return any(line in [f"{sign} {LINE}" for sign in COMMENTS] for line in text.split("\n")[:WITHIN])


def check(root):
    found, count = [], 0
    for path in sources(root):
        count += 1
        if not stated(path.read_text(encoding="utf-8")):
            found.append(f"{path.relative_to(root)}: none of the first {WITHIN} lines is a comment {LINE}")
    return found, count


CASES = [
    ("src/a.cpp", f"// {LINE}\n#include <vector>\n", False),
    ("src/a.cpp", "#include <vector>\n", True),
    ("src/a.cpp", f"\n\n\n// {LINE}\n", True),
    ("src/a.cpp", f"// {LINE} or MIT\n", True),
    ("src/core/k.cu", "int x;\n", True),
    ("include/atnas/config.hpp.in", "#pragma once\n", True),
    ("tests/a.py", f'#!/usr/bin/env python3\n# {LINE}\n"""What for."""\n', False),
    ("tests/a.py", '"""What for."""\n', True),
    ("jobs/submit", "#!/usr/bin/env python3\nimport sys\n", True),
    ("jobs/notes", "no script\n", False),
    ("cmake/A.cmake", "include(x)\n", True),
    ("src/CMakeLists.txt", "project(x)\n", True),
    ("tests/fuzz/corpus/x.h", "int x;\n", False),
    ("inputs/a.ini", "[run]\n", False),
    ("build/a.cpp", "int x;\n", False),
]


def prepare(root):
    """What every tree has."""
    (root / "CMakeLists.txt").write_text(f"# {LINE}\n", encoding="utf-8")


if __name__ == "__main__":
    sys.exit(tree_check.run(__doc__, check, lambda: tree_check.judge(CASES, check, prepare)))
