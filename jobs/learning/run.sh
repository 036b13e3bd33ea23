#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# jobs/learning/run.sh LIST [NAME ...], see README.md here.
# SEEDS ("1 2 3") and AGAINST (a run that the others are compared with) may be set, and what jobs/search_and_evaluate.sh reads.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(cd "$here/../.." && pwd)
source "$root/jobs/runs.sh"
list=${1:?error: which list of runs? one of $(ls "$here"/*.txt)}
shift

wanted() { [ $# -eq 1 ] || [[ " ${*:2} " == *" $1 "* ]]; }

known=no

# Bash reads the lists by descriptor 3: programs that are started here may read standard input.
for seed in ${SEEDS:-1 2 3}; do
    while read -r name deck words <&3; do
        [[ -z $name || $name == \#* ]] && continue
        wanted "$name" "$@" || continue
        known=yes
        folder=runs/$(basename "$deck" .ini)-$name-seed$seed
        note_words "$folder" "search: $words ${SEARCH:-}; evaluate: ${EVALUATE:-} ${TASKS:-1000} tasks"
        # Newer than its checkpoint: this run was evaluated already.
        [ "$folder/evaluation.json" -nt "$folder/latest.h5" ] && continue
        SUFFIX=-$name-seed$seed SEARCH="$words ${SEARCH:-} --run.seed=$seed" \
            "$root/jobs/search_and_evaluate.sh" "$root/inputs/$deck"
    done 3<"$list"
done
if [ "$known" = no ]; then
    echo "error: $list has no run named $*" >&2
    exit 2
fi
python3 "$here/table.py" ${AGAINST:+--against "$AGAINST"} runs/*-seed*/evaluation.json
