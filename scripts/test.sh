#!/usr/bin/env bash
# Sets up what the tests need on a fresh Debian machine with Rust, and runs all of them.
#
# Chromium comes from Debian's packages, what the browser tests use from npm by lock file, and
# cargo-nextest and cargo-deny, where they are missing, from crates by their own lock files.
set -euo pipefail
cd "$(dirname "$0")/.."

step() { printf '\n== %s\n' "$*"; }

debian() {
    local missing=()
    for pair in "$@"; do
        command -v "${pair%%=*}" >/dev/null || missing+=("${pair##*=}")
    done
    [ ${#missing[@]} -eq 0 ] && return
    local root=()
    [ "$(id -u)" -eq 0 ] || root=(sudo)
    "${root[@]}" apt-get update
    "${root[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install --yes --no-install-recommends "${missing[@]}"
}

step "what the tests need"
# Debian has servers where only the system looks for them.
export PATH="$PATH:$PWD/target/tools/bin:/usr/sbin"
debian chromium=chromium chromedriver=chromium-driver node=nodejs npm=npm cc=gcc c++=g++ nginx=nginx-light caddy=caddy
for tool in cargo-nextest cargo-deny; do
    command -v "$tool" >/dev/null || cargo install --locked --root target/tools "$tool"
done

step "format"
cargo fmt --check
cargo fmt --check --manifest-path fuzz/Cargo.toml

step "clippy"
cargo clippy --locked --all-targets -- --deny warnings

step "documentation"
RUSTDOCFLAGS="--deny warnings" cargo doc --locked --no-deps

step "unit, property, golden-site, rebuild, curator and command-line tests"
cargo nextest run --locked
cargo test --locked --doc

step "real servers"
cargo nextest run --locked --run-ignored only -E 'test(deploy::)'

step "licences and sources of dependencies"
# It looks at the dependencies of every system, and a build fetches only those of its own.
cargo fetch --locked
cargo deny --offline --log-level error check bans licenses sources

step "fuzz"
scripts/fuzz.sh 12

step "browser"
cargo build --locked
bash tests/browser/run.sh

step "the repository's own site is as its seeds give it"
cargo run --locked --quiet -- build --strict --output target/own-site
git diff --exit-code -- content gleaner.lock .gleaner/imported

step "the documentation as a site"
scripts/docs.sh target/docs-site

step "done"
