#!/bin/sh
# build.sh GO OUTDIR [range]: builds OUTDIR/realmap with the go command GO; range:
# one whose sync.Map.Range stores its own readOnly, as those of 1.20 and 1.21 do.
#
# The toolchain's own map sources are copied to OUTDIR with their random draws
# wrapped (see _runtime/hook.go) and given to the compiler with -overlay. The
# copies are made here, from whatever release is installed, and never kept.
set -eu

go=$1
out=$2
here=$(cd "$(dirname "$0")" && pwd)
mkdir -p "$out"
out=$(cd "$out" && pwd)

GOTOOLCHAIN=local GOFLAGS=-mod=mod GO111MODULE=on CGO_ENABLED=0
GOOS=linux GOARCH=amd64 GOWORK=off GOEXPERIMENT=
export GOTOOLCHAIN GOFLAGS GO111MODULE CGO_ENABLED GOOS GOARCH GOWORK GOEXPERIMENT
# Without a home that can be written, Go's cache and its (unused) path go to OUTDIR.
cache=$("$go" env GOCACHE 2>/dev/null) || cache=
case $cache in
/*) mkdir -p "$cache" 2>/dev/null && test -w "$cache" || cache= ;;
*) cache= ;;
esac
if [ -z "$cache" ]; then
	GOCACHE=$out/cache
	export GOCACHE
fi
if [ -z "${HOME:-}" ] && [ -z "${GOPATH:-}" ]; then
	GOPATH=$out/path
	export GOPATH
fi

runtime=$(cd "$here" && "$go" list -f '{{.Dir}}' runtime)

draws='s/\([^A-Za-z0-9_]\)\(fastrand()\)/\1mapscopeDraw32(\2)/g
s/\([^A-Za-z0-9_]\)\(fastrand64()\)/\1mapscopeDraw64(\2)/g
s/\([^A-Za-z0-9_]\)\(rand()\)/\1mapscopeDraw64(\2)/g'

pairs=
for file in map.go map_fast32.go map_fast64.go map_faststr.go alg.go; do
	sed "$draws" "$runtime/$file" > "$out/$file"
	if ! grep -q mapscopeDraw "$out/$file"; then
		echo "build.sh: no random draw found in $runtime/$file" >&2
		exit 1
	fi
	pairs="$pairs\"$runtime/$file\": \"$out/$file\", "
done
# The runtime's mallocgc gets another name: _runtime/heap.go stands before it.
sed 's/^func mallocgc(/func mapscopeMallocgc(/; /^\/\/go:linkname mallocgc$/d' "$runtime/malloc.go" > "$out/malloc.go"
if ! grep -q mapscopeMallocgc "$out/malloc.go"; then
	echo "build.sh: no mallocgc found in $runtime/malloc.go" >&2
	exit 1
fi
pairs="$pairs\"$runtime/malloc.go\": \"$out/malloc.go\", "
# Since 1.22 Range copies what it stores, so that only the copy must lie on the heap.
if [ "${3:-}" = range ]; then
	sync=$(dirname "$runtime")/sync
	sed '/copyRead := read$/d; s/&copyRead/\&read/' "$sync/map.go" > "$out/sync_map.go"
	if cmp -s "$sync/map.go" "$out/sync_map.go"; then
		echo "build.sh: no copyRead found in $sync/map.go" >&2
		exit 1
	fi
	pairs="$pairs\"$sync/map.go\": \"$out/sync_map.go\", "
fi
for file in hook.go heap.go; do
	cat "$here/_runtime/$file" > "$out/mapscope_$file"
	pairs="$pairs\"$runtime/mapscope_$file\": \"$out/mapscope_$file\", "
done
printf '{"Replace": {%s}}\n' "${pairs%, }" > "$out/overlay.json"

cd "$here"
exec "$go" build -buildvcs=false -overlay "$out/overlay.json" -o "$out/realmap" .
