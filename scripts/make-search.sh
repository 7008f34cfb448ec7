#!/usr/bin/env bash
# Makes themes/default/static/search.js, as browsers get it, of src/search/search.js, as people read it: comments,
# spaces and long names of local values go. Needs Node and npm; terser comes from npm by the browser tests' lock file.
set -euo pipefail
cd "$(dirname "$0")/../tests/browser"

[ -e node_modules/.bin/terser ] || npm ci --ignore-scripts --no-audit --no-fund
# Names of the finder's own values: the index knows none of them, and nothing of a browser's is used that has one of them.
own='article|begins|closeness|counts?|ends|date|directories|excerpt|extent|fields|filters|hit|home|item|last|list|marks|matched|number|numbers|more'
own+='|lengths|near|orders?|pair|phrases?|piece|places|prefix|price|rate|read|rest|slot|sum|terms|text|title|topics|unknown|weight|words?|worth'
{
    echo "// From src/search/search.js"
    node_modules/.bin/terser ../../src/search/search.js --ecma 2022 --compress passes=3,unsafe_arrows,unsafe_methods,pure_getters \
        --mangle --mangle-props "builtins,regex=/^($own)$/"
} > ../../themes/default/static/search.js
wc -c ../../themes/default/static/search.js
