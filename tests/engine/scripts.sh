#!/bin/sh
# Workloads with the exact events of each line under it: what a line does, in a form that people read.
#
#	scripts.sh [SCRIPT...]                 compares (default: all of tests/engine/scripts)
#	scripts.sh --regenerate [SCRIPT...]    writes what the program does now; read the diff
#
# A script is a workload. Under each line, indented by a tab, stand its events as `mapscope events`
# prints them, without the step number. A comment "# kinds: a,b" keeps only events of these kinds.
#
# MAPSCOPE  the program (default: mapscope in the build directory)
set -u

here=$(cd "$(dirname "$0")" && pwd) || exit 99
mapscope=${MAPSCOPE:-${top_builddir:-.}/mapscope}
LC_ALL=C.UTF-8
export LC_ALL
[ -x "$mapscope" ] || { echo "scripts: there is no $mapscope" >&2; exit 99; }
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-scripts.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
tab=$(printf '\t')

regenerate=no
if [ "${1-}" = --regenerate ]; then
	regenerate=yes
	shift
fi
[ $# -gt 0 ] || set -- "$here"/scripts/*.script

# A workload's first lines give the first events of all of it, so what a line does is what comes
# on top of the lines before it.
actual() {
	grep -v "^$tab" "$1" > "$tmp/workload"
	kinds=$(sed -n 's/^# kinds: *//p' "$tmp/workload")
	: > "$tmp/so-far.map"
	before=0
	while IFS= read -r line; do
		printf '%s\n' "$line" | tee -a "$tmp/so-far.map"
		case $line in
		'' | '#'*) continue ;;
		esac
		if ! "$mapscope" events ${kinds:+--kind "$kinds"} "$tmp/so-far.map" > "$tmp/events" 2> "$tmp/err"; then
			sed "s/^/$tab! /" "$tmp/err"
			return
		fi
		tail -n "+$((before + 1))" "$tmp/events" | sed "s/^[0-9]* /$tab/"
		before=$(wc -l < "$tmp/events")
	done < "$tmp/workload"
}

failed=0
for script in "$@"; do
	name=$(basename "$script" .script)
	actual "$script" > "$tmp/actual"
	if [ "$regenerate" = yes ]; then
		cmp -s "$tmp/actual" "$script" || { cat "$tmp/actual" > "$script" && echo "scripts: $name is new"; }
	elif ! cmp -s "$tmp/actual" "$script"; then
		echo "scripts: $name: not what the script expects (-), but (+):"
		diff -u "$script" "$tmp/actual" | sed '1,2d; s/^/    /; 60q'
		failed=$((failed + 1))
	fi
done
echo "scripts: $# scripts, $failed differences"
[ "$failed" -eq 0 ]
