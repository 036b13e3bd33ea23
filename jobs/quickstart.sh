#!/usr/bin/env bash
# From nothing to a few-shot accuracy: installs what is missing, builds, searches on the built-in task set with 2 MPI
# ranks and evaluates the best network on classes it never saw. Results: runs/quickstart/.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"

say() { printf '\n== %s\n' "$*"; }

say "set-up"
jobs/setup.sh

say "build (build/release)"
cmake --preset release
cmake --build --preset release --target atnas --parallel "$(nproc)"

ranks=2
if [ "$(nproc)" -lt 2 ]; then
    ranks=1
    say "this machine has one core: 1 rank instead of 2, the same results in twice the time"
fi

# Open MPI must not count cores more strictly than we do (hyperthreads, containers), nor bind ranks to them.
export OMPI_MCA_rmaps_base_oversubscribe=1 OMPI_MCA_hwloc_base_binding_policy=none
export PRTE_MCA_rmaps_default_mapping_policy=:oversubscribe PRTE_MCA_hwloc_default_binding_policy=none
# Containers often forbid what its fastest path between processes needs.
export OMPI_MCA_btl_vader_single_copy_mechanism=none

say "search and evaluate (inputs/quickstart.ini, $ranks MPI rank(s))"
rm -rf runs/quickstart  # always the same first run
RANKS=$ranks TASKS=600 ATNAS_BIN=$root/build/release/bin/atnas jobs/search_and_evaluate.sh inputs/quickstart.ini

say "done: runs/quickstart/ (build/release/bin/atnas info runs/quickstart/latest.h5 says what was found)"
