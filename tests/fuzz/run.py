# SPDX-License-Identifier: Apache-2.0
"""Builds the fuzz targets in a folder of their own and runs each over its corpus and a fixed number of mutants of it.

usage: run.py SOURCE_DIR BUILD_DIR [RUNS_PER_TARGET]     exit code 77: skipped

The seed is fixed, so that two runs of the same program do the same. Long runs: README.md beside this file.
"""
import concurrent.futures
import os
import pathlib
import shutil
import subprocess
import sys
import tempfile

SKIPPED = 77
RELEASES = (19, 20, 21, 18, 17, 16)  # of clang; 19 is what Debian 12 and 13 both have
# Mutants that a short run tries (files take longest: each is written before it is read), most bytes of an input.
TARGETS = {"deck_text": (2000, 4000), "bitmap": (20000, 3000), "archive": (5000, 6000), "image_tree": (5000, 400),
           "idx": (5000, 300), "data_set": (1000, 400), "checkpoint": (500, 400), "network": (500, 400)}


def compiler():
    """clang++ and clang of a release whose libFuzzer is installed, or nothing."""
    for release in RELEASES:
        cxx, c = shutil.which(f"clang++-{release}"), shutil.which(f"clang-{release}")
        if cxx is None or c is None:
            continue
        with tempfile.TemporaryDirectory() as folder:
            source = pathlib.Path(folder) / "target.cpp"
            source.write_text("#include <source_location>\nextern \"C\" int LLVMFuzzerTestOneInput(const unsigned char*, "
                              "unsigned long) { return static_cast<int>(std::source_location::current().line() * 0); }\n")
            command = [cxx, "-std=c++20", "-fsanitize=fuzzer,address,undefined", source, "-o", source.with_suffix("")]
            if subprocess.run(command, capture_output=True).returncode == 0:
                return cxx, c
    return None


def build(source, folder, found):
    options = [f"-DCMAKE_CXX_COMPILER={found[0]}", f"-DCMAKE_C_COMPILER={found[1]}", "-DCMAKE_BUILD_TYPE=RelWithDebInfo",
               "-DATNAS_FUZZ=ON", "-DATNAS_NATIVE=OFF", "-DATNAS_CONTRACTS=ON"]
    subprocess.run(["cmake", "-G", "Ninja", "-S", source, "-B", folder, *options], check=True, stdout=subprocess.DEVNULL)
    subprocess.run(["cmake", "--build", folder, "--parallel", "2"], check=True)


def fuzz(target, source, folder, runs):
    """Whether nothing was found."""
    corpus = source / "tests" / "fuzz" / "corpus" / target
    with tempfile.TemporaryDirectory() as scratch:
        # The last folder is only read.
        found = folder / "found"
        found.mkdir(exist_ok=True)
        new = pathlib.Path(scratch) / "new"
        new.mkdir()
        command = [folder / "bin" / f"fuzz_{target}", "-seed=1", f"-runs={runs}", f"-max_len={TARGETS[target][1]}",
                   "-timeout=60", "-rss_limit_mb=3000", f"-artifact_prefix={found}/{target}-", new]
        command += [corpus] if corpus.is_dir() else []
        result = subprocess.run(command, env=dict(os.environ, TMPDIR=scratch), stdout=subprocess.PIPE,
                                stderr=subprocess.STDOUT, text=True, errors="replace")
    if result.returncode != 0:
        print(result.stdout[-6000:])
        print(f"{target}: FAILED; the input is kept in {found}")
    else:
        print(f"{target}: {runs} runs, nothing found", flush=True)
    return result.returncode == 0


def main():
    source, folder = pathlib.Path(sys.argv[1]).resolve(), pathlib.Path(sys.argv[2]).resolve()
    found = compiler()
    if found is None:
        print("skipped: no clang with libFuzzer here (clang-19 and libclang-rt-19-dev on Debian 12 and 13)")
        return SKIPPED
    build(source, folder, found)
    runs = {target: int(sys.argv[3]) if len(sys.argv) > 3 else few for target, (few, _) in TARGETS.items()}
    with concurrent.futures.ThreadPoolExecutor(2) as pool:
        passed = list(pool.map(lambda item: fuzz(item[0], source, folder, item[1]), runs.items()))
    return 0 if all(passed) else 1


if __name__ == "__main__":
    sys.exit(main())
