#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# jobs/novel_task/run.sh CHECKPOINT.h5, see README.md here.
# KINDS (5x1,5x5), TASKS (200), BUDGETS (12 25 50 100), SPLIT (validation), ADAPT (more words), RANKS (2), ATNAS_BIN and
# MPIRUN may be set.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
checkpoint=${1:?error: which checkpoint?}
kinds=${KINDS:-5x1,5x5}
tasks=${TASKS:-200}
budgets=${BUDGETS:-12 25 50 100}
source "$here/../runs.sh"

folder=runs/novel_task-$(basename "$(dirname "$checkpoint")")
note_words "$folder" "$checkpoint, $tasks ${SPLIT:-validation} tasks of $kinds, ${ADAPT:-}"

# adapt NAME WORDS...: to $folder/NAME.json, once.
adapt() {
    local name=$1
    shift
    [ -e "$folder/$name.json" ] && return
    # shellcheck disable=SC2086
    run adapt "$checkpoint" --tasks="$tasks" --tasks-of="$kinds" --split="${SPLIT:-validation}" ${ADAPT:-} "$@" \
        --json="$folder/$name.json.new"
    mv "$folder/$name.json.new" "$folder/$name.json"
}

for budget in $budgets; do
    adapt "islands-$budget" --evaluations="$budget"
    adapt "random-$budget" --evaluations="$budget" --search=random
done
python3 "$here/table.py" "$folder"
