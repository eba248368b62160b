#!/bin/sh
# One of something is never in the plural: what the commands print of recordings where much is there once.
# (Frames and sentences: tests/screen/test_truth.c.)
#
# MAPSCOPE  the program (default: mapscope in the build directory)
set -u

top=$(cd "${top_builddir:-.}" && pwd) || exit 99
mapscope=${MAPSCOPE:-$top/mapscope}
mapscope=$(cd "$(dirname "$mapscope")" && pwd)/$(basename "$mapscope")
[ -x "$mapscope" ] || { echo "plural: there is no $mapscope" >&2; exit 99; }
LC_ALL=C.UTF-8 XDG_CONFIG_HOME=/nonexistent
export LC_ALL XDG_CONFIG_HOME
unset LANGUAGE LANG LC_MESSAGES
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-plural.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
cd "$tmp" || exit 99
XDG_STATE_HOME=$tmp
export XDG_STATE_HOME

failed=0
# the nouns are those of wrong_plural in tests/screen/screen.c
nouns='bytes|keys|elems|buckets|steps|operations|entries|slots|objects|blocks|pages|spans|lines|cores|chains|holes|bits|times'
nouns="$nouns|copies|growths|hints|items|rows|stacks|maps|probes|tophashes|reads|writes|accesses|are|were|have"
wrong="(^|[^0-9a-z.,:/_x+-])1 ((overflow|old|new|more|other|free|spare|low|empty|cache|random|of|%) )?($nouns)([^a-z]|\$)"
ran=0
one() { # ARGUMENT...: what it says, on stdout and stderr, has no such plural
	ran=$((ran + 1))
	"$mapscope" "$@" > out 2>&1 < "${input:-/dev/null}"
	[ $? -ne 2 ] || { failed=$((failed + 1)); echo "plural: mapscope $*: $(head -n 1 out)"; }
	if grep -nE "$wrong" out > found; then
		failed=$((failed + 1))
		echo "plural: mapscope $*: $(head -n 3 found)"
	fi
}
echo 'it took 1 steps' | grep -qE "$wrong" || { echo "plural: the pattern finds nothing"; exit 1; }

printf 'map uint8 bool seed=3\nput 1 true\n' > bytes.map
printf 'map string int64 seed=4\nput k 1\n' > put.map
printf 'map string int64 seed=5\nget k\n' > get.map
printf 'map string string seed=4 hint=9\nput k v\ncore 1 get k\ngc mark\nput k w\ngc\n' > cores.map
printf 'map int64 int64 seed=4\nfill 0 9\ndel 1\n' > grows.map
printf 'counter a\nadd a\n' > counter.map
printf 'counter a\ncounter b\nadd a\ncore 1 add b\ncore 0 add a\n' > counters.map
printf 'syncmap string int64 seed=7\nput a 1\nget b\nget b\n' > sync.map
for w in *.map; do
	name=${w%.map}
	one record --force -o "$name.trace" "$w"
	for command in stats check events memory sharing layout heap; do
		one $command "$name.trace"
	done
	one sharing --lines 1 "$name.trace"
	one memory --op 1 "$name.trace"
	one memory --over 1 "$name.trace"
	one memory --op 99 "$name.trace"
	one events --op 99 "$name.trace"
	one layout --op 99 "$name.trace"
	one profile --force -o p.pb.gz "$name.trace"
	one compare --text "$name.trace" put.map
	one compare --text put.map "$w"
	input=$w one play
done
for n in 0 1 2 8 9 13 14; do
	one size --hint $n 'map[uint8]bool'
	one size --entries $((n + 1)) 'map[string]int64'
done
printf 'map string int64 seed=4\nput k 1\nput l 1\nundo\nundo\nundo\nevil 1\nhelp\n' > said
input=said one play
input=said one play 'map[string]int64'
for n in 1 17; do
	head -c $n put.trace > cut.trace
	one stats cut.trace
done
one events --kinds
one lab load-factor --bits 4
one lab seeds --rounds 1 --entries 64

echo "plural: $ran outputs, $failed failed"
[ $failed -eq 0 ]
