#!/usr/bin/env bash
# Measures import on pages with known answers.
#
#   scripts/evaluate-import.sh DIR [text|full|html ...] [-- OPTIONS OF score.py]
#
# DIR holds `pages/`, a folder a page with input.txt, input-full.txt and input.html.gz, and `score.py`, which compares
# articles with the answers. Without a kind all three are measured; without options the two sources whose bodies
# people marked are scored. The articles stay in target/evaluation/, for a look at single pages:
#
#   scripts/evaluate-import.sh DIR text -- --worst 10
set -euo pipefail
cd "$(dirname "$0")/.."

pages=${1:?"usage: scripts/evaluate-import.sh DIR [text|full|html ...] [-- OPTIONS OF score.py]"}
shift
kinds=()
while [ $# -gt 0 ] && [ "$1" != -- ]; do
    kinds+=("$1")
    shift
done
[ $# -eq 0 ] || shift
[ ${#kinds[@]} -gt 0 ] || kinds=(text full html)
[ $# -gt 0 ] || set -- --source scrapinghub --source wcxb

for kind in "${kinds[@]}"; do
    case $kind in
    text | full | html) ;;
    *)
        echo "there is no kind \`$kind\`: text, full and html are" >&2
        exit 2
        ;;
    esac
done

cargo build --locked --release --quiet

article() {
    local page=$1 kind=$2 out=$3
    local id seed
    id=$(basename "$page")
    case $kind in
    text) seed=$page/input.txt ;;
    full) seed=$page/input-full.txt ;;
    html)
        seed=$out/$id.html
        gunzip --stdout "$page/input.html.gz" >"$seed"
        ;;
    esac
    # A page that is quarantined has no article, and is scored as an empty one.
    target/release/gleaner import --stdout "$seed" >"$out/$id.md" 2>"$out/$id.err" || true
}
export -f article

for kind in "${kinds[@]}"; do
    out=target/evaluation/$kind
    rm -rf "$out"
    mkdir -p "$out"
    printf '%s\0' "$pages"/pages/*/ | xargs -0 -P "$(nproc)" -I {} bash -c 'article "$@"' _ {} "$kind" "$out"
    printf '\n== %s\n' "$kind"
    python3 "$pages/score.py" "$pages/pages" "$out" --input "$kind" "$@"
done
