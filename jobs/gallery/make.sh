#!/usr/bin/env bash
# SPDX-License-Identifier: Apache-2.0
# Makes the pictures of the gallery in README.md (analysis/gallery/): of the quick start's run, which is used if it is
# there, and of the cost model of jobs/scaling. Needs Chromium.
set -euo pipefail

root=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$root"

python=${PYTHON:-$root/build/python/bin/python}
pictures=analysis/gallery
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT

# analysis WORDS...: atnas-analysis
analysis() { "$python" -m atnas_analysis "$@"; }

# Some sections of a report, as wide as a desktop's page; not who ran it on which machine.
screenshot() {
    local page=$1 picture=$2 shown=$3
    sed "s|</head>|<style>section, footer { display: none } nav { visibility: hidden } $shown { display: grid }</style></head>|" \
        "$page" >"$work/page.html"
    chromium --headless --no-sandbox --disable-gpu --hide-scrollbars --user-data-dir="$work/profile" \
        --window-size=1120,1740 --screenshot="$work/page.png" "file://$work/page.html" 2>"$work/chromium.log" ||
        { cat "$work/chromium.log" >&2; return 1; }
    # Few colours: a third of the bytes.
    "$python" -c "import sys; from PIL import Image
Image.open(sys.argv[1]).convert('RGB').quantize(128).save(sys.argv[2], optimize=True)" "$work/page.png" "$picture"
}

[ -e runs/quickstart/evaluation.h5 ] || jobs/quickstart.sh
[ -n "${PYTHON:-}" ] || jobs/setup.sh python
mkdir -p "$pictures"

analysis report runs/quickstart -o "$work/report.html"
screenshot "$work/report.html" "$pictures/report.png" "#progress, #front"
analysis genotype runs/quickstart -o "$pictures/cells.svg"

"$python" jobs/gallery/scaling.py "$pictures/scaling.svg"
ls -l "$pictures"
