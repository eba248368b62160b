#!/bin/sh
# Compares what `race` gives with real Go: each operation, on an empty map and on one with an entry, while it is being
# written.  MAPSCOPE_GO names go commands, as for compare.sh.  Exit status: 0 equal, 1 not, 77 there is no Go.
set -u
here=$(cd "$(dirname "$0")" && pwd) || exit 99
build=${top_builddir:-${builddir:-.}}
mapscope=${MAPSCOPE:-$build/mapscope}
case $mapscope in /*) ;; *) mapscope=$PWD/$mapscope ;; esac
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-races.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM
LC_ALL=C
export LC_ALL

# ours RELEASE: the same lines as realraces.
ours() {
	for op in put get del clear range next; do
		for n in 0 1; do
			case $op in
			put) words='put c 3' ;;
			get | del) words="$op a" ;;
			next) words='next loop' ;;
			*) words=$op ;;
			esac
			{
				echo "map string int64 go=$1"
				if [ $n = 1 ]; then echo 'put a 1'; fi
				if [ $op = next ]; then echo 'iter loop'; fi
				echo "race put b 2 | $words"
			} > "$tmp/w.map"
			what=$("$mapscope" events --kind fault "$tmp/w.map" 2> /dev/null | sed 's/.*message=//; s/ fatal=.*//')
			echo "$op $n ${what:-none}"
		done
	done
}

compared=0
failed=0
gos=$(printf '%s' "${MAPSCOPE_GO:-${GO:-go}}" | tr ':' ' ')
case $gos in *\ *) unset GOROOT ;; esac
for go in $gos; do
	release=$(GOTOOLCHAIN=local "$go" version 2> /dev/null | sed -n 's/^go version go\(1\.[0-9]*\).*/\1/p')
	case $release in
	1.18 | 1.19 | 1.20 | 1.21 | 1.22 | 1.23) ;;
	*) continue ;;
	esac
	HOME=${HOME:-$tmp} GOTOOLCHAIN=local GO111MODULE=on GOWORK=off CGO_ENABLED=0 GOFLAGS=-mod=mod
	export HOME GOTOOLCHAIN GO111MODULE GOWORK CGO_ENABLED GOFLAGS
	if ! (cd "$here/realraces" && "$go" build -buildvcs=false -o "$tmp/realraces" .) > "$tmp/build.log" 2>&1; then
		cat "$tmp/build.log"
		failed=1
		continue
	fi
	compared=$((compared + 1))
	"$tmp/realraces" > "$tmp/real"
	ours "$release" > "$tmp/ours"
	if diff "$tmp/real" "$tmp/ours" > "$tmp/diff"; then
		echo "races: Go $release: $(grep -c . "$tmp/real") meetings, all as in Go, $(grep -c fatal "$tmp/real") of them fatal"
	else
		echo "races: Go $release differs (<) from race (>):"
		cat "$tmp/diff"
		failed=1
	fi
done
if [ $compared = 0 ] && [ $failed = 0 ]; then
	echo 'races: SKIPPED: no Go of 1.18 to 1.23'
	exit 77
fi
exit $failed
