#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# jobs/adapting/fashion.sh META-NETWORK.h5 ..., see README.md here.
set -euo pipefail

source "$(dirname "${BASH_SOURCE[0]}")/rows.sh"
idx=${FASHION_MNIST:-/usr/share/datasets/fashion-mnist}
EVALUATIONS=${EVALUATIONS:-24} STEPS=${STEPS:-60} TIMES=4 LONGER=3

# Images as the meta-network takes them: 28 x 28 grey of Omniglot's, 32 x 32 colours of CIFAR-FS's.
note_words fashion "$idx, ${IMPORT:-}, $EVALUATIONS x $STEPS, ${EPOCHS:-}, ${WORDS:-}"
import() {
    local part=$1 name=$2
    [ -e "$name" ] && return
    # shellcheck disable=SC2086
    "$atnas" import --idx "$idx/$part-images-idx3-ubyte.gz" "$idx/$part-labels-idx1-ubyte.gz" -o "$name" ${IMPORT:-}
}
import train fashion.h5
import t10k fashion_test.h5

for meta in "$@"; do
    for seed in ${SEEDS:-1 2 3}; do
        # shellcheck disable=SC2086
        rows fashion "$meta" "$seed" --data=fashion.h5 --test=fashion_test.h5 --data.crop=2 \
            --epochs="${EPOCHS:-20}" ${WORDS:-}
    done
done
exec "${PYTHON:-python3}" "$here/table.py" fashion
