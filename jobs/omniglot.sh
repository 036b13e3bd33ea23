#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# One Omniglot experiment on held-out alphabets: evolved cells, and conv4 beside them.
#   jobs/omniglot.sh NAME [images_background.zip]      decks: inputs/NAME.ini and inputs/NAME_conv4.ini
# The archive is imported to ./omniglot.h5 on the first run. Results: runs/NAME*/evaluation.json.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
atnas=${ATNAS_BIN:-$root/build/release/bin/atnas}
name=$1

if [ ! -e omniglot.h5 ]; then
    if [ $# -lt 2 ]; then
        echo "error: omniglot.h5 is not here, give the path of images_background.zip to make it" >&2
        exit 4
    fi
    "$atnas" import "$2" -o omniglot.h5 --invert
fi
"$root/jobs/search_and_evaluate.sh" "$root/inputs/$name.ini" "$root/inputs/${name}_conv4.ini"
