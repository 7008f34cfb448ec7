#!/usr/bin/env bash
# Builds the documentation as a site into OUTPUT: the files of docs/ are its articles, docs/site/ has the rest. The program is
# `target/debug/gleaner`, or what GLEANER names.
#
#     scripts/docs.sh OUTPUT
set -euo pipefail
output=$(realpath -m "${1:?where to: scripts/docs.sh OUTPUT}")
cd "$(dirname "$0")/.."
gleaner=$(realpath "${GLEANER:-target/debug/gleaner}")
site=$(mktemp -d)
trap 'rm -rf "$site"' EXIT
cp -r docs/site/. "$site"
mkdir -p "$site/content/articles"
cp docs/*.svg "$site/content/articles"
# The heading of a file is the title of the article.
for file in docs/*.md; do
    awk 'NR == 1 && sub(/^# /, "") { gsub(/[`"\\]/, ""); print "+++\ntitle = \"" $0 "\"\n+++"; next } { print }' "$file" \
        > "$site/content/articles/${file##*/}"
done
# What the texts link to outside docs/ is published beside them.
mkdir -p "$site/content/themes/default"
cp -r examples "$site/content/examples"
cp -r themes/default/i18n "$site/content/themes/default"
"$gleaner" --root "$site" build --strict --output "$output"
