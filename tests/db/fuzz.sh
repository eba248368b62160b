#!/bin/sh
# Spoilt workloads and spoilt traces: reading them ends with a sentence, never with a crash.  Under the sanitizer build
# (configure --enable-sanitize) this is the real test; without, it is a quick one.
set -eu
build=${top_builddir:-.}
src=${srcdir:-.}
rounds=${MAPSCOPE_FUZZ:-2000}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-fuzz.XXXXXX")
trap 'rm -rf "$tmp"' EXIT HUP INT TERM
"$build/tests/engine/fuzz_script" "$rounds" 1 "$src"/samples/*.map "$src"/tests/engine/workloads/[a-f]*.map
"${MAPSCOPE:-$build/mapscope}" record "$src/samples/growth-by-doubling.map" -o "$tmp/t.trace"
"$build/tests/db/fuzz_trace" "$tmp/t.trace" "$((rounds / 10))" 1
