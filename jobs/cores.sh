# SPDX-License-Identifier: Apache-2.0
# How many cores there are for a script. To be read by others.
# shellcheck shell=bash

# Those that this process may run on. nproc alone would follow OMP_NUM_THREADS, which says how many threads a rank has.
cores() { env -u OMP_NUM_THREADS -u OMP_THREAD_LIMIT nproc; }
