#!/usr/bin/env bash
# Runs each fuzz target, or those named, for so many seconds, and prints how often it ran. Stable Rust and a C++ compiler do;
# with `cargo fuzz` and nightly Rust the same targets run with the dependencies traced, too.
#   scripts/fuzz.sh SECONDS [TARGET...]
#   JOBS   how many targets run at once; without it, 2
# What a run finds stays in target/fuzz/: inputs that lead somewhere new, and those that make a target fail.
set -euo pipefail
cd "$(dirname "$0")/.."
seconds=${1:?how many seconds}
shift

# Gleaner alone tells where each run leads: the dependencies are those that the tests use, compiled already. It runs ten times
# as fast where it is compiled for speed, which takes minutes.
export RUSTC_WRAPPER="$PWD/scripts/traced.sh" CARGO_TARGET_DIR="$PWD/target"
optimised=()
[ "$seconds" -lt 120 ] || optimised=(--config profile.dev.package.gleaner.opt-level=2)
cargo build --locked --quiet --manifest-path fuzz/Cargo.toml "${optimised[@]}"
[ $# -gt 0 ] || set -- $(cd fuzz/fuzz_targets && ls | sed 's/\.rs$//')

# A short run goes the same way each time: what passed once passes again. A long one goes its own.
export SEED=1
[ "$seconds" -lt 120 ] || SEED=0

run() {
    local target=$1 found="target/fuzz/$1"
    mkdir -p "$found/new" "$found/failing" "fuzz/seeds/$1"
    if ! "target/debug/$target" -seed="$SEED" -max_total_time="$2" -timeout=20 -rss_limit_mb=2048 -max_len=8192 -print_final_stats=1 \
        -verbosity=0 -artifact_prefix="$found/failing/" "$found/new" "fuzz/seeds/$target" >"$found/log" 2>&1; then
        tail -n 60 "$found/log"
        printf '%s: FAILED\n' "$target"
        return 1
    fi
    awk -v target="$target" '/number_of_executed_units/ { runs = $2 } /peak_rss_mb/ { mb = $2 }
        END { printf "%s: %d executions, at most %d MB\n", target, runs, mb }' "$found/log"
}
export -f run
printf '%s\n' "$@" | xargs -P "${JOBS:-2}" -I{} bash -c 'run {} '"$seconds"
