# SPDX-License-Identifier: Apache-2.0
# The rows of fashion.sh and few_hundred.sh, see README.md here. To be read by them.
#   rows FOLDER META-NETWORK.h5 SEED WORDS: trains what is not there yet, with these words for each
# Of a search: EVALUATIONS and STEPS of the adapted one, and TIMES the encodes and LONGER the steps of that from scratch.
# shellcheck shell=bash

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
source "$here/../runs.sh"
[ $# -ge 1 ] || { echo "error: give one or more checkpoints of \`atnas search\`" >&2; exit 2; }

rows() {
    local base=$1 meta=$2 seed=$3
    shift 3
    local folder
    folder=$base/$(basename "$(dirname "$meta")")
    [ -f "$meta" ] || { echo "error: $meta is not there, give a checkpoint of \`atnas search\`" >&2; exit 3; }
    # Another meta-network of that name would find its rows done.
    note_words "$folder" "$(basename "$(readlink -f "$meta")"), SHA-256 $(sha256sum <"$meta" | cut -c -16)"
    # A name, then the words that make the difference. A result that is there stays.
    row() {
        local out=$folder/$1-$seed
        shift
        [ -e "$out.json" ] && return
        local restart=()
        [ -e "$out.run/latest.h5" ] && restart=(--restart=latest)
        run train "$meta" -o "$out.h5" --json="$out.json" --seed="$seed" --data.flip=true "${restart[@]}" "$@"
    }
    local brief=(--evaluations="$EVALUATIONS" --trial-steps="$STEPS")
    row adapted "$@" "${brief[@]}"
    row scratch "$@" --from=scratch --evaluations=$((EVALUATIONS * TIMES)) --trial-steps=$((STEPS * LONGER))
    row scratch_brief "$@" --from=scratch "${brief[@]}"
    row random "$@" --search=random --evaluations=1 --trial-steps="$STEPS"
    # Nothing is searched there: the program refuses words of a search.
    local word of_training=()
    for word in "$@"; do
        case $word in --evaluations=* | --trial-steps=* | --trial-images=*) ;; *) of_training+=("$word") ;; esac
    done
    row conv4 "${of_training[@]}" --space.kind=conv4 --channels=64 --from=scratch --search=none
}
