#!/usr/bin/env bash
# Omniglot 20-way 1-shot on held-out alphabets: evolved cells, and conv4 beside them.
#   jobs/omniglot_20w1s/run.sh [images_background.zip]
# The archive is imported to ./omniglot.h5 on the first run. Results: runs/omniglot_20w1s*/evaluation.json.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
atnas=${ATNAS_BIN:-$root/build/release/bin/atnas}

if [ ! -e omniglot.h5 ]; then
    if [ $# -lt 1 ]; then
        echo "error: omniglot.h5 is not here, give the path of images_background.zip to make it" >&2
        exit 4
    fi
    "$atnas" import "$1" -o omniglot.h5 --invert
fi
"$root/jobs/search_and_evaluate.sh" "$root/inputs/omniglot_20w1s.ini" "$root/inputs/omniglot_20w1s_conv4.ini"
