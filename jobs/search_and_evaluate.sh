#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Searches with each deck and evaluates the result on unseen classes; run again, it goes on where it stopped.
#   jobs/search_and_evaluate.sh DECK.ini ...
# ATNAS_BIN (program), RANKS (2), TASKS (1000), MPIRUN (mpirun), SEARCH and EVALUATE (more words for `atnas search` and
# `atnas evaluate`) and SUFFIX (of the run folder's name) may be set.
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/runs.sh"
tasks=${TASKS:-1000}

for deck in "$@"; do
    folder=runs/$(basename "$deck" .ini)${SUFFIX:-}
    restart=()
    [ -e "$folder/latest.h5" ] && restart=(--restart=latest)
    # shellcheck disable=SC2086
    run search "$deck" ${SEARCH:-} --run.folder="$folder" "${restart[@]}"
    # shellcheck disable=SC2086
    run evaluate "$folder/latest.h5" --tasks="$tasks" --query=15 ${EVALUATE:-} --output="$folder/evaluation.h5" --json="$folder/evaluation.json"
done
