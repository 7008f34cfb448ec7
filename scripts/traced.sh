#!/bin/sh
# Compiles as asked; a crate of this repository so that libFuzzer sees which ways through it a run takes.
case " $* " in
    *" --crate-name gleaner "* | *" --crate-name gleaner_fuzz "*)
        set -- "$@" -Cpasses=sancov-module -Cllvm-args=-sanitizer-coverage-level=4 \
            -Cllvm-args=-sanitizer-coverage-inline-8bit-counters -Cllvm-args=-sanitizer-coverage-pc-table \
            -Cllvm-args=-sanitizer-coverage-trace-compares
        ;;
esac
exec "$@"
