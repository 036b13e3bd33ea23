# SPDX-License-Identifier: Apache-2.0
# run.sh --prebuilt: what an unpacked bundle can show, the most telling first, each step with a limit of its own, all
# within a budget. The report is complete up to wherever it is cut. To be read by run.sh.
# Wants: bundle, budget, report.
# shellcheck shell=bash disable=SC2154

source jobs/gpu_check/bundle.sh
started=$SECONDS
table=() # "name: outcome, seconds"
failed=()
left_out=()
running=
scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
trap 'cut' TERM INT HUP

note() { printf '%s\n' "$@" | tee -a "$report"; }

# Records how a step ended, at once on the disk.
ended() {
    table+=("$(printf '%-8s %-28s %s' "$2" "$1" "$3")")
    case $2 in
    FAIL | TIMEOUT) failed+=("$1 ($2)") ;;
    SKIP | CUT) left_out+=("$1") ;;
    esac
    note "-- $1: $2, $3"
    sync "$report" 2>/dev/null
}

skip() {
    printf '\n== %s\n' "$1" >>"$report"
    ended "$1" SKIP "$2"
}

seconds_left() { echo $((budget - (SECONDS - started))); }

# step NAME LIMIT COMMAND...: its output goes into the report as it comes. Code 77 means that it could not be tried.
step() {
    local name=$1 limit=$2 begun=$SECONDS left code
    shift 2
    left=$(($(seconds_left) - 5))
    if [ "$left" -lt 5 ]; then
        skip "$name" "the budget of $budget s is used up"
        return 77
    fi
    ((limit = limit < left ? limit : left))
    printf '\n== %s (at most %s s): %s\n' "$name" "$limit" "$*" >>"$report"
    running=$name
    # In a shell of its own, so that the end of a signal is not told here.
    (ours exec timeout --kill-after=3 "$limit" "$@") >>"$report" 2>&1 </dev/null &
    child=$!
    wait "$child" 2>/dev/null
    code=$?
    running=
    case $code in
    0) ended "$name" PASS "$((SECONDS - begun)) s" ;;
    77) ended "$name" SKIP "$((SECONDS - begun)) s, see there" ;;
    124 | 137) ended "$name" TIMEOUT "$((SECONDS - begun)) s" ;;
    *) ended "$name" FAIL "code $code, $((SECONDS - begun)) s" ;;
    esac
    return "$code"
}

# shellcheck disable=SC2317 # called by a trap
cut() {
    trap '' TERM INT HUP
    [ -z "$running" ] || kill -TERM "$child" 2>/dev/null
    [ -z "$running" ] || ended "$running" CUT "stopped by a signal"
    verdict "cut by a signal after $((SECONDS - started)) s, "
}

# verdict [WORDS]: the table and the last line; ends the script.
verdict() {
    local refuted
    refuted=$(grep -a '^ASSUMPTION .*: DOES NOT HOLD' "$report" | sort -u)
    note "" "== assumptions that do not hold" "${refuted:-none}" "" "== steps" "${table[@]}" "" \
        "took $((SECONDS - started)) s of $budget s"
    [ ${#left_out[@]} -eq 0 ] || note "not tried: $(printf '%s; ' "${left_out[@]}")"
    if [ ${#failed[@]} -eq 0 ]; then
        note "VERDICT: ${1:-}passed on $gpus GPU(s), ${#left_out[@]} step(s) not tried"
        sync "$report" 2>/dev/null
        exit "$([ -n "${1:-}" ] && echo 1 || echo 0)"
    fi
    note "VERDICT: ${1:-}FAILED: $(printf '%s; ' "${failed[@]}")"
    sync "$report" 2>/dev/null
    exit 1
}

versions() {
    cat "$bundle/PACKED"
    nvidia-smi --format=csv \
        --query-gpu=name,pci.bus_id,driver_version,memory.total,compute_cap,compute_mode,mig.mode.current
    nvcc --version | tail -2
    compute-sanitizer --version | tail -1
    grep -m1 'model name' /proc/cpuinfo
    echo "$(nproc) cores, glibc $(ldd --version 2>/dev/null | sed -n '1s/.* //p')"
    grep -h PRETTY_NAME /etc/os-release
    python -c 'import sys; print("Python", sys.version)'
    python -c 'import torch
print("PyTorch", torch.__version__, "CUDA", torch.version.cuda, "cuDNN", torch.backends.cudnn.version())'
    true
}

# What a program loads; a library that is missing is a failure.
loads() {
    local said missing
    said=$(ldd "$1" 2>/dev/null || "$(ls /lib64/ld-linux-x86-64.so.2)" --list "$1")
    printf '%s\n' "$said"
    missing=$(grep 'not found' <<<"$said") && echo "missing: $missing" && return 1
    return 0
}

# A test program of which every test has run: one that is skipped proves nothing.
whole_test() {
    local log=$scratch/test.log
    "$@" 2>&1 | tee "$log"
    [ "${PIPESTATUS[0]}" -eq 0 ] || return 1
    ! grep '\[  SKIPPED \]' "$log"
}

# What makes up the state of a search: digests of arrays that its file states.
state_of() {
    LC_ALL=C grep -a -o -E '(weights/values|islands/[a-z_]+|optimizer/[a-z_]+) .[a-z][0-9]+ [[][0-9, ]*[]] [0-9a-f]{16}' "$1" |
        sort -u
}

# One search in a row, and one that is stopped half way and goes on: the same bits.
restart() {
    local words=(--runtime.backend=cuda --run.folder="$scratch/halves")
    atnas search "$deck" "${words[@]}" --run.iterations=30 || return 1
    atnas search "$deck" "${words[@]}" --run.iterations=60 --restart=latest || return 1
    state_of "$scratch/straight/latest.h5" >"$scratch/straight.state"
    state_of "$scratch/halves/latest.h5" >"$scratch/halves.state"
    cat "$scratch/halves.state"
    [ "$(wc -l <"$scratch/straight.state")" -ge 10 ] || { echo "no digests in the file"; return 1; }
    cmp "$scratch/straight.state" "$scratch/halves.state" && echo "the same bits"
}

# Two ranks on one GPU, for which NCCL must take them for two hosts.
nccl_on_one_gpu() {
    # shellcheck disable=SC2016 # expanded by each rank
    mpirun -n 2 bash -c 'NCCL_HOSTID=rank$OMPI_COMM_WORLD_RANK exec "$@"' ranks test_mpi_nccl
}

# The program's own kernels under NVIDIA's checkers: few tests, for each costs a hundred times what it does without.
checked() {
    command -v compute-sanitizer || { echo "compute-sanitizer is not here"; return 77; }
    compute-sanitizer --tool "$1" --error-exitcode 9 --kernel-regex kns=_ZN5atnas "$bundle/bin/test_cuda_backend" \
        --gtest_filter='*FlatArrays*:*ExactSums*:*Wiring*:*Norm*:*Head*:*DirectConvolution*'
}

# The machine's own, with its own libraries.
python() { LD_LIBRARY_PATH=$their_path command python3 "$@"; }

peer() {
    python -c 'import torch' 2>/dev/null || { echo "no PyTorch here"; return 77; }
    python "$bundle/jobs/gpu_check/fomaml_peer.py" "$@"
}

export -f versions loads whole_test state_of restart nccl_on_one_gpu checked python peer
export bundle scratch
# What to search and to bench; others are for tests.
export deck=${GPU_CHECK_DECK:-$bundle/inputs/quickstart.ini}
read -ra bench_words <<<"${GPU_CHECK_BENCH:---case=conv4-64 --case=og_v2-16 --seconds=2}"
export their_path=${LD_LIBRARY_PATH:-}

# in_bash NAME LIMIT FUNCTION...: a step that is a function of this script.
in_bash() {
    local name=$1 limit=$2
    shift 2
    # shellcheck disable=SC2016
    step "$name" "$limit" bash -c '"$@"' bash "$@"
}

run_prebuilt() {
    local devices
    gpus=0
    : >"$report" || exit 1
    note "ATNAS on GPUs, $(date -u +%FT%TZ), $(cat /proc/sys/kernel/hostname), prebuilt, budget $budget s"
    in_bash versions 40 versions
    find_nvidia_libraries
    printf '\n== libraries\n' >>"$report"
    printf '%s\n' "${found[@]}" >>"$report"
    in_bash "what atnas loads" 20 loads "$bundle/bin/atnas"
    step devices 60 atnas devices || verdict
    devices=$(ours timeout 60 atnas devices 2>&1)
    gpus=$(grep -c '^GPU .*, usable$' <<<"$devices")
    if [ "$gpus" -eq 0 ]; then
        note "" "VERDICT: skipped, no GPU that the program can use ($(tr '\n' ';' <<<"$devices"))"
        exit 77
    fi
    export CUDA_VISIBLE_DEVICES=${CUDA_VISIBLE_DEVICES:-0}
    in_bash operations 100 whole_test test_cuda_backend
    in_bash subnets 80 whole_test test_cuda_subnets
    step probe 45 gpu_probe
    step bench 45 atnas bench --backend=cuda "${bench_words[@]}"
    in_bash "peer, conv4-64" 40 peer --device cuda --seconds 4
    in_bash "peer, conv4-64, vmap 16" 40 peer --device cuda --seconds 4 --vmap 16
    step "bench, fastest algorithms" 45 atnas bench --backend=cuda "${bench_words[@]}" --cuda.deterministic=false
    step "bench, TF32" 45 atnas bench --backend=cuda "${bench_words[@]}" --cuda.tf32=true
    step search 60 atnas search "$deck" --runtime.backend=cuda --run.folder="$scratch/straight" --run.iterations=60
    in_bash "restart, the same bits" 60 restart
    in_bash memcheck 60 checked memcheck
    export ATNAS_TEST_SHARED_GPU=1
    in_bash "NCCL, two ranks on one GPU" 45 nccl_on_one_gpu
    in_bash racecheck 60 checked racecheck
    verdict
}
