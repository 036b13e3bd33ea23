# SPDX-License-Identifier: Apache-2.0
"""What the checks of the source tree have in common: their command line, and cases that prove that they find faults."""
import pathlib
import sys
import tempfile


def judge(cases, check, prepare):
    """Exit code. cases are (path, text, whether that is a fault), each put into a small tree that prepare made."""
    for name, text, bad in cases:
        with tempfile.TemporaryDirectory() as folder:
            root = pathlib.Path(folder)
            prepare(root)
            (root / name).parent.mkdir(parents=True, exist_ok=True)
            (root / name).write_text(text + "\n", encoding="utf-8")
            found, _ = check(root)
            if bool(found) != bad:
                print(f"self-test: {name} with {text!r} gave {found}")
                return 1
    print(f"{len(cases)} cases judged as they should be")
    return 0


def run(usage, check, self_test):
    """Exit code. check returns the faults of a tree, a line each, and how many files it looked at."""
    if len(sys.argv) != 2:
        print(usage)
        return 2
    if sys.argv[1] == "--self-test":
        return self_test()
    found, count = check(pathlib.Path(sys.argv[1]).resolve())
    for text in found:
        print(text)
    print(f"{count} files, {len(found)} faults")
    return 1 if found or count == 0 else 0
