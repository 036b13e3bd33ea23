#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# jobs/fashion/run.sh META-NETWORK.h5 ..., see README.md here.
set -euo pipefail

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../runs.sh"
[ $# -ge 1 ] || { echo "error: give one or more checkpoints of \`atnas search\`" >&2; exit 2; }
idx=${FASHION_MNIST:-/usr/share/datasets/fashion-mnist}

# Images as the meta-network takes them: 28 x 28 grey of Omniglot's, 32 x 32 colours of CIFAR-FS's.
note_words fashion "$idx, ${IMPORT:-}, ${WORDS:-}"
import() {
    local part=$1 name=$2
    [ -e "$name" ] && return
    # shellcheck disable=SC2086
    "$atnas" import --idx "$idx/$part-images-idx3-ubyte.gz" "$idx/$part-labels-idx1-ubyte.gz" -o "$name" ${IMPORT:-}
}
import train fashion.h5
import t10k fashion_test.h5

# One row of the table: a name, then the words that make the difference. A result that is there stays.
row() {
    local meta=$1 seed=$2 name=$3
    shift 3
    local folder=fashion/$(basename "$(dirname "$meta")")
    local out=$folder/$name-$seed
    mkdir -p "$folder"
    [ -e "$out.json" ] && return
    local restart=()
    [ -e "$out.run/latest.h5" ] && restart=(--restart=latest)
    # shellcheck disable=SC2086
    run train "$meta" --data=fashion.h5 --test=fashion_test.h5 -o "$out.h5" --json="$out.json" --seed="$seed" \
        --data.flip=true --data.crop=2 "${restart[@]}" "$@" ${WORDS:-}
}

for meta in "$@"; do
    for seed in ${SEEDS:-1 2 3}; do
        row "$meta" "$seed" adapted
        # With ten times the search, and with the same one.
        row "$meta" "$seed" scratch --from=scratch --evaluations=80 --trial-steps=180
        row "$meta" "$seed" scratch_brief --from=scratch
        row "$meta" "$seed" random --search=random --evaluations=1
        row "$meta" "$seed" conv4 --space.kind=conv4 --channels=64 --from=scratch --search=none
    done
done
exec "${PYTHON:-python3}" "$here/table.py" fashion
