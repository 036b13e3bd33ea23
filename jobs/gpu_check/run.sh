#!/usr/bin/env bash
# jobs/gpu_check/run.sh [REPORT], see README.md here.
set -uo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
report=$(realpath -m "${1:-gpu_check.txt}")
cd "$root" || exit 1

if ! gpus=$(nvidia-smi -L 2>&1) || [ -z "$gpus" ]; then
    echo "gpu_check: no GPU here (${gpus:-nvidia-smi lists none}); run it on a node that has one, e.g. srun --gpus=2 $0" >&2
    exit 77
fi
count=$(echo "$gpus" | wc -l)
ranks=$((count < 2 ? 1 : 2))
failed=()

# A headline, the command, what it says, and whether it failed; on the screen and in the report.
step() {
    local name=$1
    shift
    printf '\n== %s: %s\n' "$name" "$*" | tee -a "$report"
    "$@" 2>&1 | tee -a "$report"
    [ "${PIPESTATUS[0]}" -eq 0 ] || failed+=("$name")
}

{
    echo "ATNAS on GPUs, $(date -u +%FT%TZ), $(hostname), commit $(git describe --always --dirty 2>/dev/null || echo unknown)"
    echo "$gpus"
    nvidia-smi --query-gpu=name,pci.bus_id,driver_version,memory.total,compute_cap --format=csv
    nvcc --version | tail -2
} >"$report" 2>&1
cat "$report"

export OMP_NUM_THREADS=1
atnas=build/release/bin/atnas
step configure cmake --preset release -DATNAS_CUDA=ON -DATNAS_TESTS=ON
step build cmake --build --preset release --parallel "$(nproc)"
if [ ${#failed[@]} -eq 0 ]; then
    step tests ctest --test-dir build/release -L gpu --no-tests=error --output-on-failure
    # A skipped test proves nothing here.
    if grep -q '\*\*\*Skipped' "$report"; then failed+=("tests were skipped"); fi
    step processor "$atnas" bench --backend=onednn --seconds=3
    step gpu "$atnas" bench --backend=cuda --seconds=3 --json=build/gpu_check.json
    if [ "$ranks" -gt 1 ]; then
        step "gpu, $ranks ranks" "${MPIRUN:-mpirun}" -n "$ranks" "$atnas" bench --backend=cuda --seconds=3
    fi
    step search "${MPIRUN:-mpirun}" -n "$ranks" "$atnas" search inputs/quickstart.ini --runtime.backend=cuda \
        --run.folder="build/gpu_check_run_$(date +%s)" --run.iterations=100
fi

if [ ${#failed[@]} -eq 0 ]; then
    echo "VERDICT: passed on $count GPU(s)$([ "$count" -lt 2 ] && echo ', nothing between GPUs was tried')" | tee -a "$report"
else
    echo "VERDICT: FAILED: $(printf '%s; ' "${failed[@]}")" | tee -a "$report"
    exit 1
fi
