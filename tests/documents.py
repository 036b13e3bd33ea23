# SPDX-License-Identifier: Apache-2.0
"""Checks the documents (*.md): links, paths and widths.

usage: documents.py SOURCE_DIR     exit code 1 and one line per fault
       documents.py --self-test    proves that faults are found

A fault is a relative link to a file or a heading that is not there, a path of the tree in backquotes that is not there, and
a line of more than 120 characters that is not a row of a table.
"""
import pathlib
import re
import sys

import tree_check

WIDTH = 120
# Of the tree; what else lies beside them (builds, runs) is not ours.
FOLDERS = ("analysis", "cmake", "include", "inputs", "jobs", "slurm", "src", "tests")

LINK = re.compile(r"\[[^\]]*\]\(([^)\s]+)\)")
# `src/nn/plan.cpp`, with or without a line; patterns such as `tests/unit/<layer>/` and `x.{hpp,cpp}` are none.
PATH = re.compile(r"`((?:%s)/[\w./-]*\w/?)(?::\d+)?`" % "|".join(FOLDERS))
# In a path it stands for a name that the reader puts there.
PLACEHOLDER = "NAME"


def documents(root):
    yield from sorted(root.glob("*.md"))
    for folder in FOLDERS:
        yield from sorted((root / folder).rglob("*.md"))


def prose(text):
    """The lines with their numbers; those inside of code blocks are blank."""
    fenced = False
    for number, line in enumerate(text.splitlines(), 1):
        fence = line.lstrip().startswith("```")
        fenced ^= fence
        yield number, "" if fenced or fence or line.startswith("    ") else line


def anchors(path):
    """What headings can be linked by, as GitHub makes it."""
    for _, line in prose(path.read_text(encoding="utf-8")):
        match = re.match(r"#+\s+(.*)", line)
        if match:
            yield re.sub(r"[^\w\- ]", "", match.group(1).lower()).replace(" ", "-")


def link_fault(path, target):
    """What is wrong with a link, if anything."""
    if re.match(r"[a-z]+:", target):
        return None
    name, _, anchor = target.partition("#")
    file = path.parent / name if name else path
    if not file.exists():
        return f"link to {target}: no such file"
    if anchor and anchor not in anchors(file):
        return f"link to {target}: no such heading"
    return None


def faults_of(path, root):
    """One text per fault."""
    text = path.read_text(encoding="utf-8")
    place = path.relative_to(root)
    for number, line in enumerate(text.splitlines(), 1):
        if len(line) > WIDTH and not line.startswith("|"):
            yield f"{place}:{number}: {len(line)} characters, more than {WIDTH}"
    for number, line in prose(text):
        for target in LINK.findall(line):
            fault = link_fault(path, target)
            if fault:
                yield f"{place}:{number}: {fault}"
        for name in PATH.findall(line):
            if PLACEHOLDER not in name and not (root / name).exists():
                yield f"{place}:{number}: {name} is not in the tree"


def check(root):
    found, count = [], 0
    for path in documents(root):
        count += 1
        found.extend(faults_of(path, root))
    return found, count


def prepare(root):
    (root / "src").mkdir()
    (root / "README.md").write_text("# First\n")
    (root / "src/a.cpp").write_text("")


def self_test():
    cases = [
        ("README.md", "[a](src/a.cpp)", False),
        ("README.md", "[a](src/b.cpp)", True),
        ("README.md", "two: [a](src/a.cpp), [b](src/b.cpp)", True),
        ("src/README.md", "[a](a.cpp) [b](../README.md)", False),
        ("src/README.md", "[a](src/a.cpp)", True),
        ("README.md", "[a](https://example.org/nothing.md)", False),
        ("README.md", "    [code](is/no/link)", False),
        ("README.md", "```\n[code](is/no/link)\n```\n[a](gone.md)", True),
        ("README.md", "# How, and `why`\n[a](#how-and-why)", False),
        ("README.md", "# How\n[a](#why)", True),
        ("src/README.md", "[a](../README.md#first)", False),
        ("src/README.md", "[a](../README.md#last)", True),
        ("README.md", "`src/a.cpp` and `src/` and `src/a.cpp:12`", False),
        ("README.md", "`src/gone.cpp`", True),
        ("README.md", "`src/<layer>/x.cpp`, `src/x.{hpp,cpp}`, `src/NAME_command.cpp`, `src/*.cpp`, `build/x`", False),
        ("README.md", "x" * WIDTH, False),
        ("README.md", "x" * (WIDTH + 1), True),
        ("README.md", "\u00fc" * WIDTH, False),
        ("README.md", "| " + "x" * WIDTH + " |", False),
        ("jobs/x/README.md", "x" * (WIDTH + 1), True),
        ("build/README.md", "x" * (WIDTH + 1), False),
    ]
    return tree_check.judge(cases, check, prepare)


if __name__ == "__main__":
    sys.exit(tree_check.run(__doc__, check, self_test))
