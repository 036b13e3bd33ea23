#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# jobs/adapting/few_hundred.sh CLASSES META-NETWORK.h5 ..., see README.md here.
set -euo pipefail

classes=${1:?error: which folder of classes?}
shift
source "$(dirname "${BASH_SOURCE[0]}")/rows.sh"
EVALUATIONS=${EVALUATIONS:-16} STEPS=${STEPS:-30} TIMES=3 LONGER=4
way=${WAY:-10} shot=${SHOT:-200}

note_words few_hundred "$classes, $way-way $shot-shot, $EVALUATIONS x $STEPS, ${IMPORT:-}, ${EPOCHS:-}, ${WORDS:-}"
for seed in ${SEEDS:-1 2 3}; do
    task=few_hundred/task-$seed
    [ -e "$task-test.h5" ] || {
        "${PYTHON:-python3}" "$here/draw.py" "$classes" "$way" "$shot" "$seed" "$task"
        for part in train test; do
            # shellcheck disable=SC2086
            "$atnas" import --list "$task-$part.csv" -o "$task-$part.h5" ${IMPORT:---size=32 --channels=3}
        done
    }
    for meta in "$@"; do
        # shellcheck disable=SC2086
        rows few_hundred "$meta" "$seed" --data="$task-train.h5" --test="$task-test.h5" --validation-fraction=0.2 \
            --data.crop=4 --epochs="${EPOCHS:-60}" ${WORDS:-}
    done
done
exec "${PYTHON:-python3}" "$here/table.py" few_hundred
