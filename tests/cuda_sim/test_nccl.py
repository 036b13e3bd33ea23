# SPDX-License-Identifier: Apache-2.0
"""The simulated NCCL put to the test: what is right works, and what is wrong is found, named and never hangs.

usage: test_nccl.py NCCL_SUBJECT SIMULATED_LIBRARIES
"""
import glob
import os
import subprocess
import sys
import tempfile

# scenario, ranks, environment, what every rank's output has to contain, what has to be in it once
CASES = [
    ("sums", 2, {}, ["done", "sum 3", "final: no error", "ended with 0"], []),
    ("sums", 3, {}, ["done", "sum 6", "ended with 0"], []),
    ("unsettled", 2, {}, ["stream empty", "second call: invalid argument", "done", "ended with 0"], []),
    ("enqueues_unsettled", 1, {}, ["signal 6"],
     ["cudaMemsetAsync: work in a stream of NCCL while ncclCommGetAsyncError says ncclInProgress"]),
    ("counts_differ", 2, {}, ["signal 6"], ["does not match", "ncclAllReduce of 10 float", "ncclAllReduce of 11 float"]),
    ("types_differ", 2, {}, ["signal 6"], ["does not match", "ncclAllReduce of 10 float", "ncclAllReduce of 10 int64"]),
    ("host_pointer", 1, {}, ["signal 6"], ["ncclAllReduce: sendbuff"]),
    ("too_long", 1, {}, ["signal 6"], ["ncclAllReduce: recvbuff"]),
    ("overlapping", 1, {}, ["signal 6"], ["share memory"]),
    ("after_abort", 1, {}, ["signal 6"], ["ncclAllReduce: no communicator, or one that was destroyed or aborted"]),
    ("aborts_alone", 2, {"ATNAS_SIM_NCCL_ABORT": "collective"}, ["ended with 0"],
     ["rank 0: stream done, abort waits", "rank 1: still here", "rank 0: abort returned"]),
    ("aborts_alone", 2, {}, ["ended with 0"], ["rank 0: stream done, abort returned"]),
    ("leaves_from_abort", 2, {"ATNAS_SIM_NCCL_ABORT": "collective"}, [], ["rank 0: leaves", "rank 0 ended with 7", "rank 1: remote process exited",
                                      "rank 1 ended with 0"]),
    ("dies", 2, {}, [],
     ["rank 0: remote process exited", "last error: rank 1 is gone", "rank 0: done", "rank 0 ended with 0"]),
    ("hangs", 2, {"ATNAS_SIM_NCCL_HANG": "2", "ATNAS_SIM_RANK": "0"}, ["done", "ended with 0"],
     ["rank 0: not ready", "rank 1: remote process exited"]),
    ("leaks", 1, {}, ["ended with 99"], ["NCCL communicator"]),
    ("one_device", 2, {}, ["init: invalid usage (Duplicate GPU detected: rank 0 and rank 1"], []),
    ("nothing", 1, {"ATNAS_SIM_FAIL": "ncclCommInitRankConfig:1:2"}, ["init: unhandled system error"], []),
    ("nothing", 2, {}, ["final: no error", "ended with 0"], []),
]


def run(subject, libraries, name, ranks, extra, everyone, once):
    with tempfile.TemporaryDirectory() as folder:
        environment = dict(os.environ, LD_LIBRARY_PATH=libraries, ATNAS_SIM_DEVICES="4", TMPDIR=folder, **extra)
        try:
            done = subprocess.run([subject, name, str(ranks)], env=environment, stdout=subprocess.PIPE,
                                  stderr=subprocess.STDOUT, text=True, timeout=40, check=False)
        except subprocess.TimeoutExpired as hang:
            return f"hangs: {hang.stdout}"
        left = glob.glob(folder + "/*")
    for rank in range(ranks):
        lines = [line for line in done.stdout.splitlines() if line.startswith((f"rank {rank}:", f"rank {rank} ended"))]
        for text in everyone:
            if not any(text in line for line in lines):
                return f"rank {rank} lacks '{text}':\n{done.stdout}"
    for text in once:
        if text not in done.stdout:
            return f"'{text}' is not in:\n{done.stdout}"
    if "signal" not in done.stdout and name not in ("dies", "leaks") and left:
        return f"left behind: {left}"
    return ""


def main():
    if len(sys.argv) != 3:
        print(__doc__)
        return 2
    failures = 0
    for case in CASES:
        problem = run(sys.argv[1], sys.argv[2], *case)
        failures += bool(problem)
        print(f"{'FAILED' if problem else 'ok'}: {case[0]} on {case[1]} {problem}", flush=True)
    return 1 if failures else 0


if __name__ == "__main__":
    sys.exit(main())
