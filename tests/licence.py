# SPDX-License-Identifier: Apache-2.0
"""Checks that every source file says its licence in its first three lines.

usage: licence.py SOURCE_DIR     exit code 1 and one line per file that does not
       licence.py --self-test    proves that such files are found
"""
import pathlib
import sys
import tempfile

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


def self_test():
    cases = [
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
    for name, text, bad in cases:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            (root / "CMakeLists.txt").write_text(f"# {LINE}\n", encoding="utf-8")
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text, encoding="utf-8")
            found, _ = check(root)
            if bool(found) != bad:
                print(f"self-test: {name} with {text!r} gave {found}")
                return 1
    print(f"{len(cases)} cases judged as they should be")
    return 0


def main():
    if len(sys.argv) != 2:
        print(__doc__)
        return 2
    if sys.argv[1] == "--self-test":
        return self_test()
    found, count = check(pathlib.Path(sys.argv[1]).resolve())
    for text in found:
        print(text)
    print(f"{count} files, {len(found)} without it")
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(main())
