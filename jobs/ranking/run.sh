#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# jobs/ranking/run.sh DECK.ini, see README.md here.
# ENCODES (32), MUTATIONS (4), SHARED (800), ALONE (200), TASKS (400), SEARCH, RANKS (2), ATNAS_BIN and MPIRUN may be set.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
deck=${1:?error: which deck?}
tasks=${TASKS:-400}
source "$root/jobs/runs.sh"

folder=runs/ranking-$(basename "$deck" .ini)
note_words "$folder" "$deck, ${ENCODES:-32} encodes by ${MUTATIONS:-4} mutations, ${SHARED:-800} and ${ALONE:-200} \
iterations, $tasks tasks, ${SEARCH:-}"

# search NAME WORDS...: to $folder/NAME, on where it stopped.
search() {
    local name=$1 restart=()
    shift
    [ -e "$folder/$name/done" ] && return
    [ -e "$folder/$name/latest.h5" ] && restart=(--restart=latest)
    # shellcheck disable=SC2086
    run search "$deck" ${SEARCH:-} --run.folder="$folder/$name" --run.keep=1 --evo.until=1 "$@" "${restart[@]}"
    touch "$folder/$name/done"
}

# judge NAME ENCODE FILE: the encode with the weights of the search NAME, on validation tasks that are always the same.
judge() {
    [ -e "$3" ] && return
    run evaluate "$folder/$1/latest.h5" --encode="$2" --split=validation --tasks="$tasks" --json="$3.new"
    mv "$3.new" "$3"
}

# Relatives of one founder, as islands hold them, only further from each other.
search encodes --evo.islands=1 --evo.population="${ENCODES:-32}" --evo.founder_mutations="${MUTATIONS:-4}" \
    --run.iterations=1 --migration.topology=none --meta.pretrain_iterations=0
"$atnas" info "$folder/encodes/latest.h5" --json="$folder/encodes.json" >/dev/null
python3 "$here/table.py" --encodes "$folder/encodes.json" >"$folder/encodes.txt"

shared="--run.iterations=${SHARED:-800}"
search population "$shared"
search uniform "$shared" --evo.sample_population=0 --evo.sample_population_start=0 --evo.explore=uniform

index=0
while read -r encode <&3; do
    search "alone-$index" --run.iterations="${ALONE:-200}" --evo.kind=fixed --evo.surrogate=none --evo.founder="$encode"
    judge "alone-$index" "$encode" "$folder/alone-$index.json"
    for policy in population uniform; do judge "$policy" "$encode" "$folder/$policy-$index.json"; done
    index=$((index + 1))
done 3<"$folder/encodes.txt"
python3 "$here/table.py" "$folder"
