#!/usr/bin/env bash
# Packs a release build into target/package/gleaner-VERSION-HOST.tar.gz: the binary, its manual pages and its completions,
# in the folders that they have below /usr/local. The same sources and compiler give the same bytes.
# GLEANER=FILE packs a binary that is there already.
set -euo pipefail
cd "$(dirname "$0")/.."

binary=${GLEANER:-}
if [ -z "$binary" ]; then
  cargo build --release --locked
  binary=target/release/gleaner
fi
version=$("$binary" --version | cut -d' ' -f2)
name=gleaner-$version-$(rustc -vV | sed -n 's/^host: //p')
folder=$(mktemp -d)
trap 'rm -rf "$folder"' EXIT

to=$folder/$name
install -D -m 755 "$binary" "$to/bin/gleaner"
mkdir -p "$to/share/man/man1" "$to/share/bash-completion/completions" "$to/share/zsh/site-functions" \
  "$to/share/fish/vendor_completions.d" "$to/share/doc/gleaner"
"$binary" --quiet man --to "$to/share/man/man1"
gzip -9n "$to/share/man/man1/"*.1
"$binary" completions bash > "$to/share/bash-completion/completions/gleaner"
"$binary" completions zsh > "$to/share/zsh/site-functions/_gleaner"
"$binary" completions fish > "$to/share/fish/vendor_completions.d/gleaner.fish"
cp README.md CHANGELOG.md LICENSE* "$to/share/doc/gleaner/"

mkdir -p target/package
packed=target/package/$name.tar.gz
tar --sort=name --mtime=@0 --owner=0 --group=0 --numeric-owner --mode=u+rw,go+r-w -C "$folder" -c "$name" |
  gzip -9n > "$packed"
echo "$packed: unpack it with 'tar -xzf $packed --strip-components=1 -C /usr/local'"
