#!/bin/sh
# Makes the text face of the default theme: Literata, cut down to what a page of Latin text needs.
#
# Needs npm, python3 with venv and pip, and the network. Writes to themes/default/static/:
#   literata-roman.woff2       upright, weights 400 to 650, Latin-1 and typographic punctuation
#   literata-italic.woff2      italic, weight 400, the same characters
#   literata-roman-ext.woff2   upright, Latin Extended, fetched by unicode-range where it occurs
#   literata-italic-ext.woff2  italic, Latin Extended
#   LITERATA-LICENSE.txt       SIL Open Font License 1.1
# and to src/card/, for drawing cards, both sets of characters in one weight each:
#   literata-regular.ttf       upright, weight 400
#   literata-semibold.ttf      upright, weight 600
# The versions are pinned, so the same files come out each time. The character ranges below are those of
# the @font-face rules in style.css: change both together.
set -eu

LITERATA=5.3.0
FONTTOOLS=4.68.0
BROTLI=1.2.1

static=$(CDPATH='' cd -- "$(dirname -- "$0")/../themes/default/static" && pwd)
cards=$(CDPATH='' cd -- "$(dirname -- "$0")/../src" && pwd)/card
mkdir -p "$cards"
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT INT TERM
cd "$work"

npm pack --silent "@fontsource-variable/literata@$LITERATA" >/dev/null
tar xzf fontsource-variable-literata-"$LITERATA".tgz
python3 -m venv venv
venv/bin/pip install --quiet "fonttools==$FONTTOOLS" "brotli==$BROTLI"

# Times inside the fonts come from the fonts themselves, not from the clock.
export SOURCE_DATE_EPOCH=0

latin='U+0020-007E,U+00A0-00FF,U+0131,U+0152-0153,U+02C6,U+02DA,U+02DC,U+2002-200B,U+2010-2015,U+2018-201E,U+2020-2022,U+2026,U+202F-2030,U+2032-2033,U+2039-203A,U+2044,U+20AC,U+2122,U+2190-2193,U+2212,U+2215'
extended='U+0100-0130,U+0132-0151,U+0154-02BA,U+02C7,U+02C9,U+02D8-02D9,U+02DB,U+02DD,U+1E00-1E9F,U+1EF2-1EFF,U+2116'
features='kern,liga,ccmp,locl,tnum,pnum,mark,mkmk'

# make SOURCE WEIGHTS UNICODES NAME
make() {
  venv/bin/fonttools varLib.instancer --quiet "package/files/literata-$1.woff2" "wght=$2" --output "$4.ttf"
  venv/bin/pyftsubset "$4.ttf" --unicodes="$3" --layout-features="$features" \
    --flavor=woff2 --no-hinting --desubroutinize --name-IDs='0,1,2,3,4,5,6,13,14' \
    --drop-tables+=DSIG,meta --no-recalc-timestamp --output-file="$static/$4.woff2"
}
make latin-wght-normal     400:650 "$latin"    literata-roman
make latin-wght-italic     400     "$latin"    literata-italic
make latin-ext-wght-normal 400:650 "$extended" literata-roman-ext
make latin-ext-wght-italic 400     "$extended" literata-italic-ext
cp package/LICENSE "$static/LITERATA-LICENSE.txt"

# card WEIGHT NAME
card() {
  for part in latin latin-ext; do
    venv/bin/fonttools varLib.instancer --quiet "package/files/literata-$part-wght-normal.woff2" "wght=$1" --output "$part.ttf"
  done
  venv/bin/fonttools merge --output-file=card.ttf latin.ttf latin-ext.ttf
  venv/bin/pyftsubset card.ttf --unicodes="$latin,$extended" --layout-features='kern,liga,ccmp,locl' \
    --no-hinting --name-IDs='0,1,2,3,4,5,6,13,14' --drop-tables+=DSIG,meta --no-recalc-timestamp \
    --output-file="$cards/literata-$2.ttf"
}
card 400 regular
card 600 semibold
ls -l "$static"/literata-*.woff2 "$cards"/literata-*.ttf
