# SPDX-License-Identifier: Apache-2.0
# What scripts that make runs share. To be read by them.
#   atnas: the program (ATNAS_BIN; that of the release build by default)
#   run WORDS: starts it on RANKS (2) ranks by MPIRUN (mpirun); of an option that is given twice the last counts
#   note_words FOLDER WORDS: says what a folder of runs is made with; refuses one that was made with something else
# shellcheck shell=bash

jobs=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
atnas=${ATNAS_BIN:-$jobs/../build/release/bin/atnas}
export OMP_NUM_THREADS=${OMP_NUM_THREADS:-1}
source "$jobs/mpi.sh"
mpi_as_root
mpi_may_oversubscribe
[ -x "$atnas" ] || { echo "error: $atnas is not there, build it (cmake --preset release && cmake --build --preset release) or set ATNAS_BIN" >&2; exit 1; }

# What of these words the program gets, which takes nothing twice: of each --name=value the last.
last_of_each() {
    local later=" " word kept=()
    local -i i
    for ((i = $#; i > 0; --i)); do
        word=${!i}
        if [[ $word == --*=* ]]; then
            [[ $later == *" ${word%%=*} "* ]] && continue
            later+="${word%%=*} "
        fi
        kept=("$word" "${kept[@]}")
    done
    printf '%s\n' "${kept[@]}"
}

run() {
    local words
    mapfile -t words < <(last_of_each "$@")
    ${MPIRUN:-mpirun} -n "${RANKS:-2}" "$atnas" "${words[@]}"
}

note_words() {
    local folder=$1 words=$2
    if [ -e "$folder/words.txt" ] && [ "$(cat "$folder/words.txt")" != "$words" ]; then
        echo "error: $folder was made with other words ($(cat "$folder/words.txt")), not with $words" >&2
        echo "  suggestion: move it away, or work in another directory" >&2
        exit 4
    fi
    mkdir -p "$folder"
    echo "$words" >"$folder/words.txt"
}
