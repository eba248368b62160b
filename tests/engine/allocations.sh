#!/bin/sh
# What each operation allocates, against real Go runtimes: how many objects, of which sizes, in which order, and where they
# lie: their size class, and in blocks that small ones share the block and the place in it.
#
# realmap --log (tests/engine/realmap/log.go) writes down what mallocgc gives while an operation works; `mapscope sql` has the
# same of a recording. Everything must be equal. The collector does not run, and operations that panic are left out.
#
#	allocations.sh [WORKLOAD...]     with names: only those
#
# MAPSCOPE         the program (default: mapscope in the build directory)
# MAPSCOPE_GO, GO  go commands of 1.18 to 1.23, separated by blanks or colons (default: go)
# MAPSCOPE_RANDOM  a tenth of it is the number of random workloads (default: 300)
# MAPSCOPE_SEED    seed of the first of them (default: 1)
# GENWORK          the generator (default: tests/engine/genwork in the build directory)
#
# Exit status: 0 all equal, 1 a difference, 77 there is no Go, 99 something needed is missing.
set -u

here=$(cd "$(dirname "$0")" && pwd) || exit 99
build=$(cd "${top_builddir:-${builddir:-.}}" && pwd) || exit 99
mapscope=${MAPSCOPE:-$build/mapscope}
genwork=${GENWORK:-$build/tests/engine/genwork}
random=$((${MAPSCOPE_RANDOM:-300} / 10))
seed=${MAPSCOPE_SEED:-1}
LC_ALL=C
export LC_ALL
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-allocations.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
failed=0

say() { printf '%s\n' "allocations: $*"; }

# release_of GO: 1.18 to 1.23, or nothing.
release_of() {
	for r in 1.18 1.19 1.20 1.21 1.22 1.23; do
		case $(GOTOOLCHAIN=local "$1" version 2> /dev/null) in
		"go version go$r."* | "go version go$r "*) echo "$r" ;;
		esac
	done
}

# What realmap --log prints, from a recording; of a shared block it has the address instead of a number.
objects="SELECT coalesce(op, 'make'), size, CASE WHEN size < 16 AND noscan THEN 'tiny ' || (address / 16) || ' ' || (address % 16) ELSE
	'class=' || (class * 2 + noscan) || ' given=' || given || ' pages=' || pages || ' objects=' || objects ||
	' header=' || ((address - base) % given) || ' mod=' || (address % min(64, given & -given)) END
FROM (SELECT a.step AS step, a.op AS op, a.size AS size, a.address AS address, s.class AS class, s.noscan AS noscan,
	s.pages AS pages, s.objects AS objects, s.address AS base,
	CASE s.class WHEN 0 THEN s.pages * 8192 ELSE a.rounded END AS given
	FROM allocation a JOIN span s ON s.address = a.span WHERE a.class IS NOT NULL)
ORDER BY step"

# ours TRACE
ours() {
	faults=$("$mapscope" sql "$1" "SELECT op FROM event WHERE kind = 'fault'") || exit 99
	"$mapscope" sql "$1" "$objects" | awk -F '\t' -v faults="$faults" '
		BEGIN {
			split(faults, op, "\n")
			for (i in op)
				panicked[op[i]] = 1
		}
		$3 ~ /^tiny/ {
			split($3, at, " ")
			if (!(at[2] in block))
				block[at[2]] = n++
			$3 = "tiny block " block[at[2]] " offset " at[3]
		}
		!($1 in panicked) { print $1, $2, $3 }'
}

# compare_files NAME [SED]: $tmp/w.map has been run by both.
compare_files() {
	ours "$tmp/w.trace" | sed "${2-}" > "$tmp/ours"
	sed -i "${2-}" "$tmp/real"
	workloads=$((workloads + 1))
	lines=$((lines + $(wc -l < "$tmp/real")))
	cmp -s "$tmp/real" "$tmp/ours" && return
	failed=1
	say "$1: other allocations than Go $release:"
	diff -U 1 "$tmp/real" "$tmp/ours" | sed 1,2d | head -n 12
}

# compare NAME WORKLOAD: what a map line may leave open is the release; a collection would use memory again.
compare() {
	sed "/^[ 	]*gc/d; /^[ 	]*\\(sync\\)\\{0,1\\}map[ 	]/{
			/ go=/!s/^\\([ 	]*[a-z]*map[ 	]*[^ 	]*[ 	]*[^ 	]*\\)/\\1 go=$release/
		}" "$2" > "$tmp/w.map"
	"$tmp/build/realmap" --log "$tmp/w.map" > "$tmp/real" 2> "$tmp/log"
	case $? in
	0) ;;
	3) return ;; # of another release
	*) failed=1; say "$1: $(cat "$tmp/log")"; return ;;
	esac
	"$mapscope" record --force "$tmp/w.map" -o "$tmp/w.trace" 2> "$tmp/log" || { failed=1; say "$1: $(cat "$tmp/log")"; return; }
	compare_files "$1"
}

# Range of 1.20 and 1.21, of which Debian has no toolchains: the one of a later release, its source changed to what theirs
# says (golang/go#62404). The maps are small, so that these releases have them as the later one does.
compare_range() {
	sh "$here/realmap/build.sh" "$1" "$tmp/range" range > "$tmp/log" 2>&1 || { cat "$tmp/log"; say "realmap cannot be built with $1"; failed=1; return; }
	for older in 1.20 1.21; do
		printf '%s\n' "syncmap int64 int64 go=$older" range 'put 1 5' range range 'put 1 600' 'put 2 6' range 'del 1' range \
			"syncmap any any go=$older name=n" 'put 300 300' 'swap 300 1' 'cas 300 1 900' range 'loadorstore 4 ""' range > "$tmp/w.map"
		"$tmp/range/realmap" --any-release --log "$tmp/w.map" > "$tmp/real" 2> "$tmp/log" &&
			"$mapscope" record --force "$tmp/w.map" -o "$tmp/w.trace" 2> "$tmp/log" || { failed=1; say "Range: $(cat "$tmp/log")"; return; }
		compare_files "Range of $older" 's/ objects=[0-9]*//' # spans without bitmaps hold more
	done
}

compare_with() {
	sh "$here/realmap/build.sh" "$1" "$tmp/build" > "$tmp/log" 2>&1 || { cat "$tmp/log"; say "realmap cannot be built with $1"; failed=1; return; }
	workloads=0 lines=0
	if [ $# -gt 1 ]; then
		shift
		for file in "$@"; do
			compare "$(basename "$file" .map)" "$file"
		done
	else
		for file in "$here"/workloads/*.map; do
			grep -q '^# compare: final' "$file" || compare "$(basename "$file" .map)" "$file"
		done
		i=0
		while [ $i -lt "$random" ]; do
			"$genwork" $((seed + i)) "$release" > "$tmp/random.map" || exit 99
			compare "random-$((seed + i))" "$tmp/random.map"
			i=$((i + 1))
		done
		case $release in
		1.22 | 1.23) compare_range "$1" ;;
		esac
	fi
	[ $lines -gt 0 ] || { failed=1; say "Go $release: nothing was compared"; }
	say "Go $release: $lines objects of $workloads workloads compared"
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
	compare_with "$go" "$@"
done
[ $usable -eq 1 ] || { say "SKIPPED: no Go, so what operations allocate was NOT compared with a real one"; exit 77; }
exit $failed
