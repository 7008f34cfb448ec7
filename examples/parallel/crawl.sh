#!/bin/bash
# Cleans and sorts a crawl on one machine, or on several that share a file system, by GNU parallel (Debian: `parallel`).
#
#     crawl.sh --rules FILE --format wet|warc|jsonl --out DIR [--jobs N] [-- keep.py's options] -- FILE...
#
# Every FILE is a job of its own: DIR/lines/<file>.jsonl.gz holds its lines, and is there whole or not at all, so that
# what was interrupted goes on where it was. Then `keep.py` writes DIR/content/. More machines: PARALLEL='--sshloginfile nodes'.
set -euo pipefail

gleaner=${GLEANER:-gleaner} jobs=$(nproc) keep=()
while [ $# -gt 0 ]; do
    case $1 in
        --rules) rules=$2; shift 2 ;;
        --format) format=$2; shift 2 ;;
        --out) out=$2; shift 2 ;;
        --jobs) jobs=$2; shift 2 ;;
        --) shift; break ;;
        *) echo "crawl.sh: what is $1? (see the head of this file)" >&2; exit 2 ;;
    esac
done
while [[ ${1:-} == --* ]]; do
    if [ "$1" = -- ]; then shift; break; fi
    keep+=("$1" "$2"); shift 2
done
: "${rules:?--rules FILE}" "${format:?--format FORMAT}" "${out:?--out DIR}"
mkdir -p "$out/lines"

one() {
    to=$5/$(basename "$4").jsonl.gz
    [ -e "$to" ] && return
    "$1" --quiet import --stdin-format "$2" --rules "$3" --jobs 1 <"$4" | gzip -1n >"$to.part" && mv "$to.part" "$to"
}
export -f one
SHELL=/bin/bash parallel --will-cite --jobs "$jobs" --retries 3 --halt soon,fail=1 \
    "set -o pipefail; one $(printf '%q ' "$gleaner" "$format" "$rules") {} $(printf '%q' "$out/lines")" ::: "$@"
python3 "$(dirname "$0")/keep.py" --content "$out/content" "${keep[@]}" "$out"/lines/*.jsonl.gz
