#!/usr/bin/env python3
# SPDX-License-Identifier: Apache-2.0
"""Registers and memory of every kernel in a library, as compiled for every architecture, against a stated bound.

    kernel_resources.py --nvcc NVCC --source ROOT LIBRARY ARCHITECTURE...   e.g. sm_80 sm_90
    kernel_resources.py --self-test

Prints a table. Fails for a kernel beyond the bound and for one that an architecture lacks. Where the toolkit has no
cuobjdump, which reads the library, the kernels are compiled once more and the assembler says what they take.
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


def parse_assembler(text):
    """The same from what the assembler prints with -v. Spills are on the stack; they are counted as local memory."""
    found = {}
    key = None
    numbers = {}
    for line in text.splitlines():
        if match := re.search(r"Compiling entry function '(\S+)' for '(\w+)'", line):
            key, numbers = (demangled(match.group(1)), match.group(2)), {}
        elif match := re.search(r"(\d+) bytes stack frame, (\d+) bytes spill stores, (\d+) bytes spill loads", line):
            stack, stores, loads = map(int, match.groups())
            numbers.update(STACK=stack, LOCAL=stores + loads)
        elif key and (match := re.search(r"Used (\d+) registers", line)):
            shared = re.search(r"(\d+) bytes smem", line)
            found[key] = numbers | {"REG": int(match.group(1)), "SHARED": int(shared.group(1)) if shared else 0}
            key = None
    return found


def compile_again(nvcc, source, architectures):
    """What the assembler says of all kernels of a source tree, with the flags that matter as in src/CMakeLists.txt."""
    codes = [f"-gencode=arch={name.replace('sm', 'compute')},code={name}" for name in architectures]
    said = []
    for kernels in sorted((source / "src/backend/cuda/kernels").glob("*.cu")):
        command = [nvcc, "-std=c++20", "-O3", "--fmad=false", f"-I{source / 'include'}", "-Xptxas=-v", "-fatbin", "-o",
                   "/dev/null", str(kernels)]
        said.append(subprocess.run(command + codes, check=True, stdout=subprocess.PIPE, stderr=subprocess.STDOUT,
                                   text=True).stdout)
    return "\n".join(said)


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
    assembler = f"""ptxas info    : Compiling entry function '{axpy}' for 'sm_80'
ptxas info    : Function properties for {axpy}
    0 bytes stack frame, 0 bytes spill stores, 0 bytes spill loads
ptxas info    : Used 24 registers, used 1 barriers, 4096 bytes smem, 448 bytes cmem[0]
"""
    expected = {("axpy", "sm_80"): {"REG": 24, "STACK": 0, "LOCAL": 0, "SHARED": 4096}}
    assert parse_assembler(assembler) == expected, parse_assembler(assembler)
    assert list(problems(parse_assembler(assembler), ["sm_80"])) == []
    for wrong in [assembler.replace("0 bytes stack", "8 bytes stack"), assembler.replace("0 bytes spill l", "4 bytes spill l"),
                  assembler.replace("Used 24", "Used 70"), assembler.replace("bytes stack frame", "")]:
        assert list(problems(parse_assembler(wrong), ["sm_80"])) != [], wrong
    assert demangled("plain_c_name") == "plain_c_name"
    print("self-test passed")


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--nvcc", default="nvcc", help="cuobjdump is looked for beside it, then on the PATH")
    parser.add_argument("--self-test", action="store_true")
    parser.add_argument("--source", type=pathlib.Path, default=pathlib.Path(__file__).resolve().parents[2],
                        help="root of the source tree, for kernels to compile again")
    parser.add_argument("library", nargs="?")
    parser.add_argument("architectures", nargs="*")
    arguments = parser.parse_args()
    if arguments.self_test:
        return self_test()
    if not arguments.library or not arguments.architectures:
        parser.error("a library and at least one architecture are needed")
    cuobjdump = cuobjdump_beside(arguments.nvcc)
    if cuobjdump:
        print("read from", arguments.library)
        found = parse(subprocess.run([cuobjdump, "--dump-resource-usage", arguments.library], check=True,
                                     capture_output=True, text=True).stdout)
    else:
        print(f"no cuobjdump beside {arguments.nvcc} or on the PATH: compiled again")
        found = parse_assembler(compile_again(arguments.nvcc, arguments.source, arguments.architectures))
    print(table(found))
    wrong = list(problems(found, arguments.architectures))
    for problem in wrong:
        print("FAILED:", problem)
    return 1 if wrong else 0


if __name__ == "__main__":
    sys.exit(main())
