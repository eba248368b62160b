#!/bin/sh
# Compares mapscope's engine with the map of real Go runtimes, byte for byte.
#
# Every workload, made by hand (tests/engine/workloads) or at random (tests/engine/genwork.c),
# is run by realmap (tests/engine/realmap), which drives the toolchain's own map, and by
# `mapscope layout`; both print the map's memory after every operation.
#
#	compare.sh [WORKLOAD...]     with names: only those
#
# MAPSCOPE         the program (default: mapscope in the build directory)
# MAPSCOPE_GO, GO  go commands of 1.18 to 1.23, separated by blanks or colons (default: go)
# MAPSCOPE_RANDOM  number of random workloads (default: 300)
# MAPSCOPE_SEED    seed of the first of them (default: 1)
# MAPSCOPE_JOBS    how many to run at a time (default: the number of processors)
# MAPSCOPE_KEEP    folder for workloads that differ (default: compare-failed)
# GENWORK          the generator (default: tests/engine/genwork; built if missing)
#
# Exit status as automake wants it: 0 all equal, 1 a difference, 77 there is no
# Go, 99 something needed is missing.
set -u

here=$(cd "$(dirname "$0")" && pwd) || exit 99
build=${top_builddir:-${builddir:-.}}
random=${MAPSCOPE_RANDOM:-300}
first_seed=${MAPSCOPE_SEED:-1}
jobs=${MAPSCOPE_JOBS:-$(getconf _NPROCESSORS_ONLN 2>/dev/null || echo 2)}
keep=${MAPSCOPE_KEEP:-$PWD/compare-failed}
batch=25 # workloads whose dumps lie on disk at a time, for each job

LC_ALL=C
export LC_ALL

say() { printf '%s\n' "compare: $*"; }
die() { say "$*" >&2; exit 99; }

absolute() {
	case $1 in
	/*) printf '%s\n' "$1" ;;
	*) printf '%s\n' "$PWD/$1" ;;
	esac
}

# ---- one job: its share of the workloads, in a folder of its own ----

# prepare NUMBER: writes the workload of that number to w.NUMBER.map.
prepare() {
	if [ "$1" -le "$hand_count" ]; then
		source=$(sed -n "$1p" "$tmp/hand")
		# The release is ours to choose: a map line that names none gets it.
		sed "/^[ 	]*\\(sync\\)\\{0,1\\}map[ 	]/{
			/ go=/!s/^\\([ 	]*[a-z]*map[ 	]*[^ 	]*[ 	]*[^ 	]*\\)/\\1 go=$release/
		}" "$source" > "w.$1.map"
		printf '%s\n' "$(basename "$source" .map)" > "w.$1.name"
	else
		seed=$((first_seed + $1 - hand_count - 1))
		"$genwork" "$seed" "$release" > "w.$1.map"
		printf '%s\n' "random-$seed" > "w.$1.name"
	fi
}

# explain FILE NAME: the first operation whose dumps differ, and a few lines.
explain() {
	line=$(cmp "$1.real" "$1.ours" 2>/dev/null | sed -n 's/.* line \([0-9]*\)$/\1/p')
	if [ -z "$line" ]; then
		line=$(($(wc -l < "$1.ours") + 1)) # one ends where the other goes on
	fi
	# Lines before an "op N" line belong to it, so look a little further.
	op=$(sed -n "1,${line}p" "$1.real" | grep '^op ' | tail -n 1)
	case $(sed -n "${line}p" "$1.real") in
	got\ *|item\ *|end) op="the operation after ${op:-the start}" ;;
	esac
	say "$2 differs from Go $release at line $line, ${op:-the final layout}:"
	from=$((line > 4 ? line - 4 : 1))
	sed -n "$from,$((line + 6))p" "$1.real" > explain.real
	sed -n "$from,$((line + 6))p" "$1.ours" > explain.ours
	diff -u explain.real explain.ours | sed '1,2d; s/^/    /' | cut -c 1-1200
	if [ -s "$1.err" ]; then
		sed 's/^/    mapscope: /; 5q' "$1.err"
	fi
}

# check FILE: compares one workload that realmap has run.
check() {
	name=$(cat "${1%.map}.name")
	# Large dumps are compared once, at the end.
	if grep -q '^# compare: final' "$1"; then
		"$mapscope" layout "$1" > "$1.ours" 2> "$1.err"
	else
		"$mapscope" layout --op all "$1" > "$1.ours" 2> "$1.err"
	fi
	status=$?
	if [ $status -eq 0 ] && cmp -s "$1.real" "$1.ours"; then
		echo pass >> verdicts
		return
	fi
	echo fail >> verdicts
	mkdir -p "$keep"
	cp "$1" "$keep/$name-go$release.map"
	if [ "$(grep -c fail verdicts)" -gt 3 ]; then
		say "$name differs from Go $release"
		return
	fi
	if [ $status -ne 0 ]; then
		say "$name: mapscope exits with $status"
	fi
	explain "$1" "$name"
}

# run_batch NUMBER...
run_batch() {
	for number in "$@"; do
		prepare "$number"
	done
	finals=$(grep -l '^# compare: final' w.*.map)
	steps=$(grep -L '^# compare: final' w.*.map)
	: > ran
	# The names have no blanks: they are split into words on purpose.
	# shellcheck disable=SC2086
	if [ -n "$steps" ]; then
		"$realmap" --batch --op all $steps >> ran || echo "bad - realmap failed" >> ran
	fi
	# shellcheck disable=SC2086
	if [ -n "$finals" ]; then
		"$realmap" --batch $finals >> ran || echo "bad - realmap failed" >> ran
	fi
	while read -r verdict file rest; do
		case $verdict in
		ok)
			check "$file"
			;;
		skip)
			echo skip >> verdicts
			say "SKIPPED $(cat "${file%.map}.name"): $rest"
			;;
		*)
			echo fail >> verdicts
			say "$(cat "${file%.map}.name" 2>/dev/null) on Go $release: $rest"
			;;
		esac
	done < ran
	cat ran >> all_ran
	rm -f w.*
}

# run_job JOB: the workloads JOB, JOB + jobs, JOB + 2 jobs...
run_job() {
	mkdir -p "$tmp/$release/$1" && cd "$tmp/$release/$1" || exit 99
	: > verdicts
	: > all_ran
	n=$1
	set --
	while [ "$n" -le $((hand_count + random)) ]; do
		set -- "$@" "$n"
		n=$((n + jobs))
		if [ $# -eq "$batch" ] || [ "$n" -gt $((hand_count + random)) ]; then
			run_batch "$@"
			set --
		fi
	done
}

# ---- one Go ----

count() { cat "$tmp/$release"/*/verdicts | grep -c "$1"; }

# compare_with GO
compare_with() {
	if ! sh "$here/realmap/build.sh" "$1" "$tmp/$release-build" > "$tmp/build.log" 2>&1; then
		cat "$tmp/build.log"
		say "FAILED: realmap cannot be built with $1"
		return 1
	fi
	realmap=$tmp/$release-build/realmap
	job=1
	while [ "$job" -le "$jobs" ]; do
		run_job "$job" > "$tmp/job$job.log" 2>&1 &
		job=$((job + 1))
	done
	wait
	cat "$tmp"/job*.log
	cat "$tmp/$release"/*/all_ran | awk -v go="$release" '
		$1 == "ok" { n++; ops += $3; bytes += $4 }
		END { printf "compare: Go %s: %d workloads, %.0f operations, %.0f bytes of dump compared\n",
			go, n, ops, bytes }'
	passed=$(count pass)
	failed=$(count fail)
	skipped=$(count skip)
	rm -rf "${tmp:?}/$release"
	say "Go $release: $passed passed, $failed failed, $skipped skipped"
	[ "$failed" -eq 0 ] && [ "$passed" -gt 0 ]
}

# release_of GO: 1.18 to 1.23, or nothing.
release_of() {
	version=$(GOTOOLCHAIN=local "$1" version 2>/dev/null)
	for r in 1.18 1.19 1.20 1.21 1.22 1.23; do
		case $version in
		"go version go$r."* | "go version go$r "*) echo "$r" ;;
		esac
	done
}

mapscope=$(absolute "${MAPSCOPE:-$build/mapscope}")
build=$(absolute "$build")
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-compare.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM

if [ $# -gt 0 ]; then
	random=0
	for f in "$@"; do absolute "$f"; done > "$tmp/hand"
else
	ls "$here"/workloads/*.map > "$tmp/hand"
fi
hand_count=$(grep -c . "$tmp/hand")

# A GOROOT in the environment would be wrong for all go commands but one, and
# each finds its own.
gos=$(printf '%s' "${MAPSCOPE_GO:-${GO:-go}}" | tr ':' ' ')
case $gos in
*\ *) unset GOROOT ;;
esac

usable=
for go in $gos; do
	release=$(release_of "$go")
	if [ -n "$release" ]; then
		usable="$usable $go"
	else
		say "NOT COMPARED with $go: it is no Go of 1.18 to 1.23 ($("$go" version 2>&1 | head -n 1))"
	fi
done
if [ -z "$usable" ]; then
	say "******************************************************************"
	say "SKIPPED: no Go, so the engine was NOT compared with a real runtime."
	say "Install golang-go, or name go commands of 1.18 to 1.23: MAPSCOPE_GO"
	say "******************************************************************"
	exit 77
fi

[ -x "$mapscope" ] || die "there is no $mapscope; build it, or set MAPSCOPE"
genwork=${GENWORK:-$build/tests/engine/genwork}
if [ -x "$genwork" ]; then
	genwork=$(absolute "$genwork")
else
	genwork=$tmp/genwork
	${CC:-cc} -std=c11 -O1 -o "$genwork" "$here/genwork.c" || die "genwork cannot be built"
fi

result=0
for go in $usable; do
	release=$(release_of "$go")
	compare_with "$go" || result=1
done
if [ $result -ne 0 ] && [ -d "$keep" ]; then
	say "workloads that differ are kept in $keep"
fi
exit $result
