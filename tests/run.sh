#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Installs what is missing, builds with warnings as errors and runs all tests. Further words go to ctest:
#   tests/run.sh -L unit
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
cd "$root"
source jobs/cores.sh

jobs/setup.sh tests
cmake --preset release -DATNAS_WERROR=ON -DATNAS_TESTS=ON
cmake --build --preset release --parallel "$(cores)"

log=build/release/tests.log
code=0
ctest --test-dir build/release -j2 --output-on-failure --no-tests=error "$@" 2>&1 | tee "$log" || code=$?
grep -E '^[0-9]+% tests passed' "$log" || echo "no test was run"
exit "$code"
