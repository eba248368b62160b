#!/bin/sh
# The model of caches against valgrind's cachegrind, on the same stream of accesses.
#
# `mapscope events --accesses` gives the words that a recording reads and writes; tests/trace/cache_driver.c does exactly these under
# cachegrind, one instruction each; and the six counts of its function (reads, writes, and of each those that missed in D1
# and in LL) must equal those of `mapscope stats --json`. Tolerance: none. The driver's own eight accesses, made before the
# stream so that its code is in the cache, are those of a run with an empty stream; they are subtracted.
#
# MAPSCOPE      the program (default: mapscope in the build directory)
# CACHE_DRIVER  the driver (default: tests/trace/cache_driver in the build directory)
# CACHE_SEED    seed of the random workload (default: 7)
set -u

build=$(cd "${top_builddir:-.}" && pwd) || exit 99
src=$(cd "${srcdir:-$(dirname "$0")/../..}" && pwd) || exit 99
mapscope=${MAPSCOPE:-$build/mapscope}
driver=${CACHE_DRIVER:-$build/tests/trace/cache_driver}
genwork=${GENWORK:-$build/tests/engine/genwork}
LC_ALL=C.UTF-8
export LC_ALL
tmp=$(mktemp -d "${TMPDIR:-/tmp}/mapscope-cache.XXXXXX") || exit 99
trap 'rm -rf "$tmp"' EXIT
trap 'exit 99' HUP INT TERM

command -v valgrind > /dev/null || { echo "cache: skipped, there is no valgrind"; exit 77; }
"$driver" > "$tmp/out" 2>&1
[ $? -eq 77 ] && { echo "cache: skipped: $(cat "$tmp/out")"; exit 77; }
# A valgrind that does not run here (no memory for it, a CPU it does not know) is no fault of the model.
valgrind --tool=none true > "$tmp/out" 2>&1 || { echo "cache: skipped, valgrind does not run here"; exit 77; }

count=0
failed=0

# bytes 32K: 32768
bytes() {
	case $1 in
	*K) echo $((${1%K} * 1024)) ;;
	*M) echo $((${1%M} * 1048576)) ;;
	*) echo "$1" ;;
	esac
}

# cachegrind STREAM LINE L1 WAYS L2 WAYS: Dr D1mr DLmr Dw D1mw DLmw of the driver's function.
cachegrind() {
	rm -f "$tmp/cg"
	valgrind --tool=cachegrind --cache-sim=yes --cachegrind-out-file="$tmp/cg" --I1=32768,8,64 \
		--D1="$(bytes "$3"),$4,$2" --LL="$(bytes "$5"),$6,$2" "$driver" "$1" > "$tmp/err" 2>&1 || return 1
	awk '
		/^events:/ { for (i = 2; i <= NF; i++) column[$i] = i } # counts stand behind the number of a line
		/^fn=/ { on = $0 == "fn=stream_accesses" }
		on && /^[0-9]/ { for (name in column) sum[name] += $(column[name]) }
		END { print sum["Dr"] + 0, sum["D1mr"] + 0, sum["DLmr"] + 0, sum["Dw"] + 0, sum["D1mw"] + 0, sum["DLmw"] + 0 }' "$tmp/cg"
}

# model WORKLOAD LINE L1 L2: the same six numbers.
model() {
	"$mapscope" stats --json --line "$2" --l1 "$3" --l2 "$4" "$1" > "$tmp/json" || return 1
	for name in reads l1_read_misses l2_read_misses writes l1_write_misses l2_write_misses; do
		# The sums of all come first in the object; those of kinds of operations follow.
		sed 's/.*"cache"://' "$tmp/json" | grep -o "\"$name\":[0-9]*" | head -n 1 | sed 's/.*://'
	done | tr '\n' ' '
}

# compare NAME WORKLOAD LINE L1 WAYS L2 WAYS
compare() {
	count=$((count + 1))
	"$mapscope" events --accesses "$2" > "$tmp/stream" || { echo "cache: $1: no stream"; failed=$((failed + 1)); return; }
	empty=$(cachegrind /dev/null "$3" "$4" "$5" "$6" "$7") && all=$(cachegrind "$tmp/stream" "$3" "$4" "$5" "$6" "$7") || {
		echo "cache: $1: cachegrind failed"
		sed 's/^/    /; 5q' "$tmp/err"
		failed=$((failed + 1))
		return
	}
	real=$(echo "$empty $all" | awk '{ for (i = 1; i <= 6; i++) printf "%d ", $(i + 6) - $i }')
	mine=$(model "$2" "$3" "$4,$5" "$6,$7")
	lines=$(grep -c . "$tmp/stream")
	echo "$1, lines of $3, $4,$5 $6,$7: $lines accesses; Dr D1mr DLmr Dw D1mw DLmw: $real"
	# Nothing may be called equal that was not carried out.
	done=$(echo "$real" | awk '{ print $1 + $4 }')
	if [ "$mine" != "$real" ] || [ "$done" -ne "$lines" ]; then
		echo "cache: $1: the model has $mine"
		failed=$((failed + 1))
	fi
}

# Samples, with caches so small that they miss.
compare fruit "$src/samples/fruit.map" 64 32K 8 1M 16
compare fruit "$src/samples/fruit.map" 64 1K 2 4K 4
compare word-list "$src/samples/word-list.map" 32 2K 4 16K 8
compare word-list "$src/samples/word-list.map" 128 4K 2 16K 2
compare iteration "$src/samples/iteration-during-growth.map" 256 2K 8 4K 16
compare indirect-keys "$src/samples/indirect-keys.map" 64 1K 1 2K 2
compare nan-keys "$src/samples/nan-keys.map" 32 1K 8 2K 2

# Keys of 5 bytes: words over the border of two lines, which may miss in one of them or in both.
printf 'map [5]byte [3]byte seed=3\nfill 0 900\nprobe 0 1800\ndrain 100 500\nfill 2000 2600\nrange\n' > "$tmp/odd.map"
compare 5-byte-keys "$tmp/odd.map" 32 2K 2 8K 4
compare 5-byte-keys "$tmp/odd.map" 64 4K 4 8K 8
# Long odd ones: words whose first line has left L2 while their second has not.
printf 'map [45]byte [3]byte seed=3\nfill 0 900\nprobe 0 1800\ndrain 100 500\nfill 2000 2600\nrange\n' > "$tmp/long.map"
compare 45-byte-keys "$tmp/long.map" 32 512 2 8K 2
compare 45-byte-keys "$tmp/long.map" 64 1K 1 32K 4

if [ -x "$genwork" ]; then
	"$genwork" "${CACHE_SEED:-7}" > "$tmp/random.map"
	compare "random ${CACHE_SEED:-7}" "$tmp/random.map" 64 4K 8 32K 16
	compare "random ${CACHE_SEED:-7}" "$tmp/random.map" 128 8K 4 64K 8
fi

# A map larger than both caches of the default shape, and as large in keys that are looked up all over it.
printf 'map int64 int64 seed=5\nfill 0 70000\nprobe 30000 80000\ndrain 0 2000\nrange\n' > "$tmp/large.map"
compare large "$tmp/large.map" 64 32K 8 1M 16

echo "cache: $count streams compared, $failed differ"
[ "$failed" -eq 0 ]
