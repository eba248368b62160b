#!/bin/sh
# What is recorded is what happened: for random workloads, the layout after every operation is the
# same from the trace as from the workload, byte for byte, and `mapscope check` finds nothing wrong.
# The samples and the workloads made by hand go the same way.
#
# MAPSCOPE         the program (default: mapscope in the build directory)
# MAPSCOPE_RANDOM  number of random workloads (default: 60)
# MAPSCOPE_SEED    seed of the first of them (default: 1)
# GENWORK          the generator (default: tests/engine/genwork; built if missing)
set -u

here=$(cd "$(dirname "$0")" && pwd) || exit 99
build=$(cd "${top_builddir:-.}" && pwd) || exit 99
mapscope=${MAPSCOPE:-$build/mapscope}
random=${MAPSCOPE_RANDOM:-60}
seed=${MAPSCOPE_SEED:-1}
LC_ALL=C.UTF-8
export LC_ALL

case $mapscope in
*/*) mapscope=$(cd "$(dirname "$mapscope")" && pwd)/$(basename "$mapscope") ;;
esac
[ -x "$mapscope" ] || { echo "roundtrip: there is no $mapscope" >&2; exit 99; }
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-roundtrip.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
genwork=${GENWORK:-$build/tests/engine/genwork}
if [ ! -x "$genwork" ]; then
	genwork=$tmp/genwork
	${CC:-cc} -std=gnu11 -O1 -o "$genwork" "$here/../engine/genwork.c" || exit 99
fi

count=0
failed=0

fail() {
	echo "roundtrip: $1: $2"
	sed 's/^/    /; 5q' "$tmp/err"
	failed=$((failed + 1))
}

# round NAME FILE: one workload through a trace.
round() {
	count=$((count + 1))
	rm -f "$tmp/t.trace"
	if ! "$mapscope" record "$2" -o "$tmp/t.trace" 2> "$tmp/err"; then
		fail "$1" "record failed"
		return
	fi
	if grep -q '^# compare: final' "$2"; then # its dump after every operation would be huge
		set -- "$1" "$2"
	else
		set -- "$1" "$2" --op all
	fi
	name=$1 file=$2
	shift 2
	"$mapscope" layout "$@" "$file" > "$tmp/direct" 2> "$tmp/err" || fail "$name" "layout of the workload failed"
	"$mapscope" layout "$@" "$tmp/t.trace" > "$tmp/traced" 2> "$tmp/err" || fail "$name" "layout of the trace failed"
	cmp "$tmp/direct" "$tmp/traced" > "$tmp/err" 2>&1 || fail "$name" "the layouts differ"
	# A check walks the map after every operation: the few largest would take most of the time.
	if [ "$(wc -c < "$tmp/t.trace")" -le 6000000 ]; then
		"$mapscope" check "$tmp/t.trace" > /dev/null 2> "$tmp/err" || fail "$name" "check found a fault"
	else
		echo "roundtrip: $name: large, compared but not checked"
	fi
}

for file in "$here"/../../samples/*.map "$here"/../engine/workloads/*.map; do
	round "$(basename "$file")" "$file"
done
last=$((seed + random))
while [ "$seed" -lt "$last" ]; do
	"$genwork" "$seed" > "$tmp/random.map" || exit 99
	round "random workload $seed" "$tmp/random.map"
	[ "$failed" -lt 10 ] || break
	seed=$((seed + 1))
done
echo "roundtrip: $count workloads, $failed differences"
[ "$failed" -eq 0 ]
