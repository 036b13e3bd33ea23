#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# jobs/learning/run.sh LIST [NAME ...], see README.md here.
# SEEDS ("1 2 3") may be set, and what jobs/search_and_evaluate.sh reads.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
list=${1:?error: which list of runs? one of $(ls "$here"/*.txt)}
shift

wanted() { [ $# -eq 1 ] || [[ " ${*:2} " == *" $1 "* ]]; }

# Bash reads the lists by descriptor 3: programs that are started here may read standard input.
for seed in ${SEEDS:-1 2 3}; do
    while read -r name deck words <&3; do
        [[ -z $name || $name == \#* ]] && continue
        wanted "$name" "$@" || continue
        folder=runs/$(basename "$deck" .ini)-$name-seed$seed
        # Newer than its checkpoint: this run was evaluated already.
        [ "$folder/evaluation.json" -nt "$folder/latest.h5" ] && continue
        SUFFIX=-$name-seed$seed SEARCH="--run.seed=$seed $words ${SEARCH:-}" \
            "$root/jobs/search_and_evaluate.sh" "$root/inputs/$deck"
    done 3<"$list"
done
python3 "$here/table.py" runs/*-seed*/evaluation.json
