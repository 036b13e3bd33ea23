#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# jobs/checkpoint_speed/run.sh [FOLDER], see README.md here.
set -euo pipefail

folder=${1:-.}
bytes=${BYTES:-1000000000}
ranks=${RANKS:-2}
turns=${TURNS:-5}
root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
atnas=${ATNAS_BIN:-$root/build/release/bin/atnas}
if [ ! -x "$atnas" ]; then
    echo "checkpoint_speed: there is no $atnas: build it (INSTALL.md), or name it in ATNAS_BIN" >&2
    exit 2
fi
source "$root/jobs/mpi.sh"
mpi_as_root
mkdir -p "$folder"
work=$(mktemp -d "$folder/checkpoint-speed-XXXXXX")
trap 'rm -rf "$work"' EXIT

# As many zeros as a checkpoint has bytes, until they are on the disk; prints MB/s. The fastest of four counts, as in
# atnas bench.
dd_speed() {
    local blocks=$((bytes / 1048576)) start ns fastest=0
    for _ in 1 2 3 4; do
        rm -f "$work/dd"
        start=$(date +%s%N)
        dd if=/dev/zero of="$work/dd" bs=1M count="$blocks" conv=fsync status=none
        ns=$(($(date +%s%N) - start))
        if [ "$fastest" -eq 0 ] || [ "$ns" -lt "$fastest" ]; then fastest=$ns; fi
    done
    rm -f "$work/dd"
    awk -v bytes="$((blocks * 1048576))" -v ns="$fastest" 'BEGIN { printf "%.1f", 1000 * bytes / ns }'
}

# Prints MB/s of writing and of reading.
checkpoint_speed() {
    OMP_NUM_THREADS=1 ${MPIRUN:-mpirun} -n "$ranks" "$atnas" bench --case=checkpoint --bytes="$bytes" --folder="$work" \
        --json="$work/bench.json" >&2
    grep -o '"\(write\|read\)_mb_per_s": *[0-9.]*' "$work/bench.json" | sort -r | awk '{ printf "%.1f ", $2 } END { print "" }'
}

echo "turn  load  dd MB/s  checkpoint MB/s  ratio  read MB/s"
for turn in $(seq "$turns"); do
    load=$(cut -d ' ' -f 1 /proc/loadavg)
    speed=$(dd_speed)
    read -r write back < <(checkpoint_speed 2>"$work/log") || { cat "$work/log" >&2; exit 1; }
    awk -v t="$turn" -v l="$load" -v d="$speed" -v w="$write" -v r="$back" \
        'BEGIN { printf "%4d %5s %8.1f %16.1f %6.2f %10.1f\n", t, l, d, w, w / d, r }' | tee -a "$work/turns"
done
sort -n -k 5 "$work/turns" | awk '{ ratio[NR] = $5 } END { printf "median ratio %.2f, best %.2f\n", ratio[int((NR + 1) / 2)], ratio[NR] }'
