# SPDX-License-Identifier: Apache-2.0
"""Checks the layout of every C++ file against .clang-format.

usage: style.py SOURCE_DIR    exit code 1: files differ; 77: skipped

Other releases of clang-format lay out some constructs differently, so only one of them judges.
"""
import pathlib
import re
import shutil
import subprocess
import sys

RELEASE = 14
SKIPPED = 77


def formatter():
    """The program and a reason why there is none."""
    for name in (f"clang-format-{RELEASE}", "clang-format"):
        path = shutil.which(name)
        if path is None:
            continue
        text = subprocess.run([path, "--version"], capture_output=True, text=True, check=True).stdout
        match = re.search(r"version (\d+)", text)
        if match and int(match.group(1)) == RELEASE:
            return path, ""
        return None, f"{path} is of another release: {text.strip()}"
    return None, "clang-format is not installed"


def main():
    root = pathlib.Path(sys.argv[1])
    program, reason = formatter()
    if program is None:
        print(f"skipped: {reason}; clang-format {RELEASE} is needed")
        return SKIPPED
    files = sorted(str(path) for folder in ("include", "src", "tests") for path in (root / folder).rglob("*")
                   if path.suffix in (".hpp", ".cpp"))
    result = subprocess.run([program, "--dry-run", "-Werror", "--ferror-limit=1", *files], cwd=root)
    if result.returncode != 0:
        print(f"type: {program} -i FILE")
    print(f"{len(files)} files looked at")
    return result.returncode


if __name__ == "__main__":
    sys.exit(main())
