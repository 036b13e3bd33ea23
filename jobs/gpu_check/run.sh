#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# jobs/gpu_check/run.sh [--prebuilt DIR] [--budget SECONDS] [REPORT], see README.md here. MPIRUN (mpirun) may be set.
set -uo pipefail

usage() {
    echo "gpu_check: $1; use run.sh [--prebuilt DIR] [--budget SECONDS] [REPORT]" >&2
    exit 2
}

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
report=gpu_check.txt
bundle=
budget=
while [ $# -gt 0 ]; do
    case $1 in
    --prebuilt)
        [ -x "${2:-}/bin/atnas" ] || usage "--prebuilt wants the folder of an unpacked bundle, '${2:-}' is none"
        ;;
    --budget) [[ ${2:-} =~ ^[1-9][0-9]*$ ]] || usage "--budget wants seconds, '${2:-}' is no number of them" ;;
    -*) usage "unknown option $1" ;;
    *) report=$1 ;;
    esac
    [ "$1" != --prebuilt ] || { bundle=$(cd "$2" && pwd) && shift; }
    [ "$1" != --budget ] || { budget=$2 && shift; }
    shift
done
[ -z "$budget" ] || [ -n "$bundle" ] || usage "--budget is for --prebuilt only"
budget=${budget:-480}
report=$(realpath -m "$report")
cd "$root" || exit 1
source jobs/cores.sh
source jobs/mpi.sh
mpi_as_root
mpi_on_one_machine
mpi_outside_of_slurm
export OMP_NUM_THREADS=1

# A cheap look, to spare machines without a GPU the build; the program will look closer. DEVICE_FILES is for tests.
files=${DEVICE_FILES:-/dev}
if [ ! -e "$files/nvidiactl" ] && [ ! -e "$files/dxg" ] && ! listed=$(nvidia-smi -L 2>&1); then
    echo "gpu_check: no GPU here (no $files/nvidiactl; nvidia-smi: ${listed:-not there});" \
        "run it on a node that has one, e.g. srun --gpus=2 $0" >&2
    exit 77
fi

if [ -n "$bundle" ]; then
    source jobs/gpu_check/prebuilt.sh
    run_prebuilt
fi

atnas=build/release/bin/atnas
failed=()
notes=()

say() { printf '%s\n' "$@" | tee -a "$report"; }

# A headline, the command, what it says, and whether it failed; on the screen and in the report.
step() {
    local name=$1
    shift
    say "" "== $name: $*"
    "$@" 2>&1 | tee -a "$report"
    [ "${PIPESTATUS[0]}" -eq 0 ] || failed+=("$name")
}

ranks() {
    local count=$1
    shift
    "${MPIRUN:-mpirun}" -n "$count" "$@"
}

# A skipped test proves nothing here, but for those between more GPUs than there are.
look_for_skipped_tests() {
    local name
    while read -r name; do
        [[ $name =~ ^gpu\.nccl\.n([0-9]+)$ ]] && [ "${BASH_REMATCH[1]}" -gt "$gpus" ] && continue
        failed+=("$name was skipped")
    done < <(sed -n 's/.*Test *#[0-9]*: \([^ ]*\) .*\*\*\*Skipped.*/\1/p' "$report")
}

# The program's own kernels under NVIDIA's checkers; what the libraries do is not ours to judge.
check_kernels() {
    local tool
    if ! command -v compute-sanitizer >/dev/null; then
        notes+=("compute-sanitizer is not installed, so the kernels were not checked by it")
        return
    fi
    for tool in memcheck racecheck initcheck synccheck; do
        step "$tool" compute-sanitizer --tool "$tool" --error-exitcode 9 --kernel-regex kns=_ZN5atnas build/release/bin/test_cuda_backend \
            --gtest_filter='*FlatArrays*:*ExactSums*:*Wiring*:*Norm*:*Head*:*DirectConvolution*'
    done
}

# What the tests found out about things that only a device can confirm; one that does not hold is no failure by itself.
list_assumptions() {
    local found refuted
    # Tests that passed say it in ctest's own log only.
    found=$(cat build/release/Testing/Temporary/LastTest.log "$report" 2>/dev/null |
        sed -n 's/^\([0-9]*: \)\{0,1\}\(ASSUMPTION .*\)/\2/p' | sort -u)
    say "" "== assumptions" "${found:-the tests looked at none}"
    refuted=$(grep ': DOES NOT HOLD' <<<"$found") && notes+=("assumptions that do not hold here:"$'\n'"$refuted")
}

{
    echo "ATNAS on GPUs, $(date -u +%FT%TZ), $(hostname), commit $(git describe --always --dirty 2>/dev/null || echo unknown)"
    nvidia-smi --query-gpu=name,pci.bus_id,driver_version,memory.total,compute_cap --format=csv
    nvcc --version | tail -2
} 2>&1 | tee "$report"
rm -f build/release/Testing/Temporary/LastTest.log

step configure cmake --preset release -DATNAS_CUDA=ON -DATNAS_TESTS=ON
[ ${#failed[@]} -gt 0 ] || step build cmake --build --preset release --parallel "$(cores)"
gpus=0
if [ ${#failed[@]} -eq 0 ]; then
    step devices "$atnas" devices
fi
if [ ${#failed[@]} -eq 0 ]; then
    gpus=$("$atnas" devices 2>/dev/null | grep -c '^GPU .*, usable$')
    if [ "$gpus" -eq 0 ]; then
        say "" "VERDICT: skipped, no GPU that the program can use ($("$atnas" devices 2>&1 | tr '\n' ';'))"
        exit 77
    fi
    step tests ctest --test-dir build/release -L gpu --no-tests=error --output-on-failure
    look_for_skipped_tests
    check_kernels
    step processor "$atnas" bench --backend=onednn --seconds=3
    step gpu "$atnas" bench --backend=cuda --seconds=3 --json=build/gpu_check.json
    step "gpu, TF32" "$atnas" bench --backend=cuda --seconds=3 --cuda.tf32=true
    step "gpu, fastest algorithms" "$atnas" bench --backend=cuda --seconds=3 --cuda.deterministic=false
    used=$((gpus < 2 ? 1 : 2))
    if [ "$used" -gt 1 ]; then step "gpu, $used ranks" ranks "$used" "$atnas" bench --backend=cuda --seconds=3; fi
    step search ranks "$used" "$atnas" search inputs/quickstart.ini --runtime.backend=cuda \
        --run.folder="build/gpu_check_run_$(date +%s)" --run.iterations=100
    list_assumptions
fi

say ""
for note in "${notes[@]}"; do say "note: $note"; done
if [ ${#failed[@]} -eq 0 ]; then
    say "VERDICT: passed on $gpus GPU(s)$([ "$gpus" -lt 2 ] && echo ', nothing between GPUs was tried')"
else
    say "VERDICT: FAILED: $(printf '%s; ' "${failed[@]}")"
    exit 1
fi
