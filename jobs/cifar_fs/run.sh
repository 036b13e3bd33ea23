#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# jobs/cifar_fs/run.sh [cifar_fs.zip], see README.md here.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
atnas=${ATNAS_BIN:-$root/build/release/bin/atnas}

if [ ! -e cifar_fs.h5 ]; then
    if [ $# -lt 1 ]; then
        echo "error: cifar_fs.h5 is not here, give the path of the archive to make it" >&2
        exit 4
    fi
    "$atnas" import "$1" -o cifar_fs.h5 --size=32 --channels=3
fi
# This data set has no test classes.
EVALUATE="--split=validation --tasks-of=5x1,5x5" \
    exec "$root/jobs/search_and_evaluate.sh" "$root/inputs/cifar_fs.ini" "$root/inputs/cifar_fs_conv4.ini"
