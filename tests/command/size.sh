#!/bin/sh
# mapscope size against the engine really run: bytes are what the allocator gave for hmap, array and extra of a map made with
# the hint, and the entry that is said to start the next growth starts it, and not the one before.
#
# MAPSCOPE  the program (default: mapscope in the build directory)
set -u

mapscope=${MAPSCOPE:-${top_builddir:-.}/mapscope}
[ -x "$mapscope" ] || { echo "size: there is no $mapscope" >&2; exit 99; }
mapscope=$(cd "$(dirname "$mapscope")" && pwd)/$(basename "$mapscope")
LC_ALL=C.UTF-8
export LC_ALL
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-size.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
cd "$tmp" || exit 99
failed=0
count=0

# A number of the answer itself, not of the series after it.
field() { sed -n 's/,"after".*//; s/.*"'"$1"'":\([0-9]*\).*/\1/p' "$2" | head -1; }
# Of the map, not of what belongs to none.
of_map() { grep '"map":"m"' memory | sed -n "s/.*\"$1\":\([0-9]*\).*/\1/p"; }
B_after() { # puts N entries and prints B
	printf 'map %s %s go=%s%s\nfill 0 %d\n' "$key" "$elem" "$go" "$hinted" "$1" > w.map
	"$mapscope" layout w.map | sed -n 's/^hmap .* B=\([0-9]*\) .*/\1/p'
}

for go in 1.19 1.21 1.22 1.23; do
	for types in 'string int64' 'int64 int64' 'int32 struct{}' 'any any' '[200]byte string' 'int64 [128]byte' 'string [300]byte'; do
		key=${types% *}
		elem=${types#* }
		for hint in 0 9 27 100 600 5000; do
			count=$((count + 1))
			hinted=" hint=$hint"
			"$mapscope" size "map[$key]$elem" --go $go --hint $hint --json > size || failed=1
			# B 0: the array is made with the first entry
			printf 'map %s %s go=%s hint=%d\n' "$key" "$elem" $go $hint > w.map
			[ "$(field B size)" -gt 0 ] || echo 'fill 0 1' >> w.map
			"$mapscope" memory --json w.map > memory || failed=1
			got=$(($(of_map given) - $(of_map outside)))
			[ "$(field B size)" -gt 0 ] || case $types in # without what the entry points to, and its rounding
			any* | \[200* | string*) got=$("$mapscope" record w.map -o w.trace --force 2> /dev/null
				"$mapscope" sql w.trace "select sum(rounded) from allocation where role in ('hmap', 'buckets', 'extra')") ;;
			esac
			[ -n "$got" ] && [ "$got" = "$(field bytes size)" ] || { echo "size: go$go map[$key]$elem hint $hint: bytes $(field bytes size), the engine's map has $got"; failed=1; }
			next=$(field next_growth size)
			[ "$hint" -le 600 ] || continue
			B=$(field B size)
			[ "$(B_after $((next - 1)))" = "$B" ] || { echo "size: go$go map[$key]$elem hint $hint: it grows before entry $next"; failed=1; }
			[ "$(B_after "$next")" = $((B + 1)) ] || { echo "size: go$go map[$key]$elem hint $hint: entry $next starts no growth"; failed=1; }
			# all arrays on the way to so many entries, that of the hint the first
			"$mapscope" size "map[$key]$elem" --go $go --hint $hint --entries $next --json > size || failed=1
			"$mapscope" record w.map -o w.trace --force 2> /dev/null
			got=$("$mapscope" sql w.trace "select sum(rounded) from allocation where role = 'buckets'")
			said=$(sed -n 's/.*"after".*"allocated":\([0-9]*\).*/\1/p' size)
			[ -n "$got" ] && [ "$got" = "$said" ] || { echo "size: go$go map[$key]$elem hint $hint: $said allocated at $next, the engine: $got"; failed=1; }
		done
	done
done
# A hint within the limits that are said makes the same array, one beyond them another.
for entries in 9 100 1000 5000; do
	"$mapscope" size 'map[string]int64' --entries $entries --json > size
	least=$(field give_hint_least size) most=$(field give_hint_most size) bytes=$(field give_hint_bytes size)
	for hint in $((least - 1)) $least $entries $most $((most + 1)); do
		"$mapscope" size 'map[string]int64' --hint "$hint" --json > other
		got=$(field bytes other)
		same=0
		[ "$hint" -ge "$least" ] && [ "$hint" -le "$most" ] && same=1
		[ "$got" = "$bytes" ] && is=1 || is=0
		[ $is = $same ] || { echo "size: $entries entries: hint $hint gives $got bytes, $least to $most should give $bytes"; failed=1; }
	done
done
[ $failed -eq 0 ] && echo "size: $count maps have the bytes that are said"
exit $failed
