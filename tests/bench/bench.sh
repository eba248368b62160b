#!/bin/sh
# make bench: ratios, each beside its anchor, from interleaved runs in one go.  No time is ever tested: machines are
# noisy, a ratio of two programs that took turns is not.
#
# GO      the go command of the anchor (default: go); without one that part is left out, loudly
# ROUNDS  how often the two programs take turns (default: 5)
set -eu
here=$(cd "$(dirname "$0")" && pwd)
build=${top_builddir:-.}
rounds=${ROUNDS:-5}
go=${GO:-go}
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-bench.XXXXXX")
trap 'rm -rf "$tmp"' EXIT HUP INT TERM

echo "== the engine with recording off against Go's own map: ns an operation, smallest of $rounds rounds, and ratio =="
if command -v "$go" >/dev/null 2>&1 && (cd "$here/gomap" && GO111MODULE=off GOTOOLCHAIN=local "$go" build -o "$tmp/gomap" main.go); then
	"$go" version
	i=0
	while [ $i -lt "$rounds" ]; do
		"$build/tests/bench/bench_engine" | sed 's/^/engine /' >> "$tmp/all"
		"$tmp/gomap" | sed 's/^/go /' >> "$tmp/all"
		i=$((i + 1))
	done
	awk '{ k = $2 " " $3 " " $4; v = $1 SUBSEP k
	       if (!(v in least) || $5 < least[v]) least[v] = $5
	       if (!(k in seen)) { seen[k] = 1; order[++n] = k } }
	     END { for (i = 1; i <= n; i++) { k = order[i]; split(k, w, " ")
	           e = least["engine" SUBSEP k]; g = least["go" SUBSEP k]
	           printf "%-8s %-7s %8d  engine %7.2f  go %7.2f  ratio %.2f\n", w[1], w[2], w[3], e, g, e / g } }' "$tmp/all"
else
	echo "SKIPPED: there is no Go ($go) to compare with"
fi

echo
echo "== the trace: recording, bytes, seeks, stepping =="
"$build/tests/bench/bench_store" 10 "$tmp"

echo
echo "== the replay in a terminal, on a trace of 4 million steps =="
printf 'map string int64\nfill 0 40000\nprobe 0 40000\nfill 0 40000\n' > "$tmp/tui.map"
"$build/mapscope" record "$tmp/tui.map" -o "$tmp/tui.trace" 2> "$tmp/words"
cat "$tmp/words" | sed "s|$tmp/||"
"$build/tests/bench/bench_tui" "$build/mapscope" "$tmp/tui.trace"

echo
echo "== keys while the replay searches a trace of 10 million steps: demanded are 250 ms at the 95th percentile =="
printf 'map int64 int64\nfill 0 250000\n' > "$tmp/keys.map"
"$build/mapscope" record "$tmp/keys.map" -o "$tmp/keys.trace" 2> "$tmp/words"
sed "s|$tmp/||" "$tmp/words"
"$build/tests/bench/bench_keys" "$build/mapscope" "$tmp/keys.trace"
