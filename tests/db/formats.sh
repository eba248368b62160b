#!/bin/sh
# Traces of each format that a release wrote are still read: tests/data/formatN.trace are the sample first-insert, as the
# first release with that format recorded it (packed into small pages).  Of format 2 only the rows are read.
#
# MAPSCOPE  the program (default: mapscope in the build directory)
#
# Prints what is wrong. Exit status: 0 nothing, 1 something.
set -u

here=$(cd "$(dirname "$0")/../.." && pwd) || exit 99
build=$(cd "${top_builddir:-.}" && pwd) || exit 99
mapscope=${MAPSCOPE:-$build/mapscope}
data=$here/tests/data
LC_ALL=C.UTF-8
export LC_ALL
tmp=$(mktemp -d) || exit 99
trap 'rm -rf "$tmp"' EXIT
status=0

wrong() {
	echo "$*"
	status=1
}

# What is shown of format 3 is what the workload itself shows.
cp "$data/format3.trace" "$tmp/t.trace"
for command in events "layout --op all" "stats --json"; do
	"$mapscope" $command "$tmp/t.trace" > "$tmp/have" 2>&1 || wrong "format 3: $command fails: $(cat "$tmp/have")"
	"$mapscope" $command "$here/samples/first-insert.map" > "$tmp/want" 2>&1
	sed 's/"name":"[^"]*",//' "$tmp/have" > "$tmp/have.names"
	sed 's/"name":"[^"]*",//' "$tmp/want" > "$tmp/want.names"
	cmp -s "$tmp/have.names" "$tmp/want.names" || wrong "format 3: $command shows something else than the workload"
done
"$mapscope" check "$tmp/t.trace" > "$tmp/out" 2>&1 || wrong "format 3: check: $(cat "$tmp/out")"
"$mapscope" sql "$tmp/t.trace" "select value from meta where name='workload_text'" > "$tmp/text"
grep -q '^map ' "$tmp/text" || grep -q 'map string' "$tmp/text" || wrong "format 3: the workload's text is not in meta"

types="select group_concat(name, ' ') from (select t.name from map m join type t using(type) union all select e.name from map m
	join type t using(type) join type e on e.type in (t.key, t.elem))"
have=$("$mapscope" sql "$tmp/t.trace" "$types")
[ "$have" = "map[string]int64 string int64" ] || wrong "format 3: its map is of the types $have"

# Of format 2 there are the rows; all else names the release that reads it.
[ "$("$mapscope" sql "$data/format2.trace" "select count(*) from operation")" = 8 ] || wrong "format 2: sql reads no rows"
"$mapscope" unpack "$data/format2.trace" -o "$tmp/plain.db" > "$tmp/out" 2>&1 || wrong "format 2: unpack: $(cat "$tmp/out")"
if "$mapscope" events "$data/format2.trace" > "$tmp/out" 2>&1 || ! grep -q 'mapscope 1\.0' "$tmp/out"; then
	wrong "format 2: events should say that mapscope 1.0 reads it, not: $(cat "$tmp/out")"
fi
exit $status
