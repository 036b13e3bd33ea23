#!/usr/bin/env python3
"""Registers and memory of every kernel in a library, as compiled for every architecture, against a stated bound.

    kernel_resources.py --nvcc NVCC LIBRARY ARCHITECTURE...   e.g. sm_80 sm_90
    kernel_resources.py --self-test

Prints a table. Fails for a kernel beyond the bound and for one that an architecture lacks. Skips (77) where the toolkit
has no cuobjdump.
"""
import argparse
import pathlib
import re
import shutil
import subprocess
import sys

# 64 registers let 1024 threads run on a multiprocessor at a time. What spills or is indexed by a variable goes to the
# stack or to local memory, which is device memory: none of that.
MOST = {"REG": 64, "STACK": 0, "LOCAL": 0}
COLUMNS = ["REG", "SHARED", "STACK", "LOCAL"]
SKIPPED = 77


def parse(text):
    """{(kernel, architecture): {resource: number}} from what cuobjdump prints."""
    found = {}
    architecture = kernel = None
    for line in text.splitlines():
        if match := re.match(r"arch = (\w+)", line):
            architecture, kernel = match.group(1), None
        elif match := re.match(r"\s*Function (\S+):", line):
            kernel = demangled(match.group(1))
        elif kernel and (numbers := re.findall(r"([A-Z]+):(\d+)", line)):
            found[kernel, architecture] = {name: int(number) for name, number in numbers}
            kernel = None
    return found


def demangled(name):
    """The last of the nested names in a mangled one; all of it where it is none."""
    rest = name.removeprefix("_ZN")
    last = None
    while match := re.match(r"\d+", rest):
        length = int(match.group())
        last = rest[match.end():match.end() + length]
        rest = rest[match.end() + length:]
    return last if rest != name and last else name


def table(found):
    rows = [["kernel", "architecture", "registers", "shared", "stack", "local"]]
    for (kernel, architecture), numbers in sorted(found.items()):
        rows.append([kernel, architecture] + [str(numbers.get(name, "?")) for name in COLUMNS])
    widths = [max(map(len, column)) for column in zip(*rows)]
    return "\n".join("  ".join(cell.ljust(width) for cell, width in zip(row, widths)).rstrip() for row in rows)


def problems(found, architectures):
    if not found:
        yield "no kernel found"
    for kernel in sorted({kernel for kernel, _ in found}):
        for architecture in architectures:
            numbers = found.get((kernel, architecture))
            if numbers is None:
                yield f"{kernel} is not compiled for {architecture}"
                continue
            for name, most in MOST.items():
                if numbers.get(name, most + 1) > most:
                    yield f"{kernel} ({architecture}): {name} {numbers.get(name, 'unknown')}, at most {most}"


def cuobjdump_beside(nvcc):
    beside = pathlib.Path(nvcc).resolve().parent / "cuobjdump"
    return str(beside) if beside.exists() else shutil.which("cuobjdump")


def self_test():
    def section(architecture, *kernels):
        lines = [f"arch = {architecture}", "Resource usage:", " Common:", "  GLOBAL:0"]
        for name, registers, stack, local in kernels:
            lines += [f" Function {name}:",
                      f"  REG:{registers} STACK:{stack} SHARED:2048 LOCAL:{local} CONSTANT[0]:376 TEXTURE:0"]
        return "\n".join(lines) + "\n"

    axpy = "_ZN5atnas7backend4cuda4axpyEfPKfPfm"
    both = ["sm_80", "sm_90"]

    def found_wrong(text):
        return list(problems(parse(text), both))

    good = section("sm_80", (axpy, 12, 0, 0)) + "arch = sm_90\ncompressed\n" + section("sm_90", (axpy, 64, 0, 0))
    assert parse(good)["axpy", "sm_80"] == {"REG": 12, "STACK": 0, "SHARED": 2048, "LOCAL": 0, "TEXTURE": 0}, parse(good)
    assert found_wrong(good) == [], found_wrong(good)
    assert "axpy    sm_90         64" in table(parse(good)), table(parse(good))
    for registers, stack, local in [(65, 0, 0), (12, 8, 0), (12, 0, 16)]:
        bad = section("sm_80", (axpy, 12, 0, 0)) + section("sm_90", (axpy, registers, stack, local))
        assert len(found_wrong(bad)) == 1 and "axpy (sm_90)" in found_wrong(bad)[0], found_wrong(bad)
    assert found_wrong(section("sm_80", (axpy, 12, 0, 0))) == ["axpy is not compiled for sm_90"]
    assert found_wrong("") == ["no kernel found"]
    # A line without a number that is bounded is no pass.
    assert found_wrong(good.replace("STACK:0 ", "")) != []
    assert demangled("plain_c_name") == "plain_c_name"
    print("self-test passed")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nvcc", default="nvcc", help="cuobjdump is looked for beside it, then on the PATH")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("library", nargs="?")
    parser.add_argument("architectures", nargs="*")
    arguments = parser.parse_args()
    if arguments.self_test:
        return self_test()
    if not arguments.library or not arguments.architectures:
        parser.error("a library and at least one architecture are needed")
    cuobjdump = cuobjdump_beside(arguments.nvcc)
    if not cuobjdump:
        print(f"skipped: no cuobjdump beside {arguments.nvcc} or on the PATH")
        return SKIPPED
    dump = subprocess.run([cuobjdump, "--dump-resource-usage", arguments.library], check=True, capture_output=True,
                          text=True).stdout
    found = parse(dump)
    print(table(found))
    wrong = list(problems(found, arguments.architectures))
    for problem in wrong:
        print("FAILED:", problem)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
