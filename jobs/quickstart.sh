#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# From nothing to a few-shot accuracy: installs what is missing, builds, searches on the built-in task set with 2 MPI
# ranks and evaluates the best network on classes it never saw. Results: runs/quickstart/.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
source jobs/cores.sh
source jobs/mpi.sh

say() { printf '\n== %s\n' "$*"; }

say "set-up"
jobs/setup.sh

say "build (build/release)"
cmake --preset release
cmake --build --preset release --target atnas --parallel "$(cores)"

ranks=2
if [ "$(cores)" -lt 2 ]; then
    ranks=1
    say "this machine has one core: 1 rank instead of 2, the same results in twice the time"
fi

mpi_on_one_machine

say "search and evaluate (inputs/quickstart.ini, $ranks MPI rank(s))"
rm -rf runs/quickstart  # always the same first run
RANKS=$ranks TASKS=600 ATNAS_BIN=$root/build/release/bin/atnas jobs/search_and_evaluate.sh inputs/quickstart.ini

say "done: runs/quickstart/ (build/release/bin/atnas info runs/quickstart/latest.h5 says what was found)"
