#!/bin/sh
# Builds the site and copies it to a server: sh deploy/rsync.sh
#
# Made by `gleaner deploy init rsync`. What the server runs is its own matter; `gleaner deploy init nginx` or `caddy` writes
# its settings.
set -eu

# The server, and the folder there that the site is in.
TARGET="${TARGET:-@DOMAIN@:/var/www/@NAME@/}"

cd "$(dirname "$0")/.."
gleaner build --strict

# Pages come last, and what is gone goes after them: nobody meets a page before what it shows is there.
rsync --recursive --links --times --compress --exclude .gleaner-manifest --exclude '*.html' public/ "$TARGET"
rsync --recursive --links --times --compress --exclude .gleaner-manifest --delete-after public/ "$TARGET"
