#!/bin/sh
# Out of memory: whichever allocation fails, a command either does without it or ends with a sentence and exit status 1;
# no signal ends it, and a trace that is sound is not called damaged.
#
# MAPSCOPE  the program (default: mapscope in the build directory)
# CC        a compiler, for the library that makes allocations fail; without one, or with sanitizers, nothing is tested
# RUNS      allocations tried for each command (default 25), spread over all that it makes
# Prints each expectation that fails; exit status 0 none, 1 some, 77 nothing was tested.
set -u

top=$(cd "${top_builddir:-.}" && pwd) || exit 99
source=$(cd "${srcdir:-$(dirname "$0")/../..}" && pwd) || exit 99
mapscope=${MAPSCOPE:-$top/mapscope}
mapscope=$(cd "$(dirname "$mapscope")" && pwd)/$(basename "$mapscope")
[ -x "$mapscope" ] || { echo "memory: there is no $mapscope" >&2; exit 99; }
LC_ALL=C.UTF-8 XDG_CONFIG_HOME=/nonexistent XDG_STATE_HOME=/nonexistent
export LC_ALL XDG_CONFIG_HOME XDG_STATE_HOME
unset LANGUAGE
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-memory.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
cd "$tmp" || exit 99

${CC:-cc} -shared -fPIC -O1 -o fault.so "$source/tests/fault.c" 2> /dev/null || { echo "memory: no library to preload can be made"; exit 77; }
FAULT=memory LD_PRELOAD=$tmp/fault.so FAULT_COUNT=$tmp/count "$mapscope" --version > out 2>&1 || { echo "memory: the library cannot be preloaded"; exit 77; }

failed=0
complain() {
	failed=$((failed + 1))
	echo "memory: $1"
}

# try AT ON ARGUMENTS
try() {
	at=$1 on=$2
	shift 2
	rm -f new.trace new.trace-*
	(FAULT=memory LD_PRELOAD=$tmp/fault.so FAULT_AT=$at FAULT_ON=$on "$mapscope" "$@" > out 2> err < typed) 2> /dev/null
	status=$?
	[ $status -le 1 ] || complain "$*: allocation $at fails: it ends with $status: $(head -n 1 err)"
	[ $status -eq 0 ] || [ -s err ] || complain "$*: allocation $at fails: not a word"
	! grep -q 'damaged' err || complain "$*: allocation $at fails: $(cat err)"
}

total=0
# each ARGUMENTS: allocations spread over those of a command; the first ones all.
each() {
	rm -f new.trace
	FAULT=memory LD_PRELOAD=$tmp/fault.so FAULT_COUNT=$tmp/count "$mapscope" "$@" > out 2> err < typed || complain "$* fails: $(cat err)"
	n=$(cat count)
	apart=$((n / ${RUNS:-25} + 1))
	i=1
	while [ $i -le "$n" ]; do
		try $i 0 "$@"
		try $i 1 "$@"
		total=$((total + 1))
		i=$((i + (i < 10 ? 1 : apart)))
	done
}

"$mapscope" record "$source/samples/fruit.map" -o fruit.trace 2> /dev/null || complain "record fails"
"$mapscope" record "$source/samples/sync-map.map" -o sync.trace 2> /dev/null || complain "record fails"
printf 'put a 1\nput b 2\nget a\nevil 3\nundo\nrange\n' > typed

each record "$source/samples/fruit.map" -o new.trace
each show fruit.trace
each show --keys 'P K E T V' --size 200x60 "$source/samples/growth-by-doubling.map"
each layout --op all sync.trace
each layout --json "$source/samples/fruit.map"
each check fruit.trace
for command in stats memory heap sharing events; do each $command --json fruit.trace; done
each compare --text fruit.trace "$source/samples/fruit.map"
each sql fruit.trace 'SELECT * FROM slot'
each play 'map[string]int64'
each lab tophash --entries 2000

# What was typed is kept: the lines of a session stand in a new workload when memory ends after the first of them.
rm -f play-*
FAULT=memory LD_PRELOAD=$tmp/fault.so FAULT_COUNT=$tmp/count "$mapscope" play 'map[string]int64' > out 2> err < typed
n=$(cat count) saved=0
for share in 60 70 80 90; do
	rm -f play-*
	try $((n * share / 100)) 0 play 'map[string]int64'
	if grep -q 'saved as play-1.map' err; then
		saved=$((saved + 1))
		grep -q 'put a 1' play-1.map || complain "play-1.map does not hold what was typed"
	fi
done
[ $saved -gt 0 ] || complain "what was typed is never saved"
[ $total -gt 150 ] || complain "only $total allocations were tried"
[ $failed -eq 0 ]
