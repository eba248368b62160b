#!/bin/sh
# mapscope's allocator against that of real Go runtimes: sizes given, places in the span, what comes back after a
# collection, and what the memory of hundreds of map types is given.
#
# realmap (tests/engine/realmap/heap.go) asks the toolchain's own allocator; tests/engine/heap_driver.c and `mapscope sql` say the same
# of mapscope's. Everything must be equal but one thing: which of several swept spans comes first is only likely, so objects
# that come back are compared span by span.
#
# MAPSCOPE         the program (default: mapscope in the build directory)
# MAPSCOPE_GO, GO  go commands of 1.18 to 1.23, separated by blanks or colons (default: go)
# HEAP_DRIVER      the driver (default: tests/engine/heap_driver in the build directory)
#
# Exit status: 0 all equal, 1 a difference, 77 there is no Go, 99 something needed is missing.
set -u

here=$(cd "$(dirname "$0")" && pwd) || exit 99
build=$(cd "${top_builddir:-${builddir:-.}}" && pwd) || exit 99
mapscope=${MAPSCOPE:-$build/mapscope}
driver=${HEAP_DRIVER:-$build/tests/engine/heap_driver}
LC_ALL=C
export LC_ALL
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-heap.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
failed=0

say() { printf '%s\n' "heap: $*"; }

# release_of GO: 1.18 to 1.23, or nothing.
release_of() {
	version=$(GOTOOLCHAIN=local "$1" version 2>/dev/null)
	for r in 1.18 1.19 1.20 1.21 1.22 1.23; do
		case $version in
		"go version go$r."* | "go version go$r "*) echo "$r" ;;
		esac
	done
}

# workload RELEASE: maps of many bucket sizes, with hints for B 0 to 8, and some filled: every key size up to 160 bytes
# (over 128 it is stored by a pointer), with elems that have pointers or none.
workload() {
	awk -v go="$1" '
	function map(key, elem, hint) {
		printf "map %s %s name=m%d seed=%d go=%s%s\n", key, elem, n, n + 1, go, hint == "" ? "" : " hint=" hint
		n++
	}
	BEGIN {
		split("[0]byte int8 int64 [13]byte string any [128]byte [129]byte [300]byte [700]byte", elem, " ")
		split("0 9 14 27 53 105 209 417 833", hint, " ")
		for (size = 1; size <= 160; size++)
			map("[" size "]byte", elem[size % 10 + 1], hint[size % 9 + 1])
		for (e = 1; e <= 10; e++)
			for (B = 1; B <= 9; B++) {
				map("int32", elem[e], hint[B])
				map("string", elem[e], hint[B])
			}
		for (size = 2; size <= 160; size += 3) { # grow, with overflow buckets
			map("[" size "]byte", elem[size % 10 + 1], "")
			print "fill 0", size % 4 == 0 ? 900 : 40 + size
			print "drain 10 20"
		}
		for (e = 1; e <= 10; e++) {
			map("int64", elem[e], "")
			print "fill 0 2000"
			map("uint32", elem[e], 100)
			print "fill 0 1500"
		}
		map("string", "string", 100000)
		map("int64", "int64", 100000)
	}'
}

# What heap.go prints of maps, from a recording. Key texts and boxes are the driver's own there, so they are left out
# (allocations.sh has them), and what a map no longer refers to: the collector has run.
places="WITH live AS (
	SELECT m.name AS name, a.role AS role, s.class * 2 + s.noscan AS class, s.pages AS pages, s.objects AS objects,
		CASE s.class WHEN 0 THEN s.pages * 8192 ELSE a.rounded END AS given, a.address AS address, s.address AS base
	FROM allocation a JOIN map m ON m.map = a.map JOIN span s ON s.address = a.span AND s.step <= a.step
		AND (s.freed_step IS NULL OR s.freed_step > a.step)
	WHERE a.freed_step IS NULL AND a.role IN ('hmap', 'extra', 'slice', 'buckets', 'overflow', 'key', 'elem'))
SELECT name || ' ' || role || ' class=' || class || ' given=' || given || ' pages=' || pages || ' objects=' || objects ||
	' header=' || ((address - base) % given) || ' mod=' || (address % min(64, given & -given)) || ' x' || count(*)
FROM live GROUP BY name, role, class, given, pages, objects, (address - base) % given, address % min(64, given & -given)"

# The overflow buckets that were preallocated for maps which nothing has used yet.
fresh="SELECT m.name || ' free=' || coalesce((SELECT preallocated FROM bucket_array b WHERE b.map = m.map), 0) FROM map m
WHERE NOT EXISTS (SELECT 1 FROM operation o WHERE o.map = m.map AND o.kind != 'gc')"

# untouched WORKLOAD: their names.
untouched() {
	awk '$1 == "map" { split($4, name, "="); if (map) print map; map = name[2] }
		$1 == "fill" { map = "" }
		END { if (map) print map }' "$1" | sort
}

# differ WHAT REAL OURS
differ() {
	cmp -s "$2" "$3" && [ -s "$2" ] && return
	failed=1
	say "$1 differ from Go $release:"
	diff -u "$2" "$3" | sed 1,2d | head -n 20
}

compare_with() {
	sh "$here/realmap/build.sh" "$1" "$tmp/build" > "$tmp/log" 2>&1 || { cat "$tmp/log"; say "realmap cannot be built with $1"; failed=1; return; }
	"$tmp/build/realmap" --alloc > "$tmp/alloc.real" || exit 99
	"$driver" "$release" > "$tmp/alloc.ours" || exit 99
	for side in real ours; do
		grep -v '^reuse' "$tmp/alloc.$side" > "$tmp/sizes.$side"
		grep '^reuse' "$tmp/alloc.$side" | awk '/has run/ { after++ } { print after + 0, $0 }' | sort -s -n -k1,1 -k3,3n -k5,5n > "$tmp/reuse.$side"
	done
	differ "sizes and places" "$tmp/sizes.real" "$tmp/sizes.ours"
	differ "objects used again" "$tmp/reuse.real" "$tmp/reuse.ours"

	workload "$release" > "$tmp/w.map"
	"$tmp/build/realmap" --heap "$tmp/w.map" > "$tmp/maps.real" || { say "realmap --heap failed"; failed=1; return; }
	grep -v ' free=' "$tmp/maps.real" | sort > "$tmp/blocks.real"
	untouched "$tmp/w.map" > "$tmp/untouched"
	grep ' free=' "$tmp/maps.real" | sort | join - "$tmp/untouched" > "$tmp/free.real"
	{ cat "$tmp/w.map"; echo gc; } > "$tmp/gc.map"
	"$mapscope" record --force "$tmp/gc.map" -o "$tmp/w.trace" 2> "$tmp/log" || { cat "$tmp/log"; exit 99; }
	"$mapscope" sql "$tmp/w.trace" "$places" | sort > "$tmp/blocks.ours"
	"$mapscope" sql "$tmp/w.trace" "$fresh" | sort > "$tmp/free.ours"
	differ "what maps' memory was given" "$tmp/blocks.real" "$tmp/blocks.ours"
	differ "preallocated overflow buckets" "$tmp/free.real" "$tmp/free.ours"
	say "Go $release: $(wc -l < "$tmp/sizes.real") sizes and places, $(wc -l < "$tmp/reuse.real") objects around collections, $(wc -l < "$tmp/blocks.real") kinds of blocks of $(wc -l < "$tmp/free.real") maps compared"
}

gos=$(printf '%s' "${MAPSCOPE_GO:-${GO:-go}}" | tr ':' ' ')
case $gos in
*\ *) unset GOROOT ;; # it would be wrong for all of them but one, and each finds its own
esac
usable=0
for go in $gos; do
	release=$(release_of "$go")
	[ -n "$release" ] || { say "NOT COMPARED with $go: it is no Go of 1.18 to 1.23"; continue; }
	usable=1
	compare_with "$go"
done
[ $usable -eq 1 ] || { say "SKIPPED: no Go, so the allocator was NOT compared with a real one"; exit 77; }
exit $failed
